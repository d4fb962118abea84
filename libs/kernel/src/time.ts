/** Dates and moments as text, calculated with Temporal; none of these functions knows what time it is. */
import { Temporal } from 'temporal-polyfill';

/** Moments move by calendar days and months in the Netherlands, so that the hour stays the same over a change to summer time. */
export const addDays = (instant: string, days: number): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO('Europe/Amsterdam')
    .add({ days })
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
export const addMonths = (instant: string, months: number): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO('Europe/Amsterdam')
    .add({ months })
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
export const addMilliseconds = (instant: string, milliseconds: number): string =>
  Temporal.Instant.from(instant).add({ milliseconds }).toString({ smallestUnit: 'millisecond' });
export const isAfter = (a: string, b: string): boolean => compareInstants(a, b) > 0;
export const isBefore = (a: string, b: string): boolean => compareInstants(a, b) < 0;
/** As our clocks write a moment. Two of these are in the order of their text. */
const asClocksWrite = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
function compareInstants(a: string, b: string): number {
  if (asClocksWrite.test(a) && asClocksWrite.test(b)) return a === b ? 0 : a > b ? 1 : -1;
  return Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b));
}
/** 0 when the clock was set back in between. */
export const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Temporal.Instant.from(from).until(to).total('seconds'));

/** The calendar day in the Netherlands, as `YYYY-MM-DD`. */
export const dayOf = (instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO('Europe/Amsterdam').toPlainDate().toString();
export const addDaysToDate = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();
export const addMonthsToDate = (date: string, months: number): string =>
  Temporal.PlainDate.from(date).add({ months }).toString();
export const compareDates = (a: string, b: string): number => Temporal.PlainDate.compare(a, b);
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
/** So many working days (Monday to Friday) after `date`; public holidays are not known here. */
export function addWorkingDays(date: string, workingDays: number): string {
  let day = Temporal.PlainDate.from(date);
  for (let left = workingDays; left > 0;) {
    day = day.add({ days: 1 });
    if (day.dayOfWeek <= 5) left--;
  }
  return day.toString();
}
