/** A fresh database for a test file, on one embedded server that all processes of a test run share. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseOf, ensureDatabases, rolesOf } from '../databases.js';
import type { OrganisationDatabase } from '../databases.js';
import { startEmbeddedPostgres } from '../embedded.js';

export interface TestDatabase {
  /** What `openPostgres` takes as `database`. */
  readonly database: OrganisationDatabase;
  /** URL of the server's administrator, for tests that force something. */
  readonly admin: string;
  /** What the server does by itself now and then: a test says when. */
  readonly gatherStatistics: (...tables: string[]) => Promise<void>;
  readonly drop: () => Promise<void>;
}
interface SharedServer {
  readonly admin: string;
  readonly passwordsFile: string;
}

/** Jest's workers are processes below the one that is the run; without workers that one runs the tests itself. */
const run = process.argv[1]?.includes('jest-worker') ? process.ppid : process.pid;

/** The first who asks starts the server (about a second); it stops and its data go when the run ends, however that ends. */
export async function testDatabase(): Promise<TestDatabase> {
  const { admin, passwordsFile } = await sharedServer();
  const name = `test-${randomBytes(6).toString('hex')}`;
  const { [name]: database } = await ensureDatabases({ admin, organisations: [name], passwordsFile });
  if (!database) throw new Error('The test database was not made.');
  const gatherStatistics = (...tables: string[]): Promise<void> =>
    connectedTo(database.owner, async (client) => {
      for (const table of tables) await client.query(`analyze convenant.${client.escapeIdentifier(table)}`);
    });
  return { database, admin, gatherStatistics, drop: () => drop(admin, name) };
}

async function sharedServer(): Promise<SharedServer> {
  const folder = join(tmpdir(), `convenant-test-${run}`);
  await mkdir(folder, { recursive: true });
  const known = join(folder, 'server.json');
  for (;;) {
    const found = await readFile(known, 'utf8').catch(() => undefined);
    if (found) {
      const server = JSON.parse(found) as SharedServer;
      if (await answers(server.admin)) return server;
      // Left behind by an earlier run that had the same process number.
      await rm(known, { force: true });
    }
    const lock = join(folder, 'starting');
    const holds = await open(lock, 'wx').then(
      (file) => file.close().then(() => true),
      () => false,
    );
    if (holds) return start(folder, known).finally(() => rm(lock, { force: true }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function start(folder: string, known: string): Promise<SharedServer> {
  const { admin, dataFolder } = await startEmbeddedPostgres({
    dataFolder: folder,
    organisations: [],
    until: run,
    removeAfterwards: true,
  });
  const server = { admin, passwordsFile: join(dataFolder, 'passwords.json') };
  await writeFile(`${known}.part`, JSON.stringify(server), { mode: 0o600 });
  await rename(`${known}.part`, known);
  return server;
}

async function drop(admin: string, name: string): Promise<void> {
  await connectedTo(admin, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(databaseOf(name))} with (force)`);
    for (const role of rolesOf(name)) await client.query(`drop role if exists ${client.escapeIdentifier(role)}`);
  });
}

const answers = (admin: string): Promise<boolean> => connectedTo(admin, () => Promise.resolve(true)).catch(() => false);

async function connectedTo<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
