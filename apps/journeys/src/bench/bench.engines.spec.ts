/** Every benchmark at its smallest size: every figure is there, with what it stands beside. How fast anything is, is not asked here. */
import { describe, expect, it } from '@jest/globals';
import { benchmarks, measureOne } from './bench-command.js';
import type { Versions } from './benchmark.js';

/** At the least; the parts of an exchange and the deployed processes make more. */
const figuresOf: Readonly<Record<string, readonly RegExp[]>> = {
  append: [/^append, 1 writer$/, /^append, 16 writers$/, /^append, 64 writers$/],
  replay: [/^readAll: all/, /^rebuild: all/, /^readAll: contacts/, /^rebuild: contacts/],
  exchange: [
    /at once$/,
    /p50$/,
    /p99$/,
    /^a flush of 8 kB/,
    /^the sum of the parts/,
    /^part: seal/,
    /^part: save the view/,
  ],
  withdrawal: [/p50$/, /p99$/],
  gateway: [/^referrals/, /^consented pages/],
  growth: [/^a decision/, /^an append/, /^reading/, /^composing/, /^a message/, /^looking/],
  memory: [/^memory of uwv$/, /^start of uwv$/, /^memory of gateway$/, /^start of gateway$/],
};
/** In the order of the list; the figures with a bound. */
const withTarget: Readonly<Record<string, number>> = {
  append: 1,
  replay: 2,
  exchange: 2,
  withdrawal: 1,
  gateway: 2,
  growth: 6,
  memory: 0,
};

describe('npm run bench -- --quick', () => {
  it.each(benchmarks.map((benchmark) => [benchmark.name, benchmark] as const))(
    '%s finds every figure',
    async (name, benchmark) => {
      const versions: Versions = {};
      const { figures, notMeasured } = await measureOne(benchmark, versions, {
        quick: true,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      expect(notMeasured).toEqual([]);
      expect(versions.postgres).toMatch(/^\d/);
      for (const wanted of figuresOf[name] ?? [])
        expect(figures.map((each) => each.name)).toContainEqual(expect.stringMatching(wanted));
      for (const { value, base, baseValue, ratio, unit } of figures) {
        expect(Math.min(value, baseValue, ratio)).toBeGreaterThan(0);
        expect([base, unit]).not.toContain('');
      }
      expect(figures.filter(({ target, holds }) => target !== undefined && holds !== undefined)).toHaveLength(
        withTarget[name] ?? -1,
      );
    },
    300_000,
  );
});
