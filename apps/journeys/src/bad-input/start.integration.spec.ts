/** What `npm start` says when it cannot: which setting to mend, without its value, and with exit code 1. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@convenant/event-store-postgres';

jest.setTimeout(180_000);

describe('an installation that cannot start', () => {
  let folder: string;
  let server: EmbeddedPostgres;
  let taken: Server;
  let takenPort: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenant-start-'));
    // The database's own user must be able to pass through, or its data would stand elsewhere and stay there.
    await chmod(folder, 0o711);
    server = await startEmbeddedPostgres({ dataFolder: join(folder, 'server'), organisations: [] });
    taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    takenPort = String((taken.address() as AddressInfo).port);
  });
  afterAll(async () => {
    taken?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** With everything else as it should be. */
  async function start(settings: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../../local/dist/main.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        CONVENANT_GATEWAY_PORT: '0',
        CONVENANT_IDENTITY_PORT: '0',
        CONVENANT_ORGANISATION_PORT: '0',
        CONVENANT_DATA: join(folder, 'data'),
        CONVENANT_DATABASE_URL: server.admin,
        ...settings,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    const tooLong = setTimeout(() => child.kill('SIGKILL'), 120_000);
    const code = await new Promise<number | null>((done) => child.once('close', done));
    clearTimeout(tooLong);
    return { code, said };
  }
  const failsNaming = async (
    setting: string,
    settings: Readonly<Record<string, string>>,
    why: RegExp,
  ): Promise<string> => {
    const { code, said } = await start(settings);
    expect(said).toContain(setting);
    expect(said).toMatch(why);
    // A sentence for whoever starts it, not a trace of where in the program it happened.
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    return said;
  };

  it.each(['CONVENANT_GATEWAY_PORT', 'CONVENANT_IDENTITY_PORT', 'CONVENANT_ORGANISATION_PORT'])(
    'says that another program has the port of %s',
    async (setting) => {
      expect(await failsNaming(setting, { [setting]: takenPort }, /in use|taken/)).toContain(takenPort);
    },
  );

  it('says that another program has the port of the embedded database', async () => {
    await failsNaming(
      'CONVENANT_POSTGRES_PORT',
      { CONVENANT_DATABASE_URL: '', CONVENANT_DATA: join(folder, 'embedded'), CONVENANT_POSTGRES_PORT: takenPort },
      /in use|taken/,
    );
  });

  it('says that no database answers', async () => {
    const said = await failsNaming(
      'CONVENANT_DATABASE_URL',
      { CONVENANT_DATABASE_URL: `postgres://somebody:geheim@127.0.0.1:${await freePort()}/postgres` },
      /nothing answers there/,
    );
    expect(said).not.toContain('geheim');
  });

  it('says that the host of the database is not known', async () => {
    await failsNaming(
      'CONVENANT_DATABASE_URL',
      { CONVENANT_DATABASE_URL: 'postgres://somebody:geheim@nowhere.invalid:5432/postgres' },
      /host/,
    );
  });

  it('says that user name or password is wrong, and repeats neither', async () => {
    const wrong = new URL(server.admin);
    wrong.password = 'geheim';
    const said = await failsNaming(
      'CONVENANT_DATABASE_URL',
      { CONVENANT_DATABASE_URL: wrong.href },
      /user name or password is wrong/,
    );
    expect(said).not.toContain('geheim');
  });

  it('says everything that is wrong with the settings at once, and repeats no value', async () => {
    const { code, said } = await start({
      CONVENANT_GATEWAY_PORT: '70000',
      CONVENANT_IDENTITY_PORT: '-1',
      CONVENANT_ORGANISATION_PORT: 'veertig',
      CONVENANT_POSTGRES_PORT: '54.32',
      CONVENANT_DATABASE_URL: 'mysql://root:geheim@localhost/db',
    });
    for (const setting of ['GATEWAY', 'IDENTITY', 'ORGANISATION', 'POSTGRES'])
      expect(said).toMatch(new RegExp(`CONVENANT_${setting}_PORT must be a whole number from 0 to 65535`));
    expect(said).toContain('CONVENANT_DATABASE_URL must be a URL like postgres://');
    expect(said).not.toMatch(/70000|veertig|geheim/);
    expect(code).toBe(1);
  });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
