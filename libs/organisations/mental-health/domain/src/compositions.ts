/** What this agency can tell a partner about a client, each as the present state of one contract; the door decides whether it may. */
import {
  fundingMilestoneV1,
  functionalPossibilitiesV1,
  jobFactsV1,
  medicalAnswerV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import { clientIntroduced, composition, stillSealed, type Composition } from '@convenant/shared-domain';
import { fundingEvents, fundingStream } from './funding.js';
import { jobEvents, jobsStream, type JobEvent } from './job.js';
import { medicalQuestionEvents, medicalQuestionStream } from './medical-question.js';
import { progressEvents, progressStream } from './progress.js';
import { trajectoryEvents, trajectoryStream, type TrajectoryEvent } from './trajectory.js';
import { profileEvents, profileStream } from './vocational-profile.js';

interface TrajectoryStatus {
  readonly state: 'referred' | 'active' | 'paused' | 'ended';
  readonly referredOn: string;
  readonly intakeOn: string | undefined;
  readonly endedOn: string | undefined;
}
const trajectoryStatus = composition({
  contract: trajectoryStatusV1,
  events: trajectoryEvents,
  streams: (clientId) => [trajectoryStream(clientId)],
  changedBy: [
    'TrajectoryStarted',
    'IntakeHeld',
    'TrajectoryPaused',
    'TrajectoryResumed',
    'TrajectoryEnded',
    'TrajectoryReentered',
  ],
  compose: (events) => events.reduce(statusAfter, undefined),
});
/** An end tells its date: kind and reason stay here (U07). Until the intake a trajectory counts as referred. */
function statusAfter(status: TrajectoryStatus | undefined, event: TrajectoryEvent): TrajectoryStatus | undefined {
  if (event.type === 'TrajectoryStarted')
    return { state: 'referred', referredOn: event.referredOn, intakeOn: undefined, endedOn: undefined };
  if (!status) return undefined;
  switch (event.type) {
    case 'IntakeHeld':
      return { ...status, state: status.state === 'paused' ? 'paused' : 'active', intakeOn: event.on };
    case 'TrajectoryPaused':
      return { ...status, state: 'paused' };
    case 'TrajectoryResumed':
      return { ...status, state: status.intakeOn === undefined ? 'referred' : 'active' };
    case 'TrajectoryEnded':
      return { ...status, state: 'ended', endedOn: event.on };
    case 'TrajectoryReentered':
      return { ...status, state: 'active', endedOn: undefined };
  }
}

const profile = composition({
  contract: vocationalProfileV1,
  events: profileEvents,
  streams: (clientId) => [profileStream(clientId)],
  changedBy: ['ProfileWritten'],
  compose(events) {
    const latest = events.at(-1);
    if (!latest) return undefined;
    return {
      workWish: stillSealed(latest.workWish),
      preferences: stillSealed(latest.preferences),
      experience: latest.experience && stillSealed(latest.experience),
      hoursWanted: latest.hoursWanted && stillSealed(latest.hoursWanted),
      writtenOn: latest.writtenOn,
    };
  },
});

const possibilities = composition({
  contract: functionalPossibilitiesV1,
  events: progressEvents,
  streams: (clientId) => [progressStream(clientId)],
  changedBy: ['PossibilityNoted', 'PossibilityDropped'],
  compose(events) {
    const dropped = new Set(events.flatMap((event) => (event.type === 'PossibilityDropped' ? [event.itemId] : [])));
    const noted = events.flatMap((event) => (event.type === 'PossibilityNoted' ? [event] : []));
    if (noted.length === 0) return undefined;
    return {
      items: noted
        .filter(({ itemId }) => !dropped.has(itemId))
        .map(({ kind, text, author, on }) => ({
          kind: stillSealed(kind),
          text: stillSealed(text),
          author: stillSealed(author),
          on,
        })),
    };
  },
});

type StoredJob = Omit<Extract<JobEvent, { type: 'JobStarted' }>, 'type' | 'clientId' | 'at'> & {
  readonly endedOn?: string;
};
const jobFacts = composition({
  contract: jobFactsV1,
  events: jobEvents,
  streams: (clientId) => [jobsStream(clientId)],
  changedBy: ['JobStarted', 'JobChanged', 'JobEnded'],
  compose(events) {
    const jobs = [...events.reduce(jobsAfter, new Map<string, StoredJob>()).values()];
    if (jobs.length === 0) return undefined;
    return {
      jobs: jobs.map(({ occupation, regularPaid, contract, hoursPerWeek, startedOn, endedOn }) => ({
        occupation: stillSealed(occupation),
        regularPaid: stillSealed(regularPaid),
        contract: stillSealed(contract),
        hoursPerWeek: stillSealed(hoursPerWeek),
        startedOn,
        ...(endedOn === undefined ? {} : { endedOn }),
      })),
    };
  },
});
function jobsAfter(jobs: ReadonlyMap<string, StoredJob>, event: JobEvent): Map<string, StoredJob> {
  const job = jobs.get(event.jobId);
  const next = new Map(jobs);
  if (event.type === 'JobStarted') return next.set(event.jobId, event);
  if (!job) return next;
  if (event.type === 'JobEnded') return next.set(event.jobId, { ...job, endedOn: event.endedOn });
  return next.set(event.jobId, {
    ...job,
    occupation: event.occupation ?? job.occupation,
    regularPaid: event.regularPaid ?? job.regularPaid,
    contract: event.contract ?? job.contract,
    hoursPerWeek: event.hoursPerWeek ?? job.hoursPerWeek,
  });
}

const progressSummary = composition({
  contract: progressSummaryV1,
  events: progressEvents,
  streams: (clientId) => [progressStream(clientId)],
  changedBy: ['ProgressSummarised'],
  compose(events) {
    const summaries = events.flatMap((event) => (event.type === 'ProgressSummarised' ? [event] : []));
    if (summaries.length === 0) return undefined;
    return {
      summaries: summaries.map(({ on, hoursPerWeek, regularity, supportNeeded, adjustments, agreedSteps }) => ({
        on,
        hoursPerWeek: stillSealed(hoursPerWeek),
        regularity: stillSealed(regularity),
        supportNeeded: stillSealed(supportNeeded),
        ...(adjustments && { adjustments: stillSealed(adjustments) }),
        ...(agreedSteps && { agreedSteps: stillSealed(agreedSteps) }),
      })),
    };
  },
});

const fundingMilestone = composition({
  contract: fundingMilestoneV1,
  events: fundingEvents,
  streams: (clientId) => [fundingStream(clientId)],
  changedBy: ['MilestoneReached'],
  compose(events) {
    const reached = events.flatMap((event) => (event.type === 'MilestoneReached' ? [event] : []));
    if (reached.length === 0) return undefined;
    return { milestones: reached.map(({ scheme, milestone, month }) => ({ scheme, milestone, month })) };
  },
});

/** One answer to one question, once it was released; without the question's id there is nothing to find. */
const medicalAnswer = composition({
  contract: medicalAnswerV1,
  events: medicalQuestionEvents,
  streams: (_clientId, questionId) => (questionId === undefined ? [] : [medicalQuestionStream(questionId)]),
  changedBy: ['AnswerReleased'],
  compose(events) {
    const [released] = events.flatMap((event) => (event.type === 'AnswerReleased' ? [event] : []));
    const drafts = events.flatMap((event) => (event.type === 'AnswerDrafted' ? [event] : []));
    const draft = drafts.find(({ draftId }) => draftId === released?.draftId);
    if (!released || !draft) return undefined;
    return { questionId: released.questionId, answeredOn: released.on, answers: stillSealed(draft.answers) };
  },
});

export const compositions: readonly Composition[] = [
  clientIntroduced,
  trajectoryStatus,
  profile,
  possibilities,
  jobFacts,
  progressSummary,
  fundingMilestone,
  medicalAnswer,
];
