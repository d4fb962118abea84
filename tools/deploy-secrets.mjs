/** Makes the secrets of the trial installation in infra/secrets, which is never committed; what is there is kept. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bootstrap.mjs';
import { build } from './build.mjs';

const help = `npm run deploy:secrets -- [options]

Draws a secret for everything in docker-compose.yml that needs one, and writes each where its container finds it. What was drawn before is
kept, so it may be run again after an organisation was added. To draw everything anew, remove the folder and the volumes of the trial: a
database does not take another password because a file changed.

Options
  --folder FOLDER   where they are written   infra/secrets
  --json            what was written, as one line of JSON: names, never values
  --help            this text

Exit code 0: everything is there. 1: it could not be written. 2: an option is not understood.
`;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode ??= 1;
}

async function main() {
  const values = readOptions();
  if (values.help) return process.stdout.write(help);
  await build();
  const { installation } = await import('./infra/installation.mjs');
  const { completed, secretFiles } = await import('./infra/secrets.mjs');
  const folder = values.folder ?? join(root, 'infra/secrets');
  const all = join(folder, 'all.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const known = existsSync(all) ? JSON.parse(readFileSync(all, 'utf8')) : {};
  const secrets = completed(known, installation, () => randomBytes(32).toString('base64url'));
  const drawn = Object.keys(secrets).filter((name) => !(name in known));
  // The values first: files that were written from values that are then lost would lock everybody out.
  write(all, `${JSON.stringify(secrets, undefined, 2)}\n`, 0o600);
  const files = secretFiles(secrets, installation);
  for (const [name, { text, mode }] of Object.entries(files)) write(join(folder, name), text, mode);
  if (values.json) return process.stdout.write(`${JSON.stringify({ drawn, files: Object.keys(files) })}\n`);
  process.stdout.write(
    `${drawn.length === 0 ? 'Nothing was missing' : `${drawn.length} secrets drawn`}; ${Object.keys(files).length} files in ${folder}.\n`,
  );
}

/** Whole or not at all. */
function write(path, text, mode) {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  chmodSync(`${path}.new`, mode);
  renameSync(`${path}.new`, path);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        folder: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    process.exitCode = 2;
    throw new Error(`${error.message}\n\n${help}`, { cause: error });
  }
}
