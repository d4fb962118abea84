/** What a list of row changes comes down to, so that it can be saved as sets: at most one change of each key is left. */
import type { RowChange } from '@convenant/kernel';
import { assertStorable, isStorable } from './storable.js';

export type Put = Extract<RowChange, { kind: 'put' }>;
type Removal = Extract<RowChange, { kind: 'delete-where' }>;

export interface NetChanges {
  /** Every row that carries one of these values before anything else is done. */
  readonly removals: readonly Removal[];
  readonly deletes: readonly string[];
  readonly puts: readonly Put[];
  /** For each put whether no row can be stored under its key once the removals are done. */
  readonly areNew: readonly boolean[];
}

/**
 * Removals by value may go first, whatever stood before them in the list. Of a key that was put or deleted earlier in the list, the row that is
 * stored no longer counts, and whether the removal hits it is known here; of any other key the stored row is the one that the removal meets.
 */
export function netChanges(changes: readonly RowChange[]): NetChanges {
  const removals: Removal[] = [];
  const last = new Map<string, Put | undefined>();
  const fresh = new Set<string>();
  for (const change of changes) {
    switch (change.kind) {
      case 'put':
        for (const text of [change.key, change.sort, ...Object.entries(change.indexes).flat()])
          assertStorable('key or index', text);
        // Only what is said before anything else happened to the key is about the row that is stored.
        if (change.isNew && !last.has(change.key)) fresh.add(change.key);
        last.set(change.key, change);
        break;
      case 'delete':
        last.set(change.key, undefined);
        break;
      case 'delete-where':
        removals.push(change);
        for (const [key, put] of last) if (put && carries(put, change)) last.set(key, undefined);
    }
  }
  const puts = [...last.values()].filter((put) => put !== undefined);
  return {
    removals: removals.filter(({ index, value }) => isStorable(index) && isStorable(value)),
    deletes: [...last].flatMap(([key, put]) => (put || !isStorable(key) ? [] : key)),
    puts,
    areNew: puts.map(({ key }) => fresh.has(key)),
  };
}

const carries = ({ indexes }: Put, { index, value }: Removal): boolean =>
  Object.hasOwn(indexes, index) && indexes[index] === value;
