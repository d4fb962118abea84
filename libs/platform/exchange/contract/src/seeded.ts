/** Chance that a seed repeats. */
import type { Chance } from './unreliable.js';

/** Mulberry32: small, fast, and even enough for choosing what goes wrong. Not for secrets. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  return {
    number() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
