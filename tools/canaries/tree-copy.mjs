/** Throw-away copies of the workspace, so that a guard can be taken out and tests be run without anybody's files changing. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../bootstrap.mjs';

/** What belongs to the workspace: everything that git knows or would take, and still exists. */
export function workspaceFiles() {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  if (listed.status !== 0) throw new Error(`git cannot list the files of the workspace: ${listed.stderr ?? 'no git'}`);
  return [...new Set(listed.stdout.split('\0'))].filter((file) => file && existsSync(join(root, file)));
}

/** A copy of the workspace in a folder of its own; packages are shared with the real one. Call `remove` when done. */
export function copyTree(files = workspaceFiles()) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'convenant-canary-')));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    for (const file of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(folder, file));
    }
  } catch (error) {
    remove();
    throw error;
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write: (file, text) => writeFileSync(join(folder, file), text),
    runTests: (tests, options) => runTests(folder, tests, options),
    remove,
  };
}

/**
 * Runs these test files (or those of their tests whose name matches `only`) in the copy.
 * `ended` is false when they had to be stopped; `brokenFiles` are those that could not run at all.
 */
async function runTests(folder, tests, { only, timeoutMs = 120_000, workers = 1 } = {}) {
  const report = join(folder, `.report-${process.hrtime.bigint()}.json`);
  const started = performance.now();
  const ended = await run(folder, timeoutMs, [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--ci',
    '--silent',
    '--watchman=false',
    ...(workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`]),
    `--cacheDirectory=${join(folder, '.cache/jest')}`,
    '--json',
    `--outputFile=${report}`,
    ...(only ? ['--testNamePattern', only] : []),
    '--runTestsByPath',
    ...tests,
  ]);
  const files = ended && existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  rmSync(report, { force: true });
  const results = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: name.slice(name.indexOf(folder) + folder.length + 1) })),
  );
  return {
    ended,
    seconds: (performance.now() - started) / 1000,
    brokenFiles: files
      .filter(
        ({ status, assertionResults }) =>
          status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
      )
      .map(({ name, message }) => ({ file: name.slice(name.indexOf(folder) + folder.length + 1), message })),
    passed: results.filter(({ status }) => status === 'passed'),
    failed: results.filter(({ status }) => status === 'failed'),
  };
}

function run(folder, timeoutMs, args) {
  const { CONVENANT_COUNTS: _counts, CONVENANT_SOURCES: _sources, JEST_WORKER_ID: _worker, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...env, NODE_ENV: 'test' },
    stdio: 'ignore',
    detached: true,
  });
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  let stopped = false;
  const timer = setTimeout(() => {
    stopped = true;
    stop();
  }, timeoutMs);
  process.once('exit', stop);
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', () => {
      clearTimeout(timer);
      process.removeListener('exit', stop);
      resolve(!stopped);
    }),
  );
}
