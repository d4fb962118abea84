/** Takes each guard out of a throw-away copy of the workspace, one at a time, and requires that a test then fails: npm run canaries. */
import { parseArgs } from 'node:util';
import { copyTree, workspaceFiles } from './tree-copy.mjs';
import { Drift, NotAProgram, withoutGuard } from './mutation.mjs';
import { untyped } from './mutation-types.mjs';

const help = `node tools/run.mjs tools/canaries/guards.mjs [options]

  --only <id>    this guard alone; may be given more than once
  --json         the outcome as JSON on standard output
  --copies <n>   how many copies of the workspace are worked in at once (default 2)
  --help         this text`;

/**
 * The outcome of every entry, in the order given: { ...entry, state, by, others, why, seconds }. `state` is `caught`, `not-caught`, `drift`
 * (its text is not in the file), `no-program` (what is left does not compile; with `types`, does not type-check either), `faulty-tests`
 * (none that passes with the guard in place fails without it, and some cannot be used) or `later`.
 */
export async function tryGuards(entries, { copies = 2, types = false, onOutcome = () => undefined } = {}) {
  const now = entries.filter((entry) => !entry.later);
  const files = workspaceFiles();
  const trees = Array.from({ length: Math.max(1, Math.min(copies, now.length)) }, () => copyTree(files));
  const removeAll = () => trees.forEach((tree) => tree.remove());
  process.once('exit', removeAll);
  try {
    const mistyped = types ? untyped(now) : new Map();
    const before = await testsWithGuards(now, trees);
    const outcomes = new Map();
    const note = (entry, outcome) => {
      outcomes.set(entry, { ...entry, ...outcome });
      onOutcome(outcomes.get(entry), outcomes.size, entries.length);
    };
    for (const entry of entries) if (entry.later) note(entry, { state: 'later', seconds: 0 });
    await eachOn(trees, slowestFirst(now), async (tree, entry) =>
      note(entry, await tryGuard(tree, entry, { before, mistyped })),
    );
    return entries.map((entry) => outcomes.get(entry));
  } finally {
    process.removeListener('exit', removeAll);
    removeAll();
  }
}

async function tryGuard(tree, entry, known) {
  const started = performance.now();
  const outcome = await outcomeOf(tree, entry, known);
  return { ...outcome, seconds: (performance.now() - started) / 1000 };
}

async function outcomeOf(tree, entry, { before, mistyped }) {
  if (mistyped.has(entry.id)) return { state: 'no-program', why: mistyped.get(entry.id) };
  const why = entry.tests.map((file) => before.unusable.get(file)).find(Boolean);
  if (why) return { state: 'faulty-tests', why };
  const text = read(tree, entry.file);
  if (text === undefined) return { state: 'drift', why: `${entry.file} does not exist.` };
  try {
    tree.write(entry.file, withoutGuard(text, entry));
    return judged(await tree.runTests(entry.tests, entry), before.passed);
  } catch (error) {
    if (error instanceof Drift) return { state: 'drift', why: error.message };
    if (error instanceof NotAProgram) return { state: 'no-program', why: error.message };
    throw error;
  } finally {
    tree.write(entry.file, text);
  }
}

/**
 * Only a test counts that ran and failed, and that passes with the guard in place: a file that could not run, a name that does not exist
 * and a run without end do not.
 */
function judged({ ended, failed, passed, brokenFiles }, passedBefore) {
  if (!ended) return { state: 'not-caught', why: 'The tests did not end.' };
  const missed = failed.filter((test) => passedBefore.has(nameOf(test)));
  const [first, ...others] = missed.filter(({ failureMessages }) => !failureMessages.every(isNoProgram));
  if (first) return { state: 'caught', by: first.fullName, test: first.file, others: others.length };
  if (missed.length > 0) return { state: 'no-program', why: missed[0].failureMessages[0].split('\n')[0] };
  if (failed.length > 0)
    return { state: 'faulty-tests', why: `Fails with the guard in place too: ${failed[0].fullName}` };
  if (brokenFiles.length > 0) return { state: 'no-program', why: `${brokenFiles[0].file} could not run.` };
  return {
    state: 'not-caught',
    why: passed.length > 0 ? `${passed.length} tests pass without it.` : 'No test has that name.',
  };
}
const nameOf = ({ file, fullName }) => `${file} ${fullName}`;
const isNoProgram = (message) => /^\s*(ReferenceError|SyntaxError)\b/.test(message);

