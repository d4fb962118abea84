/** An organisation whose events are in KurrentDB (here a double) and everything else in its database: works, stops, and goes on where it was. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKurrentEvents } from '@convenant/event-store-kurrent';
import { testDatabase, type TestDatabase } from '@convenant/event-store-postgres';
import { DirectTransport } from '@convenant/exchange-direct';
import { launchOrganisation } from '@convenant/launch';
import { uwvService } from '@convenant/uwv-service';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { KurrentDouble } from '../../libs/platform/event-store/kurrent/src/for-tests/kurrentdb-double.js';

let folder: string;
let test: TestDatabase;
let double: KurrentDouble;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-event-log-'));
  test = await testDatabase();
  double = await KurrentDouble.start();
});
afterAll(async () => {
  double.stop();
  await test.drop();
  await rm(folder, { recursive: true, force: true });
});

/** One run of the process: registers one client, waits until she is in the views, and says what the database holds. */
async function run(requestId: string): Promise<{ events: number; rows: number; read: readonly string[] }> {
  const events = await openKurrentEvents({ address: double.address });
  const uwv = await launchOrganisation(uwvService, {
    organisation: { id: 'uwv', kind: 'uwv' },
    folder,
    database: test.database,
    openEvents: async () => events,
    host: '127.0.0.1',
    port: 0,
    tokens: { verify: async () => ({ refused: 'forged' }) },
    gatewaySecret: new Uint8Array(32),
    transport: new DirectTransport(),
    operatorLog: { note: () => undefined },
  });
  const rows = await count('view_rows');
  try {
    const { refused } = await uwv.service.execute(
      'registerClient',
      { requestId, initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' },
      {
        session: {
          organisation: 'uwv',
          person: 'somebody-at-uwv',
          role: 'labourExpert',
          tokenExpiresAt: '2099-01-01T00:00:00.000Z',
        },
        trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      },
    );
    expect(refused).toBeUndefined();
    const shown = await untilMoreRowsThan(rows);
    const read = (await events.readAll(undefined, 1_000)).map(({ type }) => type);
    return { events: await count('events'), rows: shown, read };
  } finally {
    await uwv.stop();
  }
}

it('keeps its events there and nothing of them in the database, and its views follow them over a restart', async () => {
  const first = await run('7b0a4a50-6c1e-4f7a-8b3c-0123456789ab');
  expect(first.read.length).toBeGreaterThan(0);
  expect(first).toMatchObject({ events: 0 });
  const again = await run('7b0a4a50-6c1e-4f7a-8b3c-0123456789ac');
  expect(again.read.slice(0, first.read.length)).toEqual(first.read);
  expect(again.read.length).toBeGreaterThan(first.read.length);
  expect(again.rows).toBeGreaterThan(first.rows);
  expect(again.events).toBe(0);
});

it('is waited for at the start, as the database is, and operators hear of it', async () => {
  double.stop();
  const notes: unknown[] = [];
  const starting = launchOrganisation(uwvService, {
    organisation: { id: 'uwv', kind: 'uwv' },
    folder,
    database: test.database,
    openEvents: () => openKurrentEvents({ address: double.address, attempts: 1 }),
    databasePatienceMs: 60_000,
    host: '127.0.0.1',
    port: 0,
    tokens: { verify: async () => ({ refused: 'forged' }) },
    gatewaySecret: new Uint8Array(32),
    transport: new DirectTransport(),
    operatorLog: { note: (_level, code, facts) => void notes.push({ code, ...facts }) },
  });
  while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(notes[0]).toMatchObject({
    code: 'start-waits',
    trouble: 'event-log-unreachable',
    setting: 'ORGANISATION_EVENT_LOG',
    attempt: 1,
  });
  double = await KurrentDouble.start({ log: double.log }, double.port);
  await (await starting).stop();
  expect(notes).toContainEqual({ code: 'start-goes-on', attempts: expect.any(Number) });
});

async function untilMoreRowsThan(before: number): Promise<number> {
  for (let waits = 0; waits < 500; waits++) {
    const rows = await count('view_rows');
    if (rows > before) return rows;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The views did not follow the log.');
}
const count = async (table: 'events' | 'view_rows'): Promise<number> =>
  (await ask(`select 1 from convenant.${table}`)).length;

async function ask(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: test.database.owner });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
