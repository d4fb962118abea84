/** Synthetic clients, drawn by a seed from the published background distribution: the same seed makes the same people, none of whom exists. */
import { addDaysToDate, isBsn } from '@convenant/kernel';
import { background, sites, type Site } from './pilot-2007.js';

export type WorkSituation = 'no-work' | 'regular-work' | 'volunteer-work' | 'something-else';
export interface SyntheticClient {
  readonly number: number;
  readonly site: Site;
  readonly sex: 'male' | 'female';
  readonly initials: string;
  readonly familyName: string;
  readonly dateOfBirth: string;
  /** From the test range 9999xxxxx. */
  readonly bsn: string;
  readonly workSituation: WorkSituation;
  readonly hasBenefit: boolean;
  /** Known to her clinician alone: it is in no profile, and no partner ever receives it unless as an answer to a physician. */
  readonly diagnosisGroup: 'psychosis' | 'other';
  readonly occupation: string;
  readonly hoursPerWeek: number;
  /** Stands in every free text about her, so that a text can be recognised where it should not be. */
  readonly mark: string;
}

/** `today` is a date; the ages are of that day. */
export function drawCohort(count: number, seed: number, today: string): readonly SyntheticClient[] {
  const chance = chanceFrom(seed);
  const offset = Math.floor(chance() * testNumbers.length);
  return Array.from({ length: count }, (_, index) => {
    const site = weighted(
      chance,
      sites.map((each) => [each, background[each].participants]),
    );
    const here = background[site];
    const sex = chance() * 100 < here.malePercent ? 'male' : 'female';
    const age = Math.min(64, Math.max(18, Math.round(here.meanAgeYears + 8 * bell(chance))));
    const workSituation = weighted<WorkSituation>(chance, [
      ['no-work', here.noWorkPercent],
      ['regular-work', here.regularWorkPercent],
      ['volunteer-work', here.volunteerWorkPercent],
      ['something-else', 100 - here.noWorkPercent - here.regularWorkPercent - here.volunteerWorkPercent],
    ]);
    const mark = `merk${syllables(seed * 10_000 + index)}`;
    return {
      number: index + 1,
      site,
      sex,
      initials: `${letter(chance)}.${letter(chance)}.`,
      // Made of syllables behind a word that says what she is: no list of people holds such a name.
      familyName: `Proef${syllables(seed * 10_000 + index)}`,
      dateOfBirth: addDaysToDate(today, -Math.round(age * 365.25) - Math.floor(chance() * 300)),
      bsn: testNumbers[(offset + index) % testNumbers.length] as string,
      workSituation,
      hasBenefit: chance() * 100 < here.benefitPercent,
      diagnosisGroup: chance() * 100 < here.psychosisPercent ? 'psychosis' : 'other',
      occupation: pick(chance, [
        'tuinder',
        'magazijnmedewerker',
        'kok',
        'fietsenmaker',
        'winkelmedewerker',
        'administratief medewerker',
      ]),
      hoursPerWeek: 8 + 4 * Math.floor(chance() * 7),
      mark,
    };
  });
}

/** Every number of the test range that passes the eleven test. */
const testNumbers: readonly string[] = Array.from({ length: 100_000 }, (_, index) =>
  String(999_900_000 + index),
).filter(isBsn);

/** Mulberry32: small, the same on every machine, and good enough for drawing people. */
function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
/** About normal with deviation 1: the sum of twelve even chances. */
const bell = (chance: () => number): number => Array.from({ length: 12 }, chance).reduce((sum, each) => sum + each, -6);
const pick = <T>(chance: () => number, from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
const letter = (chance: () => number): string => pick(chance, [...'ABCDEFGHJKLMNPRSTVW']);

function weighted<T>(chance: () => number, choices: readonly (readonly [T, number])[]): T {
  let left = chance() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice;
  return (choices.at(-1) as readonly [T, number])[0];
}

const consonants = 'bdfgjklmnprstvwz';
const vowels = 'aeiou';
/** Another word for every number. */
function syllables(number: number): string {
  let text = '';
  for (let left = number + 80 * 80; left > 0; left = Math.floor(left / 80))
    text += `${consonants[left % 16]}${vowels[Math.floor((left % 80) / 16)]}`;
  return text;
}
