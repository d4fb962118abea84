/** Appending: the event store with 1, 16 and 64 writers, beside the same server driven by pgbench. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import type { NewEvent } from '@convenant/kernel';
import pg from 'pg';
import type { Benchmark, Run } from './benchmark.js';
import { figure, median, type Figure } from './figures.js';
import { ratePerSecond } from './measuring.js';
import { findPgbench, howToGetPgbench, transactionsPerSecond } from './pgbench.js';

const writers = [1, 16, 64];
/** One for each client of pgbench, and some for the event store and for administration. */
const connections = Math.max(...writers) + 24;

export const append: Benchmark = {
  name: 'append',
  about:
    'Events of about 500 bytes, each to a fresh stream at expected version 0, on a durable server (fsync on). Beside it pgbench with as many clients, prepared statements and one append or one row per transaction: through the same function of the database, and bare inserts into a table with the same columns and keys. Three rounds, one kind after the other in each; medians. The event store lets appends that wait go together, which pgbench does not.',
  async measure(run) {
    const pgbench = await findPgbench();
    if (!pgbench) {
      for (const count of writers) run.notMeasured(`append with ${count} writers`, howToGetPgbench);
      return [];
    }
    const postgres = await run.postgres({ connections });
    const { bench: database } = await run.databases(postgres, ['bench']);
    if (!database) throw new Error('The database was not made.');
    const { events, close } = await openPostgres({ database, organisation: 'bench' });
    run.onStop(close);
    await makePlainTable(database);
    const scripts = await writeScripts(run);

    const rounds = run.quick ? 1 : 3;
    const seconds = run.quick ? 1 : 3;
    const figures: Figure[] = [];
    for (const [index, count] of writers.entries()) {
      const ours: number[] = [];
      const throughFunction: number[] = [];
      const bare: number[] = [];
      const server = { pgbench, url: database.application, clients: count, seconds, signal: run.signal };
      for (let round = 0; round < rounds; round++) {
        run.progress(`${count} writers`, index * rounds + round, writers.length * rounds);
        ours.push(
          await ratePerSecond(
            count,
            seconds * 1000,
            () => events.append(randomUUID(), 0, [{ ...eventOf500Bytes, id: randomUUID() }]),
            run.signal,
          ),
        );
        throughFunction.push(await transactionsPerSecond({ ...server, scriptFile: scripts.append }));
        bare.push(await transactionsPerSecond({ ...server, scriptFile: scripts.insert }));
      }
      const measured = { name: `append, ${words(count, 'writer')}`, value: median(ours), unit: 'per second' };
      const by = `by ${words(count, 'client')} of pgbench`;
      figures.push(
        figure(
          { ...measured, base: `the same function ${by}`, baseValue: median(throughFunction) },
          count === 16 ? { ratioAtLeast: 0.6 } : undefined,
        ),
        figure({ ...measured, base: `bare inserts ${by}`, baseValue: median(bare) }),
      );
    }
    return figures;
  },
};

const words = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** No colon before a letter or digit anywhere: pgbench takes that for one of its variables. */
const eventOf500Bytes: Omit<NewEvent, 'id'> = {
  type: 'BenchmarkRecorded',
  version: 1,
  data: { clientId: 'c'.repeat(36), recordedBy: 'p'.repeat(36), on: '2026-01-01', kind: 'in-person', minutes: '45' },
  sealed: { note: 's'.repeat(140) },
  meta: {
    at: '2026-01-01',
    actor: { kind: 'person', person: 'p'.repeat(36), role: 'employmentSpecialist' },
    cause: 'r'.repeat(36),
    client: 'c'.repeat(36),
  },
};

async function makePlainTable({ owner, application }: OrganisationDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    const role = client.escapeIdentifier(decodeURIComponent(new URL(application).username));
    await client.query(`
      create schema bench;
      create table bench.plain (
        seq bigint generated always as identity primary key,
        stream text collate "C" not null,
        version int not null,
        id text collate "C" not null unique,
        type text collate "C" not null,
        type_version int not null,
        data json not null,
        sealed json not null,
        meta json not null,
        unique (stream, version)
      );
      grant usage on schema bench to ${role};
      grant insert on bench.plain to ${role};`);
  } finally {
    await client.end();
  }
}

async function writeScripts(run: Run): Promise<{ readonly append: string; readonly insert: string }> {
  const folder = await run.folder();
  const { type, version, data, sealed, meta } = eventOf500Bytes;
  const json = [data, sealed, meta].map((part) => `'${JSON.stringify(part)}'::json`);
  const scripts = { append: join(folder, 'append.sql'), insert: join(folder, 'insert.sql') };
  const id = 'gen_random_uuid()::text';
  await writeFile(
    scripts.append,
    `select * from convenant.append(array[${id}], array[0], array[1], array[${id}], array['${type}'], array[${version}], ${json.map((part) => `array[${part}]`).join(', ')});\n`,
  );
  await writeFile(
    scripts.insert,
    `insert into bench.plain (stream, version, id, type, type_version, data, sealed, meta) values (${id}, 1, ${id}, '${type}', ${version}, ${json.join(', ')});\n`,
  );
  return scripts;
}
