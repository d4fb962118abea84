/** Reading as a real reader does: again and again from where it came, because a store may hold an event back for a moment. */
import type { EventStore, Position, StoredEvent } from '@convenant/kernel';

const patienceMs = 15_000;

/** The log from its beginning once it shows at least `count` events; fails when it does not within a reasonable time. */
export async function wholeLog(store: EventStore, count: number): Promise<readonly StoredEvent[]> {
  const from = Date.now();
  for (;;) {
    const events = await store.readAll(undefined, 10_000);
    if (events.length >= count) return events;
    await pause(from, `${events.length} of ${count} events`);
  }
}

/** Goes on after the last event of `seen` until it holds `count`; what a reader skips is missing for good. */
export async function follow(
  store: EventStore,
  seen: StoredEvent[],
  count: number,
  limit = 10,
): Promise<StoredEvent[]> {
  const from = Date.now();
  while (seen.length < count) {
    const page = await store.readAll(seen.at(-1)?.position, limit);
    seen.push(...page);
    if (page.length === 0) await pause(from, `${seen.length} of ${count} events`);
  }
  return seen;
}

export async function inPages(store: EventStore, limit: number): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let after: Position | undefined; ;) {
    const page = await store.readAll(after, limit);
    all.push(...page);
    if (page.length < limit) return all;
    after = page.at(-1)?.position;
  }
}

async function pause(from: number, found: string): Promise<void> {
  if (Date.now() - from > patienceMs) throw new Error(`The reader met ${found} and no more.`);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
