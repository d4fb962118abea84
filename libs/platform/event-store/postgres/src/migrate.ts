/** Brings a database to the present schema, forwards only, one transaction per step; two processes that try at once take turns. */
import { EngineFailure } from '@convenant/kernel';
import type { ClientBase } from 'pg';
import type { NamedDatabase } from './failures.js';
import { events } from './migrations/events.js';
import { exchangeLedger } from './migrations/exchange-ledger.js';
import { views } from './migrations/views.js';

/** Steps are never edited once released; a change is a step more. `{{application}}` becomes the quoted name of the application's role. */
export interface MigrationSet {
  readonly component: string;
  readonly steps: readonly string[];
}
export const ownMigrations: readonly MigrationSet[] = [
  { component: 'events', steps: events },
  { component: 'views', steps: views },
  { component: 'exchange-ledger', steps: exchangeLedger },
];

/** The database holds steps that this release does not know: an older release must not write into it. */
export class DatabaseFromTheFuture extends EngineFailure {
  override readonly name = 'DatabaseFromTheFuture';
  constructor({ where, setting }: NamedDatabase, component: string, found: number, known: number) {
    super(
      `The database at ${where} is at step ${found} of ${component}; this release knows ${known}. Install the release that made it, restore the backup from before, or check ${setting} if another database is meant.`,
      { code: 'database-from-the-future', setting, reason: `${component} ${found}` },
    );
  }
}

/** The database lacks steps that this release needs, and who opened it may not take them. */
export class NotMigrated extends EngineFailure {
  override readonly name = 'NotMigrated';
  constructor({ where, ownerSetting }: NamedDatabase, component: string, found: number, needed: number) {
    super(
      `The database at ${where} is at step ${found} of ${component} and needs ${needed}. Set ${ownerSetting} for one start, which then migrates.`,
      { code: 'database-not-migrated', setting: ownerSetting, reason: `${component} ${found}` },
    );
  }
}

/** What is said where nobody gave a setting: the database is the one that was handed in. */
const unnamed: NamedDatabase = { where: 'this address', setting: 'its address', ownerSetting: "its owner's address" };

/**
 * How long a step waits for a lock before it lets those pass who came to wait behind it. Shorter than the service itself waits for one, and longer
 * than `deadlock_timeout`, a second unless set otherwise: only after that does the server end a vacuum of its own that is in the way.
 */
const lockTimeoutMs = 2_000;
/** How long it waits for its turn, while another process migrates or a restore is under way: whoever waits must hear of it now and then. */
const turnTimeoutMs = 30_000;
/** With the pauses in between some two minutes: a transaction that is open for longer than that is for a person to look at. */
const attemptsMax = 20;
const firstPauseMs = 1_000;
const lastPauseMs = 10_000;

export interface MigrateOptions {
  /** How errors call the database. */
  readonly named?: NamedDatabase;
  /** Resolves after so long. */
  readonly pause?: (delayMs: number) => Promise<void>;
}

/**
 * Run by the owner's role. The application's role gets what each step grants it, and no more. A release that runs meanwhile goes on: a step
 * that cannot have its lock steps back, again and again, and rejects with the code `55P03` after a few minutes, with nothing of it done; so
 * does one whose turn does not come within half a minute.
 */
export async function migrate(
  owner: Pick<ClientBase, 'query' | 'escapeIdentifier'>,
  applicationRole: string,
  sets: readonly MigrationSet[],
  { named = unnamed, pause = realPause }: MigrateOptions = {},
): Promise<void> {
  await owner.query(`set lock_timeout = ${turnTimeoutMs}`);
  await owner.query('select pg_advisory_lock(7304, 0)');
  try {
    await owner.query('reset lock_timeout');
    await owner.query(`
      create schema if not exists convenant;
      create table if not exists convenant.migrations (
        component text collate "C", step int, at timestamptz not null default now(), primary key (component, step)
      );
      grant usage on schema convenant to ${owner.escapeIdentifier(applicationRole)};
      grant select on convenant.migrations to ${owner.escapeIdentifier(applicationRole)};`);
    const done = await stepsDone(owner);
    for (const { component, steps } of sets) {
      const from = done.get(component) ?? 0;
      if (from > steps.length) throw new DatabaseFromTheFuture(named, component, from, steps.length);
      for (const [index, step] of steps.entries())
        if (index >= from) await applyOnceFree(() => apply(owner, component, index + 1, step, applicationRole), pause);
    }
  } finally {
    await owner.query('select pg_advisory_unlock(7304, 0)');
  }
}

/** For an application that does not migrate by itself: throws unless the schema is exactly the present one. */
export async function assertMigrated(
  application: Pick<ClientBase, 'query'>,
  sets: readonly MigrationSet[],
  named: NamedDatabase = unnamed,
): Promise<void> {
  const { rows } = await application.query<{ there: boolean }>(
    `select to_regclass('convenant.migrations') is not null as there`,
  );
  const done = rows[0]?.there ? await stepsDone(application) : new Map<string, number>();
  for (const { component, steps } of sets) {
    const found = done.get(component) ?? 0;
    if (found > steps.length) throw new DatabaseFromTheFuture(named, component, found, steps.length);
    if (found < steps.length) throw new NotMigrated(named, component, found, steps.length);
  }
}

/** Whoever waits for a lock holds up everybody who comes after, readers and writers of the running release among them. */
async function applyOnceFree(step: () => Promise<void>, pause: (delayMs: number) => Promise<void>): Promise<void> {
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt++, pauseMs = Math.min(lastPauseMs, pauseMs * 2)) {
    try {
      return await step();
    } catch (error) {
      const lockNotFree = (error as { readonly code?: unknown }).code === '55P03';
      if (!lockNotFree || attempt === attemptsMax) throw error;
    }
    await pause(pauseMs);
  }
}

async function apply(
  owner: Pick<ClientBase, 'query' | 'escapeIdentifier'>,
  component: string,
  step: number,
  sql: string,
  applicationRole: string,
): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await owner.query(sql.replaceAll('{{application}}', owner.escapeIdentifier(applicationRole)));
    await owner.query('insert into convenant.migrations (component, step) values ($1, $2)', [component, step]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

const realPause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

async function stepsDone(client: Pick<ClientBase, 'query'>): Promise<Map<string, number>> {
  const { rows } = await client.query<{ component: string; step: number }>(
    'select component, max(step) as step from convenant.migrations group by component',
  );
  return new Map(rows.map(({ component, step }) => [component, step]));
}
