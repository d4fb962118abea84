/** Hours of work as somebody may enter them; checked at the edge, because hours are stored sealed and no rule can read them. */
import type { Refusals } from '@convenant/kernel';
import { z } from 'zod';

export type HoursRefusal = 'hours-above-60' | 'hours-above-24' | 'hours-not-positive';
export const hoursRefusals = {
  'hours-above-60': { nl: 'Meer dan 60 uur per week kan niet.', en: 'More than 60 hours a week is not possible.' },
  'hours-above-24': { nl: 'Meer dan 24 uur per dag kan niet.', en: 'More than 24 hours a day is not possible.' },
  'hours-not-positive': {
    nl: 'Vul een aantal uren in dat groter is dan nul.',
    en: 'Enter a number of hours above zero.',
  },
} as const satisfies Refusals<HoursRefusal>;

/** The message of every issue is a refusal code. */
export const hoursPerWeekInput = z.number().gt(0, 'hours-not-positive').max(60, 'hours-above-60');
/** Zero is possible here: somebody may have no usable hours for now. */
export const possibleHoursPerWeekInput = z.number().min(0, 'hours-not-positive').max(60, 'hours-above-60');
export const possibleHoursPerDayInput = z.number().min(0, 'hours-not-positive').max(24, 'hours-above-24');
