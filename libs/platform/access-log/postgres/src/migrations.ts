/** The tables of the access log, step by step; steps only go forward and are never edited once released. */
import type { Pool } from 'pg';

export const logTables = ['access_log_link', 'access_record', 'processing_record'] as const;

/**
 * In the form of the event store's migrations, so that opening the database can apply them together. `{{application}}` becomes the
 * role as which the service runs: it may read and add, and can neither change nor remove.
 * No column is a copy of something inside a line: what is searched is what is hashed.
 */
export const accessLogMigrations = {
  component: 'access-log',
  steps: [
    `
create table convenant.access_log_link (
  number bigint primary key check (number > 0),
  line text not null,
  hash text not null,
  signed text not null
);
create table convenant.access_record (number bigint primary key check (number > 0), line text not null);
create table convenant.processing_record (number bigint primary key check (number > 0), line text not null);
create index access_record_by_subject on convenant.access_record
  ((line::jsonb ->> 'subject'), ((line::jsonb ->> 'at') collate "C"), number) where line::jsonb ->> 'subject' is not null;
create index access_record_by_person on convenant.access_record
  ((line::jsonb ->> 'person'), ((line::jsonb ->> 'at') collate "C"), number) where line::jsonb ->> 'person' is not null;
create index access_record_by_moment on convenant.access_record (((line::jsonb ->> 'at') collate "C"), number);
revoke all on convenant.access_log_link, convenant.access_record, convenant.processing_record from public, {{application}};
grant usage on schema convenant to {{application}};
grant select, insert on convenant.access_log_link, convenant.access_record, convenant.processing_record to {{application}};`,
  ],
} as const;

export interface MigrateOptions {
  /** Not the owner of the tables: an owner may always change them. */
  readonly applicationRole: string;
}

/**
 * Brings the tables up to this release on their own, as their owner; keeps account of it in the same table, under the same lock, as the
 * event store does. Repeating it changes nothing; two at once take turns.
 */
export async function migrateAccessLog(ownerPool: Pool, { applicationRole }: MigrateOptions): Promise<void> {
  const { component, steps } = accessLogMigrations;
  const client = await ownerPool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(7304, 0)');
    await client.query(`
      create schema if not exists convenant;
      create table if not exists convenant.migrations (
        component text collate "C", step int, at timestamptz not null default now(), primary key (component, step)
      );`);
    const { rows } = await client.query<{ done: number }>(
      'select coalesce(max(step), 0) as done from convenant.migrations where component = $1',
      [component],
    );
    const done = rows[0]!.done;
    if (done > steps.length) throw new Error('A newer release migrated the access log; install that one.');
    for (const [index, step] of steps.entries()) {
      if (index < done) continue;
      await client.query(step.replaceAll('{{application}}', client.escapeIdentifier(applicationRole)));
      await client.query('insert into convenant.migrations (component, step) values ($1, $2)', [component, index + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
