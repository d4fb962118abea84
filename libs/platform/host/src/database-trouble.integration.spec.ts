/** What operators read while PostgreSQL is in trouble under a running service: which trouble, which setting, and nothing that the server said. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  openPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type OpenedPostgres,
  type OrganisationDatabase,
} from '@convenant/event-store-postgres';
import { noCheckpoints, type NewEvent } from '@convenant/kernel';
import pg from 'pg';
import { createLogReader, type LogReader } from './log-reader.js';

/** Between the service and its database; closed, nothing answers there. */
class Way {
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(private readonly to: URL) {}

  async open(): Promise<void> {
    const server = createServer((from) => {
      const there = connect(Number(this.to.port), this.to.hostname);
      for (const [socket, other] of [
        [from, there],
        [there, from],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy()).on('close', () => other.destroy());
        socket.pipe(other);
      }
    });
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server?.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }
}

/** Its own: a transaction that is open in another database of the same server holds readers back. */
let server: EmbeddedPostgres;
let folder: string;
let test: { readonly admin: string; readonly database: OrganisationDatabase };
let way: Way;
let opened: OpenedPostgres;
let reader: LogReader;
let notes: { code: string; facts?: Readonly<Record<string, string | number>> }[] = [];
let number = 0;
const role = (): string => new URL(test.database.application).username;

const event = (): NewEvent => ({
  id: `event-${++number}`,
  type: 'Happened',
  version: 1,
  data: { note: 'geheim' },
  sealed: {},
  meta: { at: '2026-10-05T09:00:00.000Z', actor: { kind: 'system', process: 'spec' }, cause: 'spec' },
});
const as = async (url: string, sql: string): Promise<pg.QueryResult> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
};
const cutOff = (): Promise<unknown> =>
  as(test.admin, `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role()}'`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-trouble-'));
  server = await startEmbeddedPostgres({ dataFolder: folder, organisations: ['test'] });
  if (!server.databases['test']) throw new Error('The database was not made.');
  test = { admin: server.admin, database: server.databases['test'] };
  way = new Way(new URL(test.database.application));
  await way.open();
  await openPostgres({ database: test.database, organisation: 'test' }).then(({ close }) => close());
  const through = new URL(test.database.application);
  through.port = String(way.port);
  opened = await openPostgres({
    database: { application: through.href },
    organisation: 'test',
    settingName: 'ORGANISATION_DATABASE_URL',
  });
  reader = createLogReader(
    'reaction:answer',
    // As a reaction does: what it reads makes it append, once for each event.
    async (events) => {
      for (const { id } of events.filter(({ stream }) => stream === 'asked'))
        await opened.events.append(`answer to ${id}`, 0, [{ ...event(), id: `answer to ${id}` }]);
    },
    {
      store: opened.events,
      ledger: opened.ledger,
      checkpoints: noCheckpoints,
      operatorLog: { note: (_level, code, facts) => void notes.push({ code, ...(facts ? { facts } : {}) }) },
    },
  );
});
afterAll(async () => {
  await opened?.close();
  await way?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});
beforeEach(async () => {
  notes = [];
  const before = await opened.events.read('asked');
  await opened.events.append('asked', before.length, [event()]);
});

const standsStill = (trouble: string, setting: string, reason: string) => ({
  code: 'reader-stands-still',
  facts: { reader: 'reaction:answer', error: 'PostgresFailure', trouble, setting, reason },
});
async function expectNotesOf(expected: ReturnType<typeof standsStill>, mend: () => Promise<unknown>): Promise<void> {
  // Tried again, it is the same trouble, and said once.
  await reader.advance();
  expect(notes).toEqual([expected]);
  expect(JSON.stringify(notes)).not.toMatch(/geheim|postgres:|127\.0\.0\.1/);
  await mend();
  await reader.advance();
  expect(notes.slice(1)).toEqual([{ code: 'reader-goes-on', facts: { reader: 'reaction:answer' } }]);
  const [last] = (await opened.events.read('asked')).slice(-1);
  expect(await opened.events.read(`answer to ${last?.id}`)).toHaveLength(1);
}

describe('a reader of the log', () => {
  it('says that nothing answers where the database should be', async () => {
    await way.close();
    await reader.advance();
    // The first to notice may have been in the middle of it.
    notes = notes.filter(({ facts }) => facts?.['reason'] !== 'ECONNRESET');
    if (notes.length === 0) await reader.advance();
    await expectNotesOf(standsStill('database-unreachable', 'ORGANISATION_DATABASE_URL', 'ECONNREFUSED'), () =>
      way.open(),
    );
  });

  it('says that the password is no longer the right one', async () => {
    const password = new URL(test.database.application).password;
    await as(test.admin, `alter role "${role()}" password 'geheim-another'`);
    await cutOff();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await reader.advance();
    // The first to notice may have been in the middle of it.
    notes = notes.filter(({ facts }) => facts?.['trouble'] !== 'database-unreachable');
    if (notes.length === 0) await reader.advance();
    await expectNotesOf(standsStill('database-refuses-credentials', 'ORGANISATION_DATABASE_URL', '28P01'), () =>
      as(test.admin, `alter role "${role()}" password '${password}'`),
    );
  });

  it('says that the disk of the server is full', async () => {
    await as(
      test.database.owner,
      `create function convenant.full() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file "geheim": No space left on device' using errcode = '53100'; end $$;
       grant execute on function convenant.full() to public;
       create trigger full_disk before insert on convenant.events for each row execute function convenant.full()`,
    );
    await reader.advance();
    await expectNotesOf(
      standsStill('database-full', 'data_directory of the server in ORGANISATION_DATABASE_URL', '53100'),
      () => as(test.database.owner, 'drop trigger full_disk on convenant.events; drop function convenant.full()'),
    );
  });

  it('says that the server is too slow, and waits for no statement for ever', async () => {
    const owner = new pg.Client({ connectionString: test.database.owner });
    await owner.connect();
    await owner.query('begin; lock table convenant.events in access exclusive mode');
    /** As the limit on a statement does it, without the half minute. */
    const stopStatement = async (): Promise<void> => {
      for (let stopped = false; !stopped;) {
        const { rowCount } = await as(
          test.admin,
          `select pg_cancel_backend(pid) from pg_stat_activity where usename = '${role()}' and wait_event_type = 'Lock'`,
        );
        stopped = rowCount === 1;
      }
    };
    await Promise.all([reader.advance(), stopStatement()]);
    const again = stopStatement();
    await expectNotesOf(
      standsStill('database-slow', 'load and locks of the server in ORGANISATION_DATABASE_URL', '57014'),
      async () => {
        await again;
        await owner.query('commit');
        await owner.end();
      },
    );
  });
});
