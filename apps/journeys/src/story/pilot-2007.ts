/** The background of 233 participants as published by Giesen, van Erp, van Weeghel, Michon and Kroon, Tijdschrift voor Psychiatrie 49 (2007) 9, 611-621. */

export const sites = ['A', 'B', 'C', 'D'] as const;
export type Site = (typeof sites)[number];

export interface SiteBackground {
  readonly participants: number;
  readonly malePercent: number;
  readonly meanAgeYears: number;
  readonly benefitPercent: number;
  readonly noWorkPercent: number;
  readonly regularWorkPercent: number;
  readonly volunteerWorkPercent: number;
  readonly psychosisPercent: number;
}
/** Figures as printed; a cohort drawn from them is synthetic. The work situations do not add up to 100: the rest did something else. */
export const background: Readonly<Record<Site, SiteBackground>> = {
  A: {
    participants: 12,
    malePercent: 58,
    meanAgeYears: 34,
    benefitPercent: 70,
    noWorkPercent: 58,
    regularWorkPercent: 0,
    volunteerWorkPercent: 0,
    psychosisPercent: 92,
  },
  B: {
    participants: 83,
    malePercent: 81,
    meanAgeYears: 34,
    benefitPercent: 67,
    noWorkPercent: 26,
    regularWorkPercent: 9,
    volunteerWorkPercent: 15,
    psychosisPercent: 60,
  },
  C: {
    participants: 53,
    malePercent: 81,
    meanAgeYears: 35,
    benefitPercent: 100,
    noWorkPercent: 48,
    regularWorkPercent: 0,
    volunteerWorkPercent: 31,
    psychosisPercent: 81,
  },
  D: {
    participants: 85,
    malePercent: 66,
    meanAgeYears: 37,
    benefitPercent: 90,
    noWorkPercent: 62,
    regularWorkPercent: 1,
    volunteerWorkPercent: 10,
    psychosisPercent: 86,
  },
};
