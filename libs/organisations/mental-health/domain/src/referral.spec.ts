/** What holds for referrals. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { referralBoard } from './referral-board.js';
import history from './referral.history.json' with { type: 'json' };
import { declineReasons, referral, referralEvents, type ReferralCommand, type ReferralEvent } from './referral.js';
import { trajectoryFor } from './trajectory.js';

const at = '2026-03-10T09:00:00.000Z';
const workWish = 'sealed' as Sealed<string>;
const ids = { referralId: 'r1', clientId: 'c1' };
const refer = {
  type: 'ReferClient',
  ...ids,
  referredOn: '2026-03-02',
  referredBy: 'karin',
  toTeam: 'east',
  workWish,
  at,
} as const;
const referred: ReferralEvent = { ...refer, type: 'ClientReferred' };
const acceptBy = (by: string, on = '2026-03-09') => ({ type: 'AcceptReferral', by, on, at }) as const;
const acceptedBySam: ReferralEvent = {
  type: 'ReferralAccepted',
  ...ids,
  referredOn: '2026-03-02',
  by: 'sam',
  on: '2026-03-09',
  at,
};

describe('a referral', () => {
  it('is made once, also when it is sent twice', () => {
    expect(given(referral, []).when(refer)).toEqual(accept(referred));
    expect(given(referral, [referred]).when(refer)).toEqual(accept());
  });
  it('refuses another client under the same id', () => {
    expect(given(referral, [referred]).when({ ...refer, clientId: 'c2' })).toEqual(refuse('already-referred'));
  });
  it('refuses a referral of tomorrow', () => {
    expect(given(referral, []).when({ ...refer, referredOn: '2026-03-11' })).toEqual(refuse('date-in-future'));
  });
  it('is accepted by one of two specialists who decide at once; the other hears that it was decided', () => {
    expect(given(referral, [referred]).when(acceptBy('sam'))).toEqual(accept(acceptedBySam));
    expect(given(referral, [referred, acceptedBySam]).when(acceptBy('noor'))).toEqual(refuse('already-decided'));
    expect(given(referral, [referred, acceptedBySam]).when(acceptBy('sam'))).toEqual(accept());
  });
  it('cannot be withdrawn or declined after it was accepted', () => {
    const decided = given(referral, [referred, acceptedBySam]);
    expect(decided.when({ ...acceptBy('sam'), type: 'WithdrawReferral' })).toEqual(refuse('already-decided'));
    expect(decided.when({ ...acceptBy('sam'), type: 'DeclineReferral', reason: 'no-capacity' })).toEqual(
      refuse('already-decided'),
    );
  });
  it('refuses a decision from before the referral, and one of tomorrow', () => {
    expect(given(referral, [referred]).when(acceptBy('sam', '2026-03-01'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(referral, [referred]).when(acceptBy('sam', '2026-03-11'))).toEqual(refuse('date-in-future'));
  });
  it('refuses a decision about a referral that does not exist', () => {
    expect(given(referral, []).when(acceptBy('sam'))).toEqual(refuse('referral-unknown'));
  });
  it('knows no reason to decline that excludes anybody: readiness, symptoms and substance use are not on the list (R01)', () => {
    expect(declineReasons).toEqual(['no-capacity', 'wish-withdrawn', 'already-in-trajectory']);
  });
  it('starts one trajectory when it is accepted', () => {
    expect(trajectoryFor(acceptedBySam)).toMatchObject({
      trajectoryId: 'r1',
      referralId: 'r1',
      clientId: 'c1',
      specialist: 'sam',
    });
  });
  it('changes nothing when any command comes twice', () => {
    const pool: ReferralCommand[] = ['sam', 'noor'].flatMap((by) => [
      refer,
      { ...refer, clientId: 'c2' },
      acceptBy(by),
      { ...acceptBy(by), type: 'DeclineReferral', reason: 'no-capacity' } as const,
      { ...acceptBy(by), type: 'WithdrawReferral' } as const,
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(referral, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(referralEvents, history)).toEqual([]);
  });
});

describe('the referral board', () => {
  it('shows an open referral and loses it once it is decided', () => {
    const stored = {} as never;
    const row = referralBoard.apply(undefined, referred, 'r1', stored);
    expect(row).toMatchObject({ clientId: 'c1', waitingSince: '2026-03-02' });
    expect(row && referralBoard.indexes?.(row, 'r1')).toEqual({ open: 'yes', referredBy: 'karin', team: 'east' });
    expect(referralBoard.apply(row, acceptedBySam, 'r1', stored)).toBeUndefined();
  });
});
