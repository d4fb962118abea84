/** The thread that flushes; answers with how long each took once it is told to stop. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { path, everyMs } = workerData as { path: string; everyMs: number };
const file = openSync(path, 'w');
const page = Buffer.alloc(8_192, 'x');
const found: number[] = [];
const timer = setInterval(() => {
  const from = performance.now();
  writeSync(file, page, 0, page.length, 0);
  fdatasyncSync(file);
  found.push(performance.now() - from);
}, everyMs);
parentPort?.once('message', () => {
  clearInterval(timer);
  closeSync(file);
  parentPort?.postMessage(found);
});
