/** What a deployed service says when it cannot start: which of its settings to mend, without its value, and with exit code 1. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(60_000);

describe('a deployed service that cannot start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenant-deployed-start-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** With everything else as it should be; nobody is asked for the keys of the issuer before somebody signs in. */
  async function start(settings: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../../uwv/dist/main.js')], {
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
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    const tooLong = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const code = await new Promise<number | null>((done) => child.once('close', done));
    clearTimeout(tooLong);
    return { code, said };
  }

  it('says that no database answers, by the setting that it was given and not by that of npm start', async () => {
    const url = `postgres://somebody:geheim@127.0.0.1:${await freePort()}/postgres`;
    const { code, said } = await start({ ORGANISATION_DATABASE_URL: url });
    expect(said).toContain('ORGANISATION_DATABASE_URL');
    expect(said).toMatch(/nothing answers there/);
    expect(said).not.toMatch(/geheim|CONVENANT_DATABASE_URL|^\s+at /m);
    expect(code).toBe(1);
  });

  it('takes its database from a file, and says the same', async () => {
    const file = join(folder, 'database-url');
    await writeFile(file, `postgres://somebody:geheim@127.0.0.1:${await freePort()}/postgres\n`);
    const { code, said } = await start({ ORGANISATION_DATABASE_URL_FILE: file });
    expect(said).toMatch(/nothing answers there.*ORGANISATION_DATABASE_URL/);
    expect(said).not.toContain('geheim');
    expect(code).toBe(1);
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

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
