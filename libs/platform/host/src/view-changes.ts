/** Which rows of a view change by a batch of events: first the rows that the events touch are read, and the rest is pure. */
import type { RowChange, StoredEvent, StoredRow, ViewId, ViewStore } from '@convenant/kernel';
import type { AnyView, DeclaredView } from './definition.js';

/** The events of a batch that concern a view, and the rows with these keys as they were when they were read. */
export interface Touched {
  readonly events: readonly {
    readonly event: { readonly type: string };
    readonly stored: StoredEvent;
    readonly keys: readonly string[];
  }[];
  readonly rows: ReadonlyMap<string, StoredRow>;
}

/** `known`, when given, has every key that can have a row: others are not asked for. */
export async function touchedBy(
  events: readonly StoredEvent[],
  { view, knows }: DeclaredView,
  id: ViewId,
  decode: (stored: StoredEvent) => { type: string },
  views: ViewStore,
  known?: ReadonlySet<string>,
): Promise<Touched> {
  const touching = events
    .filter((stored) => knows(stored.type))
    .map((stored) => {
      const event = decode(stored);
      return { event, stored, keys: view.keys(event, stored) };
    });
  const keys = [...new Set(touching.flatMap((one) => one.keys))].filter((key) => known?.has(key) ?? true);
  const rows = keys.length > 0 ? await views.getMany(id, keys) : [];
  return { events: touching, rows: new Map(rows.map((stored) => [stored.key, stored])) };
}

/**
 * The same rows after the changes of the batch before, also when they were read while these were being saved, and each row by itself may be of
 * before or of after. Applying changes to what they already led to leaves it as it is: a row that was put or deleted ends as its last put or
 * delete and what follows that say, wherever it began; of one that was not, a removal finds nothing to remove the second time.
 */
export function afterChanges({ events, rows }: Touched, changes: readonly RowChange[]): Touched {
  const touched = new Set(events.flatMap(({ keys }) => keys));
  const after = new Map(rows);
  for (const change of changes) {
    if (change.kind === 'delete-where') removeFrom(after, change);
    else if (!touched.has(change.key)) continue;
    else if (change.kind === 'delete') after.delete(change.key);
    else after.set(change.key, change);
  }
  return { events, rows: after };
}

/** In the order of the events, as `ViewStore.save` applies them. */
export function changesOf(view: AnyView, touched: Touched): readonly RowChange[] {
  const rows = new Map(touched.rows);
  const changes: RowChange[] = [];
  for (const { event, stored, keys: own } of touched.events) {
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
        changes.push({ kind: 'put', isNew: before === undefined, ...next });
      }
    }
    for (const { index, value } of view.removes?.(event) ?? []) {
      removeFrom(rows, { index, value });
      changes.push({ kind: 'delete-where', index, value });
    }
  }
  return changes;
}

function removeFrom(
  rows: Map<string, StoredRow>,
  { index, value }: { readonly index: string; readonly value: string },
): void {
  for (const [key, row] of rows) if (row.indexes[index] === value) rows.delete(key);
}

const rowOf = (view: AnyView, key: string, row: Readonly<Record<string, unknown>>): StoredRow => ({
  key,
  row,
  indexes: view.indexes?.(row, key) ?? {},
  sort: view.sort?.(row) ?? '',
});
