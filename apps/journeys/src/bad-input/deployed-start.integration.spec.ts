/**
 * What a deployed service does when it cannot start: it names the setting to mend, without its value, and ends with exit code 1; for a database
 * that is away it waits.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type OrganisationDatabase,
} from '@convenant/event-store-postgres';
import pg from 'pg';

jest.setTimeout(180_000);

interface Started {
  readonly child: ChildProcess;
  /** Standard output and error together. */
  said(): string;
  /** Rejects with what was said when it takes a minute. */
  until(expected: RegExp): Promise<RegExpMatchArray>;
  /** The exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

let folder: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-deployed-start-'));
  // The database's own user must be able to pass through, or its data would stand elsewhere and stay there.
  await chmod(folder, 0o711);
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** With everything else as it should be; nobody is asked for the keys of the issuer before somebody signs in. */
function begin(settings: Readonly<Record<string, string>>, app = 'uwv'): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, `../../../${app}/dist/main.js`)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ORGANISATION_ID: 'uwv',
      ORGANISATION_PORT: '0',
      ORGANISATION_FOLDER: join(folder, 'uwv'),
      ORGANISATION_ISSUER: 'https://login.uwv.example',
      ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
      ...settings,
    },
  });
  running.add(child);
  let said = '';
  let heard = (): void => undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString();
      heard();
    });
  const ended = new Promise<number | null>((done) =>
    child.once('close', (code) => (running.delete(child), done(code))),
  );
  return {
    child,
    said: () => said,
    until: (expected) =>
      new Promise((resolve, reject) => {
        const tooLong = setTimeout(() => reject(new Error(`It did not say ${expected} but: ${said}`)), 60_000);
        heard = () => {
          const found = expected.exec(said);
          if (!found) return;
          clearTimeout(tooLong);
          resolve(found);
        };
        heard();
      }),
    ended,
  };
}
async function start(
  settings: Readonly<Record<string, string>>,
  app?: string,
): Promise<{ code: number | null; said: string }> {
  const { child, said, ended } = begin(settings, app);
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await ended;
  clearTimeout(tooLong);
  return { code, said: said() };
}
const notesIn = (said: string): Record<string, unknown>[] =>
  said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a deployed service whose database is away', () => {
  let server: EmbeddedPostgres;
  const stopServer = (): Promise<void> => server.stop();
  let port: number;
  const startServer = async (): Promise<OrganisationDatabase> => {
    server = await startEmbeddedPostgres({ dataFolder: join(folder, 'late'), organisations: ['uwv'], port });
    return server.databases['uwv'] as OrganisationDatabase;
  };
  beforeAll(async () => {
    port = await freePort();
  });
  afterAll(() => stopServer().catch(() => undefined));

  it('says so at every attempt and to whoever asks for its health, and comes up by itself once it is there', async () => {
    const { application, owner } = await startServer();
    await stopServer();
    const metricsPort = await freePort();
    const service = begin({
      ORGANISATION_DATABASE_URL: application,
      ORGANISATION_DATABASE_OWNER_URL: owner,
      ORGANISATION_METRICS_PORT: String(metricsPort),
    });
    await service.until(/"attempt":3/);
    const notes = notesIn(service.said());
    expect(notes[0]).toMatchObject({
      level: 'warning',
      code: 'start-waits',
      trouble: 'database-unreachable',
      setting: 'ORGANISATION_DATABASE_OWNER_URL',
      reason: 'ECONNREFUSED',
      attempt: 1,
    });
    const see = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${metricsPort}${path}`);
    expect((await see('/health/live')).status).toBe(200);
    const ready = await see('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, codes: ['starting', 'database-unreachable'], told: [] },
    ]);
    expect(await (await see('/metrics')).text()).toContain('convenant_event_log_up 0\n');

    await startServer();
    await service.until(/^uwv: http/m);
    expect(notesIn(service.said()).filter(({ code }) => code === 'start-goes-on')).toHaveLength(1);
    for (const end = Date.now() + 20_000; Date.now() < end && (await see('/health/ready')).status !== 200;)
      await pause();
    expect((await see('/health/ready')).status).toBe(200);
    expect(await (await see('/metrics')).text()).toContain('convenant_event_log_up 1\n');
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    for (const secret of [new URL(application).password, new URL(owner).password])
      expect(service.said()).not.toContain(secret);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops at once when it is asked to while it waits: %s', async (signal) => {
    const service = begin({ ORGANISATION_DATABASE_URL: `postgres://somebody:geheim@127.0.0.1:${await freePort()}/x` });
    // The pause after this one takes four seconds or more.
    const [, pauseMs] = await service.until(/"attempt":5,"pauseMs":(\d+)/);
    const asked = performance.now();
    service.child.kill(signal);
    expect(await service.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(Number(pauseMs));
    expect(service.said()).not.toContain('geheim');
  });

  it('gives up when it has waited for as long as was set, by the setting that it was given and not by that of npm start', async () => {
    const file = join(folder, 'database-url');
    const url = `postgres://somebody:geheim@127.0.0.1:${await freePort()}/postgres`;
    await writeFile(file, `${url}\n`);
    for (const [database, seconds] of [
      [{ ORGANISATION_DATABASE_URL: url }, '0'],
      [{ ORGANISATION_DATABASE_URL_FILE: file }, '1'],
    ] as const) {
      const { code, said } = await start({ ...database, ORGANISATION_DATABASE_WAIT_SECONDS: seconds });
      expect(said).toMatch(
        /^The database at 127\.0\.0\.1:.*nothing answers there.*Check ORGANISATION_DATABASE_URL\.$/m,
      );
      expect(said).not.toMatch(/geheim|CONVENANT_DATABASE_URL|^\s+at /m);
      expect(notesIn(said).length > 0).toBe(seconds !== '0');
      expect(code).toBe(1);
    }
  });
});

