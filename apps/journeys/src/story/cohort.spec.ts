/** The synthetic clients are nobody, are always the same for a seed, and follow the published distribution. */
import { describe, expect, it } from '@jest/globals';
import { isBsn, daysBetween } from '@convenant/kernel';
import { drawCohort } from './cohort.js';

const today = '2026-03-02';
const cohort = drawCohort(2000, 7, today);

describe('a synthetic cohort', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(drawCohort(20, 7, today)).toEqual(cohort.slice(0, 20));
    expect(drawCohort(20, 8, today)).not.toEqual(cohort.slice(0, 20));
  });
  it('has nobody with the number, name or mark of somebody else', () => {
    for (const what of ['bsn', 'familyName', 'mark'] as const)
      expect(new Set(cohort.map((each) => each[what])).size).toBe(cohort.length);
  });
  it('uses citizen service numbers of the test range alone', () =>
    expect(cohort.filter(({ bsn }) => !/^9999\d{5}$/.test(bsn) || !isBsn(bsn))).toEqual([]));
  it('is of age, and of an age to work', () => {
    const years = cohort.map(({ dateOfBirth }) => daysBetween(dateOfBirth, today) / 365.25);
    expect(Math.min(...years)).toBeGreaterThanOrEqual(18);
    expect(Math.max(...years)).toBeLessThan(66);
  });
  it('has men, sites and work situations about as often as was published', () => {
    const percent = (isSo: (each: (typeof cohort)[number]) => boolean) =>
      (100 * cohort.filter(isSo).length) / cohort.length;
    expect(percent(({ sex }) => sex === 'male')).toBeCloseTo(74, -1);
    expect(percent(({ site }) => site === 'B')).toBeCloseTo(36, -1);
    expect(percent(({ workSituation }) => workSituation === 'no-work')).toBeCloseTo(46, -1);
    expect(percent(({ diagnosisGroup }) => diagnosisGroup === 'psychosis')).toBeCloseTo(76, -1);
  });
});
