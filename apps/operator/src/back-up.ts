/** Copies one organisation's database into a folder, all of it as it was at one moment, while the service goes on. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connectTo } from '@convenant/event-store-postgres';
import { pinnedFile } from '@convenant/launch';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { leftOut, manifestName, Measure, type DataBackup } from './data-backup.js';

export interface BackUpOptions {
  readonly organisation: string;
  /** A URL of the application's role or of the owner; reading is enough. */
  readonly database: string;
  /** What errors tell to check when it cannot be reached. */
  readonly databaseSetting: string;
  /** Of the organisation; from there the pinned partners are copied too. */
  readonly folder?: string;
  /** Made; must not be there or must be empty. */
  readonly to: string;
  /** The release that makes the backup. */
  readonly product: string;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (table: string, done: number, of: number) => void;
}

/**
 * One read-only transaction sees one moment; appends go on beside it. The manifest is written last and put in place by a rename: a folder
 * without one is no backup, however it came to be.
 */
export async function backUp(options: BackUpOptions): Promise<DataBackup> {
  const target = resolve(options.to);
  await mkdir(target, { recursive: true, mode: 0o700 });
  if ((await readdir(target)).length > 0)
    throw new Error(`${target} is not empty: name a folder that is not there yet.`);
  const client = await connectTo({
    url: options.database,
    name: `convenant backup ${options.organisation}`,
    settingName: options.databaseSetting,
  });
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const found = await lookAround(client);
    const tables: DataBackup['tables'][number][] = [];
    for (const { table, columns } of found.tables) {
      options.signal?.throwIfAborted();
      tables.push({ table, columns: [...columns], ...(await copyOut(client, table, columns, target, options)) });
    }
    // Whoever reads a log remembers a place in it, so this log is elsewhere; a backup without it would be worse than none.
    if (rowsOf(tables, 'events') === 0 && rowsOf(tables, 'checkpoints') > 0)
      throw new Error(
        'The events of this organisation are not in this database (ORGANISATION_EVENT_LOG names another store): nothing was backed up.',
      );
    const partners = options.folder === undefined ? undefined : await copyPartners(options.folder, target);
    const manifest: DataBackup = {
      kind: 'convenant-data',
      format: 1,
      product: options.product,
      organisation: options.organisation,
      madeAt: options.now.toISOString(),
      steps: found.steps,
      eventLog: { ...found.eventLog, events: rowsOf(tables, 'events') },
      accessLog: { ...found.accessLog, links: rowsOf(tables, 'access_log_link') },
      tables,
      ...(partners ? { pinnedPartners: partners } : {}),
    };
    options.signal?.throwIfAborted();
    await writeFile(join(target, `${manifestName}.part`), `${JSON.stringify(manifest, undefined, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    await rename(join(target, `${manifestName}.part`), join(target, manifestName));
    await flush(target);
    return manifest;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Found {
  readonly tables: readonly { readonly table: string; readonly columns: readonly string[] }[];
  readonly steps: Record<string, number>;
  readonly eventLog: { readonly epoch: number; readonly position?: string };
  readonly accessLog: { readonly signedHead?: string };
}

/** Every table that is there, so that what a later release adds is not forgotten. */
async function lookAround(client: pg.Client): Promise<Found> {
  const { rows: there } = await client.query<{ there: boolean }>(
    `select to_regclass('convenant.events') is not null as there`,
  );
  if (!there[0]?.there)
    throw new Error('There is no data of Convenant in this database: check which database this is.');
  const { rows: tables } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as "table", array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'convenant'::regnamespace and c.relkind = 'r' and c.relname <> all ($1) group by c.relname order by c.relname`,
    [leftOut],
  );
  const { rows: steps } = await client.query<{ component: string; step: number }>(
    'select component, max(step) as step from convenant.migrations group by component',
  );
  const { rows: log } = await client.query<{ epoch: number; position: string | null }>(
    `select s.epoch, (select concat_ws(' ', e.epoch, e.tx, e.seq) from convenant.events e order by e.epoch desc, e.tx desc, e.seq desc limit 1) as position
     from convenant.log_state s`,
  );
  const signedHead = tables.some(({ table }) => table === 'access_log_link')
    ? (
        await client.query<{ signed: string }>(
          'select signed from convenant.access_log_link order by number desc limit 1',
        )
      ).rows[0]?.signed
    : undefined;
  return {
    tables,
    steps: Object.fromEntries(steps.map(({ component, step }) => [component, step])),
    eventLog: { epoch: log[0]?.epoch ?? 1, ...(log[0]?.position ? { position: log[0].position } : {}) },
    accessLog: signedHead === undefined ? {} : { signedHead },
  };
}

async function copyOut(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  target: string,
  { signal, onProgress }: BackUpOptions,
): Promise<{ rows: number; file: string; sha256: string }> {
  const name = client.escapeIdentifier(table);
  const { rows } = await client.query<{ expected: string }>(`select count(*) as expected from convenant.${name}`);
  const expected = Number(rows[0]?.expected ?? 0);
  onProgress?.(table, 0, expected);
  const file = `${table}.copy`;
  const measure = new Measure((lines) => onProgress?.(table, lines, expected));
  const list = columns.map((column) => client.escapeIdentifier(column)).join(', ');
  await pipeline(
    client.query(copyTo(`copy convenant.${name} (${list}) to stdout`)),
    measure,
    createWriteStream(join(target, file), { mode: 0o600, flags: 'wx', flush: true }),
    ...(signal ? [{ signal }] : []),
  );
  if (measure.lines !== expected)
    throw new Error(`${table} did not come out whole: ${measure.lines} rows of ${expected}.`);
  return { rows: expected, file, sha256: measure.sha256 };
}

async function copyPartners(folder: string, target: string): Promise<DataBackup['pinnedPartners']> {
  const text = await readFile(pinnedFile(folder)).catch(() => undefined);
  if (text === undefined) return undefined;
  const file = 'pinned-partners.json';
  await writeFile(join(target, file), text, { mode: 0o600, flag: 'wx', flush: true });
  const measure = new Measure();
  measure.resume().end(text);
  return { file, sha256: measure.sha256 };
}

const rowsOf = (tables: DataBackup['tables'], name: string): number =>
  tables.find(({ table }) => table === name)?.rows ?? 0;

async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
