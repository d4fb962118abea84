/** The stores in PostgreSQL keep the same promises as those in memory, and those that only a database with transactions can break. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  eventStoreContract,
  exchangeLedgerContract,
  sampleEvents,
  viewStoreContract,
} from '@convenant/event-store-contract';
import type { ForcedInterleavings, OpenedEventStore, OpenTransaction } from '@convenant/event-store-contract';
import { RememberingStore } from '@convenant/kernel';
import pg from 'pg';
import { openPostgres } from './open-postgres.js';
import type { OpenedPostgres } from './open-postgres.js';
import { restoreElsewhere } from './for-tests/restored-database.js';
import { testDatabase } from './for-tests/test-database.js';
import type { TestDatabase } from './for-tests/test-database.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
  // So that the server to which the log is copied has lower transaction ids than any event here.
  await asOwner('do $$ begin for i in 1..1000 loop perform pg_current_xact_id(); commit; end loop; end $$');
});
afterAll(() => test.drop());

async function openEmpty(): Promise<OpenedPostgres> {
  const opened = await openPostgres({ database: test.database, organisation: 'test' });
  await asOwner(
    'truncate convenant.events, convenant.views, convenant.view_rows, convenant.view_index, convenant.lanes, convenant.outbox, convenant.received_lanes, convenant.parked, convenant.checkpoints',
  );
  return opened;
}
const openAnother = (): Promise<OpenedPostgres> => openPostgres({ database: test.database, organisation: 'test' });

async function openTwice<T extends object>(
  part: (opened: OpenedPostgres) => T,
): Promise<{ one: T; another: () => Promise<T>; close: () => Promise<void> }> {
  const all = [await openEmpty()];
  return {
    one: part(all[0] as OpenedPostgres),
    another: async () => {
      const second = await openAnother();
      all.push(second);
      return part(second);
    },
    close: async () => {
      for (const { close } of all) await close();
    },
  };
}

eventStoreContract(
  'the event store in PostgreSQL',
  async (): Promise<OpenedEventStore> => {
    const { one: store, another, close } = await openTwice(({ events }) => events);
    return { store, another, forced, close };
  },
  { transactions: true },
);
eventStoreContract(
  'the event store in PostgreSQL, remembered as a service does,',
  async (): Promise<OpenedEventStore> => {
    const { one: store, another, close } = await openTwice(({ events }) => new RememberingStore(events));
    return { store, another, forced, close };
  },
  { transactions: true },
);
viewStoreContract('the view store in PostgreSQL', async () => {
  const { one: store, ...rest } = await openTwice(({ views }) => views);
  return { store, ...rest };
});
exchangeLedgerContract('the exchange ledger in PostgreSQL', async () => {
  const { one: ledger, ...rest } = await openTwice((opened) => opened.ledger);
  return { ledger, ...rest };
});

it('peer 13: orders the whole log as each stream, also when an append had to wait for its stream', async () => {
  const { events, close } = await openEmpty();
  const first = await beginOn(test.database.application, `select pg_advisory_xact_lock(7301, hashtext('s'))`);
  const second = events.append('s', 1, sampleEvents('second'));
  await untilSomebodyWaits();
  await first.append('s', 0, sampleEvents('first'));
  await first.commit();
  await second;
  let log = await events.readAll(undefined, 10);
  while (log.length < 2) log = await events.readAll(undefined, 10);
  expect(log.map(({ id }) => id)).toEqual(['first', 'second']);
  await close();
});

const forced: ForcedInterleavings = {
  begin: () => beginOn(test.database.application),
  beginElsewhere: () => beginOn(test.admin),
  restoreElsewhere: () => restoreElsewhere(test.database.owner),
};

/** The transaction id is drawn at once, the number of an event when it is appended. */
async function beginOn(url: string, first = 'select pg_current_xact_id()'): Promise<OpenTransaction> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(first);
  const end = async (how: string): Promise<void> => {
    await client.query(how);
    await client.end();
  };
  return {
    append: async (stream, expectedVersion, events) => {
      await client.query('select * from convenant.append($1, $2, $3, $4, $5, $6, $7::json[], $8::json[], $9::json[])', [
        [stream],
        [expectedVersion],
        [events.length],
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ version }) => version),
        events.map(({ data }) => JSON.stringify(data)),
        events.map(({ sealed }) => JSON.stringify(sealed)),
        events.map(({ meta }) => JSON.stringify(meta)),
      ]);
    },
    commit: () => end('commit'),
    rollback: () => end('rollback'),
  };
}

async function untilSomebodyWaits(): Promise<void> {
  const client = new pg.Client({ connectionString: test.admin });
  await client.connect();
  while (!(await client.query('select from pg_locks where not granted')).rowCount) continue;
  await client.end();
}

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: test.database.owner });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
