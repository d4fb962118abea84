/** Numbers in [0, 1) that are the same for the same seed: Mulberry32, small and good enough for drawing moments. */

export const chanceFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** All of them in an order that is drawn, and then again in another: none comes a second time before every other has come. */
export function* roundsOf<T>(chance: () => number, all: readonly T[]): Generator<T, never> {
  for (;;) for (const left = [...all]; left.length > 0;) yield* left.splice(Math.floor(chance() * left.length), 1);
}
