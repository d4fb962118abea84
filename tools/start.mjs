/** Starts everything on this machine: installs and builds what is missing, then hands over to the app `local`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap, root } from './bootstrap.mjs';

await bootstrap();
const { build } = await import('./build.mjs');
await build();

const app = join(root, 'apps/local/dist/main.js');
if (!existsSync(app)) {
  console.error('There is nothing to start yet: apps/local/src/main.ts does not exist.');
  process.exit(1);
}
process.argv = [process.argv[0], app, ...process.argv.slice(2)];
await import(pathToFileURL(app).href);
