/** A store that remembers answers as the store behind it would, whoever writes there, and asks it for less. */
import { describe, expect, it } from '@jest/globals';
import { eventStoreContract, idsOf, sampleEvent, sampleEvents } from '@convenant/event-store-contract';
import {
  accept,
  defineEvent,
  defineEvents,
  fold,
  RememberingStore,
  stateOf,
  VersionConflict,
  type CatalogueEvent,
  type Decider,
  type Position,
  type StoredEvent,
} from '@convenant/kernel';
import fc from 'fast-check';
import { z } from 'zod';
import { MemoryEventStore } from './event-store.js';

const open = (limits?: ConstructorParameters<typeof RememberingStore>[1]) => async () => {
  const store = new RememberingStore(new MemoryEventStore(), limits);
  return { store, close: () => store.close() };
};
eventStoreContract('a store that remembers', open());
eventStoreContract('a store that remembers next to nothing', open({ ofStreams: 1_000, ofLog: 2 }));

/** Counts what is asked of it. */
class CountingStore extends MemoryEventStore {
  handedOut = 0;
  endsRead = 0;
  override async read(stream: string, after?: number): Promise<readonly StoredEvent[]> {
    const found = await super.read(stream, after);
    this.handedOut += found.length;
    return found;
  }
  override readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    this.endsRead++;
    return super.readAll(after, limit);
  }
}

