/** What holds for covenant agreements (R20). */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import history from './agreement.history.json' with { type: 'json' };
import { agreement, agreementEvents, expiryWarning, type AgreementCommand, type AgreementEvent } from './agreement.js';
import { agreements } from './agreements.js';

const at = '2026-03-10T09:00:00.000Z';
const make = {
  type: 'MakeAgreement',
  agreementId: 'a1',
  title: 'Samen aan het werk',
  parties: ['ggz-amstel', 'uwv'],
  goals: [],
  financialTerms: [{ payer: 'uwv', subject: 'Trajecten', from: '2026-01-01', until: '2026-12-31' }],
  from: '2026-01-01',
  until: '2027-12-31',
  at,
} as const;
const made: AgreementEvent = {
  ...make,
  parties: [...make.parties],
  goals: [],
  financialTerms: [...make.financialTerms],
  type: 'AgreementMade',
};
const extend = (until: string) => ({ type: 'ExtendAgreement', agreementId: 'a1', until, at }) as const;
const end = (on: string) => ({ type: 'EndAgreement', agreementId: 'a1', on, at }) as const;
const ended: AgreementEvent = { ...end('2026-06-30'), type: 'AgreementEnded' };

describe('an agreement', () => {
  it('is made once, by two parties at least', () => {
    expect(given(agreement, []).when(make)).toEqual(accept(made));
    expect(given(agreement, [made]).when({ ...make, title: 'Another' })).toEqual(refuse('agreement-already-made'));
    expect(given(agreement, []).when({ ...make, parties: ['uwv', 'uwv'] })).toEqual(refuse('too-few-parties'));
  });
  it('refuses a period that ends before it begins, of the whole or of its money', () => {
    expect(given(agreement, []).when({ ...make, until: '2025-12-31' })).toEqual(refuse('dates-in-wrong-order'));
    const backwards = [{ payer: 'uwv', subject: 'x', from: '2026-02-01', until: '2026-01-01' }];
    expect(given(agreement, []).when({ ...make, financialTerms: backwards })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(agreement, [made]).when(extend('2027-01-01'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(agreement, [made]).when(end('2025-12-31'))).toEqual(refuse('dates-in-wrong-order'));
  });
  it('can be extended until it has ended', () => {
    expect(given(agreement, [made]).when(extend('2028-12-31'))).toHaveProperty('accepted.length', 1);
    expect(given(agreement, [made, ended]).when(extend('2028-12-31'))).toEqual(refuse('agreement-ended'));
    expect(given(agreement, []).when(extend('2028-12-31'))).toEqual(refuse('agreement-unknown'));
  });
  it('warns six, three and one month before its end', () => {
    expect(expiryWarning('2027-12-31', '2027-06-29')).toBeUndefined();
    expect(expiryWarning('2027-12-31', '2027-07-01')).toBe('within-6-months');
    expect(expiryWarning('2027-12-31', '2027-10-01')).toBe('within-3-months');
    expect(expiryWarning('2027-12-31', '2027-12-01')).toBe('within-1-month');
    expect(expiryWarning('2027-12-31', '2028-01-01')).toBe('ended');
  });
  it('is listed by the day on which it ends', () => {
    const row = agreements.apply(agreements.apply(undefined, made, 'a1', {} as never), ended, 'a1', {} as never);
    expect(row).toMatchObject({ state: 'ended', until: '2026-06-30' });
    expect(row && agreements.sort?.(row)).toBe('2026-06-30');
  });
  it('changes nothing when any command comes twice', () => {
    const pool: AgreementCommand[] = [
      make,
      extend('2028-12-31'),
      extend('2029-12-31'),
      end('2026-06-30'),
      end('2026-07-31'),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(agreement, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(agreementEvents, history)).toEqual([]);
  });
});
