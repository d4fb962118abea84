/** Rows of views in PostgreSQL: rows, what they are found by and the position change in one transaction and one round trip. */
import { ViewStore } from '@convenant/kernel';
import type { FindOptions, Position, RowChange, StoredRow, ViewId } from '@convenant/kernel';
import type { Pool } from 'pg';
import { binaryArray } from './binary-array.js';
import { withoutWaitingForTheDisk } from './durability.js';
import { described } from './failures.js';
import { netChanges } from './net-changes.js';
import { isStorable } from './storable.js';

const columns = 'r.key, r.row, r.indexes, r.sort';
const own = '(select id from convenant.views where name = $1 and version = $2)';

/** The values that rows are found by, with sort and key, must fit in an index entry: some 2,500 bytes together. */
export class PostgresViewStore extends ViewStore {
  constructor(private readonly pool: Pool) {
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

  override async save(
    { name, version }: ViewId,
    expected: Position | undefined,
    next: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    const { removals, deletes, puts, areNew } = netChanges(changes);
    const [keys, bodies, indexes, sorts] = [
      puts.map(({ key }) => key),
      puts.map(({ row }) => JSON.stringify(row)),
      puts.map((put) => JSON.stringify(put.indexes)),
      puts.map(({ sort }) => sort),
    ];
    const rows = await this.#query<{ saved: boolean }>(
      'view-save',
      // The log has it all.
      `select convenant.save_view_rows($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as saved, ${withoutWaitingForTheDisk}`,
      [
        name,
        version,
        expected,
        next,
        binaryArray('text', keys),
        binaryArray('json', bodies),
        binaryArray('json', indexes),
        binaryArray('text', sorts),
        areNew,
        deletes,
        removals.map(({ index }) => index),
        removals.map(({ value }) => value),
      ],
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
    const { rows } = await this.pool.query<Row>({ name: `convenant-${name}`, text, values }).catch(described);
    return rows;
  }
}
