/** What holds for sealing an event's fields, for composing, and for dates, hours and words that warn. */
import { describe, expect, it } from '@jest/globals';
import type { Opened, Sealed } from '@convenant/kernel';
import { Sealer } from '@convenant/kernel';
import { clientIntroduced } from './client-introduced.js';
import { ClientRegistered } from './client-record.js';
import { sealFields } from './command.js';
import { stillSealed } from './compose.js';
import { isFurtherThan, isInOrder, isStillToCome } from './dates.js';
import { hoursPerWeekInput, possibleHoursPerDayInput } from './hours.js';
import { hasMedicalWords } from './medical-words.js';
import { misfits } from './promises.js';

/** Seals by writing down, so that a reader of this test sees what is under the seal. */
class OpenSealer extends Sealer {
  seal = <T>(clientId: string, value: T): Promise<Sealed<T>> =>
    Promise.resolve(`${clientId}:${JSON.stringify(value)}` as Sealed<T>);
  open = <T>(): Promise<Opened<T>> => Promise.resolve('erased');
  digest = (): Promise<string> => Promise.resolve('');
  lookupDigest = (): Promise<string> => Promise.resolve('');
  destroy = (): Promise<void> => Promise.resolve();
}

describe('sealing the fields of an event', () => {
  it('seals what the event declares as sealed, and leaves everything else behind', async () => {
    const entered = { initials: 'A.', familyName: 'Jansen', dateOfBirth: '1990-05-01', shoeSize: 43 };
    expect(await sealFields(new OpenSealer(), 'c1', ClientRegistered, entered)).toEqual({
      initials: 'c1:"A."',
      familyName: 'c1:"Jansen"',
      dateOfBirth: 'c1:"1990-05-01"',
    });
  });
});

describe('composing', () => {
  it('passes over events that are about something else', () => {
    expect(clientIntroduced.compose([{ type: 'SomethingElse' }])).toBeUndefined();
  });
  it('shows which field does not fit its contract', () => {
    const wrong = {
      ...clientIntroduced,
      compose: () => ({ initials: 'A.', familyName: stillSealed('"x"' as Sealed<string>), extra: 1 }),
    };
    expect(misfits(wrong, [], JSON.parse)).toEqual(['extra', 'dateOfBirth']);
  });
});

describe('dates', () => {
  const at = '2026-03-10T23:30:00.000Z';
  it('are in order when none comes before the one in front of it; absent ones say nothing', () => {
    expect(isInOrder('2026-01-01', undefined, '2026-01-01', '2026-02-01')).toBe(true);
    expect(isInOrder('2026-02-01', undefined, '2026-01-01')).toBe(false);
  });
  it('are compared with the day in the Netherlands, which begins before midnight in UTC', () => {
    expect(isStillToCome('2026-03-11', at)).toBe(false);
    expect(isStillToCome('2026-03-12', at)).toBe(true);
    expect(isFurtherThan('2026-09-12', 6, at)).toBe(true);
  });
});

describe('hours', () => {
  const messages = (schema: typeof hoursPerWeekInput, value: number) =>
    schema.safeParse(value).error?.issues.map((each) => each.message);
  it('above 60 a week or 24 a day, and hours that are not positive, are refused with their code', () => {
    expect(messages(hoursPerWeekInput, 61)).toEqual(['hours-above-60']);
    expect(messages(hoursPerWeekInput, 0)).toEqual(['hours-not-positive']);
    expect(messages(possibleHoursPerDayInput, 25)).toEqual(['hours-above-24']);
    expect(messages(hoursPerWeekInput, 60)).toBeUndefined();
  });
});

describe('medical words', () => {
  it('are noticed in Dutch and English, and work words are left alone', () => {
    expect(hasMedicalWords('Heeft een psychose gehad')).toBe(true);
    expect(hasMedicalWords(undefined, 'changed medication')).toBe(true);
    expect(hasMedicalWords('Werkt het liefst in de ochtend, met een rustige werkplek')).toBe(false);
  });
});
