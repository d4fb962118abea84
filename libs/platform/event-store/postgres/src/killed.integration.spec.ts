/** What was acknowledged is there after any process was killed, and nothing is there twice. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { StoredEvent } from '@convenant/kernel';
import { startEmbeddedPostgres } from './embedded.js';
import type { EmbeddedPostgres } from './embedded.js';
import { reportKept } from './for-tests/report-kept.js';
import { openPostgres } from './open-postgres.js';

jest.setTimeout(180_000);
const writersAtOnce = 8;

describe('killing a process in the middle of appends', () => {
  let folder: string;
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenant-killed-'));
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataFolder: folder, organisations: ['killed'] });
  const database = (): { owner: string; application: string } =>
    server.databases.killed as { owner: string; application: string };

  it('peer 14: keeps every acknowledged append, once, when the application is killed (kill -9)', async () => {
    for (const [round, afterMs] of [300, 450, 700].entries()) {
      const writer = startWriter(`app${round}`, database());
      await writer.acknowledgedFirst;
      await pause(afterMs);
      writer.kill();
      await expectKept(`app${round}`, await writer.ended);
    }
  });

  it('peer 14: keeps every acknowledged append, once, when the whole server is killed (kill -9) and recovers by itself', async () => {
    for (const [round, afterMs] of [200, 350, 600].entries()) {
      const writer = startWriter(`server${round}`, database());
      await writer.acknowledgedFirst;
      await pause(afterMs);
      process.kill(server.processId, 'SIGKILL');
      const acknowledged = await writer.ended;
      server = await start();
      await expectKept(`server${round}`, acknowledged);
    }
  });

  it('peer 14: appends once when everything that was sent is sent again after the server was killed', async () => {
    const opened = await openPostgres({ database: database(), organisation: 'killed' });
    const appendAll = (store: typeof opened.events): Promise<PromiseSettledResult<unknown>[]> =>
      Promise.allSettled(
        Array.from({ length: 300 }, (_, index) => store.append(`again-${index}`, 0, [eventOf(`again-${index}.1`)])),
      );
    const first = appendAll(opened.events);
    await pause(15);
    process.kill(server.processId, 'SIGKILL');
    await first;
    await opened.close();
    server = await start();
    const reopened = await openPostgres({ database: database(), organisation: 'killed' });
    const second = await appendAll(reopened.events);
    expect(second.filter(({ status }) => status === 'rejected')).toEqual([]);
    const kept = (await reopened.events.readAll(undefined, 1_000_000))
      .filter(({ stream }) => stream.startsWith('again-'))
      .map(({ id }) => id);
    const acknowledged = Array.from({ length: 300 }, (_, index) => `again-${index}.1`);
    await reportKept(reopened.pool, compared(acknowledged, kept));
    expect(kept.sort()).toEqual(acknowledged.sort());
    await reopened.close();
  });

  async function expectKept(prefix: string, acknowledged: readonly string[]): Promise<void> {
    const { events, pool, close } = await openPostgres({ database: database(), organisation: 'killed' });
    const kept: StoredEvent[] = [];
    for (let writer = 0; writer < writersAtOnce; writer++) kept.push(...(await events.read(`${prefix}-${writer}`)));
    const found = compared(
      acknowledged,
      kept.map(({ id }) => id),
    );
    await reportKept(pool, found);
    expect(acknowledged.length).toBeGreaterThan(writersAtOnce);
    expect(found).toEqual({ lost: 0, duplicated: 0 });
    // At most the one append per writer that was under way may be there without having been acknowledged.
    expect(kept.length - acknowledged.length).toBeLessThanOrEqual(writersAtOnce);
    await close();
  }
});

function compared(acknowledged: readonly string[], kept: readonly string[]): { lost: number; duplicated: number } {
  const ids = new Set(kept);
  return { lost: acknowledged.filter((id) => !ids.has(id)).length, duplicated: kept.length - ids.size };
}

interface Writer {
  /** Resolves once more was acknowledged than the first append of every one of its writers. */
  readonly acknowledgedFirst: Promise<unknown>;
  /** The ids that were acknowledged, once the process is gone. */
  readonly ended: Promise<readonly string[]>;
  readonly kill: () => void;
}

function startWriter(prefix: string, { application, owner }: { owner: string; application: string }): Writer {
  const program = join(import.meta.dirname, '../dist/for-tests/killed-writer.js');
  const child = spawn(process.execPath, [program, application, owner, String(writersAtOnce), prefix], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const ended = new Promise<readonly string[]>((done) => {
    child.once('close', () => done(printed.split('\n').slice(0, -1)));
  });
  const acknowledgedFirst = new Promise<void>((done, failed) => {
    child.stdout.on('data', (data: Buffer) => {
      printed += data.toString();
      if (printed.split('\n').length - 1 > writersAtOnce) done();
    });
    void ended.then(() => failed(new Error(`The writer ended before it wrote: ${complaint}`)));
  });
  return { acknowledgedFirst, ended, kill: () => child.kill('SIGKILL') };
}

const eventOf = (id: string) => ({
  id,
  type: 'SampleNoted',
  version: 1,
  data: {},
  sealed: {},
  meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'killed' } as const, cause: id },
});
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
