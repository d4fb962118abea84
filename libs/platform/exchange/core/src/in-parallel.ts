/** Work that may go side by side, but not all of it at once. */

/** Runs `task` for each item, at most `limit` at a time, in order of starting. Rejects with the first failure, after what was begun has ended. */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const item of left) {
      try {
        await task(item);
      } catch (error) {
        failures.push(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}

/** Rejects with the first failure, after all of them have ended. */
export async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works)) if (outcome.status === 'rejected') throw outcome.reason;
}

/** What comes while `send` is at work goes together in the next, at most `most` at a time; what finds it at rest goes at once. */
export function together<Item>(
  most: number,
  send: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let next: { readonly items: Item[]; readonly sent: Promise<void> } | undefined;
  return (item) => {
    if (!next || next.items.length >= most) {
      const items: Item[] = [];
      const sent = last.then(() => {
        if (next?.items === items) next = undefined;
        return send(items);
      });
      last = sent.catch(() => undefined);
      next = { items, sent };
    }
    next.items.push(item);
    return next.sent;
  };
}

/** Lets at most `limit` tasks go on at a time, whoever brings them; the others wait in the order in which they came. */
export function atMost(limit: number): (task: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (task) => {
    if (going < limit) going++;
    // Whoever is done hands its place on, so that nobody comes in between.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else going--;
    }
  };
}
