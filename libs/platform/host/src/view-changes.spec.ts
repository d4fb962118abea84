/** Rows that were read before, while or after a batch was saved lead to the same changes by the next one. */
import { describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '@convenant/event-store-memory';
import type { Position, RowChange, StoredEvent, ViewId } from '@convenant/kernel';
import fc from 'fast-check';
import { afterChanges, type Touched } from './view-changes.js';

const keys = ['a', 'b', 'c', 'd'];
const scope = fc.constantFrom('1', '2');
const change: fc.Arbitrary<RowChange> = fc.oneof(
  fc
    .record({ key: fc.constantFrom(...keys), scope, number: fc.nat(9) })
    .map(({ key, scope, number }): RowChange => ({ kind: 'put', key, row: { number }, indexes: { scope }, sort: '' })),
  fc.constantFrom(...keys).map((key): RowChange => ({ kind: 'delete', key })),
  scope.map((value): RowChange => ({ kind: 'delete-where', index: 'scope', value })),
);
const changes = fc.array(change, { maxLength: 8 });
const view: ViewId = { name: 'board', version: 1 };
const [first, second] = ['1', '2'] as unknown as [Position, Position];

describe('rows that were read ahead', () => {
  it('are after the changes of the batch before what they are in the store, whenever each of them was read', async () => {
    const asked = fc.subarray(keys);
    const readLate = fc.func<[string], boolean>(fc.boolean());
    await fc.assert(
      fc.asyncProperty(changes, changes, asked, readLate, async (earlier, batch, touched, isLate) => {
        const store = new MemoryViewStore();
        await store.save(view, undefined, first, earlier);
        const before = await store.getMany(view, touched);
        await store.save(view, first, second, batch);
        const after = await store.getMany(view, touched);
        const rows = touched.flatMap((key) => (isLate(key) ? after : before).find((row) => row.key === key) ?? []);
        const ahead: Touched = {
          events: touched.map((key) => ({ event: { type: 'Touched' }, stored: {} as StoredEvent, keys: [key] })),
          rows: new Map(rows.map((row) => [row.key, row])),
        };
        const found = [...afterChanges(ahead, batch).rows.values()];
        const plain = (all: readonly { key: string; row: object; indexes: object }[]) =>
          all.map(({ key, row, indexes }) => JSON.stringify([key, row, indexes])).sort();
        expect(plain(found)).toEqual(plain(after));
      }),
      { numRuns: 500 },
    );
  });
});
