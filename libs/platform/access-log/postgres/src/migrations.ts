/** The tables of the access log, step by step; steps only go forward and are never edited once released. */
import type { Pool } from 'pg';

const steps: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'links and records',
    // No column is a copy of something inside a line: what is searched is what is hashed.
    sql: `
      CREATE TABLE convenant.access_log_link (
        number bigint PRIMARY KEY CHECK (number > 0),
        line text NOT NULL,
        hash text NOT NULL,
        signed text NOT NULL
      );
      CREATE TABLE convenant.access_record (number bigint PRIMARY KEY CHECK (number > 0), line text NOT NULL);
      CREATE TABLE convenant.processing_record (number bigint PRIMARY KEY CHECK (number > 0), line text NOT NULL);
      CREATE INDEX access_record_by_subject ON convenant.access_record
        ((line::jsonb ->> 'subject'), ((line::jsonb ->> 'at') COLLATE "C"), number) WHERE line::jsonb ->> 'subject' IS NOT NULL;
      CREATE INDEX access_record_by_person ON convenant.access_record
        ((line::jsonb ->> 'person'), ((line::jsonb ->> 'at') COLLATE "C"), number) WHERE line::jsonb ->> 'person' IS NOT NULL;
      CREATE INDEX access_record_by_moment ON convenant.access_record (((line::jsonb ->> 'at') COLLATE "C"), number);`,
  },
];

export const logTables = ['access_log_link', 'access_record', 'processing_record'] as const;

export interface MigrateOptions {
  /** The role as which the service runs: it may read and add, and can neither change nor remove. Not the owner of the tables. */
  readonly applicationRole: string;
}

/** Brings the tables up to this release, as their owner. Repeating it changes nothing; two at once wait for each other. */
export async function migrateAccessLog(ownerPool: Pool, { applicationRole }: MigrateOptions): Promise<void> {
  const client = await ownerPool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('convenant access log migrations'))`);
    await client.query('CREATE SCHEMA IF NOT EXISTS convenant');
    await client.query(`CREATE TABLE IF NOT EXISTS convenant.access_log_migration (
      number integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ done: number }>(
      'SELECT count(*)::integer AS done FROM convenant.access_log_migration',
    );
    const done = rows[0]!.done;
    if (done > steps.length) throw new Error('The access log was migrated by a newer release; install that one.');
    for (const [index, { name, sql }] of steps.entries()) {
      if (index < done) continue;
      await client.query(sql);
      await client.query('INSERT INTO convenant.access_log_migration (number, name) VALUES ($1, $2)', [
        index + 1,
        name,
      ]);
    }
    const role = client.escapeIdentifier(applicationRole);
    const tables = logTables.map((table) => `convenant.${table}`).join(', ');
    await client.query(`GRANT USAGE ON SCHEMA convenant TO ${role}`);
    await client.query(`REVOKE ALL ON ${tables} FROM PUBLIC, ${role}`);
    await client.query(`GRANT SELECT, INSERT ON ${tables} TO ${role}`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
