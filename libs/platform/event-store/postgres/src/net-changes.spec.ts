/** A list of row changes comes down to one change of each key, and to removals that may go first. */
import { describe, expect, it } from '@jest/globals';
import type { RowChange } from '@convenant/kernel';
import { netChanges } from './net-changes.js';

const put = (key: string, scope?: string): RowChange => ({
  kind: 'put',
  key,
  row: { scope },
  indexes: scope === undefined ? {} : { scope },
  sort: '',
});
const remove = (key: string): RowChange => ({ kind: 'delete', key });
const removeWhere = (value: string, index = 'scope'): RowChange => ({ kind: 'delete-where', index, value });
const netOf = (...changes: readonly RowChange[]) => {
  const { removals, deletes, puts } = netChanges(changes);
  return {
    removals: removals.map(({ index, value }) => `${index} ${value}`),
    deletes,
    puts: puts.map(({ key, row }) => [key, row.scope]),
  };
};

describe('a list of row changes', () => {
  it('comes down to nothing when it is empty', () => {
    expect(netOf()).toEqual({ removals: [], deletes: [], puts: [] });
  });
  it('keeps the last change of each key', () => {
    expect(netOf(put('a', '1'), remove('b'), put('a', '2'), put('b', '3'), put('c'), remove('c'))).toEqual({
      removals: [],
      deletes: ['c'],
      puts: [
        ['a', '2'],
        ['b', '3'],
      ],
    });
  });
  it('deletes a row that was put before a removal which it meets, and keeps one that was put after it', () => {
    const all = [put('a', '1'), put('b', '2'), put('d', '1'), removeWhere('1'), put('c', '1'), put('d', '1')];
    expect(netOf(...all)).toEqual({
      removals: ['scope 1'],
      deletes: ['a'],
      puts: [
        ['b', '2'],
        ['d', '1'],
        ['c', '1'],
      ],
    });
  });
  it('believes that a row is new only where the list says so before anything else about its key', () => {
    const fresh = (key: string): RowChange => ({ ...(put(key) as Extract<RowChange, { kind: 'put' }>), isNew: true });
    const { puts, areNew } = netChanges([
      fresh('a'),
      put('a'),
      put('b'),
      remove('c'),
      fresh('c'),
      fresh('d'),
      remove('d'),
      fresh('d'),
    ]);
    expect(puts.map(({ key }, index) => [key, areNew[index]])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', true],
    ]);
  });
  it('takes the name of an index for what it is', () => {
    expect(netOf(put('a', '1'), removeWhere('1', 'toString'), removeWhere('1', 'other')).puts).toEqual([['a', '1']]);
  });
  it('leaves out deletions of what cannot exist, and refuses to put it, also when it is put again as it should be', () => {
    expect(netOf(remove('a\0b'), removeWhere('\ud800'), removeWhere('1', '\0'))).toEqual(netOf());
    expect(() => netOf(put('a', '\ud800'), put('a', '1'))).toThrow(/valid text/);
  });
});
