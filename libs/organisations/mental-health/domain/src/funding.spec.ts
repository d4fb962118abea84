/** What holds for funding and milestones. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import history from './funding.history.json' with { type: 'json' };
import { funding, fundingEvents, fundingSchemes, type FundingCommand, type FundingEvent } from './funding.js';

const at = '2026-03-10T09:00:00.000Z';
const arrange = { type: 'ArrangeFunding', clientId: 'c1', scheme: 'uwv-ips', from: '2026-02-15', at } as const;
const arranged: FundingEvent = { ...arrange, type: 'FundingArranged' };
const reach = {
  type: 'ReachMilestone',
  clientId: 'c1',
  scheme: 'uwv-ips',
  milestone: 'work-resumed',
  month: '2026-03',
  at,
} as const;
const reached: FundingEvent = { ...reach, type: 'MilestoneReached' };

describe('funding', () => {
  it('is arranged once per scheme', () => {
    expect(given(funding, []).when(arrange)).toEqual(accept(arranged));
    expect(given(funding, [arranged]).when({ ...arrange, from: '2026-03-01' })).toEqual(
      refuse('scheme-already-arranged'),
    );
  });
  it('refuses a scheme that is not known, or not in force on that date', () => {
    expect(given(funding, []).when({ ...arrange, scheme: 'lottery' })).toEqual(refuse('scheme-unknown'));
    expect(given(funding, []).when({ ...arrange, scheme: 'municipal-ips', from: '2020-01-01' })).toEqual(
      refuse('scheme-not-in-force'),
    );
  });
  it('records a milestone once, in a month that has come and lies within the funding', () => {
    expect(given(funding, [arranged]).when(reach)).toEqual(accept(reached));
    expect(given(funding, [arranged, reached]).when({ ...reach, month: '2026-02' })).toEqual(
      refuse('milestone-already-reached'),
    );
    expect(given(funding, [arranged]).when({ ...reach, month: '2026-01' })).toEqual(refuse('month-before-funding'));
    expect(given(funding, [arranged]).when({ ...reach, month: '2026-04' })).toEqual(refuse('month-in-future'));
    expect(given(funding, []).when(reach)).toEqual(refuse('funding-not-arranged'));
  });
  it('names the source of every scheme', () => {
    expect(fundingSchemes.every(({ source }) => source.length > 0)).toBe(true);
  });
  it('changes nothing when any command comes twice', () => {
    const pool: FundingCommand[] = ['uwv-ips', 'municipal-ips'].flatMap((scheme) => [
      { ...arrange, scheme },
      { ...reach, scheme },
      { ...reach, scheme, milestone: 'placed' } as const,
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(funding, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(fundingEvents, history)).toEqual([]);
  });
});
