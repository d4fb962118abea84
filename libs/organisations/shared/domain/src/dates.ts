/** When dates make sense together: the order of things, and how far ahead something can be known. */
import { addMonthsToDate, compareDates, dayOf, type Refusals } from '@convenant/kernel';

export type DateRefusal = 'dates-in-wrong-order' | 'date-in-future' | 'date-too-far-ahead';
export const dateRefusals = {
  'dates-in-wrong-order': {
    nl: 'De datums staan in de verkeerde volgorde. Iets kan niet eindigen voordat het begint.',
    en: 'The dates are in the wrong order. Something cannot end before it begins.',
  },
  'date-in-future': {
    nl: 'Deze datum ligt in de toekomst. Leg het vast als het gebeurd is.',
    en: 'This date lies in the future. Record it once it has happened.',
  },
  'date-too-far-ahead': {
    nl: 'Deze datum ligt te ver in de toekomst.',
    en: 'This date lies too far in the future.',
  },
} as const satisfies Refusals<DateRefusal>;

/** True when no date comes before the one in front of it. Absent dates say nothing. */
export function isInOrder(...dates: readonly (string | undefined)[]): boolean {
  const known = dates.filter((date) => date !== undefined);
  return known.every((date, index) => index === 0 || compareDates(known[index - 1] ?? date, date) <= 0);
}

/** True when the day has not come yet at this moment, in the Netherlands. */
export const isStillToCome = (date: string, at: string): boolean => compareDates(date, dayOf(at)) > 0;

/** True when the day lies more than so many months after this moment. */
export const isFurtherThan = (date: string, months: number, at: string): boolean =>
  compareDates(date, addMonthsToDate(dayOf(at), months)) > 0;
