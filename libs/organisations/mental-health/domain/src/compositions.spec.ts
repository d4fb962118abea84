/** What this agency can tell: every composition fits its contract, tells the present state, and never why something ended. */
import { describe, expect, it } from '@jest/globals';
import { contractId } from '@convenant/contracts';
import type { Sealed } from '@convenant/kernel';
import { misfits, type Composition } from '@convenant/shared-domain';
import { compositions } from './compositions.js';
import type { FundingEvent } from './funding.js';
import type { JobEvent } from './job.js';
import type { MedicalQuestionEvent } from './medical-question.js';
import type { ProgressEvent } from './progress.js';
import type { TrajectoryEvent } from './trajectory.js';
import type { ProfileEvent } from './vocational-profile.js';

const at = '2026-03-10T09:00:00.000Z';
const sealed = <T>(value: T) => JSON.stringify(value) as Sealed<T>;
const of = (name: string): Composition => {
  const found = compositions.find(({ contract }) => contractId(contract) === name);
  if (!found) throw new Error(`No composition for ${name}.`);
  return found;
};
const client = { clientId: 'c1', at };
const ids = { ...client, trajectoryId: 't1' };

const started: TrajectoryEvent = {
  type: 'TrajectoryStarted',
  ...ids,
  referralId: 'r1',
  referredOn: '2026-03-02',
  on: '2026-03-03',
  specialist: 'sam',
};
const intake: TrajectoryEvent = { type: 'IntakeHeld', ...ids, on: '2026-03-09' };
const paused: TrajectoryEvent = {
  type: 'TrajectoryPaused',
  ...ids,
  on: '2026-04-01',
  contactAgainOn: '2026-05-01',
  reason: sealed('crisis'),
};
const ended: TrajectoryEvent = {
  type: 'TrajectoryEnded',
  ...ids,
  on: '2026-06-01',
  endKind: 'premature',
  medicalReason: sealed('relapse'),
};

describe('every composition', () => {
  it('has a contract that a mental health agency may send, and one composition per contract', () => {
    expect(compositions.every(({ contract }) => contract.from.includes('mental-health'))).toBe(true);
    expect(new Set(compositions.map(({ contract }) => contractId(contract))).size).toBe(8);
  });
  it('tells nothing as long as nothing happened', () => {
    expect(compositions.map(({ compose }) => compose([]))).toEqual(compositions.map(() => undefined));
  });
});

describe('the trajectory as it is told', () => {
  const status = of('trajectory-status.v1');
  const told = (...events: TrajectoryEvent[]) => status.compose(events);
  it('is referred until the intake, then active, paused, active again', () => {
    expect(told(started)).toMatchObject({ state: 'referred', referredOn: '2026-03-02' });
    expect(told(started, intake)).toMatchObject({ state: 'active', intakeOn: '2026-03-09' });
    expect(told(started, intake, paused)).toMatchObject({ state: 'paused' });
    expect(told(started, intake, paused, { type: 'TrajectoryResumed', ...ids, on: '2026-04-20' })).toMatchObject({
      state: 'active',
    });
  });
  it('ends with its date and nothing else: neither kind nor reason can be found in it', () => {
    expect(told(started, intake, ended)).toEqual({
      state: 'ended',
      referredOn: '2026-03-02',
      intakeOn: '2026-03-09',
      endedOn: '2026-06-01',
    });
    expect(JSON.stringify(told(started, intake, paused, ended))).not.toMatch(/relapse|crisis|premature/);
    expect(told(started, intake, ended)).toEqual(
      told(started, intake, { ...ended, endKind: 'completed' } as TrajectoryEvent),
    );
  });
  it('fits its contract in every state', () => {
    for (const events of [[started], [started, intake], [started, intake, paused], [started, ended]])
      expect(misfits(status, events, JSON.parse)).toEqual([]);
  });
});

