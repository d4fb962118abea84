/** The interleavings in which readers of a log lose events. Load alone does not find them, so a store with transactions lets the suite force them. */
import { describe, expect, it } from '@jest/globals';
import { comparePositions, VersionConflict } from '@convenant/kernel';
import type { NewEvent, StoredEvent } from '@convenant/kernel';
import type { OpenedEventStore } from './event-store.contract.js';
import { follow, wholeLog } from './following.js';
import { idsOf, sampleEvents } from './samples.js';

/** A write transaction that began (and has its place among transactions) and stays open until it is told otherwise. */
export interface OpenTransaction {
  append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}
export interface ForcedInterleavings {
  readonly begin: () => Promise<OpenTransaction>;
  /** A write transaction in another database of the same server, that has nothing to do with this log. */
  readonly beginElsewhere: () => Promise<Omit<OpenTransaction, 'append'>>;
  /** The log copied row by row into a server whose transaction ids are lower, and opened there. */
  readonly restoreElsewhere: () => Promise<OpenedEventStore>;
}

export function forcedInterleavings(openOne: () => Promise<OpenedEventStore>): void {
  const forced = (
    name: string,
    test: (opened: OpenedEventStore, forced: ForcedInterleavings) => Promise<void>,
  ): void => {
    it(name, async () => {
      const opened = await openOne();
      if (!opened.forced) throw new Error('A store with transactions must let the suite hold one open.');
      await test(opened, opened.forced);
    });
  };

  describe('when transactions interleave', () => {
    forced(
      'peer 13: never skips an event whose number was drawn earlier and committed later',
      async ({ store }, { begin }) => {
        const early = await begin();
        await early.append('early', 0, sampleEvents('early'));
        await store.append('late', 0, sampleEvents('late'));
        const seen = [...(await store.readAll(undefined, 10))];
        await early.commit();
        await follow(store, seen, 2);
        expect(idsOf(seen).sort()).toEqual(['early', 'late']);
        expect(seen).toEqual(await wholeLog(store, 2));
      },
    );

    forced(
      'peer 13: is not held up for ever by a gap that a rolled-back append left in the numbers',
      async ({ store }, { begin }) => {
        const gone = await begin();
        await gone.append('gone', 0, sampleEvents('gone'));
        await store.append('kept', 0, sampleEvents('kept'));
        const seen = [...(await store.readAll(undefined, 10))];
        await gone.rollback();
        expect(idsOf(await follow(store, seen, 1))).toEqual(['kept']);
      },
    );

    forced(
      'peer 13: never skips an event of a younger transaction that drew an earlier number and committed later',
      async ({ store }, { begin }) => {
        const older = await begin();
        const younger = await begin();
        await younger.append('younger', 0, sampleEvents('younger'));
        await older.append('older', 0, sampleEvents('older'));
        await older.commit();
        const seen = [...(await store.readAll(undefined, 10))];
        await younger.commit();
        await follow(store, seen, 2);
        expect(idsOf(seen).sort()).toEqual(['older', 'younger']);
        expect(seen).toEqual(await wholeLog(store, 2));
      },
    );

    forced(
      'peer 13: never skips an event of an older transaction that drew a later number and committed later',
      async ({ store }, { begin }) => {
        const older = await begin();
        await store.append('younger', 0, sampleEvents('younger'));
        await older.append('older', 0, sampleEvents('older'));
        const seen = [...(await store.readAll(undefined, 10))];
        await older.commit();
        await follow(store, seen, 2);
        expect(idsOf(seen).sort()).toEqual(['older', 'younger']);
        expect(seen).toEqual(await wholeLog(store, 2));
      },
    );

    forced('never promises a head beyond what it can read', async ({ store }, { begin }) => {
      await store.append('s', 0, sampleEvents('a'));
      await wholeLog(store, 1);
      const open = await begin();
      await store.append('s', 1, sampleEvents('b'));
      const head = await store.head();
      expect((await store.readAll(undefined, 10)).at(-1)?.position).toBe(head);
      await open.rollback();
      expect(comparePositions(head, await store.head())).toBeLessThanOrEqual(0);
      expect(idsOf(await wholeLog(store, 2))).toEqual(['a', 'b']);
    });

    forced(
      'may wait for a write transaction left open in another database, and skips nothing because of it',
      async (opened, { beginElsewhere }) => {
        const { store } = opened;
        await store.append('s', 0, sampleEvents('a'));
        const elsewhere = await beginElsewhere();
        await store.append('s', 1, sampleEvents('b'));
        await store.append('t', 0, sampleEvents('c'));
        const seen = [...(await store.readAll(undefined, 10))];
        expect(idsOf(await store.read('s'))).toEqual(['a', 'b']);
        await elsewhere.commit();
        expect(idsOf(await follow(store, seen, 3))).toEqual(['a', 'b', 'c']);
      },
    );

    forced(
      'makes the second writer of a version wait for the first, and lose when that one commits',
      async ({ store }, { begin }) => {
        const first = await begin();
        await first.append('s', 0, sampleEvents('first'));
        const second = store.append('s', 0, sampleEvents('second')).catch((error: unknown) => error);
        await first.commit();
        expect(await second).toBeInstanceOf(VersionConflict);
        expect(idsOf(await store.read('s'))).toEqual(['first']);
      },
    );

    forced('lets the second writer of a version win when the first rolls back', async ({ store }, { begin }) => {
      const first = await begin();
      await first.append('s', 0, sampleEvents('first'));
      const second = store.append('s', 0, sampleEvents('second'));
      await first.rollback();
      await expect(second).resolves.toMatchObject({ version: 1 });
      expect(idsOf(await wholeLog(store, 1))).toEqual(['second']);
    });

    forced(
      'refuses an id that another transaction wrote first in another stream, and it alone of those that waited together',
      async ({ store }, { begin }) => {
        const first = await begin();
        await first.append('first', 0, sampleEvents('taken'));
        const together = [
          store.append('beside', 0, sampleEvents('beside')),
          store.append('second', 0, sampleEvents('taken')),
          store.append('also-beside', 0, sampleEvents('also-beside')),
        ];
        const settled = Promise.allSettled(together);
        await first.commit();
        expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(idsOf(await wholeLog(store, 3)).sort()).toEqual(['also-beside', 'beside', 'taken']);
      },
    );

    forced(
      'reads everything after a restore, in the same order and at the same positions, and appends after it',
      async ({ store }, { restoreElsewhere }) => {
        for (let index = 0; index < 30; index++)
          await store.append(`s-${index % 4}`, Math.floor(index / 4), sampleEvents(`e${index}`));
        const before = await wholeLog(store, 30);
        const restored = await restoreElsewhere();
        try {
          expect(await restored.store.readAll(undefined, 100)).toEqual(before);
          await restored.store.append('s-0', 8, sampleEvents('after'));
          await restored.store.append('new', 0, sampleEvents('later'));
          const whole = await wholeLog(restored.store, 32);
          expect(whole.slice(0, 30)).toEqual(before);
          expect(idsOf(whole.slice(30))).toEqual(['after', 'later']);
          expect(sortedByPosition(whole)).toEqual(whole);
          expect(await restored.store.readAll(before.at(-1)?.position, 10)).toEqual(whole.slice(30));
        } finally {
          await restored.close();
        }
      },
    );
  });
}

const sortedByPosition = (events: readonly StoredEvent[]): StoredEvent[] =>
  [...events].sort((a, b) => comparePositions(a.position, b.position));
