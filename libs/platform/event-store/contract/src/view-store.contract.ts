/** Every store of view rows keeps these promises. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Position, RowChange, StoredRow, ViewId, ViewStore } from '@convenant/kernel';
import { keysOf, sampleRow } from './samples.js';

export interface OpenedViewStore {
  /** A store of its own, empty. */
  readonly store: ViewStore;
  /** Another instance over the same rows, as a second process would have it. */
  readonly another?: () => Promise<ViewStore>;
  readonly close: () => Promise<void>;
}

const at = (number: number): Position => String(number).padStart(8, '0') as Position;
const board: ViewId = { name: 'board', version: 1 };

export function viewStoreContract(name: string, open: () => Promise<OpenedViewStore>): void {
  describe(`${name} keeps the view-store contract`, () => {
    let opened: OpenedViewStore;
    let store: ViewStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const filled = async (...changes: readonly RowChange[]): Promise<void> => {
      expect(await store.save(board, undefined, at(1), changes)).toBe(true);
    };

    describe('saving', () => {
      it('keeps rows and position together', async () => {
        expect(await store.position(board)).toBeUndefined();
        const row = {
          ...sampleRow('a', { indexes: { client: 'c-1' }, sort: '2026-01-01' }),
          row: { state: 'open', z: [1], a: { b: null } },
        };
        await filled(row);
        expect(await store.position(board)).toBe(at(1));
        const { kind: _kind, ...stored } = row;
        expect(await store.get(board, 'a')).toEqual(stored);
      });

      it('saves nothing when the position is not the expected one', async () => {
        expect(await store.save(board, at(1), at(2), [sampleRow('early')])).toBe(false);
        expect(await store.position(board)).toBeUndefined();
        await filled(sampleRow('a'));
        for (const expected of [undefined, at(2)])
          expect(await store.save(board, expected, at(3), [sampleRow('b'), { kind: 'delete', key: 'a' }])).toBe(false);
        expect(await store.position(board)).toBe(at(1));
        expect(keysOf(await store.all(board))).toEqual(['a']);
      });

      it('moves the position also when no row changed', async () => {
        await filled();
        expect(await store.save(board, at(1), at(2), [])).toBe(true);
        expect(await store.position(board)).toBe(at(2));
      });

      it('lets exactly one of several instances do the same work', async () => {
        const other = (await opened.another?.()) ?? store;
        for (let step = 0; step < 10; step++) {
          const expected = step === 0 ? undefined : at(step);
          const race = await Promise.all(
            [store, other, store, other].map((one, index) =>
              one.save(board, expected, at(step + 1), [sampleRow(`${step}`, { state: `by ${index}` })]),
            ),
          );
          expect(race.filter(Boolean)).toHaveLength(1);
          expect((await store.get(board, `${step}`))?.row).toEqual({ state: `by ${race.indexOf(true)}` });
        }
        expect(await store.all(board)).toHaveLength(10);
      });

      it('applies changes in the order in which they are given', async () => {
        await filled(
          sampleRow('a', { state: 'first', indexes: { scope: 's-1' } }),
          sampleRow('a', { state: 'second', indexes: { scope: 's-2' } }),
          { kind: 'delete-where', index: 'scope', value: 's-1' },
          sampleRow('b', { indexes: { scope: 's-1' } }),
          { kind: 'delete', key: 'b' },
          sampleRow('b', { state: 'again' }),
          sampleRow('c', { indexes: { scope: 's-3' } }),
          { kind: 'delete-where', index: 'scope', value: 's-3' },
        );
        expect((await store.all(board)).map(({ key, row }) => [key, row.state])).toEqual([
          ['a', 'second'],
          ['b', 'again'],
        ]);
      });

      it('keeps of several changes of one key what the last one says', async () => {
        await filled(sampleRow('stays', { indexes: { team: 't' } }), sampleRow('goes', { indexes: { team: 't' } }));
        await store.save(board, at(1), at(2), [
          sampleRow('stays', { state: 'second', indexes: { team: 'u' } }),
          { kind: 'delete', key: 'stays' },
          sampleRow('stays', { state: 'third', indexes: { team: 't' } }),
          sampleRow('goes', { state: 'second', indexes: { team: 'u' } }),
          { kind: 'delete', key: 'goes' },
          sampleRow('new', { indexes: { team: 'u' } }),
          sampleRow('new', { state: 'second', indexes: { team: 't' } }),
          { kind: 'delete', key: 'never there' },
        ]);
        const rows = (await store.all(board)).map(({ key, row }) => [key, row.state]);
        expect(rows).toEqual([
          ['new', 'second'],
          ['stays', 'third'],
        ]);
        expect(keysOf(await store.find(board, 'team', 't'))).toEqual(['new', 'stays']);
        expect(await store.find(board, 'team', 'u')).toEqual([]);
      });

      it('removes by value exactly what carries it at that moment', async () => {
        const scoped = (key: string, scope: string) => sampleRow(key, { indexes: { scope } });
        await filled(scoped('a', 's-1'), scoped('b', 's-1'), scoped('c', 's-2'), scoped('d', 's-1'));
        await store.save(board, at(1), at(2), [
          scoped('a', 's-2'), // moved away before the removal
          scoped('c', 's-1'), // moved into it
          { kind: 'delete', key: 'd' },
          { kind: 'delete-where', index: 'scope', value: 's-1' },
          scoped('d', 's-1'), // begins again after it
          { kind: 'delete-where', index: 'scope', value: 's-3' },
          { kind: 'delete-where', index: 'other', value: 's-1' },
        ]);
        expect(keysOf(await store.all(board))).toEqual(['a', 'd']);
        expect(keysOf(await store.find(board, 'scope', 's-1'))).toEqual(['d']);
        expect(keysOf(await store.find(board, 'scope', 's-2'))).toEqual(['a']);
      });

      it('deletes nothing for a key or a value that cannot exist', async () => {
        await filled(sampleRow('\ufffd', { indexes: { client: '\ufffd' } }));
        const odd = ['a\0b', '\ud800'];
        await store.save(board, at(1), at(2), [
          ...odd.map((key) => ({ kind: 'delete', key }) as const),
          ...odd.map((value) => ({ kind: 'delete-where', index: 'client', value }) as const),
          ...odd.map((index) => ({ kind: 'delete-where', index, value: '\ufffd' }) as const),
        ]);
        expect(keysOf(await store.all(board))).toEqual(['\ufffd']);
        expect(await store.position(board)).toBe(at(2));
      });

      it('takes rows that are new, and saves nothing when one of them was there', async () => {
        const isNew = true;
        const scoped = (key: string, state: string) => sampleRow(key, { state, indexes: { scope: 's-1' } });
        await filled({ ...scoped('a', 'first'), isNew }, { ...scoped('b', 'first'), isNew }, scoped('b', 'second'));
        await expect(
          store.save(board, at(1), at(2), [scoped('b', 'third'), { ...scoped('a', 'second'), isNew }]),
        ).rejects.toThrow();
        expect(await store.position(board)).toBe(at(1));
        const replaced: readonly RowChange[] = [
          { kind: 'delete', key: 'a' },
          { ...scoped('a', 'after its deletion'), isNew },
          { kind: 'delete-where', index: 'scope', value: 's-1' },
          { ...scoped('b', 'after its removal'), isNew },
          { ...scoped('c', 'first'), isNew },
          { kind: 'delete', key: 'c' },
          { ...scoped('c', 'again'), isNew },
        ];
        expect(await store.save(board, at(1), at(2), replaced)).toBe(true);
        expect((await store.find(board, 'scope', 's-1')).map(({ key, row }) => [key, row.state])).toEqual([
          ['b', 'after its removal'],
          ['c', 'again'],
        ]);
        expect(Object.keys((await store.get(board, 'b')) ?? {}).sort()).toEqual(['indexes', 'key', 'row', 'sort']);
      });

      it('refuses a key, a place or an index value that is not valid text, and then saves nothing', async () => {
        await filled();
        for (const odd of ['a\0b', '\ud800'])
          for (const row of [
            sampleRow(odd),
            sampleRow('a', { sort: odd }),
            sampleRow('a', { indexes: { client: odd } }),
          ])
            await expect(store.save(board, at(1), at(2), [row, sampleRow(row.key)])).rejects.toThrow(/valid text/);
        expect([await store.position(board), await store.all(board)]).toEqual([at(1), []]);
      });

      it('gives a row back as it was put: any text, and the fields in their order', async () => {
        const row = {
          z: 'a\0b \ud800 é 😀 "quoted" \\ {,} null',
          a: [1.5, null, {}, 'NULL'],
          '': false,
          m: { y: 1, x: 2 },
        };
        await filled({ kind: 'put', key: '{"a,\\', row, indexes: { 'the "client", \\': '{}' }, sort: 'null' });
        const [found] = await store.find(board, 'the "client", \\', '{}');
        expect(JSON.stringify(found?.row)).toBe(JSON.stringify(row));
        expect([found?.key, found?.sort]).toEqual(['{"a,\\', 'null']);
      });

      it('deletes every row with an index value, and no other', async () => {
        await filled(
          sampleRow('a', { indexes: { scope: 's-1', client: 'c' } }),
          sampleRow('b', { indexes: { scope: 'S-1', client: 'c' } }),
          sampleRow('c', { indexes: { other: 's-1' } }),
          sampleRow('d', { indexes: { scope: 's-1' } }),
        );
        await store.save({ name: 'other', version: 1 }, undefined, at(1), [
          sampleRow('a', { indexes: { scope: 's-1' } }),
        ]);
        await store.save(board, at(1), at(2), [{ kind: 'delete-where', index: 'scope', value: 's-1' }]);
        expect(keysOf(await store.all(board))).toEqual(['b', 'c']);
        expect(await store.find(board, 'scope', 's-1')).toEqual([]);
        expect(keysOf(await store.find(board, 'client', 'c'))).toEqual(['b']);
        expect(await store.all({ name: 'other', version: 1 })).toHaveLength(1);
      });

      it('takes a batch of many rows', async () => {
        await filled(
          ...Array.from({ length: 1000 }, (_, index) =>
            sampleRow(`r${String(index).padStart(4, '0')}`, { indexes: { all: 'x' } }),
          ),
        );
        expect(await store.all(board)).toHaveLength(1000);
        expect(await store.find(board, 'all', 'x')).toHaveLength(1000);
      });

      it('keeps its own copy: changing what was passed in or given out changes nothing', async () => {
        const row = { list: ['x'] };
        await filled({ kind: 'put', key: 'a', row, indexes: {}, sort: '' });
        row.list.push('y');
        ((await store.get(board, 'a'))?.row as { list: string[] }).list.push('z');
        expect((await store.get(board, 'a'))?.row).toEqual({ list: ['x'] });
      });
    });

    describe('reading by key', () => {
      it('finds one row, several, or none, by exact key', async () => {
        await filled(sampleRow('a'), sampleRow('A'), sampleRow('b'));
        expect((await store.get(board, 'A'))?.key).toBe('A');
        expect(await store.get(board, 'c')).toBeUndefined();
        expect(keysOf(await store.getMany(board, ['b', 'c', 'a', 'b'])).sort()).toEqual(['a', 'b']);
        expect(await store.getMany(board, [])).toEqual([]);
        expect(await store.get({ name: 'unknown', version: 1 }, 'a')).toBeUndefined();
      });

      it('pages through all rows by key', async () => {
        const keys = ['10', '9', 'A', 'Z', 'a', 'é', '\uff5e', '😀'];
        await filled(...[...keys].reverse().map((key) => sampleRow(key, { sort: 'same' })));
        const pages: string[] = [];
        for (let last: StoredRow | undefined; ;) {
          const page = await store.all(board, { limit: 3, ...(last && { after: last }) });
          pages.push(...keysOf(page));
          last = page.at(-1);
          if (page.length < 3) break;
        }
        expect(pages).toEqual(keys);
      });

      it('answers with nothing to a key or a value that cannot exist', async () => {
        await filled(sampleRow('\ufffd', { indexes: { client: '\ufffd' } }));
        for (const odd of ['a\0b', '\ud800']) {
          expect(await store.get(board, odd)).toBeUndefined();
          expect(await store.getMany(board, [odd])).toEqual([]);
          expect(await store.find(board, 'client', odd)).toEqual([]);
        }
      });
    });

    describe('finding', () => {
      it('sorts as text, then by key', async () => {
        await filled(
          ...[
            ['k3', 'b'],
            ['k1', 'b'],
            ['k2', 'B'],
            ['k4', '10'],
            ['k5', '9'],
            ['k6', '😀'],
            ['k7', '\uff5e'],
            ['k8', ''],
          ].map(([key = '', sort = '']) => sampleRow(key, { sort, indexes: { team: 't' } })),
        );
        expect(keysOf(await store.find(board, 'team', 't'))).toEqual(['k8', 'k4', 'k5', 'k2', 'k1', 'k3', 'k7', 'k6']);
      });

      it('continues after a row without losing or repeating any, whatever was deleted meanwhile', async () => {
        await filled(
          ...Array.from({ length: 9 }, (_, index) =>
            sampleRow(`k${index}`, { sort: `s${Math.floor(index / 4)}`, indexes: { team: index === 5 ? 'u' : 't' } }),
          ),
        );
        const first = await store.find(board, 'team', 't', { limit: 3 });
        const last = first.at(-1);
        await store.save(board, at(1), at(2), [{ kind: 'delete', key: 'k2' }]);
        const rest = await store.find(board, 'team', 't', {
          ...(last && { after: { sort: last.sort, key: last.key } }),
        });
        expect([keysOf(first), keysOf(rest)]).toEqual([
          ['k0', 'k1', 'k2'],
          ['k3', 'k4', 'k6', 'k7', 'k8'],
        ]);
        expect(await store.find(board, 'team', 't', { limit: 0 })).toEqual([]);
      });

      it('finds a row under its present index values and place only', async () => {
        await filled(
          sampleRow('a', { sort: '1', indexes: { team: 't', state: 'open' } }),
          sampleRow('b', { sort: '2', indexes: { team: 't' } }),
        );
        await store.save(board, at(1), at(2), [sampleRow('a', { sort: '3', indexes: { team: 't', owner: 'p' } })]);
        expect(keysOf(await store.find(board, 'team', 't'))).toEqual(['b', 'a']);
        expect(await store.find(board, 'state', 'open')).toEqual([]);
        expect(keysOf(await store.find(board, 'owner', 'p'))).toEqual(['a']);
      });

      it('keeps finding a row by what did not change, and no longer by what it lost', async () => {
        const indexes = { team: 't', state: 'open' };
        await filled(sampleRow('a', { indexes }), sampleRow('b', { indexes }), sampleRow('c', { indexes }));
        await store.save(board, at(1), at(2), [
          sampleRow('a', { state: 'again', indexes: { ...indexes } }),
          sampleRow('b', { indexes: { state: 'shut', team: 't' } }),
          sampleRow('c', { indexes: {} }),
        ]);
        expect(keysOf(await store.find(board, 'team', 't'))).toEqual(['a', 'b']);
        expect(keysOf(await store.find(board, 'state', 'open'))).toEqual(['a']);
        expect(keysOf(await store.find(board, 'state', 'shut'))).toEqual(['b']);
        expect((await store.get(board, 'a'))?.row).toEqual({ state: 'again' });
        expect((await store.get(board, 'c'))?.indexes).toEqual({});
      });

      it('compares index names and values exactly', async () => {
        await filled(sampleRow('a', { indexes: { Team: 't' } }), sampleRow('b', { indexes: { team: 'T' } }));
        expect(await store.find(board, 'team', 't')).toEqual([]);
        expect(await store.find(board, 'toString', 'x')).toEqual([]);
      });
    });

    describe('versions', () => {
      it('keeps versions of a view apart, and drops one with its position', async () => {
        const next = { ...board, version: 2 };
        await filled(sampleRow('a', { state: 'old', indexes: { team: 't' } }));
        expect(await store.position(next)).toBeUndefined();
        await store.save(next, undefined, at(9), [sampleRow('a', { state: 'new' })]);
        await store.drop(board);
        expect([await store.position(board), await store.position(next)]).toEqual([undefined, at(9)]);
        expect([await store.all(board), await store.find(board, 'team', 't')]).toEqual([[], []]);
        expect((await store.get(next, 'a'))?.row.state).toBe('new');
        await store.drop(board);
        expect(await store.save(board, undefined, at(1), [sampleRow('b')])).toBe(true);
        expect(keysOf(await store.all(board))).toEqual(['b']);
      });
    });
  });
}
