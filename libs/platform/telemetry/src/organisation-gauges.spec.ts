/** Gauges of one organisation over its ports: what is behind, since when, and what is said when something cannot be looked up. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore, MemoryExchangeLedger } from '@convenant/event-store-memory';
import type { EventStore, NewEvent, Position } from '@convenant/kernel';
import { holdTo, nothingKnown } from './known-values.js';
import { Metrics } from './metrics.js';
import { organisationGauges, type FollowedOrganisation } from './organisation-gauges.js';

let now: string;
let store: MemoryEventStore;
let ledger: MemoryExchangeLedger;
let standing: ReturnType<FollowedOrganisation['standing']>;
let exposed: () => Promise<string>;
beforeEach(() => {
  now = '2026-11-02T09:00:00.000Z';
  store = new MemoryEventStore();
  ledger = new MemoryExchangeLedger();
  standing = { views: [], readers: [] };
  exposed = scraping(store);
});
const storeWith = (other: Partial<EventStore>): EventStore => ({
  append: (...given) => store.append(...given),
  read: (...given) => store.read(...given),
  readUpTo: (...given) => store.readUpTo(...given),
  remembered: () => [],
  readAll: (...given) => store.readAll(...given),
  head: () => store.head(),
  onAppended: (listener) => store.onAppended(listener),
  close: () => store.close(),
  ...other,
});
function scraping(of: FollowedOrganisation['store'], patienceMs = 1_000): () => Promise<string> {
  const partners = [
    { id: 'uwv', kind: 'uwv' },
    { id: 'gemeente-amstelveld', kind: 'municipality' },
  ] as const;
  const metrics = new Metrics({
    patienceMs,
    held: holdTo({
      ...nothingKnown,
      organisations: new Set(partners.map(({ id }) => id)),
      views: new Set(['board']),
      readers: new Set(['door', 'view:board']),
    }),
  });
  const organisation: FollowedOrganisation = {
    store: of,
    ledger,
    partners: { all: () => partners, find: () => undefined },
    clock: { now: () => now },
    standing: () => standing,
  };
  for (const readings of organisationGauges(organisation)) metrics.addReadings(readings);
  return () => metrics.exposition();
}
const event = (id: string, type = 'Anything'): NewEvent => ({
  id,
  type,
  version: 1,
  data: {},
  sealed: {},
  meta: { at: now, actor: { kind: 'system', process: 'test' }, cause: id },
});
async function happens(id: string): Promise<Position> {
  return (await store.append(`stream-${id}`, 0, [event(id)])).position;
}
const viewAt = (seen: Position | undefined, failing = false) => {
  standing = { views: [{ name: 'board', seen, failing }], readers: [{ name: 'door', failing: false }] };
};
const lag = async (): Promise<number> =>
  Number(/^convenant_view_lag_seconds\{view="board"\} (\S+)$/m.exec(await exposed())?.[1]);

describe('the lag of a view', () => {
  it('is how long it has not come to what was the end of the log', async () => {
    const first = await happens('1');
    viewAt(first);
    expect(await lag()).toBe(0);
    await happens('2');
    expect(await lag()).toBe(0);
    now = '2026-11-02T09:00:30.000Z';
    expect(await lag()).toBe(30);
  });

  it('does not grow while the view keeps up with a log that goes on', async () => {
    viewAt(await happens('1'));
    const second = await happens('2');
    expect(await lag()).toBe(0);
    now = '2026-11-02T09:01:00.000Z';
    viewAt(second);
    await happens('3');
    expect(await lag()).toBe(0);
  });

  it('is that of a view that stands still, which is a failing reader too', async () => {
    viewAt(undefined, true);
    await happens('1');
    await exposed();
    now = '2026-11-02T09:05:00.000Z';
    const text = await exposed();
    expect(text).toContain('convenant_view_lag_seconds{view="board"} 300\n');
    expect(text).toContain('convenant_reader_failing{reader="view:board"} 1\n');
    expect(text).toContain('convenant_reader_failing{reader="door"} 0\n');
  });
});

describe('what waits for a partner', () => {
  const enqueue = (lane: string, messageId: string, stream: string) =>
    ledger.enqueue({ lane, messageId, recipient: 'uwv', stream, streamVersion: 1, index: 0 });

  it('is counted over all its lanes, by the age of the oldest', async () => {
    await happens('1');
    now = '2026-11-02T10:00:00.000Z';
    await happens('2');
    await enqueue('a', 'm1', 'stream-1');
    await enqueue('a', 'm2', 'stream-2');
    await enqueue('b', 'm3', 'stream-2');
    now = '2026-11-02T10:00:10.000Z';
    const text = await exposed();
    expect(text).toContain('convenant_lane_waiting{recipient="uwv"} 3\n');
    expect(text).toContain('convenant_lane_oldest_seconds{recipient="uwv"} 3610\n');
    expect(text).toContain('convenant_lane_waiting{recipient="gemeente-amstelveld"} 0\n');
    await ledger.noteReceipt('a', 1, 'uwv');
    expect(await exposed()).toContain('convenant_lane_oldest_seconds{recipient="uwv"} 10\n');
  });

  it('is looked up once for each message that is at the front', async () => {
    await happens('1');
    await enqueue('a', 'm1', 'stream-1');
    let looked = 0;
    const counting = storeWith({
      read: (stream: string, after?: number) => {
        looked++;
        return store.read(stream, after);
      },
    });
    exposed = scraping(counting);
    await exposed();
    await exposed();
    expect(looked).toBe(1);
  });
});

describe('when something cannot be looked up', () => {
  it('there is no figure for it, and every other figure is there', async () => {
    exposed = scraping(storeWith({ head: () => Promise.reject(new Error('away')) }));
    viewAt(undefined);
    const text = await exposed();
    expect(text).toContain('convenant_event_log_up 0\n');
    expect(text).toContain('convenant_messages_parked{sender="uwv"} 0\n');
    expect(text).not.toMatch(/^convenant_view_lag_seconds\{/m);
  });

  it('nobody waits for it for long', async () => {
    exposed = scraping(storeWith({ readAll: () => new Promise(() => undefined) }), 20);
    const text = await exposed();
    expect(text).toContain('convenant_event_log_up 1\n');
    expect(text).not.toMatch(/^convenant_closings_outstanding\{/m);
  });

  it('parked messages are counted by their sender', async () => {
    const parked = { lane: 'l', number: 1, type: 't', reason: 'unknown-version', signed: 'a.b.c', at: now };
    await ledger.park({ ...parked, messageId: 'm1', sender: 'uwv' });
    await ledger.park({ ...parked, messageId: 'm2', sender: 'uwv' });
    expect(await exposed()).toContain('convenant_messages_parked{sender="uwv"} 2\n');
  });
});
