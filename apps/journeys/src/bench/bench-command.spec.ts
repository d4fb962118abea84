/** That the command understands its options, and that a benchmark that fails is reported, cleaned up after, and keeps no other from running. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { benchCommand, benchmarks, measureOne } from './bench-command.js';
import type { Benchmark, Run } from './benchmark.js';
import { figure } from './figures.js';

const found = figure({ name: 'one', value: 1, unit: 'ms', base: 'another', baseValue: 2 });
const benchmark = (measure: (run: Run) => Promise<unknown>): Benchmark => ({
  name: 'example',
  about: 'As said.',
  measure: async (run) => {
    await measure(run);
    return [found];
  },
});
const options = (signal = new AbortController().signal) => ({ quick: true, signal, onProgress: () => undefined });

describe('a benchmark', () => {
  it('reports what it found, and its engines', async () => {
    const versions = {};
    const report = await measureOne(
      benchmark((run) => Promise.resolve((run.versions.postgres = '18.0'))),
      versions,
      options(),
    );
    expect(report).toEqual({ name: 'example', about: 'As said.', figures: [found], notMeasured: [] });
    expect(versions).toEqual({ postgres: '18.0' });
  });
  it('that fails says why, with what its services said, and stops what it started, last first', async () => {
    const stopped: string[] = [];
    const { figures, notMeasured } = await measureOne(
      benchmark((run) => {
        for (const part of ['first', 'second']) run.onStop(() => Promise.resolve(stopped.push(part)));
        run.note('view-stands-still');
        return Promise.reject(new Error('No broker answers.'));
      }),
      {},
      options(),
    );
    expect(figures).toEqual([]);
    expect(notMeasured).toEqual([{ name: 'example', why: 'No broker answers.\nview-stands-still' }]);
    expect(stopped).toEqual(['second', 'first']);
  });
  it('that could do a part only says which part is missing', async () => {
    const { figures, notMeasured } = await measureOne(
      benchmark((run) => Promise.resolve(run.notMeasured('one part', 'No pgbench.'))),
      {},
      options(),
    );
    expect([figures, notMeasured]).toEqual([[found], [{ name: 'one part', why: 'No pgbench.' }]]);
  });
  it('that leaves something running is reported, and the rest is stopped all the same', async () => {
    let stopped = false;
    const { notMeasured } = await measureOne(
      benchmark((run) => {
        run.onStop(() => Promise.resolve((stopped = true)));
        run.onStop(() => Promise.reject(new Error('It does not stop.')));
        return Promise.resolve();
      }),
      {},
      options(),
    );
    expect([stopped, notMeasured]).toEqual([true, [{ name: 'example, stopping', why: 'It does not stop.' }]]);
  });
  it('stops at the next step once it was interrupted, and cleans up', async () => {
    const interrupted = new AbortController();
    let stopped = false;
    const measuring = measureOne(
      benchmark((run) => {
        run.onStop(() => Promise.resolve((stopped = true)));
        interrupted.abort();
        return Promise.resolve(run.progress('the next step'));
      }),
      {},
      options(interrupted.signal),
    );
    await expect(measuring).rejects.toThrow();
    expect(stopped).toBe(true);
  });
});

describe('npm run bench', () => {
  let out: jest.SpiedFunction<typeof process.stdout.write>;
  let err: jest.SpiedFunction<typeof process.stderr.write>;
  beforeEach(() => {
    out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => void jest.restoreAllMocks());

  it('names every benchmark in its help', async () => {
    expect(await benchCommand(['--help'])).toBe(0);
    const help = String(out.mock.calls[0]?.[0]);
    expect(benchmarks.filter(({ name }) => !help.includes(name))).toEqual([]);
  });
  it.each([
    [['--only', 'everything'], 'There is no benchmark everything'],
    [['--write', '--quick'], '--write is for the whole list'],
    [['--write', '--only', 'append'], '--write is for the whole list'],
    [['--fast'], 'fast'],
  ])('does not understand %j and starts nothing', async (args, words) => {
    expect(await benchCommand(args)).toBe(2);
    expect(String(err.mock.calls[0]?.[0])).toContain(words);
    expect(out).not.toHaveBeenCalled();
  });
});
