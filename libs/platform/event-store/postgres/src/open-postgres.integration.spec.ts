/** Opening a database: what is refused, in which words, and what each role may do once it is open. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { OrganisationDatabase } from './databases.js';
import { assertDurable, NotDurable } from './durability.js';
import { startEmbeddedPostgres } from './embedded.js';
import { testDatabase } from './for-tests/test-database.js';
import type { TestDatabase } from './for-tests/test-database.js';
import { DatabaseFromTheFuture } from './migrate.js';
import { openPostgres } from './open-postgres.js';
import type { OpenedPostgres } from './open-postgres.js';

const sample = (id: string) => ({
  id,
  type: 'SampleNoted',
  version: 1,
  data: {},
  sealed: {},
  meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'test' } as const, cause: id },
});

describe('opening a database', () => {
  let test: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [test, other] = await Promise.all([testDatabase(), testDatabase()]);
  });
  afterAll(async () => {
    await test.drop();
    await other.drop();
  });
  const open = (over: Partial<Parameters<typeof openPostgres>[0]> = {}): Promise<OpenedPostgres> =>
    openPostgres({ database: test.database, organisation: 'test', ...over });
  const names = { settingName: 'SAMPLE_URL', ownerSettingName: 'SAMPLE_OWNER_URL' };
  const openOnce = async (over: Partial<Parameters<typeof openPostgres>[0]> = {}): Promise<void> =>
    (await open(over)).close();
  const as = async (url: string, sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };
  const nameOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

  describe('migrating', () => {
    it('makes the schema once, also when several instances start at the same moment', async () => {
      await Promise.all([openOnce(), openOnce(), openOnce()]);
      await openOnce({ database: { application: test.database.application } });
    });

    it('tells an application without the owner which database lacks what, and with which setting it is migrated', async () => {
      const empty = await testDatabase();
      const { application } = empty.database;
      const opening = openOnce({ database: { application }, ...names });
      await expect(opening).rejects.toThrow(
        `The database at ${new URL(application).host}/${nameOf(application)} is at step 0 of events and needs 2. Set SAMPLE_OWNER_URL for one start, which then migrates.`,
      );
      await expect(opening).rejects.toMatchObject({
        trouble: { code: 'database-not-migrated', setting: 'SAMPLE_OWNER_URL' },
      });
      await empty.drop();
    });

    it('misses the migrations of other parts too', async () => {
      await openOnce();
      const opening = openOnce({
        database: { application: test.database.application },
        migrations: [{ component: 'not-there', steps: ['select 1'] }],
        ...names,
      });
      await expect(opening).rejects.toThrow(/step 0 of not-there and needs 1\. Set SAMPLE_OWNER_URL/);
    });

    it('holds up no writer of the release that runs while a step waits for its lock', async () => {
      // A server of its own: readers of other databases would wait for the transactions that stay open here.
      const folder = await mkdtemp(join(tmpdir(), 'convenant-locking-'));
      const server = await startEmbeddedPostgres({ dataFolder: folder, organisations: ['locking'] });
      try {
        const database = server.databases['locking'] as OrganisationDatabase;
        const running = await open({ database });
        const reader = await running.pool.connect();
        await reader.query('begin; select from convenant.events limit 1');
        const migrating = openOnce({
          database,
          migrations: [{ component: 'locking', steps: ['lock table convenant.events in access exclusive mode'] }],
        });
        const waiting = (): Promise<pg.QueryResult> =>
          as(server.admin, `select from pg_locks where mode = 'AccessExclusiveLock' and not granted`);
        while ((await waiting()).rowCount === 0) await pause(10);
        // Behind the one that waits. Without a limit on that it would be refused, as the transaction above stays open.
        await expect(running.events.append('beside', 0, [sample('beside-1')])).resolves.toMatchObject({ version: 1 });
        await reader.query('commit');
        reader.release();
        await migrating;
        await running.close();
      } finally {
        await server.stop();
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    it('applies the migrations of other parts after its own, as the owner', async () => {
      const migrations = [
        {
          component: 'sample',
          steps: ['create table convenant.sample (a int); grant select on convenant.sample to {{application}}'],
        },
      ];
      const opened = await open({ migrations });
      expect((await opened.pool.query('select count(*)::int as count from convenant.sample')).rows).toEqual([
        { count: 0 },
      ]);
      await opened.close();
      await openOnce({ migrations });
    });

    it('leaves nothing of a step that fails, and says where', async () => {
      const migrations = [
        {
          component: 'broken',
          steps: ['create table convenant.broken (a int)', 'create table convenant.half (a int); select 1/0'],
        },
      ];
      await expect(openOnce({ migrations })).rejects.toThrow(/code 22012/);
      const { rows } = await as(
        test.database.owner,
        `select to_regclass('convenant.half') as half, to_regclass('convenant.broken')::text as broken`,
      );
      expect(rows).toEqual([{ half: null, broken: 'convenant.broken' }]);
    });

    it('refuses a database from the future, as owner and as application', async () => {
      await openOnce();
      await as(test.database.owner, `insert into convenant.migrations (component, step) values ('views', 99)`);
      await expect(openOnce()).rejects.toThrow(DatabaseFromTheFuture);
      const asApplication = openOnce({ database: { application: test.database.application }, ...names });
      await expect(asApplication).rejects.toThrow(
        /^The database at 127\.0\.0\.1:\d+\/\S+ is at step 99 of views; this release knows 3\. .*check SAMPLE_URL if/,
      );
      await expect(asApplication).rejects.toMatchObject({ trouble: { code: 'database-from-the-future' } });
      await as(test.database.owner, `delete from convenant.migrations where step = 99`);
    });
  });

  describe('durability', () => {
    it('refuses a server that acknowledges before it is on disk, and names the setting', async () => {
      for (const scope of [
        `database "${nameOf(test.database.application)}"`,
        `role "${new URL(test.database.application).username}"`,
      ]) {
        await as(test.admin, `alter ${scope} set synchronous_commit = off`);
        const error: unknown = await openOnce().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(NotDurable);
        expect((error as Error).message).toMatch(/synchronous_commit = off.*Set synchronous_commit = on/);
        await as(test.admin, `alter ${scope} reset synchronous_commit`);
      }
      await openOnce();
    });

    it('refuses a server that never waits for its disk, and names the setting', async () => {
      for (const setting of ['fsync', 'full_page_writes']) {
        const server = {
          query: (_sql: string, [asked]: [string]) =>
            Promise.resolve({ rows: [{ value: asked === setting ? 'off' : 'on' }] }),
        };
        await expect(assertDurable(server as never)).rejects.toThrow(`Set ${setting} = on`);
      }
    });
  });

  describe('rights', () => {
    it('lets the application append and read, and neither change nor remove an event', async () => {
      const opened = await open();
      await opened.events.append('rights', 0, [sample('rights-1')]);
      for (const sql of [
        `update convenant.events set data = '{}'`,
        'delete from convenant.events',
        'truncate convenant.events',
        'insert into convenant.events (epoch) values (1)',
        'update convenant.log_state set epoch = 9',
        'delete from convenant.migrations',
        'create table convenant.own (a int)',
        'create table public.own (a int)',
        'create schema own',
        'alter table convenant.events disable trigger all',
        `set session authorization "${new URL(test.database.owner).username}"`,
      ])
        await expect(opened.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
      expect(await opened.events.read('rights')).toHaveLength(1);
      await opened.close();
    });

    it("does not let one organisation's roles connect to another's database", async () => {
      for (const role of [other.database.application, other.database.owner]) {
        const url = new URL(role);
        url.pathname = new URL(test.database.application).pathname;
        await expect(openOnce({ database: { application: url.href } })).rejects.toThrow(/lacks a right/);
      }
    });
  });

  describe('failures', () => {
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(test.database.application);
      change(url);
      return url.href;
    };
    const messageOf = async (application: string): Promise<string> => {
      const error: unknown = await openOnce({ database: { application }, settingName: 'SAMPLE_URL' }).catch(
        (reason: unknown) => reason,
      );
      return error instanceof Error ? error.message + JSON.stringify(error) : 'opened';
    };

    it('says what is wrong with the connection and which setting to check, without the password', async () => {
      const secret = 'very-secret-word';
      const cases: [string, RegExp][] = [
        [changed((url) => (url.password = secret)), /user name or password is wrong/],
        [changed((url) => ((url.username = 'nobody-here'), (url.password = secret))), /user name or password is wrong/],
        [changed((url) => ((url.port = '1'), (url.password = secret))), /127\.0\.0\.1:1\/.*nothing answers there/],
        [changed((url) => ((url.hostname = 'no-such-host.invalid'), (url.password = secret))), /host/],
        [`not a url with ${secret}`, /must be a URL/],
        [`https://user:${secret}@host/database`, /must be a URL/],
        [changed((url) => ((url.username = '%E0%A4%A'), (url.password = secret))), /must be a URL/],
      ];
      for (const [url, expected] of cases) {
        const message = await messageOf(url);
        expect(message).toMatch(expected);
        expect(message).toMatch(/SAMPLE_URL/);
        expect(message).not.toContain(secret);
      }
      expect(await messageOf(changed((url) => (url.pathname = '/no-such-database')))).toMatch(
        /no database of this name.*database-missing/,
      );
      const role = new URL(test.database.application).username;
      await as(test.admin, `alter role "${role}" connection limit 0`);
      expect(await messageOf(test.database.application)).toMatch(/no connection left.*database-out-of-connections/);
      await as(test.admin, `alter role "${role}" connection limit -1`);
    });

    it('blames the setting of the owner where that is wrong, and not the one of the application', async () => {
      const secret = 'very-secret-word';
      const ownerOf = (change: (url: URL) => void): string => {
        const url = new URL(test.database.owner);
        change(url);
        return url.href;
      };
      const cases: [string, RegExp][] = [
        [ownerOf((url) => (url.password = secret)), /user name or password is wrong/],
        [ownerOf((url) => ((url.port = '1'), (url.password = secret))), /127\.0\.0\.1:1\/.*nothing answers there/],
        [`not a url with ${secret}`, /must be a URL/],
        [ownerOf((url) => (url.search = 'sslmode=verify-full')), /does not speak TLS/],
      ];
      for (const [owner, expected] of cases) {
        const error: unknown = await openOnce({ database: { ...test.database, owner }, ...names }).catch(
          (reason: unknown) => reason,
        );
        const message = error instanceof Error ? error.message + JSON.stringify(error) : 'opened';
        expect(message).toMatch(expected);
        expect(message).toContain('SAMPLE_OWNER_URL');
        expect(message).not.toMatch(/very-secret-word|SAMPLE_URL/);
      }
    });

    it('does not quote rows or values when a statement fails', async () => {
      const opened = await open();
      const indexes = { client: 'c'.repeat(3000) + Array.from({ length: 3000 }, (_, index) => index * 7919).join('') };
      const saving = opened.views.save({ name: 'wide', version: 1 }, undefined, '1' as never, [
        { kind: 'put', key: 'k', row: {}, indexes, sort: '' },
      ]);
      const error: unknown = await saving.catch((reason: unknown) => reason);
      expect(JSON.stringify({ ...(error as object), message: (error as Error).message })).not.toContain('ccc');
      await opened.close();
    });

    it('goes on after every connection was cut', async () => {
      const opened = await open();
      await opened.events.append('cut', 0, [sample('cut-1')]);
      await as(
        test.admin,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(test.database.application)}'`,
      );
      await untilCut(opened);
      await opened.events.append('cut', 1, [sample('cut-2')]);
      expect(await opened.events.read('cut')).toHaveLength(2);
      await opened.close();
    });

    it('says that rows of views may be forgotten before anything is answered over a new connection', async () => {
      const opened = await open({ poolSize: 1 });
      const heard: string[] = [];
      const stop = opened.views.onPerhapsForgotten(() => heard.push('perhaps forgotten'));
      const ask = (): Promise<unknown> =>
        opened.views.position({ name: 'none', version: 1 }).then(() => heard.push('answered'));
      await ask();
      await as(
        test.admin,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(test.database.application)}'`,
      );
      await untilCut(opened);
      await ask();
      await ask();
      expect(heard).toEqual(['answered', 'perhaps forgotten', 'answered', 'answered']);
      stop();
      await opened.close();
    });

    it('ends a write transaction that somebody left open on the shared pool', async () => {
      const opened = await open();
      const { rows } = await opened.pool.query<{ value: string }>(
        `select current_setting('idle_in_transaction_session_timeout') as value`,
      );
      expect(rows).toEqual([{ value: '10s' }]);
      await opened.close();
    });

    it('answers what is under way before it closes, and nothing afterwards', async () => {
      const opened = await open();
      const last = opened.events.append('closing', 0, [sample('closing-1')]);
      await opened.close();
      await expect(last).resolves.toMatchObject({ version: 1 });
      await expect(opened.events.append('closing', 1, [sample('closing-2')])).rejects.toThrow(/closed/);
      await opened.close();
    });
  });
});

/** Until it knows that nothing is left of any of its connections. */
async function untilCut({ pool }: OpenedPostgres): Promise<void> {
  while (pool.totalCount > 0) await pause(10);
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