describe('a deployed service that cannot start', () => {
  let server: EmbeddedPostgres;
  let database: OrganisationDatabase;
  let fresh: OrganisationDatabase;
  beforeAll(async () => {
    // Databases of two organisations: one that was migrated, and one in which nothing is yet.
    server = await startEmbeddedPostgres({ dataFolder: join(folder, 'server'), organisations: ['uwv', 'fresh'] });
    database = server.databases['uwv'] as OrganisationDatabase;
    fresh = server.databases['fresh'] as OrganisationDatabase;
    const service = begin({
      ORGANISATION_DATABASE_URL: database.application,
      ORGANISATION_DATABASE_OWNER_URL: database.owner,
    });
    await service.until(/^uwv: http/m);
    service.child.kill('SIGTERM');
    await service.ended;
  });
  afterAll(() => server?.stop());

  const withPassword = (url: string, password: string): string => {
    const changed = new URL(url);
    changed.password = password;
    return changed.href;
  };
  const asOwner = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: database.owner });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  /** At once, though it would wait for a database that is away; one sentence, and no value of a setting. */
  async function failsNaming(setting: string, why: RegExp, settings: Readonly<Record<string, string>>): Promise<void> {
    const { code, said } = await start(settings);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toMatch(why);
    expect(said.match(/ORGANISATION_\w+/g)).toEqual([setting]);
    for (const url of [database.application, database.owner, fresh.application])
      expect(said).not.toContain(new URL(url).password);
    expect(said).not.toMatch(/geheim|postgres:\/\//);
    expect(code).toBe(1);
  }

  it('says that the password of the application is wrong', async () => {
    await failsNaming('ORGANISATION_DATABASE_URL', /user name or password is wrong/, {
      ORGANISATION_DATABASE_URL: withPassword(database.application, 'geheim'),
      ORGANISATION_DATABASE_OWNER_URL: database.owner,
    });
  });

  it('says that the password of the owner is wrong, by the setting of the owner', async () => {
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', /user name or password is wrong/, {
      ORGANISATION_DATABASE_URL: database.application,
      ORGANISATION_DATABASE_OWNER_URL: withPassword(database.owner, 'geheim'),
    });
  });

  it.each([
    ['ORGANISATION_PORT', 'ORGANISATION_HOST'],
    ['ORGANISATION_METRICS_PORT', 'ORGANISATION_METRICS_HOST'],
  ])('says that another program has the port, or that the host is not here: %s, %s', async (port, host) => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port: number } = taken.address() as AddressInfo;
    const settings = { ORGANISATION_DATABASE_URL: database.application, [port]: String(number) };
    await failsNaming(port, new RegExp(`^Port ${number} is in use by another program`), settings);
    // An address that is kept for documents (RFC 5737).
    await failsNaming(host, /names no address of this machine/, { ...settings, [host]: '203.0.113.7' });
    taken.close();
  });

  it('says that nobody has migrated the database, and with which setting it does', async () => {
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', /at step 0 of events and needs 2/, {
      ORGANISATION_DATABASE_URL: fresh.application,
    });
  });

  it('says that a later release migrated the database, by the setting of whoever met it', async () => {
    await asOwner(`insert into convenant.migrations (component, step) values ('exchange-ledger', 99)`);
    const future = /at step 99 of exchange-ledger; this release knows \d+\. Install the release that made it/;
    await failsNaming('ORGANISATION_DATABASE_URL', future, { ORGANISATION_DATABASE_URL: database.application });
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', future, {
      ORGANISATION_DATABASE_URL: database.application,
      ORGANISATION_DATABASE_OWNER_URL: database.owner,
    });
    await asOwner('delete from convenant.migrations where step = 99');
  });

  it('says that the access log was never migrated, or migrated by a later release', async () => {
    await asOwner(`update convenant.migrations set step = 99 where component = 'access-log'`);
    await failsNaming('ORGANISATION_DATABASE_URL', /at step 99 of access-log; this release knows 1/, {
      ORGANISATION_DATABASE_URL: database.application,
    });
    await asOwner(`delete from convenant.migrations where component = 'access-log'`);
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', /at step 0 of access-log and needs 1/, {
      ORGANISATION_DATABASE_URL: database.application,
    });
    await asOwner(`insert into convenant.migrations (component, step) values ('access-log', 1)`);
  });

  it('says that the tables of the access log are gone, or belong to the role of the application', async () => {
    await asOwner('alter table convenant.access_record rename to lost');
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', /does not have the tables of the access log/, {
      ORGANISATION_DATABASE_URL: database.application,
    });
    await asOwner('alter table convenant.lost rename to access_record');
    const role = `"${new URL(database.application).username}"`;
    await asOwner(`grant update on convenant.access_record to ${role}`);
    await failsNaming('ORGANISATION_DATABASE_OWNER_URL', /may change the access log/, {
      ORGANISATION_DATABASE_URL: database.application,
    });
    await asOwner(`revoke update on convenant.access_record from ${role}`);
  });

  it('names every secret that it cannot have from a file, once', async () => {
    const file = join(folder, 'gateway-secret');
    await writeFile(file, 'B'.repeat(43));
    const { code, said } = await start({
      ORGANISATION_DATABASE_URL_FILE: join(folder, 'nowhere'),
      ORGANISATION_GATEWAY_SECRET_FILE: file,
    });
    expect(said.split('\n').filter((line) => line.startsWith('  '))).toEqual([
      '  ORGANISATION_DATABASE_URL_FILE: names a file that cannot be read',
      '  ORGANISATION_GATEWAY_SECRET and ORGANISATION_GATEWAY_SECRET_FILE are both there: give one of them',
    ]);
    expect(said).not.toMatch(/AAAA|BBBB|nowhere/);
    expect(code).toBe(1);
  });
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

