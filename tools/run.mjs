/** Runs an app of the workspace by its folder name, or a tool by its path, on a built tree: node tools/run.mjs <app | file> [arguments]. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap, root } from './bootstrap.mjs';

await bootstrap();
const [target, ...rest] = process.argv.slice(2);
await runTarget(target, rest);

async function runTarget(name, args) {
  const isFile = name?.endsWith('.mjs') || name?.endsWith('.js');
  const file = join(root, isFile ? name : `apps/${name}/dist/main.js`);
  if (!isFile) {
    const { build } = await import('./build.mjs');
    await build();
  }
  if (!name || !existsSync(file)) {
    console.error(
      name
        ? `There is nothing to run yet: ${isFile ? name : `apps/${name}/src/main.ts`} does not exist.`
        : 'Say what to run: node tools/run.mjs <app | file> [arguments]',
    );
    process.exit(1);
  }
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}
