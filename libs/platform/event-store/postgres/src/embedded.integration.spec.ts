/** The embedded server: made once, found again, never left behind, and clear about what stands in its way. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedPostgres } from './embedded.js';
import type { EmbeddedOptions, EmbeddedPostgres } from './embedded.js';
import { openPostgres } from './open-postgres.js';

jest.setTimeout(180_000);

describe('the embedded server', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenant-embedded-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const running: EmbeddedPostgres[] = [];
  const start = async (over: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataFolder: folder, organisations: ['uwv', 'ggz-amstel'], ...over });
    running.push(server);
    return server;
  };
  afterEach(async () => {
    for (const { stop } of running.splice(0)) await stop();
  });

  it('makes a database per organisation, and finds data and passwords again', async () => {
    const first = await start();
    const database = first.databases.uwv;
    const opened = await openPostgres({ database: database ?? { application: '' }, organisation: 'uwv' });
    await opened.views.save({ name: 'kept', version: 1 }, undefined, '7' as never, []);
    await opened.close();
    await first.stop();
    await expect(stillRuns(first.processId)).resolves.toBe(false);

    const second = await start({ organisations: ['uwv', 'ggz-amstel', 'secretariaat'] });
    const again = await openPostgres({ database: second.databases.uwv ?? { application: '' }, organisation: 'uwv' });
    expect(await again.views.position({ name: 'kept', version: 1 })).toBe('7');
    await again.close();
    expect(Object.keys(second.databases)).toEqual(['uwv', 'ggz-amstel', 'secretariaat']);
    expect(new URL(second.databases.uwv?.owner ?? '').password).toBe(new URL(database?.owner ?? '').password);
  });

  it('keeps the passwords for this user alone', async () => {
    expect((await stat(join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'cluster'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain(
      Object.values(JSON.parse(await readFile(join(folder, 'passwords.json'), 'utf8')) as object)[0],
    );
  });

  it('listens on this machine only', async () => {
    const server = await start();
    expect(new URL(server.admin).hostname).toBe('127.0.0.1');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4');
    if (outside) {
      const connection = createConnection(server.port, outside.address);
      const answer = new Promise((done) =>
        connection.once('error', () => done('refused')).once('connect', () => done('connected')),
      );
      expect(await answer).toBe('refused');
      connection.destroy();
    }
  });

  it('says which port is taken when it was told to use that one', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const { port } = taken.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(`Port ${port} is taken by another program`);
    await new Promise((done) => taken.close(done));
  });

  it('refuses a folder that another running server holds, and names its process', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(`in use by another Convenant (process ${server.processId})`);
  });

  it('starts on a lock whose process number was given to another program since', async () => {
    const [, ...rest] = `0\n${folder}/cluster\n1700000000\n5432\n\n127.0.0.1\n 1 1\nready\n`.split('\n');
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    await writeFile(join(folder, 'cluster/postmaster.pid'), [bystander.pid, ...rest].join('\n'));
    await start().finally(() => bystander.kill());
  });

  it('is not left behind by a process that was killed (kill -9)', async () => {
    const program = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, '../dist/index.js'))});
      const server = await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(folder)}, organisations: ['uwv'] });
      console.log(server.processId);
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const processId = Number(
      await new Promise<string>((done) => child.stdout.once('data', (data: Buffer) => done(data.toString()))),
    );
    expect(await stillRuns(processId)).toBe(true);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 1_200 && (await stillRuns(processId)); tries++)
      await new Promise((done) => setTimeout(done, 50));
    expect(await stillRuns(processId)).toBe(false);
    await start();
  });

  it('begins anew when it was interrupted while it made its first data', async () => {
    const other = await mkdtemp(join(tmpdir(), 'convenant-half-'));
    await mkdir(join(other, 'cluster.new/base'), { recursive: true });
    await start({ dataFolder: other });
    await running.pop()?.stop();
    await rm(other, { recursive: true });
  });

  it('says so when the passwords of an existing database are gone', async () => {
    const passwords = join(folder, 'passwords.json');
    const kept = await readFile(passwords, 'utf8');
    await rm(passwords);
    await expect(start()).rejects.toThrow(/whose passwords, .*passwords\.json, are gone/);
    await writeFile(passwords, kept, { mode: 0o600 });
  });
});

async function stillRuns(processId: number): Promise<boolean> {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
