/** Rows of views in memory: for pure tests and simulations, held to the same contract as the durable stores. */
import { ViewStore } from '@convenant/kernel';
import type { FindOptions, Position, RowChange, StoredRow, ViewId } from '@convenant/kernel';
import { assertStorable, compareText, copyOf } from './stored.js';

interface Rows {
  readonly position: Position;
  readonly rows: ReadonlyMap<string, StoredRow>;
}

export class MemoryViewStore extends ViewStore {
  readonly #views = new Map<string, Rows>();

  override async position(view: ViewId): Promise<Position | undefined> {
    return this.#views.get(nameOf(view))?.position;
  }

  override async save(
    view: ViewId,
    expected: Position | undefined,
    next: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    const before = this.#views.get(nameOf(view));
    if (before?.position !== expected) return false;
    const rows = new Map(before?.rows);
    for (const change of changes) applyTo(rows, change);
    this.#views.set(nameOf(view), { position: next, rows });
    return true;
  }

  override async get(view: ViewId, key: string): Promise<StoredRow | undefined> {
    const row = this.#views.get(nameOf(view))?.rows.get(key);
    return row && copyOf(row);
  }

  override async getMany(view: ViewId, keys: readonly string[]): Promise<readonly StoredRow[]> {
    const rows = this.#views.get(nameOf(view))?.rows;
    return copyOf([...new Set(keys)].flatMap((key) => rows?.get(key) ?? []));
  }

  override async find(
    view: ViewId,
    index: string,
    value: string,
    options: FindOptions = {},
  ): Promise<readonly StoredRow[]> {
    const found = this.#rowsOf(view).filter((row) => carries(row, index, value));
    return page(found, (a, b) => compareText(a.sort, b.sort) || compareText(a.key, b.key), options);
  }

  override async all(view: ViewId, options: FindOptions = {}): Promise<readonly StoredRow[]> {
    return page(this.#rowsOf(view), (a, b) => compareText(a.key, b.key), options);
  }

  override async drop(view: ViewId): Promise<void> {
    this.#views.delete(nameOf(view));
  }

  #rowsOf(view: ViewId): StoredRow[] {
    return [...(this.#views.get(nameOf(view))?.rows.values() ?? [])];
  }
}

const nameOf = ({ name, version }: ViewId): string => `${version}/${name}`;

const carries = (row: StoredRow, index: string, value: string): boolean =>
  Object.hasOwn(row.indexes, index) && row.indexes[index] === value;

function applyTo(rows: Map<string, StoredRow>, change: RowChange): void {
  switch (change.kind) {
    case 'put': {
      const { kind: _kind, isNew, ...row } = change;
      if (isNew && rows.has(row.key)) throw new Error('A row that is said to be new is there already.');
      for (const text of [row.key, row.sort, ...Object.entries(row.indexes).flat()])
        assertStorable('key or index', text);
      rows.set(row.key, copyOf(row));
      return;
    }
    case 'delete':
      rows.delete(change.key);
      return;
    case 'delete-where':
      for (const row of [...rows.values()]) if (carries(row, change.index, change.value)) rows.delete(row.key);
  }
}

type Place = { readonly sort: string; readonly key: string };

function page(rows: StoredRow[], compare: (a: Place, b: Place) => number, { after, limit }: FindOptions): StoredRow[] {
  const inOrder = rows.sort(compare).filter((row) => !after || compare(row, after) > 0);
  return copyOf(inOrder.slice(0, limit));
}
