/** Measures how long `npm start` takes until it says `Ready`, on a new and on an existing data folder, and what memory all its processes take. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bootstrap.mjs';

const help = `npm run bench:start -- [options]

Starts everything on a new data folder, then again on the same one, and measures seconds until ready and proportional set size (PSS) of
all processes, PostgreSQL included. Linux only for the memory.

Options
  --times N            how many starts; the first is on a new data folder (default 3)
  --settle SECONDS     how long to wait before the memory is read (default 5)
  --json               one line of JSON
  --help               this text

Exits 1 when a start takes more than 20 s or the memory is above 900 MB.
`;
const limits = { seconds: 20, megabytes: 900 };
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '3' },
    settle: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const dataFolder = await mkdtemp(join(tmpdir(), 'convenant-bench-'));
const environment = {
  ...process.env,
  CONVENANT_DATA: dataFolder,
  CONVENANT_GATEWAY_PORT: '0',
  CONVENANT_IDENTITY_PORT: '0',
  CONVENANT_ORGANISATION_PORT: '0',
  CONVENANT_POSTGRES_PORT: '0',
};
const rounds = [];
try {
  for (let round = 1; round <= Number(values.times); round++) {
    const measured = { data: round === 1 ? 'new' : 'existing', ...(await measureStart()) };
    rounds.push(measured);
    if (!values.json)
      console.log(
        `${round}/${values.times}  ${measured.data.padEnd(8)}  ready after ${measured.seconds.toFixed(1)} s  ${measured.megabytes} MB in ${measured.processes} processes`,
      );
  }
} finally {
  await rm(dataFolder, { recursive: true, force: true });
}
const worst = {
  seconds: Math.max(...rounds.map((round) => round.seconds)),
  megabytes: Math.max(...rounds.map((round) => round.megabytes)),
};
const holds = worst.seconds <= limits.seconds && worst.megabytes <= limits.megabytes;
console.log(
  values.json
    ? JSON.stringify({ rounds, limits, holds })
    : `At most ${worst.seconds.toFixed(1)} s (limit ${limits.seconds}) and ${worst.megabytes} MB (limit ${limits.megabytes}): ${holds ? 'holds' : 'DOES NOT HOLD'}`,
);
process.exitCode = holds ? 0 : 1;

function measureStart() {
  const started = performance.now();
  const app = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let measured;
    const limit = setTimeout(() => app.kill('SIGKILL'), 120_000);
    app.stdout.on('data', (data) => {
      if (measured || !/^Ready/m.test(data)) return;
      measured = { seconds: (performance.now() - started) / 1000 };
      setTimeout(
        () => {
          Object.assign(measured, memoryOf(app.pid));
          app.kill('SIGTERM');
        },
        Number(values.settle) * 1000,
      );
    });
    app.on('exit', (code) => {
      clearTimeout(limit);
      if (measured) resolve(measured);
      else reject(new Error(`npm start ended (${code}) before it said Ready.`));
    });
  });
}

/** The PSS of a process and everything that descends from it, in MB. */
function memoryOf(first) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = textOf(`/proc/${pid}/stat`);
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent) parents.set(Number(pid), Number(parent));
  }
  const family = new Set([first]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  let kilobytes = 0;
  for (const pid of family) kilobytes += Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  return { megabytes: Math.round(kilobytes / 1024), processes: family.size };
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}
