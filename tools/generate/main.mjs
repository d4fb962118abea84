/** `npm run generate`: builds, then renews docs/generated; with `--check` it changes nothing and fails when something differs. */
import { build } from '../build.mjs';

await build();
const { drift, generate } = await import('./generated.mjs');

try {
  if (process.argv.includes('--check')) {
    const stale = drift();
    if (stale.length) throw new Error(`Not what the code says; run \`npm run generate\`:\n  ${stale.join('\n  ')}`);
    console.log('docs/generated is what the code says.');
  } else {
    console.log(
      generate()
        .map((file) => `written ${file}`)
        .join('\n') || 'Everything was up to date.',
    );
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
