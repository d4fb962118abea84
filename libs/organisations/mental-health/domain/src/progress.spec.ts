/** What holds for progress and possibilities. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { clientPossibilities } from './client-file.js';
import history from './progress.history.json' with { type: 'json' };
import {
  possibilityInput,
  progress,
  progressEvents,
  progressSummaryInput,
  type ProgressCommand,
  type ProgressEvent,
} from './progress.js';

const at = '2026-03-10T09:00:00.000Z';
const text = <T>() => 'sealed' as Sealed<T>;
const summarise = {
  type: 'SummariseProgress',
  summaryId: 's1',
  clientId: 'c1',
  on: '2026-03-10',
  by: 'sam',
  hoursPerWeek: text<number>(),
  regularity: text<'regular'>(),
  supportNeeded: text<string>(),
  at,
} as const;
const note = {
  type: 'NotePossibility',
  itemId: 'i1',
  clientId: 'c1',
  on: '2026-03-09',
  by: 'sam',
  kind: text<'adjustment'>(),
  text: text<string>(),
  author: text<'client'>(),
  at,
} as const;
const noted: ProgressEvent = { ...note, type: 'PossibilityNoted' };
const drop = { type: 'DropPossibility', itemId: 'i1', clientId: 'c1', on: '2026-03-10', at } as const;

describe('progress', () => {
  it('is summarised once per summary, and not for a day to come', () => {
    expect(given(progress, []).when(summarise)).toEqual(accept({ ...summarise, type: 'ProgressSummarised' }));
    expect(given(progress, []).when({ ...summarise, on: '2026-03-11' })).toEqual(refuse('date-in-future'));
  });
  it('drops an item only when it is on the list, and not before it was noted', () => {
    expect(given(progress, []).when(drop)).toEqual(refuse('item-unknown'));
    expect(given(progress, [noted]).when({ ...drop, on: '2026-03-08' })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(progress, [noted]).when(drop)).toEqual(accept({ ...drop, type: 'PossibilityDropped' }));
    expect(
      clientPossibilities.apply({} as never, { ...drop, type: 'PossibilityDropped' }, 'i1', {} as never),
    ).toBeUndefined();
  });
  it('changes nothing when any command comes twice', () => {
    const pool: ProgressCommand[] = [
      summarise,
      { ...summarise, summaryId: 's2' },
      note,
      { ...note, itemId: 'i2' },
      drop,
      { ...drop, itemId: 'i2' },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(progress, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(progressEvents, history)).toEqual([]);
  });
});

describe('what is entered about progress', () => {
  const entered = { hoursPerWeek: 16, regularity: 'regular', supportNeeded: 'Wekelijks bellen' };
  const item = { kind: 'limitation', text: 'Merkt terugval bij drukte', author: 'clinician' };
  const codes = (schema: typeof progressSummaryInput | typeof possibilityInput, value: unknown) =>
    schema.safeParse(value).error?.issues.map((each) => each.message);
  it('warns about medical words until the writer says that they are none', () => {
    expect(codes(progressSummaryInput, { ...entered, adjustments: 'Minder uren door de medicatie' })).toEqual([
      'medical-words-in-text',
    ]);
    expect(codes(possibilityInput, item)).toEqual(['medical-words-in-text']);
    expect(codes(possibilityInput, { ...item, confirmedNotMedical: true })).toBeUndefined();
  });
  it('refuses more than 60 hours, and takes a week without work', () => {
    expect(codes(progressSummaryInput, { ...entered, hoursPerWeek: 61 })).toEqual(['hours-above-60']);
    expect(codes(progressSummaryInput, { ...entered, hoursPerWeek: 0 })).toBeUndefined();
  });
});
