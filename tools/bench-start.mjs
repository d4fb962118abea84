/** Measures how long `npm start` takes until it says `Ready`, cold and warm, and stops it again: npm run bench:start -- [times]. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const times = Number(process.argv[2] ?? 5);
const limitMs = 120_000;

for (let round = 1; round <= times; round++) {
  const seconds = (await untilReady()) / 1000;
  console.log(`${round}/${times}: ready after ${seconds.toFixed(1)} s`);
}

function untilReady() {
  const started = performance.now();
  const app = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let ready;
    const limit = setTimeout(() => app.kill('SIGKILL'), limitMs);
    app.stdout.on('data', (data) => {
      if (ready !== undefined || !/^Ready/m.test(data)) return;
      ready = performance.now() - started;
      app.kill('SIGTERM');
    });
    app.on('exit', (code) => {
      clearTimeout(limit);
      if (ready === undefined)
        reject(new Error(`npm start ended (${code}) or ${limitMs / 1000} s passed before it said Ready.`));
      else resolve(ready);
    });
  });
}
