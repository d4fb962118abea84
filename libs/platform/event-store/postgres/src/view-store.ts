/** Rows of views in PostgreSQL: rows, what they are found by and the position change in one transaction and one round trip. */
import { ViewStore } from '@convenant/kernel';
import type { FindOptions, Position, RowChange, StoredRow, ViewId } from '@convenant/kernel';
import type { Pool } from 'pg';
import { binaryArray } from './binary-array.js';
import { withoutWaitingForTheDisk } from './durability.js';
import { netChanges, type Put } from './net-changes.js';
import { isStorable } from './storable.js';

const columns = 'r.key, r.row, r.indexes, r.sort';
const own = '(select id from convenant.views where name = $1 and version = $2)';

/** The values that rows are found by, with sort and key, must fit in an index entry: some 2,500 bytes together. */
export class PostgresViewStore extends ViewStore {
  readonly #prepared = new WeakMap<readonly RowChange[], readonly unknown[]>();

  /** `described` rethrows what the driver says, in words for whoever runs the database. */
  constructor(
    private readonly pool: Pool,
    private readonly described: (error: unknown) => never,
  ) {
    super();
  }

  override async position({ name, version }: ViewId): Promise<Position | undefined> {
    const rows = await this.#query<{ position: Position }>(
      'view-position',
      'select position from convenant.views where name = $1 and version = $2',
      [name, version],
    );
    return rows[0]?.position;
  }

  override prepare(changes: readonly RowChange[]): void {
    try {
      this.#prepared.set(changes, asParameters(changes));
    } catch {
      // Whoever saves them meets the same again, and says so.
    }
  }

  override async save(
    { name, version }: ViewId,
    expected: Position | undefined,
    next: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    const prepared = this.#prepared.get(changes) ?? asParameters(changes);
    const rows = await this.#query<{ saved: boolean }>(
      'view-save',
      // The log has it all.
      `select convenant.save_view_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as saved, ${withoutWaitingForTheDisk}`,
      [name, version, expected, next, ...prepared],
    );
    return rows[0]?.saved === true;
  }

  override async get(view: ViewId, key: string): Promise<StoredRow | undefined> {
    return (await this.getMany(view, [key]))[0];
  }

  override async getMany({ name, version }: ViewId, keys: readonly string[]): Promise<readonly StoredRow[]> {
    const possible = [...new Set(keys)].filter(isStorable);
    if (possible.length === 0) return [];
    const found = await this.#query<StoredRow>(
      'view-get',
      `select ${columns} from convenant.view_rows r where r.view = ${own} and r.key = any ($3)`,
      [name, version, possible],
    );
    const byKey = new Map(found.map((row) => [row.key, row]));
    return possible.flatMap((key) => byKey.get(key) ?? []);
  }

  override async find(
    { name, version }: ViewId,
    index: string,
    value: string,
    { after, limit }: FindOptions = {},
  ): Promise<readonly StoredRow[]> {
    if (!isStorable(index) || !isStorable(value)) return [];
    return this.#query(
      after ? 'view-find-after' : 'view-find',
      // Each row by its whole key, which `offset 0` keeps the planner to: by what it knows of many small views it would go through all of a
      // large one for each row of a page.
      `select ${columns} from (
         select x.sort, x.key from convenant.view_index x
         where x.view = ${own} and x.name = $3 and x.value = $4 ${after ? 'and (x.sort, x.key) > ($6, $7)' : ''}
         order by x.sort, x.key limit $5
       ) x
       cross join lateral (select * from convenant.view_rows r where r.view = ${own} and r.key = x.key offset 0) r
       order by x.sort, x.key`,
      [name, version, index, value, limit, ...(after ? [after.sort, after.key] : [])],
    );
  }

  override async all({ name, version }: ViewId, { after, limit }: FindOptions = {}): Promise<readonly StoredRow[]> {
    return this.#query(
      after ? 'view-all-after' : 'view-all',
      `select ${columns} from convenant.view_rows r
       where r.view = ${own} ${after ? 'and r.key > $4' : ''} order by r.key limit $3`,
      [name, version, limit, ...(after ? [after.key] : [])],
    );
  }

  override async drop({ name, version }: ViewId): Promise<void> {
    await this.#query('view-drop', 'select convenant.drop_view($1, $2)', [name, version]);
  }

  /** A server that was killed is met again by a new connection and by nothing else. */
  override onPerhapsForgotten(listener: () => void): () => void {
    const connected = (): void => listener();
    this.pool.on('connect', connected);
    return () => void this.pool.off('connect', connected);
  }

  async #query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({ name: `convenant-${name}`, text, values }).catch(this.described);
    return rows;
  }
}

/** What they come to, as the function that saves takes it. Throws for what cannot be stored. */
function asParameters(changes: readonly RowChange[]): readonly unknown[] {
  const { removals, deletes, puts, areNew } = netChanges(changes);
  const texts = (of: (put: Put) => string): Buffer => binaryArray('text', puts.map(of));
  const jsons = (of: (put: Put) => unknown): Buffer =>
    binaryArray(
      'json',
      puts.map((put) => JSON.stringify(of(put))),
    );
  // Of a row that may be there already it is for the database to say whether these change.
  const entries = areNew.every(Boolean)
    ? puts.flatMap(({ key, sort, indexes }) => Object.entries(indexes).map((entry) => [...entry, sort, key] as const))
    : [];
  const column = (place: 0 | 1 | 2 | 3): Buffer =>
    binaryArray(
      'text',
      entries.map((entry) => entry[place]),
    );
  return [
    texts(({ key }) => key),
    jsons(({ row }) => row),
    jsons(({ indexes }) => indexes),
    texts(({ sort }) => sort),
    areNew,
    column(0),
    column(1),
    column(2),
    column(3),
    deletes,
    removals.map(({ index }) => index),
    removals.map(({ value }) => value),
  ];
}
