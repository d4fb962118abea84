/** `npm run story -- --deployed` as an operator calls it: the built command starts everything, plays, says what came of it, and leaves nothing running. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-story-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Its pipes close once every process that it started is gone as well. */
function story(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; said: string; complained: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js'), 'story', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complained += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said, complained })));
}

/** A broker that does not answer in time on a busy machine is tried again, and that is told; whether it came back a sender may not hear before the end. */
const passing = ['kafka-unreachable', 'kafka-breaks-off'];
/** What one that starts, or waits for its disk, may say as well, and takes back. */
const takenBack = ['kafka-leaderless', 'kafka-full', 'kafka-broker-failed', 'kafka-not-ready'];

function errorsThatStayed(log: string): readonly string[] {
  type Note = Readonly<Record<'level' | 'code' | 'organisation', string>> & { readonly where?: string };
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  const notes = lines.map((line) => JSON.parse(line) as Note);
  return lines.filter((_, index) => {
    const note = notes[index];
    if (note?.level !== 'error' || passing.includes(note.code)) return false;
    const isTakenBack = notes
      .slice(index)
      .some(
        ({ code, organisation, where }) =>
          code === 'kafka-well-again' && organisation === note.organisation && where === note.where,
      );
    return !(takenBack.includes(note.code) && isTakenBack);
  });
}

it('plays three clients through deployed organisations, with every claim held', async () => {
  const data = join(folder, 'story');
  const { code, said, complained } = await story([
    '--deployed',
    '--clients',
    '3',
    '--seed',
    '7',
    '--json',
    '--data',
    data,
  ]);
  expect({ code, complained }).toEqual({ code: 0, complained: expect.not.stringMatching(/could not be played/) });
  const result = JSON.parse(said) as Readonly<Record<string, number>>;
  expect(result).toMatchObject({ clients: 3, violations: 0 });
  for (const counted of ['steps', 'disclosed', 'withheld', 'refused']) expect(result[counted]).toBeGreaterThan(30);
  expect(errorsThatStayed(await readFile(join(data, 'operator.log'), 'utf8'))).toEqual([]);
});

it('says so when one engine is named without the other, and ends as something that could not be played', async () => {
  const { code, said, complained } = await story(['--deployed', '--json', '--data', join(folder, 'other')], {
    ORGANISATION_KAFKA_BROKERS: '127.0.0.1:1',
  });
  expect({ code, said }).toEqual({ code: 1, said: '' });
  expect(complained).toMatch(/ORGANISATION_KAFKA_BROKERS and CONVENANT_DATABASE_URL belong together/);
});
