/** What a benchmark finds: figures, each beside something that anybody can measure for herself, and how many measurements become one. */

/** `ratio` is `value / baseValue`, both measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it stands beside. */
  readonly base: string;
  readonly baseValue: number;
  readonly ratio: number;
  /** As a sentence reads it; left out where nothing was promised. */
  readonly target?: string;
  /** Left out with the target. */
  readonly holds?: boolean;
}
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly base: string;
  readonly baseValue: number;
}
/** Exactly one of them: a bound on the ratio or on the value itself. */
export type Target = { readonly ratioAtLeast: number } | { readonly ratioAtMost: number } | { readonly below: number };

/** Throws when either side is not a positive number: a figure that was not measured is left out, never made up. */
export function figure(measured: Measured, target?: Target): Figure {
  const { name, value, baseValue } = measured;
  for (const [what, number] of [
    ['value', value],
    ['base', baseValue],
  ] as const)
    if (!Number.isFinite(number) || number <= 0) throw new Error(`The ${what} of “${name}” came out as ${number}.`);
  const ratio = value / baseValue;
  return { ...measured, ratio, ...(target ? judged(value, ratio, measured.unit, target) : {}) };
}

function judged(value: number, ratio: number, unit: string, target: Target): Pick<Figure, 'target' | 'holds'> & object {
  if ('ratioAtLeast' in target)
    return { target: `ratio ≥ ${target.ratioAtLeast}`, holds: ratio >= target.ratioAtLeast };
  if ('ratioAtMost' in target) return { target: `ratio ≤ ${target.ratioAtMost}`, holds: ratio <= target.ratioAtMost };
  return { target: `< ${target.below} ${unit}`, holds: value < target.below };
}

/** The smallest measurement that at least this share (0 to 1) of all is not above. Throws for none. */
export function percentile(measurements: readonly number[], share: number): number {
  if (measurements.length === 0) throw new Error('There is no percentile of nothing.');
  const sorted = [...measurements].sort((one, other) => one - other);
  const place = Math.max(1, Math.ceil(share * sorted.length - 1e-9));
  return sorted[Math.min(place, sorted.length) - 1] as number;
}

/** The middle one, or the mean of the two in the middle. Throws for none. */
export function median(measurements: readonly number[]): number {
  if (measurements.length === 0) throw new Error('There is no median of nothing.');
  const sorted = [...measurements].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return (upper + lower) / 2;
}

/** Three significant digits, and no more than are there: 12345 becomes 12,300. */
export function inDigits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}