describe('a store that remembers', () => {
  it('asks for what came since, and finds what another process wrote in between', async () => {
    const inner = new CountingStore();
    const store = new RememberingStore(inner);
    await store.append('s', 0, sampleEvents('a', 'b'));
    expect(idsOf(await store.read('s'))).toEqual(['a', 'b']);
    await inner.append('s', 2, sampleEvents('c'));
    expect(idsOf(await store.read('s'))).toEqual(['a', 'b', 'c']);
    expect(idsOf(await store.read('s', 1))).toEqual(['b', 'c']);
    expect(idsOf(await store.readUpTo('s', 2))).toEqual(['a', 'b']);
    expect(inner.handedOut).toBe(3);
  });

  it('forgets a stream that was set back under it, instead of expecting a version that never comes again', async () => {
    const inner = new MemoryEventStore();
    const shortened = new MemoryEventStore();
    let behind: MemoryEventStore = inner;
    const store = new RememberingStore({
      append: (...given) => behind.append(...given),
      read: (...given) => behind.read(...given),
      readUpTo: (...given) => behind.readUpTo(...given),
      remembered: () => [],
      readAll: (...given) => behind.readAll(...given),
      head: () => behind.head(),
      onAppended: (listener) => behind.onAppended(listener),
      close: () => behind.close(),
    });
    await store.append('s', 0, sampleEvents('a', 'b'));
    await store.read('s');
    behind = shortened;
    await expect(store.append('s', 2, sampleEvents('c'))).rejects.toThrow(VersionConflict);
    expect(await store.read('s')).toEqual([]);
    await store.append('s', 0, sampleEvents('c'));
    expect(idsOf(await store.read('s'))).toEqual(['c']);
  });

  it('reads the end of the log once for all who follow it', async () => {
    const inner = new CountingStore();
    const store = new RememberingStore(inner);
    await store.append('s', 0, sampleEvents('a', 'b'));
    const last = (await store.readAll(undefined, 10)).at(-1)?.position;
    await store.append('s', 2, sampleEvents('c'));
    inner.endsRead = 0;
    const pages = await Promise.all(Array.from({ length: 8 }, () => store.readAll(last, 10)));
    expect(pages.map(idsOf)).toEqual(Array.from({ length: 8 }, () => ['c']));
    // One that was under way, and one for everybody who asked meanwhile.
    expect(inner.endsRead).toBe(2);
  });

  it('looks again for what it appended itself and an older transaction holds back, and not for ever', async () => {
    const inner = new CountingStore();
    let heldBack = 3;
    const readAll = inner.readAll.bind(inner);
    inner.readAll = async (after, limit) => {
      const page = await readAll(after, limit);
      return page.some(({ id }) => id === 'b') && heldBack-- > 0 ? [] : page;
    };
    const store = new RememberingStore(inner);
    await store.append('s', 0, sampleEvents('a'));
    const last = (await store.readAll(undefined, 10)).at(-1)?.position;
    await store.append('s', 1, sampleEvents('b'));
    expect(idsOf(await store.readAll(last, 10))).toEqual(['b']);
    await store.append('s', 2, sampleEvents('b2'));
    inner.readAll = async (after, limit) => (inner.endsRead++, after === last ? readAll(after, limit) : []);
    inner.endsRead = 0;
    const end = (await store.readAll(last, 10)).at(-1)?.position;
    expect(await store.readAll(end, 10)).toEqual([]);
    expect(inner.endsRead).toBeLessThan(10);
  });

  it('calls back once the newest events are there to be read, and not twice for the same', async () => {
    const inner = new CountingStore();
    const store = new RememberingStore(inner);
    await inner.append('s', 0, sampleEvents('a'));
    const last = (await store.readAll(undefined, 10)).at(-1)?.position;
    const seen: string[][] = [];
    const stop = store.onAppended(() => void store.readAll(last, 10).then((page) => seen.push(idsOf(page))));
    await inner.append('s', 1, sampleEvents('b'));
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    expect(seen).toEqual([['b']]);
    stop();
  });

  it('never answers with a reading of the end that began before it was asked', async () => {
    const inner = new MemoryEventStore();
    const gate = Promise.withResolvers<void>();
    let slow = false;
    const readAll = inner.readAll.bind(inner);
    inner.readAll = async (after, limit) => {
      const page = await readAll(after, limit);
      if (slow) await gate.promise;
      return page;
    };
    const store = new RememberingStore(inner);
    await inner.append('s', 0, sampleEvents('a'));
    const last = (await store.readAll(undefined, 10)).at(-1)?.position;
    slow = true;
    const first = store.readAll(last, 10);
    await inner.append('s', 1, sampleEvents('b'));
    const second = store.readAll(last, 10);
    gate.resolve();
    expect(idsOf(await second)).toEqual(['b']);
    await first;
  });

  it('answers as the store behind it, whoever writes, reads and follows (property)', async () => {
    const streams = ['s', 't', 'u'];
    const step = fc.record({
      stream: fc.constantFrom(...streams),
      what: fc.constantFrom('append here', 'append elsewhere', 'read', 'follow', 'all at once'),
      reader: fc.integer({ min: 0, max: 2 }),
      limit: fc.integer({ min: 1, max: 4 }),
    });
    const limits = fc.record({ ofStreams: fc.integer({ min: 0, max: 6_000 }), ofLog: fc.integer({ min: 1, max: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), limits, async (steps, limit) => {
        const inner = new MemoryEventStore();
        const store = new RememberingStore(inner, limit);
        const followed: string[][] = [[], [], []];
        const places: (Position | undefined)[] = [undefined, undefined, undefined];
        const follow = async (reader: number, most: number): Promise<number> => {
          const page = await store.readAll(places[reader], most);
          expect(page).toEqual(await inner.readAll(places[reader], page.length || most));
          places[reader] = page.at(-1)?.position ?? places[reader];
          followed[reader]?.push(...idsOf(page));
          return page.length;
        };
        let written = 0;
        for (const { stream, what, reader, limit: most } of steps) {
          const version = (await inner.read(stream)).length;
          if (what === 'append here') await store.append(stream, version, [sampleEvent(`${written++}`)]);
          if (what === 'append elsewhere') await inner.append(stream, version, [sampleEvent(`${written++}`)]);
          if (what === 'follow') await follow(reader, most);
          if (what === 'all at once')
            await Promise.all([
              ...streams.map((each) => store.read(each)),
              ...[0, 1, 2].map((each) => follow(each, most)),
            ]);
          expect(await store.read(stream)).toEqual(await inner.read(stream));
          expect(await store.readUpTo(stream, version)).toEqual(await inner.readUpTo(stream, version));
        }
        for (const reader of [0, 1, 2]) while ((await follow(reader, 3)) > 0);
        const everything = idsOf(await inner.readAll(undefined, 1_000));
        expect(followed).toEqual([everything, everything, everything]);
      }),
    );
  });
});

const counted = defineEvents(defineEvent('Counted', { clear: { number: z.number() } }));
type Counted = CatalogueEvent<typeof counted>;
const sum: Decider<never, Counted, readonly number[], never> = {
  initial: [],
  evolve: (numbers, { number }) => [...numbers, number],
  decide: () => accept(),
};

describe('the state of a stream', () => {
  it('is what folding all of its events comes to, whichever of them were folded before (property)', async () => {
    const asked = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(asked, async (lengths) => {
        const store = new MemoryEventStore();
        const events = Array.from({ length: 12 }, (_, number) => ({
          ...sampleEvent(`${number}`),
          ...counted.encode({ type: 'Counted', number }),
        }));
        await store.append('s', 0, events);
        const stored = await store.read('s');
        for (const length of lengths) {
          const some = stored.slice(0, length);
          expect(stateOf(counted, sum, some)).toEqual(
            fold(
              sum,
              some.map((event) => counted.decode(event)),
            ),
          );
        }
      }),
    );
  });

  it('is folded once for the same events', async () => {
    const store = new MemoryEventStore();
    await store.append('s', 0, [{ ...sampleEvent('a'), ...counted.encode({ type: 'Counted', number: 1 }) }]);
    const stored = await store.read('s');
    expect(stateOf(counted, sum, stored)).toBe(stateOf(counted, sum, [...stored]));
  });
});
