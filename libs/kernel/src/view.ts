/** Read models declared as data: how rows follow from events, which category each column has, and what rows can be found by. */
import type { Category } from './category.js';
import type { StoredEvent } from './event.js';
import type { Position } from './event-store.js';

export interface Column {
  readonly category: Category | 'own';
  /** A sealed column holds `Sealed<T>` (or text sealed to a scope key) and is opened only while answering. */
  readonly sealed: boolean;
}
/** Keys, states and dates that sort: stored in clear, and still about a client when the category says so. */
export const clearColumn = (category: Category | 'own'): Column => ({ category, sealed: false });
export const sealedColumn = (category: Category): Column => ({ category, sealed: true });

export type Columns<Row> = { readonly [K in keyof Row]-?: Column };

export interface View<Event extends { type: string }, Row extends object> {
  readonly name: string;
  /** Raise it to rebuild from the first event, beside the old rows, which serve until the new ones caught up. */
  readonly version: number;
  readonly columns: Columns<Row>;
  /** The rows that this event touches; none for an event of no concern. */
  keys(event: Event, stored: StoredEvent): readonly string[];
  /** The new row, or `undefined` for "no row". Pure. */
  apply(row: Row | undefined, event: Event, key: string, stored: StoredEvent): Row | undefined;
  /** Deletes every row that carries one of these index values; how a closed scope disappears in one statement. */
  removes?(event: Event): readonly { readonly index: string; readonly value: string }[];
  /** What rows can be found by: opaque ids and keyed digests only. */
  indexes?(row: Row, key: string): Readonly<Record<string, string>>;
  /** Sorts ascending as text, then by key. */
  sort?(row: Row): string;
}

export interface ViewId {
  readonly name: string;
  readonly version: number;
}

export interface StoredRow<Row = Readonly<Record<string, unknown>>> {
  readonly key: string;
  readonly row: Row;
  readonly indexes: Readonly<Record<string, string>>;
  readonly sort: string;
}

export type RowChange =
  /**
   * `isNew`: no row has this key by now, as was read after the view came to the position that `save` expects; so nobody need look for it again.
   * A store may refuse the whole save when that is wrong.
   */
  | ({ readonly kind: 'put'; readonly isNew?: boolean } & StoredRow)
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'delete-where'; readonly index: string; readonly value: string };

export interface FindOptions {
  readonly limit?: number;
  /** Continue after this row of the same index value. */
  readonly after?: { readonly sort: string; readonly key: string };
}

export abstract class ViewStore {
  /** Up to where this view has come; `undefined` before the first event. */
  abstract position(view: ViewId): Promise<Position | undefined>;
  /** These changes, this very list, are likely to be saved next, or never: what can be done for that now need not be done then. Changes nothing. */
  prepare(_changes: readonly RowChange[]): void {}
  /**
   * Saves rows and position in one transaction when the position still is `expected`; false (and nothing saved) when it is not,
   * which means that another instance did this work. Changes apply in order. What was saved last may be forgotten, rows and position together,
   * when the server that keeps them is killed: `onPerhapsForgotten` then says so.
   */
  abstract save(
    view: ViewId,
    expected: Position | undefined,
    next: Position,
    changes: readonly RowChange[],
  ): Promise<boolean>;
  abstract get(view: ViewId, key: string): Promise<StoredRow | undefined>;
  abstract getMany(view: ViewId, keys: readonly string[]): Promise<readonly StoredRow[]>;
  /** Rows with this index value, by `sort` then key. */
  abstract find(view: ViewId, index: string, value: string, options?: FindOptions): Promise<readonly StoredRow[]>;
  /** Every row of the view by key, in pages; for rebuild comparison and operators. */
  abstract all(view: ViewId, options?: FindOptions): Promise<readonly StoredRow[]>;
  /** Removes a view version with its position. */
  abstract drop(view: ViewId): Promise<void>;
  /**
   * Calls when positions may have gone back, before anything is answered that would show it; also when none did. Whoever remembers how far a
   * view came asks again. Returns how to stop. A store that forgets nothing never calls.
   */
  onPerhapsForgotten(_listener: () => void): () => void {
    return () => undefined;
  }
}
