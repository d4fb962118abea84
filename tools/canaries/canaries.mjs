/** Proves that lint rules and guards do their work: each is violated or taken out on purpose, and must be noticed. Prints the table by rule. */
import { guards } from './guard-list/index.mjs';
import { holds, progressLine, table, tryGuards } from './guards.mjs';
import { lintCanaries } from './lint-canaries.mjs';

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const started = performance.now();
const { passed, silent } = await lintCanaries();
for (const sentence of silent) console.error(sentence);
const outcomes = await tryGuards(guards, {
  types: true,
  onOutcome: (...about) => process.stderr.write(progressLine(...about)),
});
const lost = outcomes.filter((outcome) => !holds(outcome));
console.log(`${table(outcomes)}\n`);
console.log(`${passed} lint canaries hold, ${silent.length} do not.`);
console.log(
  `${outcomes.filter(({ state }) => state === 'caught').length} guards are missed when they are gone, ${lost.length} are not; ${((performance.now() - started) / 1000).toFixed(0)} seconds.`,
);
process.exitCode = silent.length + lost.length > 0 ? 1 : 0;
