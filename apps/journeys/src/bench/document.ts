/** The figures of a run as a document for people and as one for programs: what was measured, on what kind of machine, and what was not. */
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import type { NotMeasured, Versions } from './benchmark.js';
import { inDigits, type Figure } from './figures.js';

export interface Report {
  /** An ISO 8601 date. */
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly benchmarks: readonly BenchmarkReport[];
}
export interface BenchmarkReport {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly Figure[];
  readonly notMeasured: readonly NotMeasured[];
}
/** Nothing by which the machine itself could be found. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly postgres?: string;
  readonly kafka?: string;
}

export const machineNow = (versions: Versions): Machine => ({
  processor: cpus()[0]?.model.trim() || 'unknown',
  cores: availableParallelism(),
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release().replace(/^(\d+\.\d+).*$/, '$1')} ${arch()}`,
  node: process.versions.node,
  ...versions,
});

export const isComplete = ({ benchmarks }: Pick<Report, 'benchmarks'>): boolean =>
  benchmarks.every(({ figures, notMeasured }) => figures.length > 0 && notMeasured.length === 0);

const heads = ['figure', 'value', 'beside', 'its value', 'ratio', 'target', 'holds'] as const;

/** One row per figure; the columns line up in plain text too. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, base, baseValue, ratio, target, holds }) => [
    name,
    `${inDigits(value)} ${unit}`,
    base,
    `${inDigits(baseValue)} ${unit}`,
    inDigits(ratio),
    target ?? '',
    holds === undefined ? '' : holds ? 'yes' : '**no**',
  ]);
  const widths = heads.map((head, column) => Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map(width)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join(' | ')} |`;
  return [line(heads), `| ${widths.map((each) => '-'.repeat(each)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
const width = (text: string): number => [...text].length;

export function markdownOf({ date, machine, benchmarks }: Report): string {
  const { processor, cores, memoryGigabytes, system, node, postgres, kafka } = machine;
  const facts = [
    `${cores} cores (${processor})`,
    `${memoryGigabytes} GB of memory`,
    system,
    `Node ${node}`,
    ...(postgres ? [`PostgreSQL ${postgres}`] : []),
    ...(kafka ? [`Apache Kafka ${kafka}`] : []),
  ];
  const all = benchmarks.flatMap(({ figures }) => figures).filter(({ holds }) => holds !== undefined);
  const missed = all.filter(({ holds }) => holds === false);
  return [
    '<!-- What the parts of Convenant cost, each beside something that anybody can measure; made by npm run bench -- --write. -->',
    '# Benchmarks',
    '',
    `Measured on ${date}: ${facts.join(', ')}. Everything ran on this one machine, load included. Every ratio is of two things measured in the same`,
    'run, in turn, so that what else the machine did is in both. The same figures for programs are in [benchmarks.json](benchmarks.json).',
    '',
    `${all.length - missed.length} of ${all.length} targets hold${missed.length > 0 ? `; these do not: ${missed.map(({ name }) => name).join('; ')}` : ''}.`,
    ...benchmarks.flatMap(({ name, about, figures, notMeasured }) => [
      '',
      `## ${name}`,
      '',
      about,
      '',
      ...(figures.length > 0 ? [tableOf(figures)] : []),
      ...notMeasured.map((missing) => `\nNot measured: ${missing.name}. ${missing.why}`),
    ]),
    '',
  ].join('\n');
}

/** In the form in which Prettier leaves it. */
export const jsonOf = (report: Report): string => `${JSON.stringify(report, undefined, 2)}\n`;