describe('the profile, jobs, progress, possibilities and funding as they are told', () => {
  const profile: ProfileEvent = {
    type: 'ProfileWritten',
    ...client,
    profileId: 'p1',
    writtenOn: '2026-03-05',
    writtenBy: 'sam',
    workWish: sealed('Buiten werken'),
    preferences: sealed(['tuin']),
    hoursWanted: sealed(16),
  };
  const job: JobEvent = {
    type: 'JobStarted',
    ...client,
    jobId: 'j1',
    startedOn: '2026-03-02',
    occupation: sealed('gardener'),
    regularPaid: sealed(true),
    contract: sealed('permanent' as const),
    hoursPerWeek: sealed(16),
  };
  const more: JobEvent = {
    type: 'JobChanged',
    ...client,
    jobId: 'j1',
    changeId: 'x1',
    changedOn: '2026-04-01',
    hoursPerWeek: sealed(20),
  };
  const over: JobEvent = {
    type: 'JobEnded',
    ...client,
    jobId: 'j1',
    endedOn: '2026-05-01',
    reason: sealed('ended-by-client' as const),
  };
  const summary: ProgressEvent = {
    type: 'ProgressSummarised',
    ...client,
    summaryId: 's1',
    on: '2026-03-10',
    by: 'sam',
    hoursPerWeek: sealed(16),
    regularity: sealed('regular' as const),
    supportNeeded: sealed('Wekelijks bellen'),
  };
  const item: ProgressEvent = {
    type: 'PossibilityNoted',
    ...client,
    itemId: 'i1',
    on: '2026-03-10',
    by: 'sam',
    kind: sealed('adjustment' as const),
    text: sealed('Rustige plek'),
    author: sealed('client' as const),
  };
  const milestone: FundingEvent = {
    type: 'MilestoneReached',
    ...client,
    scheme: 'uwv-ips',
    milestone: 'work-resumed',
    month: '2026-03',
  };
  it.each<[string, readonly { type: string }[]]>([
    ['vocational-profile.v1', [profile]],
    ['job-facts.v1', [job, more, over]],
    ['progress-summary.v1', [summary]],
    ['functional-possibilities.v1', [item]],
    ['funding-milestone.v1', [milestone]],
  ])('%s fits its contract', (name, events) => {
    expect(misfits(of(name), events, JSON.parse)).toEqual([]);
  });
  it('tell a job as it is now, without why it ended', () => {
    expect(of('job-facts.v1').compose([job, more, over])).toEqual({
      jobs: [
        {
          occupation: { sealed: sealed('gardener') },
          regularPaid: { sealed: sealed(true) },
          contract: { sealed: sealed('permanent') },
          hoursPerWeek: { sealed: sealed(20) },
          startedOn: '2026-03-02',
          endedOn: '2026-05-01',
        },
      ],
    });
  });
  it('tell no item that was dropped', () => {
    expect(
      of('functional-possibilities.v1').compose([
        item,
        { type: 'PossibilityDropped', ...client, itemId: 'i1', on: '2026-03-11' } as ProgressEvent,
      ]),
    ).toEqual({ items: [] });
  });
});

describe('a medical answer', () => {
  const answer = of('medical-answer.v1');
  const q = { ...client, questionId: 'q1' };
  const draft = (draftId: string, text: string): MedicalQuestionEvent => ({
    type: 'AnswerDrafted',
    ...q,
    draftId,
    by: 'dr-vos',
    answers: sealed([{ question: 'a', answer: text }]),
  });
  const released: MedicalQuestionEvent = {
    type: 'AnswerReleased',
    ...q,
    draftId: 'd2',
    by: 'dr-vos',
    on: '2026-03-10',
    consentId: 'k1',
  };
  it('is found by the question that the consent names, and without one nowhere', () => {
    expect(answer.streams('c1')).toEqual([]);
    expect(answer.streams('c1', 'q1')).toEqual(['medical-question-q1']);
  });
  it('is told once it was released, as the draft that was released', () => {
    expect(answer.compose([draft('d1', 'first')])).toBeUndefined();
    expect(answer.compose([draft('d1', 'first'), draft('d2', 'second'), released])).toMatchObject({
      questionId: 'q1',
      answers: { sealed: sealed([{ question: 'a', answer: 'second' }]) },
    });
    expect(misfits(answer, [draft('d2', 'second'), released], JSON.parse)).toEqual([]);
  });
});
