/** Lints the workspace with a fresh project graph, without which the Nx boundary rule passes everything in silence. */
import { ESLint } from 'eslint';
import { refreshGraph } from './graph.mjs';
import { root } from '../bootstrap.mjs';

await refreshGraph();
const eslint = new ESLint({
  cwd: root,
  fix: process.argv.includes('--fix'),
  concurrency: 'off',
  errorOnUnmatchedPattern: false,
});
const results = await eslint.lintFiles(['apps', 'libs', 'tools', '*.mjs']);
await ESLint.outputFixes(results);
const text = await (await eslint.loadFormatter('stylish')).format(results);
if (text) console.log(text);
const problems = results.reduce((sum, { errorCount, warningCount }) => sum + errorCount + warningCount, 0);
console.log(`${results.length} files linted, ${problems} problems.`);
process.exit(problems ? 1 : 0);
