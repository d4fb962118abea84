/** Makes a fresh clone runnable: installs what is missing and continues under the workspace's own Node. Uses built-in modules only. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lockFile = join(root, 'package-lock.json');
const installedLock = join(root, 'node_modules/.package-lock.json');
const installedDigest = join(root, 'node_modules/.installed-lock');
const workspaceNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const wantedMajor = Number(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies.node.split('.')[0],
);

/** Returns only in a process that runs on the wanted Node with everything installed; otherwise that process is started and this one ends with its exit code. */
export async function bootstrap() {
  installWhatIsMissing();
  const bin = join(root, 'node_modules/.bin');
  if (!process.env.PATH?.split(delimiter).includes(bin))
    process.env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  process.env.NX_DAEMON = 'false';
  process.setSourceMapsEnabled(true);
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return;
  if (!existsSync(workspaceNode)) runNpm(['rebuild', 'node']);
  if (!existsSync(workspaceNode)) {
    console.error(
      `Node ${wantedMajor} is needed, this is ${process.versions.node}, and npm has no Node ${wantedMajor} for this platform. Install Node ${wantedMajor} and try again.`,
    );
    process.exit(1);
  }
  process.exit(await continueUnder(workspaceNode));
}

function installWhatIsMissing() {
  const digest = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(installedLock)) {
    const known = existsSync(installedDigest) ? readFileSync(installedDigest, 'utf8') : undefined;
    if (known === digest) return;
    // Someone may have installed by hand since: then npm's own mark is newer than the lock file.
    if (statSync(installedLock).mtimeMs >= statSync(lockFile).mtimeMs) return writeFileSync(installedDigest, digest);
  }
  console.log('Installing what is missing (npm ci), about half a minute …');
  const { status } = runNpm(['ci', '--no-audit', '--loglevel=error']);
  if (status !== 0) {
    console.error('Installing failed. The lines above say why; `npm ci` repeats it.');
    process.exit(status ?? 1);
  }
  writeFileSync(installedDigest, digest);
}

function runNpm(args) {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  return spawnSync(npm[0], [...npm.slice(1), ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

function continueUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both, and the parent waits for the child to stop in its own time; elsewhere it passes the signal on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143))),
  );
}
