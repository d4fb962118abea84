/** Runs every check on a fresh clone or a worked-on tree, and ends with the line `N passed, N failed, N skipped`. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap, root } from './bootstrap.mjs';

const help = `npm test [-- options] [-- arguments for Jest]

  --only <step>   types, lint, unit, integration or engines; may be given more than once
  --engines       also every suite and fault on a real Kafka and PostgreSQL, as CI does: some twenty minutes more, and Java 17 and Maven
  --check         also what only CI needs: formatting, and known vulnerabilities in dependencies
  --help          this text

Everything else goes to Jest: npm test -- --only unit referral
                              npm test -- -t "refuses a referral"`;

const steps = ['types', 'lint', 'unit', 'integration', 'engines'];
const { only, check, engines, rest } = readArguments(process.argv.slice(2));
const wants = (step) => only.length === 0 || only.includes(step);

await bootstrap();

const total = { passed: 0, failed: 0, skipped: 0 };
const count = ({ passed = 0, failed = 0, skipped = 0 }) => {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
};
const jestProjects = ['unit', 'integration'].filter(wants);
const wantsEngines = engines || only.includes('engines');
const plan = [
  ...(jestProjects.length ? ['build'] : []),
  ...(wants('types') ? ['types'] : []),
  ...(wants('lint') ? ['lint', 'lint canaries'] : []),
  ...(check ? ['format', 'audit'] : []),
  ...(jestProjects.length ? ['tests'] : []),
  ...(wantsEngines ? ['engines'] : []),
];
let done = 0;

if (await builds()) {
  // The two type-aware steps fill both cores; Jest then gets them to itself.
  await Promise.all([
    wants('types') &&
      step('types', [
        'node_modules/typescript/bin/tsc',
        '--project',
        'tsconfig.json',
        ...(process.stdout.isTTY ? ['--pretty'] : []),
      ]),
    wants('lint') &&
      step('lint', ['tools/lint/lint.mjs']).then(() => step('lint canaries', ['tools/canaries/lint-canaries.mjs'])),
  ]);
  if (check) {
    await step('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']);
    await audit();
  }
  if (jestProjects.length) await jest();
  if (wantsEngines) await onEngines();
}
process.exitCode = total.failed ? 1 : 0;
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);

async function builds() {
  if (!jestProjects.length) return true;
  const started = performance.now();
  const { build } = await import('./build.mjs');
  try {
    await build();
    report('build', true, started);
    return true;
  } catch (error) {
    report('build', false, started, error.message);
    count({ failed: 1 });
    return false;
  }
}

/** One command that counts as one test. Its output is shown when it fails. */
async function step(name, args) {
  const started = performance.now();
  const { code, output } = await run(args, 'pipe');
  report(name, code === 0, started, code === 0 ? undefined : output);
  count(code === 0 ? { passed: 1 } : { failed: 1 });
}

/** A registry that cannot be asked is not a finding; it is said, and counted as skipped. */
async function audit() {
  const started = performance.now();
  const npm = spawn('npm', ['audit', '--audit-level=high', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const output = await collect(npm);
  const found = parsed(output)?.metadata?.vulnerabilities;
  if (!found) {
    report(
      'audit',
      true,
      started,
      'The registry does not answer: dependencies were not checked for known vulnerabilities.',
    );
    return count({ skipped: 1 });
  }
  const serious = found.high + found.critical;
  report('audit', serious === 0, started, serious ? `${serious} high or critical: npm audit tells which.` : undefined);
  count(serious ? { failed: 1 } : { passed: 1 });
}

async function jest() {
  const started = performance.now();
  const countsFile = join(root, '.cache', `counts-${process.pid}.json`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  const selected = jestProjects.length === 1 ? ['--selectProjects', jestProjects[0]] : [];
  const { code } = await run(
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      // Last: it takes every word behind it for the name of a project.
      ...rest,
      ...selected,
    ],
    'inherit',
    { CONVENANT_COUNTS: countsFile },
  );
  const counts = readCounts(countsFile);
  // Jest can fail without a failing test, and a test run that leaves no count did not end.
  if (code !== 0 && !counts?.failed) count({ ...counts, failed: 1 });
  else count(counts ?? { failed: Number(!isQuestion(rest)) });
  report('tests', code === 0, started);
}

/** The suites and faults that need real engines; when one of those cannot start, that is a failure. */
async function onEngines() {
  const started = performance.now();
  const countsFile = join(root, '.cache', `engine-counts-${process.pid}.json`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  const { code } = await run(['tools/test-engines.mjs'], 'inherit', { CONVENANT_COUNTS: countsFile });
  const counts = readCounts(countsFile);
  count(code !== 0 && !counts?.failed ? { ...counts, failed: 1 } : (counts ?? { failed: 1 }));
  report('engines', code === 0, started);
}

function run(args, stdio, environment = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: stdio === 'pipe' ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...environment },
  });
  return collect(child).then((output) => ({ code: child.exitCode ?? 1, output }));
}

function collect(child) {
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  return new Promise((resolve, reject) => child.on('error', reject).on('close', () => resolve(output)));
}

function report(name, good, started, text) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  process.stdout.write(
    `${good ? 'ok  ' : 'FAIL'} ${seconds} s  ${++done}/${plan.length} ${name}\n${text ? `${text.trimEnd()}\n` : ''}`,
  );
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Jest was asked for a list, not for a run: there is nothing to count. */
function isQuestion(args) {
  return args.some((each) => ['--listTests', '--showConfig', '--version', '-v'].includes(each));
}

function readArguments(args) {
  const { tokens } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      only: { type: 'string', multiple: true },
      check: { type: 'boolean' },
      engines: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const ours = tokens.filter(
    (token) => token.kind === 'option' && ['only', 'check', 'engines', 'help'].includes(token.name),
  );
  const taken = new Set(
    ours.flatMap((token) =>
      token.name === 'only' && !token.inlineValue ? [token.index, token.index + 1] : [token.index],
    ),
  );
  if (ours.some(({ name }) => name === 'help')) {
    console.log(help);
    process.exit(0);
  }
  const named = ours.filter(({ name }) => name === 'only').map(({ value }) => value);
  const unknown = named.filter((name) => !steps.includes(name));
  if (unknown.length) {
    console.error(`--only takes ${steps.join(', ')}; not ${unknown.join(', ')}.`);
    process.exit(2);
  }
  return {
    only: named,
    check: ours.some(({ name }) => name === 'check'),
    engines: ours.some(({ name }) => name === 'engines'),
    rest: args.filter((each, index) => !taken.has(index) && each !== '--'),
  };
}
