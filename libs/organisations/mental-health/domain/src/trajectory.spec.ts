/** What holds for the course of a trajectory. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { caseload } from './caseload.js';
import { myTrajectory } from './my-trajectory.js';
import history from './trajectory.history.json' with { type: 'json' };
import { trajectory, trajectoryEvents, type TrajectoryCommand, type TrajectoryEvent } from './trajectory.js';

const at = '2026-06-01T09:00:00.000Z';
const ids = { trajectoryId: 't1', clientId: 'c1' };
const start = {
  type: 'StartTrajectory',
  ...ids,
  referralId: 'r1',
  referredOn: '2026-03-02',
  on: '2026-03-09',
  specialist: 'sam',
  at,
} as const;
const started: TrajectoryEvent = { ...start, type: 'TrajectoryStarted' };
const intake: TrajectoryEvent = { type: 'IntakeHeld', ...ids, on: '2026-03-16', at };
const paused: TrajectoryEvent = {
  type: 'TrajectoryPaused',
  ...ids,
  on: '2026-04-01',
  contactAgainOn: '2026-07-01',
  at,
};
const ended: TrajectoryEvent = { type: 'TrajectoryEnded', ...ids, on: '2026-05-01', endKind: 'premature', at };
const hold = (on: string) => ({ type: 'HoldIntake', on, at }) as const;
const pause = (on: string, contactAgainOn = '2026-07-01') =>
  ({ type: 'PauseTrajectory', on, contactAgainOn, at }) as const;
const resume = (on: string) => ({ type: 'ResumeTrajectory', on, at }) as const;
const end = (on: string) => ({ type: 'EndTrajectory', on, endKind: 'completed', at }) as const;
const reenter = (on: string, when = at) =>
  ({ type: 'ReenterTrajectory', ...ids, trajectoryId: 't2', on, specialist: 'sam', at: when }) as const;

describe('a trajectory', () => {
  it('starts once per referral', () => {
    expect(given(trajectory, []).when(start)).toEqual(accept(started));
    expect(given(trajectory, [started]).when(start)).toEqual(accept());
    expect(given(trajectory, [started]).when({ ...start, referralId: 'r2' })).toEqual(
      refuse('trajectory-already-running'),
    );
  });
  it('does not start again for a referral of long ago that is handled once more', () => {
    const second: TrajectoryEvent = { ...started, trajectoryId: 't2', referralId: 'r2', on: '2026-05-02' };
    const secondEnded: TrajectoryEvent = { ...ended, trajectoryId: 't2', on: '2026-05-20' };
    expect(given(trajectory, [started, ended, second, secondEnded]).when(start)).toEqual(accept());
  });
  it('needs a running trajectory for an intake, a pause, a return and an end', () => {
    for (const command of [hold('2026-03-16'), pause('2026-04-01'), resume('2026-04-02'), end('2026-05-01')])
      expect(given(trajectory, []).when(command)).toEqual(refuse('no-trajectory'));
  });
  it('refuses dates in the wrong order', () => {
    expect(given(trajectory, []).when({ ...start, on: '2026-03-01' })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(trajectory, [started]).when(hold('2026-03-08'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(trajectory, [started, intake]).when(end('2026-03-15'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(trajectory, [started]).when(pause('2026-04-01', '2026-03-31'))).toEqual(
      refuse('dates-in-wrong-order'),
    );
  });
  it('refuses an intake and an end that are still to come', () => {
    expect(given(trajectory, [started]).when(hold('2026-06-02'))).toEqual(refuse('date-in-future'));
    expect(given(trajectory, [started]).when(end('2026-06-02'))).toEqual(refuse('date-in-future'));
  });
  it('refuses a second intake on another day', () => {
    expect(given(trajectory, [started, intake]).when(hold('2026-03-17'))).toEqual(refuse('intake-already-held'));
  });
  it('pauses with a day to make contact again, within a year', () => {
    expect(given(trajectory, [started]).when(pause('2026-04-01'))).toEqual(accept(paused));
    expect(given(trajectory, [started]).when(pause('2026-04-01', '2027-06-02'))).toEqual(refuse('date-too-far-ahead'));
    expect(given(trajectory, [started, paused]).when(pause('2026-04-02'))).toEqual(refuse('already-paused'));
  });
  it('goes on only after a pause', () => {
    expect(given(trajectory, [started]).when(resume('2026-04-02'))).toEqual(refuse('not-paused'));
    expect(given(trajectory, [started, paused]).when(resume('2026-04-02'))).toHaveProperty('accepted.length', 1);
  });
  it('ends once', () => {
    expect(given(trajectory, [started, ended]).when(end('2026-05-02'))).toEqual(refuse('already-ended'));
    expect(given(trajectory, [started, ended]).when(hold('2026-05-02'))).toEqual(refuse('no-trajectory'));
  });
  it('takes a client back within 24 months without a new referral (U15), and not after', () => {
    expect(given(trajectory, [started, ended]).when(reenter('2026-06-01'))).toHaveProperty('accepted.length', 1);
    const late = reenter('2028-05-02', '2028-05-02T09:00:00.000Z');
    expect(given(trajectory, [started, ended]).when(late)).toEqual(refuse('new-referral-needed'));
    expect(given(trajectory, []).when(reenter('2026-06-01'))).toEqual(refuse('new-referral-needed'));
    expect(given(trajectory, [started]).when(reenter('2026-06-01'))).toEqual(refuse('trajectory-already-running'));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: TrajectoryCommand[] = ['2026-03-16', '2026-04-01', '2026-05-20'].flatMap((on) => [
      start,
      { ...start, referralId: 'r2', trajectoryId: 't9', on } as const,
      hold(on),
      pause(on),
      resume(on),
      end(on),
      reenter(on),
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(trajectory, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(trajectoryEvents, history)).toEqual([]);
  });
});

describe('what is shown of a trajectory', () => {
  const stored = {} as never;
  const rows = (events: TrajectoryEvent[]) => ({
    caseload: events.reduce(
      (row, event) => caseload.apply(row, event, 'c1', stored),
      undefined as ReturnType<typeof caseload.apply>,
    ),
    mine: events.reduce(
      (row, event) => myTrajectory.apply(row, event, 'c1', stored),
      undefined as ReturnType<typeof myTrajectory.apply>,
    ),
  });
  it('counts a wait from the day on which the state began', () => {
    expect(rows([started]).caseload).toMatchObject({ state: 'waiting-for-intake', since: '2026-03-09' });
    expect(rows([started, intake]).caseload).toMatchObject({
      state: 'active',
      since: '2026-03-16',
      intakeOn: '2026-03-16',
    });
    expect(rows([started, intake, paused]).caseload).toMatchObject({ state: 'paused', contactAgainOn: '2026-07-01' });
  });
  it('shows the client all of it, the reason that stays inside included', () => {
    const withReason: TrajectoryEvent = { ...ended, medicalReason: 'sealed reason' as Sealed<string> };
    expect(rows([started, withReason]).mine).toMatchObject({
      state: 'ended',
      endKind: 'premature',
      medicalReason: 'sealed reason',
    });
    expect(rows([started, withReason]).caseload).not.toHaveProperty('medicalReason');
  });
});
