/** For tests: a database copied row by row into a fresh server, as a dump and a restore would do. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@convenant/kernel';
import pg from 'pg';
import { startEmbeddedPostgres } from '../embedded.js';
import { openPostgres } from '../open-postgres.js';

/** Fails when the fresh server's transaction ids are not lower than those of the events: then the test would show nothing. */
export async function restoreElsewhere(source: string): Promise<{ store: EventStore; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'convenant-restored-'));
  const server = await startEmbeddedPostgres({ dataFolder: folder, organisations: ['restored'] });
  const database = server.databases.restored;
  if (!database) throw new Error('The fresh server has no database.');
  await openPostgres({ database, organisation: 'restored' }).then(({ close }) => close());
  await copyRows(source, database.owner);
  const opened = await openPostgres({ database, organisation: 'restored' });
  return {
    store: opened.events,
    close: async () => {
      await opened.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function copyRows(source: string, target: string): Promise<void> {
  const [from, to] = [source, target].map((connectionString) => new pg.Client({ connectionString }));
  if (!from || !to) return;
  await Promise.all([from.connect(), to.connect()]);
  try {
    const { rows: tables } = await from.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'convenant' and tablename <> 'migrations'`,
    );
    for (const { name } of tables) {
      const { rows } = await from.query<{ rows: string }>(
        `select coalesce(json_agg(t), '[]')::text as rows from convenant.${name} t`,
      );
      await to.query(`truncate convenant.${name}`);
      await to.query(
        `insert into convenant.${name} overriding system value select * from json_populate_recordset(null::convenant.${name}, $1)`,
        [rows[0]?.rows],
      );
    }
    const { rows } = await to.query<{ lower: boolean }>(
      'select pg_current_xact_id() < min(tx) as lower from convenant.events',
    );
    if (!rows[0]?.lower) throw new Error('The fresh server has used up as many transaction ids as the source.');
    await to.query(
      `select setval(pg_get_serial_sequence('convenant.events', 'seq'), (select max(seq) from convenant.events))`,
    );
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}
