/** The command that starts real engines: both answer, and neither outlives whoever asked for them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureDatabases, openPostgres } from '@convenant/event-store-postgres';
import { reportEngine } from './report.js';

const root = join(import.meta.dirname, '../../../..');
const command = ['tools/run.mjs', 'tools/engines.mjs'];
interface Found {
  readonly kafka: {
    readonly version: string;
    readonly brokers: readonly string[];
    readonly processId: number;
    readonly folder: string;
  };
  readonly postgres: { readonly version: string; readonly url: string; readonly processId: number };
}

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { output: () => string; errors: () => string; ended: Promise<number> } {
  let [output, errors] = ['', ''];
  const started = spawn(process.execPath, [...command, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  started.stdout.on('data', (data: Buffer) => (output += data.toString()));
  started.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = new Promise<number>((resolve) => started.once('close', (code) => resolve(code ?? -1)));
  return { output: () => output, errors: () => errors, ended };
}
async function until(enough: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1_200 && !(await enough()); round++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await enough()).toBe(true);
}
const isThere = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
};
const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host = '', port = ''] = address.split(':');
    const socket = createConnection({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe('npm run engines', () => {
  it('starts Kafka and PostgreSQL, which keep what they acknowledge, and stops them and removes their data when it is killed itself', async () => {
    const engines = run(['--json']);
    await until(() => engines.output().includes('\n'));
    const { kafka, postgres } = JSON.parse(engines.output()) as Found;
    expect(await answers(kafka.brokers[0] ?? '')).toBe(true);
    await appendAndReadBack(postgres);
    child?.kill('SIGKILL');
    await engines.ended;
    await until(() => !isThere(kafka.processId) && !isThere(postgres.processId));
    await until(() => !existsSync(kafka.folder));
  });

  it('runs a command with its addresses, and ends as the command does', async () => {
    const script =
      'process.stdout.write(process.env.ORGANISATION_KAFKA_BROKERS + " " + process.argv[1]); process.exit(7)';
    const engines = run(['--kafka-only', '--for', process.execPath, '-e', script, 'argument']);
    expect(await engines.ended).toBe(7);
    expect(engines.output()).toMatch(/^127\.0\.0\.1:\d+ argument$/);
  });

  it('says what is missing when there is no Java, and how to get it', async () => {
    const engines = run(['--kafka-only'], { PATH: '/nonexistent' });
    expect(await engines.ended).toBe(1);
    expect(engines.errors()).toMatch(/needs Java 17 or newer, and there is no java on the PATH.*openjdk-17/);
  });

  it('refuses an option that it does not know, and explains itself', async () => {
    const wrong = run(['--kafak-only']);
    expect(await wrong.ended).toBe(2);
    expect(wrong.errors()).toMatch(/There is no option --kafak-only\.[^]*--for COMMAND/);
    const asked = run(['--help']);
    expect(await asked.ended).toBe(0);
    expect(asked.output()).toContain('npm run engines');
  });
});

/** Writers side by side through the event store, on a server that is known by its URL alone. */
async function appendAndReadBack({ url, version }: Found['postgres']): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'convenant-engines-'));
  const { engine: database } = await ensureDatabases({
    admin: url,
    organisations: ['engine'],
    passwordsFile: join(folder, 'passwords.json'),
  });
  if (!database) throw new Error('The database was not made.');
  const { events, close } = await openPostgres({ organisation: 'engine', database });
  try {
    const acknowledged = Array.from({ length: 200 }, (_, index) => `event-${index}`);
    await Promise.all(
      acknowledged.map((id, index) => {
        const meta = {
          at: '2026-03-02T09:00:00.000Z',
          actor: { kind: 'system' as const, process: 'engines' },
          cause: id,
        };
        return events.append(`stream-${index}`, 0, [
          { id, type: 'SampleNoted', version: 1, data: {}, sealed: {}, meta },
        ]);
      }),
    );
    const found = (await events.readAll(undefined, 1_000)).map(({ id }) => id);
    const report = {
      lost: acknowledged.filter((id) => !found.includes(id)).length,
      duplicated: found.length - new Set(found).size,
    };
    reportEngine({ engine: 'PostgreSQL', version, ...report });
    expect(report).toEqual({ lost: 0, duplicated: 0 });
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
