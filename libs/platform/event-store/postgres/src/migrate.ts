/** Brings a database to the present schema, forwards only, one transaction per step; two processes that try at once take turns. */
import type { ClientBase } from 'pg';
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
export class DatabaseFromTheFuture extends Error {
  constructor(component: string, found: number, known: number) {
    super(
      `The database is at step ${found} of ${component}; this release knows ${known}. Install the release that made it, or restore the backup from before.`,
    );
  }
}

/** Run by the owner's role. The application's role gets what each step grants it, and no more. */
export async function migrate(
  owner: ClientBase,
  applicationRole: string,
  sets: readonly MigrationSet[],
): Promise<void> {
  await owner.query('select pg_advisory_lock(7304, 0)');
  try {
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
      if (from > steps.length) throw new DatabaseFromTheFuture(component, from, steps.length);
      for (const [index, step] of steps.entries())
        if (index >= from) await apply(owner, component, index + 1, step, applicationRole);
    }
  } finally {
    await owner.query('select pg_advisory_unlock(7304, 0)');
  }
}

/** For an application that does not migrate by itself: throws unless the schema is exactly the present one. */
export async function assertMigrated(
  application: Pick<ClientBase, 'query'>,
  sets: readonly MigrationSet[],
): Promise<void> {
  const { rows } = await application.query<{ there: boolean }>(
    `select to_regclass('convenant.migrations') is not null as there`,
  );
  const done = rows[0]?.there ? await stepsDone(application) : new Map<string, number>();
  for (const { component, steps } of sets) {
    const found = done.get(component) ?? 0;
    if (found > steps.length) throw new DatabaseFromTheFuture(component, found, steps.length);
    if (found < steps.length)
      throw new Error(
        `The database is at step ${found} of ${component} and needs ${steps.length}: start once with the owner's connection, which migrates.`,
      );
  }
}

async function apply(
  owner: ClientBase,
  component: string,
  step: number,
  sql: string,
  applicationRole: string,
): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(sql.replaceAll('{{application}}', owner.escapeIdentifier(applicationRole)));
    await owner.query('insert into convenant.migrations (component, step) values ($1, $2)', [component, step]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

async function stepsDone(client: Pick<ClientBase, 'query'>): Promise<Map<string, number>> {
  const { rows } = await client.query<{ component: string; step: number }>(
    'select component, max(step) as step from convenant.migrations group by component',
  );
  return new Map(rows.map(({ component, step }) => [component, step]));
}
