/** A real PostgreSQL from an npm package, for one machine: made at first use, found again afterwards, with a database per organisation. */
import { spawn } from 'node:child_process';
import { mkdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDatabases, freshPassword, readPasswords, writePasswords } from './databases.js';
import type { OrganisationDatabase } from './databases.js';
import { findPlace, giveTo } from './embedded-place.js';
import type { EmbeddedPlace } from './embedded-place.js';
import { clusterOf, exists, logOf, serverEnvironment, startServer } from './embedded-server.js';

export interface EmbeddedOptions {
  /** Holds the data, the log and the generated passwords. As root, a folder that PostgreSQL's own user cannot reach is replaced by one below /var/lib/convenant. */
  readonly dataFolder: string;
  readonly organisations: readonly string[];
  /** A free one when left out. Listens on this machine only. */
  readonly port?: number;
  /** The process with whose end the server stops, however it ends; the present one when left out. */
  readonly until?: number;
  /** How many may be connected at once: 60, enough for one installation. */
  readonly connections?: number;
  /** How much of its tables the server keeps at hand: 32 megabytes, which leaves a laptop its memory. */
  readonly bufferMegabytes?: number;
  /** Whether the data go when the server stops; for tests. */
  readonly removeAfterwards?: boolean;
}
export interface EmbeddedPostgres {
  /** The folder that is really used. */
  readonly dataFolder: string;
  readonly port: number;
  /** URL of the administrator; for making databases and for backups, never for an organisation's own work. */
  readonly admin: string;
  readonly databases: Readonly<Record<string, OrganisationDatabase>>;
  readonly processId: number;
  /** Stops at once what is under way, keeps everything acknowledged, and resolves when the server is gone. */
  readonly stop: () => Promise<void>;
}

export const administrator = 'convenant-admin';

/** A folder left behind by `kill -9` or a power cut is recovered by the start. A folder in use by another is refused, with its process. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await findPlace(options.dataFolder);
  const passwordsFile = join(place.folder, 'passwords.json');
  const password = await makeCluster(place, passwordsFile);
  await keepLogSmall(logOf(place));
  if (options.removeAfterwards) await giveTo(place.user, place.folder);
  const server = await startServer({
    place,
    ...(options.port !== undefined && { port: options.port }),
    ...(options.until !== undefined && { until: options.until }),
    ...(options.connections !== undefined && { connections: options.connections }),
    ...(options.bufferMegabytes !== undefined && { bufferMegabytes: options.bufferMegabytes }),
    ...(options.removeAfterwards && { removeAfterwards: place.folder }),
  });
  const admin = `postgres://${administrator}:${password}@127.0.0.1:${server.port}/postgres`;
  try {
    const databases = await ensureDatabases({ admin, organisations: options.organisations, passwordsFile });
    return { dataFolder: place.folder, admin, databases, ...server };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Makes the cluster beside its place and moves it there when it is whole, so that an interrupted start leaves nothing half. */
async function makeCluster(place: EmbeddedPlace, passwordsFile: string): Promise<string> {
  const passwords = await readPasswords(passwordsFile).catch(() => {
    throw new Error(
      `The passwords of the embedded database, ${passwordsFile}, cannot be read: another user made this folder. Use that user, or another data folder.`,
    );
  });
  const known = passwords[administrator];
  if (await exists(clusterOf(place))) {
    if (known) return known;
    throw new Error(
      `${clusterOf(place)} holds a database whose passwords, ${passwordsFile}, are gone. Put them back, or remove the folder and begin anew.`,
    );
  }
  const password = known ?? freshPassword();
  if (!known) await writePasswords(passwordsFile, { ...passwords, [administrator]: password });
  const made = `${clusterOf(place)}.new`;
  const secret = join(place.folder, 'initial-password');
  await rm(made, { recursive: true, force: true });
  if (place.user) await makeFolderFor(place, made);
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  await giveTo(place.user, secret);
  try {
    await initialise(place, made, secret);
  } finally {
    await rm(secret, { force: true });
  }
  await rename(made, clusterOf(place));
  return password;
}

async function makeFolderFor(place: EmbeddedPlace, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await giveTo(place.user, folder);
}

function initialise(place: EmbeddedPlace, folder: string, secret: string): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${administrator}`,
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  const child = spawn(place.initdb, args, {
    cwd: place.folder,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...place.user,
  });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`The embedded database could not be made in ${place.folder}: ${said.trim()}`)),
    );
  });
}

async function keepLogSmall(log: string): Promise<void> {
  const found = await stat(log).catch(() => undefined);
  if (found && found.size > 5_000_000) await truncate(log, 0);
}
