/** The access log in the database of the views: one round trip per commit, and tables that the service itself can only add to. */
import {
  AccessLogStore,
  readLink,
  type LogBounds,
  type NewLink,
  type RecordPage,
  type StoredLines,
  type StoredLink,
  type StoredRecord,
} from '@convenant/access-log';
import { EngineFailure } from '@convenant/kernel';
import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { logTables } from './migrations.js';

/** Of two instances that write the same link number, the primary key lets one through; the other's statement adds nothing at all. */
const appendSql = `
  WITH durable AS MATERIALIZED (SELECT set_config('synchronous_commit', 'on', true)),
  link AS (
    INSERT INTO convenant.access_log_link (number, line, hash, signed)
    SELECT $1::bigint, $2::text, $3::text, $4::text FROM durable ON CONFLICT (number) DO NOTHING RETURNING number
  ),
  access AS (
    INSERT INTO convenant.access_record (number, line)
    SELECT $5::bigint + given.place - 1, given.line FROM link, unnest($6::text[]) WITH ORDINALITY AS given (line, place)
  ),
  processing AS (
    INSERT INTO convenant.processing_record (number, line)
    SELECT $5::bigint + given.place - 1, given.line FROM link, unnest($7::text[]) WITH ORDINALITY AS given (line, place)
  )
  SELECT count(*)::integer AS added FROM link`;

const at = `((line::jsonb ->> 'at') COLLATE "C")`;
const linksPerRead = 200;
const recordsPerRead = 2000;

interface LinkRow {
  readonly number: string;
  readonly line: string;
  readonly hash: string;
  readonly signed: string;
}
interface LineRow {
  readonly number: string;
  readonly line: string;
}

export interface PostgresAccessLogOptions {
  /** A commit that takes longer counts as failed; its requests are not answered. */
  readonly commitTimeoutMs?: number;
  /** The setting that errors name when the tables are not there or belong to the wrong role. */
  readonly ownerSettingName?: string;
  /** Rethrows what the driver says of a statement, in words for whoever runs the database; as it is when left out. */
  readonly described?: (error: unknown) => never;
}

/**
 * Opens the log as the application role. Throws an `EngineFailure` when its tables are not there, and when that role could change or remove a
 * record, because then nothing here would be worth its name: `accessLogMigrations` gives the rights, and the owner of the tables must be
 * another role.
 */
export async function openPostgresAccessLogStore(
  pool: Pool,
  options: PostgresAccessLogOptions = {},
): Promise<PostgresAccessLogStore> {
  const { ownerSettingName: setting = "the owner's address" } = options;
  const { rows } = await pool.query<{ missing: boolean; may_change: boolean }>(
    `SELECT bool_or(at IS NULL) AS missing, coalesce(bool_or(has_table_privilege(at, 'UPDATE, DELETE, TRUNCATE')), true) AS may_change
     FROM (SELECT to_regclass('convenant.' || name)::oid AS at FROM unnest($1::text[]) AS tables (name)) AS found`,
    [logTables],
  );
  if (rows[0]?.missing !== false)
    throw new EngineFailure(
      `The database does not have the tables of the access log. Set ${setting} for one start, which then migrates; if they were there before, restore the backup.`,
      { code: 'database-not-migrated', setting, reason: 'access-log' },
    );
  if (rows[0].may_change)
    throw new EngineFailure(
      `The role of the service may change the access log. Migrate it as another role than the one the service runs as: ${setting} must name that other role.`,
      { code: 'database-roles', setting, reason: 'access-log' },
    );
  return new PostgresAccessLogStore(pool, options);
}

export class PostgresAccessLogStore extends AccessLogStore {
  readonly #pool: Pool;
  readonly #commitTimeoutMs: number;
  readonly #described: (error: unknown) => never;

  /** For reading and verifying; a service opens its store with `openPostgresAccessLogStore`, which checks its rights. */
  constructor(pool: Pool, { commitTimeoutMs = 10_000, described = asItIs }: PostgresAccessLogOptions = {}) {
    super();
    this.#pool = pool;
    this.#commitTimeoutMs = commitTimeoutMs;
    this.#described = described;
  }

