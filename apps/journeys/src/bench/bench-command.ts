/** `npm run bench`: measures what the parts cost, each beside something that anybody can measure, and writes it down when asked to. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withoutDriverWarnings } from '@convenant/exchange-kafka';
import { SingleBar } from 'cli-progress';
import { append } from './append.js';
import { Run, type Benchmark, type NotMeasured, type RunOptions, type Versions } from './benchmark.js';
import { isComplete, jsonOf, machineNow, markdownOf, tableOf, type BenchmarkReport, type Report } from './document.js';
import { exchange } from './exchange.js';
import type { Figure } from './figures.js';
import { gateway } from './gateway.js';
import { growth } from './growth.js';
import { memory } from './memory.js';
import { replay } from './replay.js';
import { withdrawal } from './withdrawal.js';

export const benchmarks: readonly Benchmark[] = [append, replay, exchange, withdrawal, gateway, growth, memory];
const names = benchmarks.map(({ name }) => name);

const documents = join(import.meta.dirname, '../../../../docs');

const help = `npm run bench -- [options]

Starts the engines that it needs on this machine, measures, and stops them. Leave the machine alone meanwhile: a whole run takes
ten to twenty minutes. Needs Java 17 and Maven (for Kafka) and pgbench (which comes with PostgreSQL).

Options
  --only <name>   one of ${names.join(', ')};
                  may be given more than once
  --quick         small sizes, which show that everything works and say nothing about speed
  --write         writes docs/benchmarks.md and docs/benchmarks.json; only with the whole list at its full size
  --json          one JSON document on standard output and nothing else
  --help          this text

Exit code 0: measured, whether or not the targets hold. 1: something could not be measured. 2: an option is not understood.
130: stopped by Ctrl+C.
`;

interface BenchOptions {
  readonly only: readonly Benchmark[];
  readonly quick: boolean;
  readonly write: boolean;
  readonly json: boolean;
}

export async function benchCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if ('wrong' in options) return (process.stderr.write(`${options.wrong}\n\n${help}`), 2);
  if ('help' in options) return (process.stdout.write(help), 0);
  withoutDriverWarnings();
  const interrupted = new AbortController();
  const interrupt = (): void => {
    process.stderr.write('\nStopping…\n');
    interrupted.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const report = await measureAll(options, interrupted.signal);
    if (options.write) {
      await writeFile(join(documents, 'benchmarks.md'), markdownOf(report));
      await writeFile(join(documents, 'benchmarks.json'), jsonOf(report));
    }
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return isComplete(report) ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function measureAll({ only, quick, json }: BenchOptions, signal: AbortSignal): Promise<Report> {
  const versions: Versions = {};
  const reports: BenchmarkReport[] = [];
  for (const [index, benchmark] of only.entries()) {
    const bar = new SingleBar({
      format: `${index + 1}/${only.length} ${benchmark.name} {bar} {what}`,
      clearOnComplete: true,
      stream: process.stderr,
      noTTYOutput: false,
    });
    bar.start(100, 0, { what: '' });
    const from = performance.now();
    const report = await measureOne(benchmark, versions, {
      quick,
      signal,
      onProgress: (what, share) => bar.update(Math.floor(share * 100), { what }),
    }).finally(() => bar.stop());
    reports.push(report);
    process.stderr.write(
      `${index + 1}/${only.length} ${benchmark.name}: ${report.figures.length} figures in ${((performance.now() - from) / 1000).toFixed(0)} s\n`,
    );
    for (const { name, why } of report.notMeasured) process.stderr.write(`  not measured: ${name}. ${why}\n`);
    if (!json && report.figures.length > 0) process.stdout.write(`\n${benchmark.name}\n${tableOf(report.figures)}\n\n`);
  }
  return { date: new Date().toISOString().slice(0, 10), quick, machine: machineNow(versions), benchmarks: reports };
}

/** Rejects only when it was interrupted: whatever else keeps a benchmark from being measured is in its report, and the next one goes on. */
export async function measureOne(
  { name, about, measure }: Benchmark,
  versions: Versions,
  options: Omit<RunOptions, 'onNotMeasured'>,
): Promise<BenchmarkReport> {
  const notMeasured: NotMeasured[] = [];
  const run = new Run({ ...options, onNotMeasured: (missing) => void notMeasured.push(missing) });
  let figures: readonly Figure[] = [];
  try {
    figures = await measure(run);
  } catch (error) {
    options.signal.throwIfAborted();
    notMeasured.push({ name, why: [messageOf(error), ...run.notes].join('\n') });
  } finally {
    await run.stop().catch((error: unknown) => {
      notMeasured.push({ name: `${name}, stopping`, why: messageOf(error) });
    });
    Object.assign(versions, run.versions);
  }
  return { name, about, figures, notMeasured };
}

const messageOf = (error: unknown): string => (error as { message?: string }).message ?? 'It failed.';

function readOptions(args: readonly string[]): BenchOptions | { readonly wrong: string } | { readonly help: true } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { help: true };
    const { quick, write, json } = values;
    const unknown = values.only.find((name) => !names.includes(name));
    if (unknown !== undefined) return { wrong: `There is no benchmark ${unknown}. There are: ${names.join(', ')}.` };
    if (write && (quick || values.only.length > 0))
      return { wrong: '--write is for the whole list at its full size: leave out --quick and --only.' };
    const only = values.only.length === 0 ? benchmarks : benchmarks.filter(({ name }) => values.only.includes(name));
    return { only, quick, write, json };
  } catch (error) {
    return { wrong: messageOf(error) };
  }
}
