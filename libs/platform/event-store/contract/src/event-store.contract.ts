/** Every event store keeps these promises. A store that needs an exception here is not a store that ships. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { comparePositions, VersionConflict } from '@convenant/kernel';
import type { EventStore, StoredEvent } from '@convenant/kernel';
import { forcedInterleavings } from './event-store-forced.contract.js';
import type { ForcedInterleavings } from './event-store-forced.contract.js';
import { follow, inPages, wholeLog } from './following.js';
import { idsOf, sampleEvent, sampleEvents } from './samples.js';

export interface OpenedEventStore {
  /** A store of its own, empty. */
  readonly store: EventStore;
  /** Another instance over the same log, as a second process would have it. */
  readonly another?: () => Promise<EventStore>;
  /** Ways to hold a transaction open; required of a store that is announced as having transactions. */
  readonly forced?: ForcedInterleavings;
  /** Ends everything that opening began. */
  readonly close: () => Promise<void>;
}

/** With `transactions`, the suite also forces the interleavings that only a store with transactions can get wrong. */
export function eventStoreContract(
  name: string,
  open: () => Promise<OpenedEventStore>,
  { transactions = false }: { readonly transactions?: boolean } = {},
): void {
  describe(`${name} keeps the event-store contract`, () => {
    const opened: OpenedEventStore[] = [];
    const openOne = async (): Promise<OpenedEventStore> => {
      const one = await open();
      opened.push(one);
      return one;
    };
    const openStore = async (): Promise<EventStore> => (await openOne()).store;
    afterEach(async () => {
      for (const { close } of opened.splice(0)) await close();
    });

    describe('appending', () => {
      it('gives back every part of an event as it was appended, with its place', async () => {
        const store = await openStore();
        const data = {
          z: 1,
          a: 'Zoë 😀 \u0000 \ud800',
          nested: { b: [1.5, null, true], A: {} },
          big: 9007199254740991,
        };
        const event = { ...sampleEvent('one', data), meta: { ...sampleEvent('one').meta, client: 'client-1' } };
        const { position } = await store.append('sample-1', 0, [event]);
        const [stored] = await store.read('sample-1');
        expect(stored).toEqual({ ...event, stream: 'sample-1', streamVersion: 1, position });
        expect(JSON.stringify(stored?.data)).toBe(JSON.stringify(data));
        expect(await wholeLog(store, 1)).toEqual([stored]);
      });

      it('writes all events of an append, numbered from the expected version on', async () => {
        const store = await openStore();
        expect(await store.append('s', 0, sampleEvents('a', 'b'))).toMatchObject({ version: 2 });
        const { version, position } = await store.append('s', 2, sampleEvents('c', 'd', 'e'));
        const stored = await store.read('s');
        expect(stored.map((event) => [event.id, event.streamVersion])).toEqual([
          ['a', 1],
          ['b', 2],
          ['c', 3],
          ['d', 4],
          ['e', 5],
        ]);
        expect([version, position]).toEqual([5, stored.at(-1)?.position]);
      });

      it('refuses a version that the stream is not at, says both, and keeps nothing', async () => {
        const store = await openStore();
        await store.append('s', 0, sampleEvents('a'));
        for (const expected of [0, 2, 7]) {
          const late = store.append('s', expected, sampleEvents(`x${expected}`, `y${expected}`));
          await expect(late).rejects.toMatchObject({ constructor: VersionConflict, expected, actual: 1 });
        }
        expect(idsOf(await store.read('s'))).toEqual(['a']);
        await expect(store.append('unknown', 1, sampleEvents('z'))).rejects.toMatchObject({ expected: 1, actual: 0 });
      });

      it('refuses an append without events, or with the same id twice', async () => {
        const store = await openStore();
        await expect(store.append('s', 0, [])).rejects.toThrow();
        await expect(store.append('s', 0, sampleEvents('a', 'a'))).rejects.toThrow();
        expect(await store.read('s')).toEqual([]);
      });

      it('refuses a stream name that is not text, and keeps serving others', async () => {
        const store = await openStore();
        const several = [store.append('s\0', 0, sampleEvents('a')), store.append('\ud800', 0, sampleEvents('b'))];
        const good = store.append('s', 0, sampleEvents('c'));
        expect((await Promise.allSettled(several)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        await expect(good).resolves.toMatchObject({ version: 1 });
      });
    });

    describe('racing', () => {
      it('lets exactly one of two racing writers win; the loser leaves nothing behind', async () => {
        const { store, another } = await openOne();
        const other = (await another?.()) ?? store;
        for (let round = 0; round < 20; round++) {
          const race = await Promise.allSettled([
            store.append(`s-${round}`, 0, sampleEvents(`a${round}`, `b${round}`)),
            other.append(`s-${round}`, 0, sampleEvents(`c${round}`, `d${round}`)),
          ]);
          const losers = race.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
          expect(losers).toEqual([expect.any(VersionConflict)]);
          expect(await store.read(`s-${round}`)).toHaveLength(2);
        }
      });

      it('lets exactly one of thirty racing writers win each version, and everyone in the end', async () => {
        const { store, another } = await openOne();
        const stores = [store, (await another?.()) ?? store];
        const writers = Array.from({ length: 30 }, (_, writer) =>
          appendInTurn(stores[writer % 2] ?? store, `w${writer}`),
        );
        await Promise.all(writers);
        const stored = await store.read('crowd');
        expect(stored.map(({ streamVersion }) => streamVersion)).toEqual(
          Array.from({ length: 30 }, (_, index) => index + 1),
        );
        expect(new Set(idsOf(stored)).size).toBe(30);
        expect(await wholeLog(store, 30)).toEqual(stored);
      });

      it('does not let one conflict spoil the appends that wait beside it', async () => {
        const store = await openStore();
        await store.append('s-3', 0, sampleEvents('first'));
        const together = Array.from({ length: 10 }, (_, index) =>
          store.append(`s-${index}`, 0, sampleEvents(`e${index}`)),
        );
        const settled = await Promise.allSettled(together);
        expect(
          settled.map(({ status }, index) => (status === 'rejected' ? index : -1)).filter((index) => index >= 0),
        ).toEqual([3]);
        expect(await wholeLog(store, 10)).toHaveLength(10);
      });
    });

    describe('repeating', () => {
      it('changes nothing and gives the first answer, whatever the expected version, also after others wrote', async () => {
        const store = await openStore();
        const first = await store.append('s', 0, sampleEvents('a', 'b'));
        expect(await store.append('s', 0, sampleEvents('a', 'b'))).toEqual(first);
        await store.append('s', 2, sampleEvents('c'));
        for (const expected of [0, 2, 3, 99])
          expect(await store.append('s', expected, sampleEvents('a', 'b'))).toEqual(first);
        expect(idsOf(await wholeLog(store, 3))).toEqual(['a', 'b', 'c']);
      });

      it('writes once when the same append arrives many times at the same moment', async () => {
        const { store, another } = await openOne();
        const stores = [store, (await another?.()) ?? store];
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, index) => (stores[index % 2] ?? store).append('s', 0, sampleEvents('a', 'b'))),
        );
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(await wholeLog(store, 2)).toHaveLength(2);
      });

      it('refuses ids of which only some are known, and keeps nothing of them', async () => {
        const store = await openStore();
        await store.append('s', 0, sampleEvents('a', 'b'));
        const partly = await store.append('s', 2, sampleEvents('b', 'c')).catch((error: unknown) => error);
        expect(partly).toBeInstanceOf(Error);
        expect(partly).not.toBeInstanceOf(VersionConflict);
        expect(idsOf(await store.read('s'))).toEqual(['a', 'b']);
      });

      it('refuses an id that is known in another stream, also when both arrive at once', async () => {
        const { store, another } = await openOne();
        await store.append('s', 0, sampleEvents('a'));
        const elsewhere = await store.append('t', 0, sampleEvents('a')).catch((error: unknown) => error);
        expect(elsewhere).toBeInstanceOf(Error);
        expect(elsewhere).not.toBeInstanceOf(VersionConflict);
        const other = (await another?.()) ?? store;
        const race = await Promise.allSettled([
          store.append('u', 0, sampleEvents('b')),
          other.append('v', 0, sampleEvents('b')),
          store.append('w', 0, sampleEvents('c')),
        ]);
        expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
        expect(idsOf(await wholeLog(store, 3)).sort()).toEqual(['a', 'b', 'c']);
      });
    });

    describe('reading', () => {
      it('reads a stream after a version; an unknown stream is empty', async () => {
        const store = await openStore();
        await store.append('s', 0, sampleEvents('a', 'b', 'c'));
        expect(idsOf(await store.read('s', 1))).toEqual(['b', 'c']);
        expect(await store.read('s', 3)).toEqual([]);
        expect(await store.read('unknown')).toEqual([]);
      });

      it('tells streams apart by exact name, case and accents included', async () => {
        const store = await openStore();
        const names = [
          'client-a',
          'Client-A',
          'client-a ',
          'clïent-a',
          'cli\u0308ent-a',
          'client_a',
          'client-%',
          'client',
        ];
        for (const stream of names) await store.append(stream, 0, sampleEvents(`in ${stream}`));
        for (const stream of names) expect(idsOf(await store.read(stream))).toEqual([`in ${stream}`]);
      });

      it('reads the whole log in one order that never changes, in pages of any size, and ends at the head', async () => {
        const { store, another } = await openOne();
        expect(await store.head()).toBeUndefined();
        expect(await store.readAll(undefined, 10)).toEqual([]);
        for (let index = 0; index < 12; index++)
          await store.append(`s-${index % 3}`, Math.floor(index / 3) * 2, sampleEvents(`a${index}`, `b${index}`));
        const whole = await wholeLog(store, 24);
        expect(idsOf(whole)).toEqual(Array.from({ length: 12 }, (_, index) => [`a${index}`, `b${index}`]).flat());
        expect(inOrder(whole)).toBe(true);
        for (const limit of [1, 5, 24]) expect(await inPages((await another?.()) ?? store, limit)).toEqual(whole);
        expect(await store.head()).toBe(whole.at(-1)?.position);
        expect(await store.readAll(await store.head(), 10)).toEqual([]);
      });

      it('never skips an event while many write: what a reader met page by page is the whole log', async () => {
        const { store, another } = await openOne();
        const reader = (await another?.()) ?? store;
        const seen: StoredEvent[] = [];
        const following = follow(reader, seen, 200, 7);
        await Promise.all(
          Array.from({ length: 8 }, async (_, writer) => {
            for (let index = 0; index < 25; index++)
              await store.append(`w-${writer}`, index, sampleEvents(`${writer}.${index}`));
          }),
        );
        await following;
        expect(seen).toHaveLength(200);
        expect(seen).toEqual(await wholeLog(store, 200));
        expect(inOrder(seen)).toBe(true);
      });

      it('keeps its own copy: changing what was passed in or given out changes nothing', async () => {
        const store = await openStore();
        const event = { ...sampleEvent('a'), data: { list: ['x'] } };
        await store.append('s', 0, [event]);
        event.data.list.push('y');
        const [given] = await store.read('s');
        const { list } = given?.data as { list: string[] };
        // A store may as well hand out what nobody can change.
        if (!Object.isFrozen(list)) list.push('z');
        expect((await store.read('s'))[0]?.data).toEqual({ list: ['x'] });
      });
    });

    describe('hinting', () => {
      it('calls back after an append, and not any more after unsubscribing', async () => {
        const store = await openStore();
        let calls = 0;
        const called = new Promise<void>((resolve) => {
          const stop = store.onAppended(() => {
            calls++;
            stop();
            resolve();
          });
        });
        await store.append('s', 0, sampleEvents('a'));
        await called;
        await store.append('s', 1, sampleEvents('b'));
        await store.append('s', 2, sampleEvents('c'));
        expect(calls).toBe(1);
      });
    });

    if (transactions) forcedInterleavings(openOne);
  });
}

async function appendInTurn(store: EventStore, id: string): Promise<void> {
  for (let version = 0; ;) {
    try {
      await store.append('crowd', version, sampleEvents(id));
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      version = error.actual;
    }
  }
}

const inOrder = (events: readonly StoredEvent[]): boolean =>
  events.every(({ position }, index) => comparePositions(events[index - 1]?.position, position) < 0);
