/** What a flush to the disk costs somebody who does nothing else, while something is measured: what waits for the disk can be told from what does not. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface Flushes {
  /** Begins to look; what it answers stops it. */
  look(): () => Promise<void>;
  /** Milliseconds of every flush, of all looks that were stopped. */
  readonly all: readonly number[];
}

/** Flushes eight kilobytes of a file in this folder, every so often, in a thread of its own. */
export function flushesIn(folder: string, everyMs = 25): Flushes {
  const all: number[] = [];
  return {
    all,
    look() {
      const workerData = { path: join(folder, 'flushes'), everyMs };
      const worker = new Worker(join(import.meta.dirname, '../../dist/bench/flush-worker.js'), { workerData });
      const ended = once(worker, 'message').then(([found]) => void all.push(...(found as readonly number[])));
      // Whoever stops it hears of a failure.
      ended.catch(() => undefined);
      return async () => {
        worker.postMessage('stop');
        await ended;
      };
    },
  };
}
