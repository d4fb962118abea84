/** Puts a backup of data into an empty database, and leaves the organisation's door held until an operator releases it. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { accessLogMigrations, FileHeadAnchor } from '@convenant/access-log-postgres';
import { connectTo, migrate, ownMigrations, settleRestored, type MigrationSet } from '@convenant/event-store-postgres';
import { anchorFile, pinnedFile } from '@convenant/launch';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ownerOption } from './place.js';
import { checkFiles, Measure, readDataBackup, type DataBackup } from './data-backup.js';

export interface RestoreOptions {
  readonly organisation: string;
  readonly from: string;
  /** A URL of the role that owns the database. */
  readonly owner: string;
  /** The name of the role as which the service runs. */
  readonly applicationRole: string;
  /** Of the organisation; gets the head of the access log and, when there are none, the pinned partners. */
  readonly folder?: string;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (table: string, done: number, of: number) => void;
}
export interface RestoredData {
  readonly backup: DataBackup;
  /** In which lanes are numbered from now on. */
  readonly series: string;
  /** In which the event log goes on. */
  readonly epoch: number;
  /** Where the head of the access log was put that was anchored before. */
  readonly earlierAnchor?: string;
}

const sets: readonly MigrationSet[] = [...ownMigrations, accessLogMigrations];
const underway = 'A restore is under way, or was interrupted.';

/**
 * Looks at every file before it touches the database, and loads in one transaction: afterwards all of it is there or none. A database in
 * which a restore was interrupted counts as empty; any other with data of Convenant is refused.
 */
export async function restore(options: RestoreOptions): Promise<RestoredData> {
  const backup = await readDataBackup(options.from);
  if (backup.organisation !== options.organisation)
    throw new Error(`This is a backup of ${backup.organisation}, not of ${options.organisation}.`);
  refuseFuture(backup);
  await checkFiles(options.from, backup, options.signal);
  const client = await connectTo({
    url: options.owner,
    name: `convenant restore ${options.organisation}`,
    settingName: ownerOption,
  });
  try {
    // Held to the end: a service that is started meanwhile, and migrates, waits.
    await client.query('select pg_advisory_lock(7304, 0)');
    await beginEmpty(client);
    // As it was when the backup was made, so that the rows fit; to the present only when they are in.
    await migrate(client, options.applicationRole, asOf(backup));
    const series = randomBytes(6).toString('hex');
    await client.query('begin');
    for (const table of backup.tables) await copyIn(client, table, options);
    await client.query('commit');
    await migrate(client, options.applicationRole, sets);
    const restoredAt = options.now.toISOString();
    await client.query('begin');
    const epoch = await settleRestored(client, {
      series,
      epoch: backup.eventLog.epoch,
      backedUpAt: backup.madeAt,
      restoredAt,
    });
    await client.query('comment on schema convenant is null');
    // Before the commit: a database that can be opened always has its anchor.
    const earlierAnchor =
      options.folder === undefined ? undefined : await putInFolder(options.folder, backup, options.from, series);
    await client.query('commit');
    return { backup, series, epoch, ...(earlierAnchor === undefined ? {} : { earlierAnchor }) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refuseFuture({ steps, product }: DataBackup): void {
  for (const [component, step] of Object.entries(steps)) {
    const known = sets.find((set) => set.component === component)?.steps.length ?? 0;
    if (step > known)
      throw new Error(
        `This backup comes from a later release (${product}): it is at step ${step} of ${component}, and this release knows ${known}. Restore it with the release that made it, or a later one.`,
      );
  }
}

const asOf = ({ steps }: DataBackup): readonly MigrationSet[] =>
  sets.map(({ component, steps: all }) => ({ component, steps: all.slice(0, steps[component] ?? 0) }));

async function beginEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ comment: string | null }>(
    `select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = 'convenant'`,
  );
  if (rows[0] && rows[0].comment !== underway)
    throw new Error(
      'This database is not empty: it holds data of Convenant. A restore never writes over data; make an empty database, or drop the schema convenant if you are sure.',
    );
  if (rows[0]) await client.query('drop schema convenant cascade');
  await client.query(`create schema convenant; comment on schema convenant is ${client.escapeLiteral(underway)}`);
}

async function copyIn(
  client: pg.Client,
  { table, columns, rows, file, sha256 }: DataBackup['tables'][number],
  { from, signal, onProgress }: RestoreOptions,
): Promise<void> {
  signal?.throwIfAborted();
  onProgress?.(table, 0, rows);
  const name = client.escapeIdentifier(table);
  const list = columns.map((column) => client.escapeIdentifier(column)).join(', ');
  // Checked before as well; what is read now is what goes in.
  const measure = new Measure((lines) => onProgress?.(table, lines, rows));
  // What the first steps put into a table of their own accord stands in the backup too.
  await client.query(`delete from convenant.${name}`);
  const into = client.query(copyFrom(`copy convenant.${name} (${list}) from stdin`));
  await pipeline(createReadStream(join(from, file)), measure, into, ...(signal ? [{ signal }] : []));
  if (measure.sha256 !== sha256 || into.rowCount !== rows)
    throw new Error(`${join(from, file)} changed while it was read: nothing was restored.`);
}

/** The old head says that the log once reached further. It is kept, and no longer stops the service from writing on. */
async function putInFolder(
  folder: string,
  backup: DataBackup,
  from: string,
  series: string,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const anchor = anchorFile(folder);
  const earlier = `${anchor}.before-${series}`;
  const moved = await rename(anchor, earlier).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (backup.accessLog.signedHead !== undefined) await new FileHeadAnchor(anchor).write(backup.accessLog.signedHead);
  if (backup.pinnedPartners && !(await exists(pinnedFile(folder)))) {
    const part = `${pinnedFile(folder)}.part`;
    await copyFile(join(from, backup.pinnedPartners.file), part);
    await link(part, pinnedFile(folder));
    await rm(part);
  }
  return moved ? earlier : undefined;
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