  override async last(): Promise<Omit<StoredLink, 'records'> | undefined> {
    const { rows } = await this.#query<LinkRow>(
      'SELECT number, line, hash, signed FROM convenant.access_log_link ORDER BY number DESC LIMIT 1',
    );
    return rows[0] && { ...rows[0], number: Number(rows[0].number) };
  }

  override async hashOf(link: number): Promise<string | undefined> {
    const { rows } = await this.#query<{ hash: string }>(
      'SELECT hash FROM convenant.access_log_link WHERE number = $1',
      [link],
    );
    return rows[0]?.hash;
  }

  override async append({
    number,
    line,
    hash,
    signed,
    firstRecord,
    records,
  }: NewLink): Promise<'appended' | 'overtaken'> {
    const statement = {
      name: 'access-log-append',
      text: appendSql,
      values: [
        number,
        line,
        hash,
        signed,
        firstRecord,
        records.map(({ access }) => access),
        records.map(({ processing }) => processing),
      ],
      query_timeout: this.#commitTimeoutMs,
    };
    const { rows } = await this.#query<{ added: number }>(statement);
    return rows[0]?.added === 1 ? 'appended' : 'overtaken';
  }

  override bySubject(subject: string, page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page, 'subject', subject);
  }

  override byPerson(person: string, page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page, 'person', person);
  }

  override byPeriod(page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page);
  }

  override async processing(
    after: number,
    limit: number,
  ): Promise<readonly { readonly number: number; readonly line: string }[]> {
    const { rows } = await this.#query<LineRow>(
      'SELECT number, line FROM convenant.processing_record WHERE number > $1 ORDER BY number LIMIT $2',
      [after, limit],
    );
    return rows.map(({ number, line }) => ({ number: Number(number), line }));
  }

  override async bounds(): Promise<LogBounds> {
    const { rows } = await this.#query<{ last: string; lowest: string; highest: string }>(`
      SELECT coalesce((SELECT max(number) FROM convenant.access_log_link), 0) AS last,
        coalesce(least((SELECT min(number) FROM convenant.access_record), (SELECT min(number) FROM convenant.processing_record)), 0) AS lowest,
        coalesce(greatest((SELECT max(number) FROM convenant.access_record), (SELECT max(number) FROM convenant.processing_record)), 0) AS highest`);
    const { last, lowest, highest } = rows[0]!;
    return { lastLink: Number(last), lowestRecord: Number(lowest), highestRecord: Number(highest) };
  }

  override async *links(lastLink: number): AsyncIterable<StoredLink> {
    for (let after = Number.MIN_SAFE_INTEGER; ;) {
      const { rows } = await this.#query<LinkRow>(
        'SELECT number, line, hash, signed FROM convenant.access_log_link WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3',
        [after, lastLink, linksPerRead],
      );
      if (rows.length === 0) return;
      yield* this.#withRecords(rows.map((row) => ({ ...row, number: Number(row.number) })));
      after = Number(rows.at(-1)!.number);
    }
  }

  #query<Row extends QueryResultRow>(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>> {
    return this.#pool.query<Row>(query, values).catch(this.#described);
  }

  async *#withRecords(links: readonly Omit<StoredLink, 'records'>[]): AsyncIterable<StoredLink> {
    // A link that cannot be read has no records to fetch; verification stops at it.
    const ranges = links.map((link) => {
      const content = readLink(link.line);
      return { link, first: content?.first ?? 1, count: content?.access.length ?? 0 };
    });
    for (let start = 0; start < ranges.length;) {
      let end = start + 1;
      let size = ranges[start]!.count;
      while (end < ranges.length && size + ranges[end]!.count <= recordsPerRead) size += ranges[end++]!.count;
      const some = ranges.slice(start, end);
      const lines = await this.#lines(some[0]!.first, size);
      for (const { link, first, count } of some)
        yield {
          ...link,
          records: Array.from({ length: count }, (_, place) => lines.get(first + place) ?? { number: first + place }),
        };
      start = end;
    }
  }

  async #lines(first: number, count: number): Promise<Map<number, StoredLines>> {
    const range = [first, first + count];
    const read = (table: string): Promise<{ rows: LineRow[] }> =>
      this.#query<LineRow>(`SELECT number, line FROM convenant.${table} WHERE number >= $1 AND number < $2`, range);
    const [access, processing] = await Promise.all([read('access_record'), read('processing_record')]);
    const lines = new Map<number, StoredLines>(
      access.rows.map(({ number, line }) => [Number(number), { number: Number(number), access: line }]),
    );
    for (const { number: text, line } of processing.rows) {
      const number = Number(text);
      lines.set(number, { ...lines.get(number), number, processing: line });
    }
    return lines;
  }

  async #page(
    { from, until, after, limit }: RecordPage,
    field?: 'subject' | 'person',
    value?: string,
  ): Promise<readonly StoredRecord[]> {
    const values: unknown[] = [limit];
    const place = (given: unknown): string => `$${values.push(given)}`;
    const conditions = [
      ...(field ? [`line::jsonb ->> '${field}' = ${place(value)}`] : []),
      ...(from === undefined ? [] : [`${at} >= ${place(from)}`]),
      ...(until === undefined ? [] : [`${at} < ${place(until)}`]),
      ...(after ? [`(${at}, number) > (${place(after.at)}, ${place(after.number)}::bigint)`] : []),
    ];
    const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
    const { rows } = await this.#query<LineRow>(
      `SELECT number, line FROM convenant.access_record ${where} ORDER BY ${at}, number LIMIT $1`,
      values,
    );
    return rows.map(({ number, line }) => ({ number: Number(number), access: line }));
  }
}

const asItIs = (error: unknown): never => {
  throw error;
};
