/** What one message costs the bookkeeping of door and inbox in PostgreSQL, however many went before it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPostgres } from './open-postgres.js';
import { testDatabase } from './for-tests/test-database.js';
import type { TestDatabase } from './for-tests/test-database.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

it('looks at no more of what ever left than what a message concerns, by plans that were made while there was nothing', async () => {
  const { ledger, pool, close } = await openPostgres({
    database: test.database,
    organisation: 'test',
    poolSize: 1,
  });
  const rowsRead = async (...tables: string[]): Promise<number> => {
    await pool.query('select pg_stat_force_next_flush()');
    const { rows } = await pool.query<{ read: number }>(
      `select (select sum(seq_tup_read) from pg_stat_user_tables where relname = any ($1))::int
         + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = any ($1))::int as read`,
      [tables],
    );
    return rows[0]?.read ?? 0;
  };
  const pass = async (client: number, number: number): Promise<void> => {
    const [lane, messageId, recipient] = [`uwv/${client}`, `message-${client}-${number}`, 'uwv'];
    await ledger.enqueue({ lane, messageId, recipient, stream: `client-${client}`, streamVersion: number, index: 0 });
    expect(await ledger.waiting(lane, 10)).toHaveLength(1);
    await ledger.markHandedOver(messageId);
    expect(await ledger.noteReceipt(lane, number, recipient)).toBe(0);
  };
  const clients = Array.from({ length: 2_000 }, (_, client) => client);
  for (const client of clients.slice(0, 10)) await pass(client, 1);
  await Promise.all(clients.slice(10).map((client) => pass(client, 1)));
  for (const number of [2, 3]) {
    if (number === 3) await test.gatherStatistics('lanes', 'outbox');
    const before = await rowsRead('lanes', 'outbox');
    for (const client of clients.slice(0, 50)) await pass(client, number);
    // Going through the tables once for each would read a thousand rows for one message.
    expect(((await rowsRead('lanes', 'outbox')) - before) / 50).toBeLessThan(50);
    // Which lanes wait is asked again and again, and a client has a lane for each partner. Who looks first clears away what waited before.
    await ledger.waitingLanes();
    const lane = `uwv/alone-${number}`;
    await ledger.enqueue({ lane, messageId: lane, recipient: 'uwv', stream: 's', streamVersion: 1, index: 0 });
    const beforeLooking = await rowsRead('lanes', 'outbox');
    expect(await ledger.waitingLanes()).toMatchObject([{ lane, waiting: 1 }]);
    expect((await rowsRead('lanes', 'outbox')) - beforeLooking).toBeLessThan(50);
    await ledger.noteReceipt(lane, 1, 'uwv');
  }
  await close();
});
