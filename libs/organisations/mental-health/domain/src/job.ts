/** The jobs of a client (R08): begun, changed, ended. Losing a job ends the job and never the trajectory. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import {
  dateRefusals,
  happened,
  hoursPerWeekInput,
  hoursRefusals,
  isFurtherThan,
  isInOrder,
  isStillToCome,
  type CommandFor,
  type DateRefusal,
  type HoursRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();
const ids = { jobId: z.string(), clientId: z.string() };
export const contractKinds = ['under-six-months', 'six-months-or-longer', 'permanent'] as const;
export type ContractKind = (typeof contractKinds)[number];
/** No reason about health: that would be a medical fact among job facts. */
export const jobEndReasons = [
  'contract-ended',
  'ended-by-employer',
  'ended-by-client',
  'another-job',
  'other',
] as const;
export type JobEndReason = (typeof jobEndReasons)[number];

export const JobStarted = defineEvent('JobStarted', {
  clear: { ...ids, startedOn: date, at: instant },
  sealed: {
    occupation: sealed<string>('K7'),
    regularPaid: sealed<boolean>('K7'),
    contract: sealed<ContractKind>('K7'),
    hoursPerWeek: sealed<number>('K7'),
  },
});
/** What is not named stays as it was. */
export const JobChanged = defineEvent('JobChanged', {
  clear: { ...ids, changeId: z.string(), changedOn: date, at: instant },
  sealed: {
    occupation: sealedOptional<string>('K7'),
    regularPaid: sealedOptional<boolean>('K7'),
    contract: sealedOptional<ContractKind>('K7'),
    hoursPerWeek: sealedOptional<number>('K7'),
  },
});
export const JobEnded = defineEvent('JobEnded', {
  clear: { ...ids, endedOn: date, at: instant },
  sealed: { reason: sealed<JobEndReason>('K7'), learned: sealedOptional<string>('K9a') },
});
export const jobEvents = defineEvents(JobStarted, JobChanged, JobEnded);
export type JobEvent = CatalogueEvent<typeof jobEvents>;
export const jobsStream = (clientId: string): string => `jobs-${clientId}`;

export type JobCommand =
  | CommandFor<'StartJob', EventOf<typeof JobStarted>>
  | CommandFor<'ChangeJob', EventOf<typeof JobChanged>>
  | CommandFor<'EndJob', EventOf<typeof JobEnded>>;
export type JobRefusal = 'job-already-known' | 'job-unknown' | 'job-already-ended' | DateRefusal | HoursRefusal;
export const jobRefusals = {
  ...dateRefusals,
  ...hoursRefusals,
  'job-already-known': {
    nl: 'Deze baan is al vastgelegd, met een andere begindatum.',
    en: 'This job was recorded already, with another first day.',
  },
  'job-unknown': { nl: 'Deze baan is niet bekend bij deze cliënt.', en: 'This client has no such job.' },
  'job-already-ended': { nl: 'Deze baan is al beëindigd.', en: 'This job has ended already.' },
} as const satisfies Refusals<JobRefusal>;

/** A contract can be signed before the first day, but not for a time that nobody can oversee. */
const startMonthsAhead = 6;

interface Job {
  readonly startedOn: string;
  readonly changes: readonly string[];
  readonly lastOn: string;
  readonly endedOn?: string;
}
export type Jobs = Readonly<Record<string, Job>>;

export const jobs: Decider<JobCommand, JobEvent, Jobs, JobRefusal> = {
  initial: {},
  evolve(state, event) {
    const job = state[event.jobId];
    switch (event.type) {
      case 'JobStarted':
        return { ...state, [event.jobId]: { startedOn: event.startedOn, changes: [], lastOn: event.startedOn } };
      case 'JobChanged':
        return job
          ? { ...state, [event.jobId]: { ...job, changes: [...job.changes, event.changeId], lastOn: event.changedOn } }
          : state;
      case 'JobEnded':
        return job ? { ...state, [event.jobId]: { ...job, endedOn: event.endedOn } } : state;
    }
  },
  decide(command, state) {
    const job = state[command.jobId];
    if (command.type === 'StartJob') {
      if (job) return job.startedOn === command.startedOn ? accept() : refuse('job-already-known');
      if (isFurtherThan(command.startedOn, startMonthsAhead, command.at)) return refuse('date-too-far-ahead');
      return accept(happened('JobStarted', command));
    }
    if (!job) return refuse('job-unknown');
    switch (command.type) {
      case 'ChangeJob':
        if (job.changes.includes(command.changeId)) return accept();
        if (job.endedOn !== undefined) return refuse('job-already-ended');
        if (!isInOrder(job.lastOn, command.changedOn)) return refuse('dates-in-wrong-order');
        if (isFurtherThan(command.changedOn, startMonthsAhead, command.at)) return refuse('date-too-far-ahead');
        return accept(happened('JobChanged', command));
      case 'EndJob':
        if (job.endedOn !== undefined) return job.endedOn === command.endedOn ? accept() : refuse('job-already-ended');
        if (!isInOrder(job.lastOn, command.endedOn)) return refuse('dates-in-wrong-order');
        if (isStillToCome(command.endedOn, command.at)) return refuse('date-in-future');
        return accept(happened('JobEnded', command));
    }
  },
};

/** What is entered about a job, before sealing; the messages about hours are refusal codes. */
export const jobInput = z.strictObject({
  occupation: z.string().trim().min(1).max(2000),
  regularPaid: z.boolean(),
  contract: z.enum(contractKinds),
  hoursPerWeek: hoursPerWeekInput,
});
export const jobChangeInput = jobInput.partial();
export const jobEndInput = z.strictObject({ reason: z.enum(jobEndReasons), learned: z.string().max(4000).optional() });
