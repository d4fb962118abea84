/** Runs the suites that need real engines, and ends with one line of JSON: which engines, which versions, what was lost or doubled. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { build } from './build.mjs';

const help = `npm run test:engines -- [arguments for Jest]

Starts a real Apache Kafka and a real PostgreSQL, runs every suite and every fault on them, and stops them. Fails, never skips, when one of
them cannot start. The last line is JSON.
`;
if (process.argv.some((each) => each === '--help' || each === '-h')) {
  process.stdout.write(help);
  process.exit(0);
}

const given = process.argv.slice(2).filter((each) => each !== '--');
const isWhole = given.length === 0;
await build();
mkdirSync(join(root, '.cache'), { recursive: true });
const reportsFile = join(root, '.cache', `engines-${process.pid}.jsonl`);
const countsFile = join(root, '.cache', `counts-${process.pid}.json`);
const code = await runJest();
const tests = readJson(countsFile) ?? { passed: 0, failed: 1, skipped: 0 };
const reports = readLines(reportsFile);
const total = (what) => (reports.length > 0 ? reports.reduce((sum, report) => sum + report[what], 0) : null);
const engines = [...new Map(reports.map(({ engine, version }) => [engine, { engine, version }])).values()];
const result = { engines, tests, lost: total('lost'), duplicated: total('duplicated') };
// Whoever names some tests leaves out the others; asked for all of them, one that did not run has shown nothing.
const missing = isWhole && tests.skipped > 0;
if (missing)
  process.stderr.write(`${tests.skipped} tests were skipped. Here every test runs, or says what it needs and fails.\n`);
process.stdout.write(`${JSON.stringify(result)}\n`);
// Whoever runs this as one of several steps adds up.
if (process.env.CONVENANT_COUNTS) writeFileSync(process.env.CONVENANT_COUNTS, JSON.stringify(tests));
// A suite that compares nothing says nothing about it, and may be all that was asked for.
const isNone = (found) => found === 0 || (found === null && !isWhole);
const holds = code === 0 && tests.failed === 0 && isNone(result.lost) && isNone(result.duplicated);
process.exitCode = holds && !missing ? 0 : 1;

function runJest() {
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    // The Kafka driver asks for a time-out in the past when nothing slows it down.
    '--disable-warning=TimeoutNegativeWarning',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'engines',
    // One broker is killed under its own suite only, and two cores are enough for one at a time.
    '--runInBand',
    '--testTimeout=180000',
    ...given,
  ];
  const env = {
    ...process.env,
    CONVENANT_ENGINES: '1',
    CONVENANT_ENGINE_REPORTS: reportsFile,
    CONVENANT_COUNTS: countsFile,
  };
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

function readLines(file) {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch (error) {
    // Nobody reported anything. Half a line is a report that was lost.
    if (error.code !== 'ENOENT') throw error;
    return [];
  } finally {
    rmSync(file, { force: true });
  }
}
