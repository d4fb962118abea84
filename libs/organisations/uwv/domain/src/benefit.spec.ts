/** What holds for the benefits that UWV records. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import {
  benefit,
  benefitEvents,
  type BenefitCommand,
  type BenefitDetails,
  type BenefitEvent,
  type BenefitKind,
} from './benefit.js';
import history from './benefit.history.json' with { type: 'json' };
import { benefits } from './benefits.js';

const at = '2026-03-10T09:00:00.000Z';
const ids = { benefitId: 'b1', clientId: 'c1' };
const record = {
  type: 'RecordBenefit',
  ...ids,
  from: '2026-01-01',
  kind: 'a' as Sealed<BenefitKind>,
  details: 'b' as Sealed<BenefitDetails>,
  at,
} as const;
const recorded: BenefitEvent = { ...record, type: 'BenefitRecorded' };
const end = (on: string) => ({ type: 'EndBenefit', ...ids, on, at }) as const;
const ended: BenefitEvent = { ...end('2026-03-01'), type: 'BenefitEnded' };

describe('a benefit', () => {
  it('is recorded once and ends once', () => {
    expect(given(benefit, []).when(record)).toEqual(accept(recorded));
    expect(given(benefit, [recorded]).when(end('2026-03-01'))).toEqual(accept(ended));
    expect(given(benefit, [recorded, ended]).when(end('2026-03-02'))).toEqual(refuse('benefit-already-ended'));
  });
  it('refuses an end before its beginning, and the end of a benefit that is not known', () => {
    expect(given(benefit, [recorded]).when(end('2025-12-31'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(benefit, []).when(end('2026-03-01'))).toEqual(refuse('benefit-unknown'));
  });
  it('shows until when it ran', () => {
    const row = benefits.apply(undefined, recorded, 'b1', {} as never);
    expect(benefits.apply(row, ended, 'b1', {} as never)).toMatchObject({ from: '2026-01-01', endedOn: '2026-03-01' });
  });
  it('changes nothing when any command comes twice', () => {
    const pool: BenefitCommand[] = ['b1', 'b2'].flatMap((benefitId) => [
      { ...record, benefitId },
      { ...end('2026-03-01'), benefitId },
      { ...end('2026-03-02'), benefitId },
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(benefit, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(benefitEvents, history)).toEqual([]);
  });
});