/** Every test file once with all guards in place: which tests pass, and by file why none of them can be used. */
async function testsWithGuards(entries, trees) {
  const passed = new Set();
  const unusable = new Map();
  const onlyOf = new Map();
  for (const { tests, only } of entries)
    for (const file of tests) onlyOf.set(file, [...(onlyOf.get(file) ?? []), only]);
  const runs = [...onlyOf].map(([file, patterns]) => ({
    file,
    only: patterns.every(Boolean) ? `(${[...new Set(patterns)].join(')|(')})` : undefined,
  }));
  const together = { tests: runs.filter(({ only }) => !only).map(({ file }) => file) };
  const apart = runs.filter(({ only }) => only).map(({ file, only }) => ({ tests: [file], only }));
  await eachOn(trees, together.tests.length > 0 ? [together, ...apart] : apart, async (tree, { tests, only }) => {
    const ran = await tree.runTests(tests, { only, timeoutMs: 400_000 });
    for (const test of ran.passed) passed.add(nameOf(test));
    const good = new Set(ran.passed.map(({ file }) => file));
    for (const file of tests)
      if (!good.has(file)) unusable.set(file, `No test of ${file} passes with the guard in place.`);
  });
  return { passed, unusable };
}

/** Does every task on whichever copy is free. */
async function eachOn(trees, tasks, handle) {
  const queue = [...tasks];
  await Promise.all(
    trees.map(async (tree) => {
      for (let task; (task = queue.shift()) !== undefined;) await handle(tree, task);
    }),
  );
}

const slowestFirst = (entries) => {
  const slow = ({ tests }) => tests.some((file) => file.includes('.integration.'));
  return [...entries.filter(slow), ...entries.filter((entry) => !slow(entry))];
};

function read(tree, file) {
  try {
    return tree.read(file);
  } catch {
    return undefined;
  }
}

/** Whether an outcome is as it must be. */
export const holds = ({ state }) => state === 'caught' || state === 'later';

/** The table of rules, guards and the tests that notice when one is gone. */
export function table(outcomes) {
  const rows = outcomes.map(({ rule, guard, state, by, others, why, later, seconds, id }) => [
    String(rule),
    guard,
    state === 'caught'
      ? `${by}${others ? ` (and ${others} more)` : ''}`
      : state === 'later'
        ? `later issue: ${later}`
        : `NOT CAUGHT (${id}, ${state}): ${why}`,
    state === 'later' ? '' : seconds.toFixed(1),
  ]);
  const heads = ['rule', 'guard that was taken out', 'caught by', 'seconds'];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column].length)));
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line for a terminal while the work goes on. */
export const progressLine = ({ id, rule, state, why, seconds }, done, all) =>
  `${String(done).padStart(3)}/${all}  rule ${rule}  ${id}  ${state}${why ? `: ${why}` : ''}  ${seconds.toFixed(1)} s\n`;

if (process.argv[1]?.endsWith('guards.mjs')) {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      copies: { type: 'string', default: '2' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const { guards } = await import('./guard-list/index.mjs');
  const unknown = (values.only ?? []).filter((id) => !guards.some((entry) => entry.id === id));
  if (unknown.length > 0) {
    console.error(
      `There is no guard called ${unknown.join(', ')}. Known are: ${guards.map(({ id }) => id).join(', ')}`,
    );
    process.exit(2);
  }
  const chosen = values.only ? guards.filter(({ id }) => values.only.includes(id)) : guards;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  const outcomes = await tryGuards(chosen, {
    copies: Number(values.copies) || 2,
    types: true,
    onOutcome: (...about) => process.stderr.write(progressLine(...about)),
  });
  console.log(values.json ? JSON.stringify(outcomes, null, 2) : table(outcomes));
  process.exitCode = outcomes.every(holds) ? 0 : 1;
}
