/** Which rows of a view change by a batch of events. Pure but for reading the rows that the events touch. */
import type { RowChange, StoredEvent, StoredRow, ViewId, ViewStore } from '@convenant/kernel';
import type { AnyView, DeclaredView } from './definition.js';

/** In the order of the events, as `ViewStore.save` applies them. */
export async function changesOf(
  { view, knows }: DeclaredView,
  id: ViewId,
  events: readonly StoredEvent[],
  decode: (stored: StoredEvent) => { type: string },
  views: ViewStore,
): Promise<readonly RowChange[]> {
  const touched = events
    .filter((stored) => knows(stored.type))
    .map((stored) => {
      const event = decode(stored);
      return { event, stored, keys: view.keys(event, stored) };
    });
  const keys = [...new Set(touched.flatMap((one) => one.keys))];
  const rows = new Map((keys.length > 0 ? await views.getMany(id, keys) : []).map((stored) => [stored.key, stored]));
  const changes: RowChange[] = [];
  for (const { event, stored, keys: own } of touched) {
    for (const key of own) {
      const before = rows.get(key)?.row;
      const after = view.apply(before, event, key, stored);
      if (after === before) continue;
      if (after === undefined) {
        rows.delete(key);
        changes.push({ kind: 'delete', key });
      } else {
        const next = rowOf(view, key, after);
        rows.set(key, next);
        changes.push({ kind: 'put', ...next });
      }
    }
    for (const { index, value } of view.removes?.(event) ?? []) {
      for (const [key, row] of rows) if (row.indexes[index] === value) rows.delete(key);
      changes.push({ kind: 'delete-where', index, value });
    }
  }
  return changes;
}

const rowOf = (view: AnyView, key: string, row: Readonly<Record<string, unknown>>): StoredRow => ({
  key,
  row,
  indexes: view.indexes?.(row, key) ?? {},
  sort: view.sort?.(row) ?? '',
});
