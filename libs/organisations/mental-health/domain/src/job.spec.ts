/** What holds for jobs. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { clientJobs } from './client-file.js';
import history from './job.history.json' with { type: 'json' };
import {
  jobChangeInput,
  jobEvents,
  jobInput,
  jobs,
  type ContractKind,
  type JobCommand,
  type JobEndReason,
  type JobEvent,
} from './job.js';

const at = '2026-03-10T09:00:00.000Z';
const sealed = <T>(value: T) => JSON.stringify(value) as Sealed<T>;
const ids = { jobId: 'j1', clientId: 'c1' };
const facts = {
  occupation: sealed('gardener'),
  regularPaid: sealed(true),
  contract: sealed<ContractKind>('permanent'),
  hoursPerWeek: sealed(16),
};
const start = { type: 'StartJob', ...ids, startedOn: '2026-03-02', ...facts, at } as const;
const started: JobEvent = { ...start, type: 'JobStarted' };
const change = {
  type: 'ChangeJob',
  ...ids,
  changeId: 'x1',
  changedOn: '2026-03-09',
  hoursPerWeek: sealed(20),
  at,
} as const;
const changed: JobEvent = { ...change, type: 'JobChanged' };
const end = { type: 'EndJob', ...ids, endedOn: '2026-03-10', reason: sealed<JobEndReason>('other'), at } as const;
const ended: JobEvent = { ...end, type: 'JobEnded' };

describe('a job', () => {
  it('starts once', () => {
    expect(given(jobs, []).when(start)).toEqual(accept(started));
    expect(given(jobs, [started]).when({ ...start, startedOn: '2026-03-03' })).toEqual(refuse('job-already-known'));
  });
  it('may be known before its first day, though not for longer than half a year', () => {
    expect(given(jobs, []).when({ ...start, startedOn: '2026-09-10' })).toHaveProperty('accepted.length', 1);
    expect(given(jobs, []).when({ ...start, startedOn: '2026-09-11' })).toEqual(refuse('date-too-far-ahead'));
    expect(given(jobs, [started]).when({ ...change, changedOn: '2026-09-11' })).toEqual(refuse('date-too-far-ahead'));
  });
  it('cannot change or end when it is not known', () => {
    expect(given(jobs, []).when(change)).toEqual(refuse('job-unknown'));
    expect(given(jobs, []).when(end)).toEqual(refuse('job-unknown'));
  });
  it('refuses an end or a change from before the last thing that happened', () => {
    expect(given(jobs, [started]).when({ ...end, endedOn: '2026-03-01' })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(jobs, [started, changed]).when({ ...end, endedOn: '2026-03-08' })).toEqual(
      refuse('dates-in-wrong-order'),
    );
    expect(given(jobs, [started]).when({ ...change, changedOn: '2026-03-01' })).toEqual(refuse('dates-in-wrong-order'));
  });
  it('refuses an end that is still to come', () => {
    expect(given(jobs, [started]).when({ ...end, endedOn: '2026-03-11' })).toEqual(refuse('date-in-future'));
  });
  it('ends once, and does not change after that', () => {
    expect(given(jobs, [started, ended]).when({ ...end, endedOn: '2026-03-09' })).toEqual(refuse('job-already-ended'));
    expect(given(jobs, [started, ended]).when(change)).toEqual(refuse('job-already-ended'));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: JobCommand[] = ['j1', 'j2'].flatMap((jobId) => [
      { ...start, jobId },
      { ...change, jobId },
      { ...change, jobId, changeId: 'x2' },
      { ...end, jobId },
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool)), (commands) => changedBySecondTime(jobs, commands).length === 0),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(jobEvents, history)).toEqual([]);
  });
});

describe('what is entered about a job', () => {
  const entered = { occupation: 'gardener', regularPaid: true, contract: 'permanent', hoursPerWeek: 16 };
  const messages = (hoursPerWeek: number) =>
    jobInput.safeParse({ ...entered, hoursPerWeek }).error?.issues.map((each) => each.message);
  it('refuses more than 60 hours a week, and no hours', () => {
    expect(messages(60.5)).toEqual(['hours-above-60']);
    expect(messages(0)).toEqual(['hours-not-positive']);
    expect(messages(60)).toBeUndefined();
    expect(jobChangeInput.safeParse({ hoursPerWeek: 61 }).success).toBe(false);
    expect(jobChangeInput.safeParse({ hoursPerWeek: 24 }).success).toBe(true);
  });
});

describe('the jobs in the client file', () => {
  it('show what was changed and keep the rest as it was', () => {
    const stored = {} as never;
    const row = [started, changed, ended].reduce(
      (before, event) => clientJobs.apply(before, event, 'j1', stored),
      undefined as ReturnType<typeof clientJobs.apply>,
    );
    expect(row).toMatchObject({
      occupation: facts.occupation,
      hoursPerWeek: change.hoursPerWeek,
      endedOn: '2026-03-10',
    });
  });
});
