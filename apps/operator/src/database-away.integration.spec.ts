/** A command of an operator waits for no database: it says at once which option or setting to look at, and repeats none of their values. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@convenant/event-store-postgres';
import { backupCommand, releaseCommand } from './backup-commands.js';
import type { ExitCode, Terminal } from './command.js';
import { lanesAgainCommand, parkedCommand } from './exchange-commands.js';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'convenant-operator-away-'));
});
afterAll(async () => {
  await test?.drop();
  await rm(folder, { recursive: true, force: true });
});

type Command = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
const application = 'ORGANISATION_DATABASE_URL';
const owner = 'ORGANISATION_DATABASE_OWNER_URL';
const commands: readonly (readonly [string, Command, readonly string[], typeof application | typeof owner])[] = [
  ['backup', backupCommand, ['--to', 'backup'], application],
  ['backup as the owner', backupCommand, ['--to', 'backup-as-owner'], owner],
  ['restore:release', releaseCommand, [], owner],
  ['parked', parkedCommand, ['list'], application],
  ['lanes:again', lanesAgainCommand, ['--to', 'uwv'], application],
];

async function run(command: Command, args: readonly string[], env: Readonly<Record<string, string>>) {
  const said: string[] = [];
  const began = performance.now();
  const code = await command(
    args.map((each) => (each.startsWith('backup') ? join(folder, each) : each)),
    {
      env: { ORGANISATION_ID: 'ggz-amstel', ...env },
      print: (line) => void said.push(line),
      complain: (line) => void said.push(line),
      signal: new AbortController().signal,
    },
  );
  return { code, said: said.join('\n'), tookMs: performance.now() - began };
}

describe.each(commands)('npm run %s', (_name, command, args, setting) => {
  const option = setting === owner ? '--database-owner' : '--database';

  it('says that nothing answers', async () => {
    const { code, said, tookMs } = await run(command, args, {
      [setting]: `postgres://somebody:geheim@127.0.0.1:${await freePort()}/uwv`,
    });
    expect(said).toMatch(/^The database at 127\.0\.0\.1:\d+\/uwv cannot be used: nothing answers there\. Check /);
    expect(said).toContain(`Check ${option} or ${setting}.`);
    expect(said).not.toMatch(/geheim|somebody/);
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('says that the password is wrong', async () => {
    const url = new URL(setting === owner ? test.database.owner : test.database.application);
    url.password = 'geheim';
    const { code, said } = await run(command, args, { [setting]: url.href });
    expect(said).toContain(`user name or password is wrong. Check ${option} or ${setting}.`);
    expect(said).not.toMatch(/geheim/);
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
