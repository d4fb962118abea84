/** Ways to put load on something and to time it; every way stops at an interruption, and fails with whatever the load fails with. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs the tasks with so many at once, and resolves with their answers in order. */
export async function inTurns<Task, Answer>(
  tasks: readonly Task[],
  atOnce: number,
  run: (task: Task, index: number) => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < tasks.length && !failed) {
      signal?.throwIfAborted();
      const index = next++;
      answers[index] = await run(tasks[index] as Task, index);
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, tasks.length) }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await unlessAborted(Promise.all(workers), signal);
  return answers;
}

/** Rejects at once when it is interrupted, also when what is waited for never comes. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason as Error);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** How often `work` is done in a second when so many do it again and again for so long; what was begun in time is waited for and counts. */
export async function ratePerSecond(
  atOnce: number,
  durationMs: number,
  work: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<number> {
  const from = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - from < durationMs) {
      signal.throwIfAborted();
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (done / (performance.now() - from)) * 1000;
}

/** Milliseconds that each task costs when so many run at once: the whole time by their number, so that what overlaps is not counted twice. */
export async function costMs(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number> {
  const tasks = Array.from({ length: count }, (_, index) => index);
  const from = performance.now();
  await inTurns(tasks, atOnce, work, signal);
  return (performance.now() - from) / count;
}

/**
 * Begins one piece of work at every tick, whether or not earlier ones are done, and resolves with how long each took in milliseconds. Counted
 * from the moment at which it should have begun: when the machine cannot keep up, that is in the figures.
 */
export async function paced(
  count: number,
  perSecond: number,
  work: (index: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number[]> {
  const from = performance.now();
  const begun: Promise<number>[] = [];
  let failed = false;
  for (let index = 0; index < count && !failed; index++) {
    const due = from + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early, undefined, { signal });
    signal.throwIfAborted();
    const one = work(index).then(() => performance.now() - due);
    one.catch(() => (failed = true));
    begun.push(one);
  }
  return unlessAborted(Promise.all(begun), signal);
}

/** How long it took in milliseconds. */
export async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Rejects with this sentence when it takes longer. */
export async function within<T>(limitMs: number, sentence: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(sentence)), limitMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
