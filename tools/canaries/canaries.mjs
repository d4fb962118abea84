/** Proves that lint rules and guards do their work: each is violated or taken out on purpose, and must be noticed. Prints the table by rule. */
import { parseArgs } from 'node:util';
import { guards } from './guard-list/index.mjs';
import { holds, progressLine, table, tryGuards } from './guards.mjs';
import { lintCanaries } from './lint-canaries.mjs';

const help = `npm run canaries [-- options]

  --only <id>   one guard, by its id in tools/canaries/guard-list; may be given more than once, and leaves out the lint rules
  --json        the outcomes as JSON, for a program
  --help        this text

Ends with 0 when every guard is missed once it is gone, with 1 when one is not.`;

const { only, json } = readArguments();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const started = performance.now();
const { passed, silent } = only ? { passed: 0, silent: [] } : await lintCanaries();
for (const sentence of silent) console.error(sentence);
const outcomes = await tryGuards(only ? guards.filter(({ id }) => only.includes(id)) : guards, {
  types: true,
  onOutcome: (...about) => process.stderr.write(progressLine(...about)),
});
const lost = outcomes.filter((outcome) => !holds(outcome));
const seconds = Math.round((performance.now() - started) / 1000);
if (json) console.log(JSON.stringify({ guards: outcomes, lint: { passed, silent }, lost: lost.length, seconds }));
else {
  console.log(`${table(outcomes)}\n`);
  if (!only) console.log(`${passed} lint canaries hold, ${silent.length} do not.`);
  console.log(
    `${outcomes.filter(({ state }) => state === 'caught').length} guards are missed when they are gone, ${lost.length} are not; ${seconds} seconds.`,
  );
}
process.exitCode = silent.length + lost.length > 0 ? 1 : 0;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const unknown = values.only?.filter((id) => !guards.some((guard) => guard.id === id)) ?? [];
    if (unknown.length > 0) throw new Error(`No guard is called ${unknown.join(' or ')}.`);
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
