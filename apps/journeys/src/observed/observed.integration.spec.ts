/** An organisation on real parts, as its operators see it: figures from its database, and whether it lives and is ready. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@convenant/event-store-postgres';
import { DirectTransport } from '@convenant/exchange-direct';
import { failureFacts } from '@convenant/host';
import { launchOrganisation, type LaunchedOrganisation, type OrganisationSettings } from '@convenant/launch';
import { uwvService } from '@convenant/uwv-service';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import pg from 'pg';

const exporter = new InMemorySpanExporter();
let folder: string;
let test: TestDatabase;
let uwv: LaunchedOrganisation;
let troubles: readonly string[] = [];
const notes: string[] = [];
const settings = (): OrganisationSettings => ({
  organisation: { id: 'uwv', kind: 'uwv' },
  folder,
  database: test.database,
  host: '127.0.0.1',
  port: 0,
  tokens: { verify: async () => ({ refused: 'forged' }) },
  gatewaySecret: new Uint8Array(32),
  transport: new DirectTransport(),
  operatorLog: { note: (_level, code) => void notes.push(code) },
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-observed-'));
  test = await testDatabase();
  uwv = await launchOrganisation(uwvService, {
    ...settings(),
    observe: {
      listen: { host: '127.0.0.1', port: 0 },
      spans: new SimpleSpanProcessor({ exporter }),
      exchangeTroubles: () => troubles,
    },
  });
});
afterAll(async () => {
  await uwv.stop().catch(() => undefined);
  await test.drop();
  await rm(folder, { recursive: true, force: true });
});

const see = (path: string): Promise<Response> => fetch(`${uwv.observeUrl}${path}`);
const scrape = async (): Promise<string> => (await see('/metrics')).text();
async function readiness() {
  const response = await see('/health/ready');
  return { status: response.status, ...((await response.json()) as { codes: string[]; told: string[] }) };
}
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: test.database.owner });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

describe('an organisation on real parts', () => {
  it('shows what was asked of it, and in which state its log and its readers are', async () => {
    const { refused } = await uwv.service.execute(
      'registerClient',
      {
        requestId: '7b0a4a50-6c1e-4f7a-8b3c-0123456789ab',
        initials: 'A.B.',
        familyName: 'Testpersoon',
        dateOfBirth: '1990-04-01',
      },
      {
        session: {
          organisation: 'uwv',
          person: 'somebody-at-uwv',
          role: 'labourExpert',
          tokenExpiresAt: '2099-01-01T00:00:00.000Z',
        },
        trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
      },
    );
    expect(refused).toBeUndefined();
    const text = await scrape();
    expect(text).toContain('convenant_commands_total{command="registerClient",outcome="done"} 1\n');
    expect(text).toContain('convenant_operation_seconds_count{operation="registerClient"} 1\n');
    expect(text).toContain('convenant_event_log_up 1\n');
    expect(text).toContain('convenant_reader_failing{reader="door"} 0\n');
    expect(text).toContain('process_resident_memory_bytes ');
    expect(`${text}${JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))}`).not.toMatch(
      /Testpersoon|1990-04-01|somebody-at-uwv/,
    );
    // What is counted about the database was looked up in it, and not left out because of an error.
    expect(text).toContain('# TYPE convenant_lane_waiting gauge');
    expect(await uwv.ports.ledger.waitingLanes()).toEqual([]);
  });

  it('has its metrics on another address than its work', async () => {
    expect((await fetch(`${uwv.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${uwv.url}/health/ready`)).status).toBe(404);
    expect((await see('/graphql')).status).toBe(404);
    const post = await fetch(`${uwv.observeUrl}/metrics`, { method: 'POST' });
    expect([post.status, await post.json()]).toEqual([405, { code: 'only-get' }]);
  });

  it('lives, and is ready; the gateway hears the same', async () => {
    expect(await (await see('/health/live')).json()).toEqual({ live: true });
    expect(await readiness()).toEqual({ status: 200, ready: true, codes: [], told: [] });
    expect(await (await fetch(`${uwv.url}/ready`)).json()).toEqual({ ready: true });
  });

  it('is ready without the broker, and says that it is away', async () => {
    troubles = ['kafka-unreachable', 'kafka-unreachable'];
    expect(await readiness()).toMatchObject({ status: 200, codes: [], told: ['kafka-unreachable'] });
    troubles = [];
  });

  it('is not ready while its tables are not there', async () => {
    await asOwner('alter schema convenant rename to elsewhere');
    try {
      expect(await readiness()).toMatchObject({ status: 503, codes: ['migrations-missing'] });
    } finally {
      await asOwner('alter schema elsewhere rename to convenant');
    }
    expect(await readiness()).toMatchObject({ status: 200 });
  });

  it('answers nothing that it cannot write down, and knows that the disk is full and whose it is', async () => {
    await asOwner(`create function convenant.full() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file "geheim"' using errcode = '53100'; end $$;
      create trigger full_disk before insert on convenant.access_log_link execute function convenant.full()`);
    try {
      const refused: unknown = await uwv.service
        .turnedAway('not-signed-in', {
          trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
        })
        .catch((reason: unknown) => reason);
      expect(failureFacts(refused)).toEqual({
        error: 'AccessLogUnavailable',
        trouble: 'database-full',
        setting: 'data_directory of the server in CONVENANT_DATABASE_URL',
        reason: '53100',
      });
    } finally {
      await asOwner('drop trigger full_disk on convenant.access_log_link; drop function convenant.full()');
    }
  });

  it('listens nowhere when nobody asked for it', async () => {
    const other = await testDatabase();
    const quiet = await launchOrganisation(uwvService, { ...settings(), database: other.database });
    try {
      expect(quiet.observeUrl).toBeUndefined();
    } finally {
      await quiet.stop();
      await other.drop();
    }
  });

  it('lives without its database, and is not ready', async () => {
    await test.drop();
    expect((await see('/health/live')).status).toBe(200);
    expect(await readiness()).toMatchObject({ status: 503, codes: ['event-log-away', 'database-away'], told: [] });
    expect((await fetch(`${uwv.url}/ready`)).status).toBe(503);
    const text = await scrape();
    expect(text).toContain('convenant_event_log_up 0\n');
    // No figure is better than an old one.
    expect(text).not.toMatch(/^convenant_view_lag_seconds\{/m);
  });
});