describe('a deployed gateway that cannot start', () => {
  it.each([
    ['GATEWAY_PORT', 'GATEWAY_HOST'],
    ['GATEWAY_METRICS_PORT', 'GATEWAY_METRICS_HOST'],
  ])('says that another program has the port, or that the host is not here: %s, %s', async (port, host) => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port: number } = taken.address() as AddressInfo;
    const settings = {
      GATEWAY_PORT: '0',
      GATEWAY_ISSUER: 'https://login.uwv.example',
      GATEWAY_ORGANISATION_ID: 'uwv',
      GATEWAY_ORGANISATION_KIND: 'uwv',
      GATEWAY_ORGANISATION_URL: 'http://127.0.0.1:1',
      GATEWAY_ORGANISATION_SECRET: 'A'.repeat(43),
      [port]: String(number),
    };
    for (const [given, setting, why] of [
      [settings, port, `Port ${number} is in use by another program`],
      [{ ...settings, [host]: '203.0.113.7' }, host, 'names no address of this machine'],
    ] as const) {
      const { code, said } = await start(given, 'gateway');
      expect(said.trim().split('\n').at(-1)).toContain(why);
      expect(said).not.toMatch(/^\s+at /m);
      expect(said.match(/GATEWAY_\w+/g)).toEqual([setting]);
      expect(said).not.toMatch(/AAAA/);
      expect(code).toBe(1);
    }
    taken.close();
  });
});
