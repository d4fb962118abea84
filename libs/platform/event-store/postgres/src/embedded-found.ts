/** Finding an embedded database that somebody else may be running, and removing one that nobody needs any more. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDatabases, readPasswords, type OrganisationDatabase } from './databases.js';
import { administrator } from './embedded.js';
import { findPlace, type EmbeddedPlace } from './embedded-place.js';
import { clusterOf, exists } from './embedded-server.js';

export interface FoundPostgres {
  /** The folder that is really used. */
  readonly dataFolder: string;
  /** Absent when no server runs on it now. */
  readonly running?: { readonly port: number; readonly databases: Readonly<Record<string, OrganisationDatabase>> };
}

/** `undefined` when there is no database in this folder. Starts and stops nothing. */
export async function findEmbeddedPostgres(options: {
  readonly dataFolder: string;
  readonly organisations: readonly string[];
}): Promise<FoundPostgres | undefined> {
  const place = await findPlace(options.dataFolder);
  if (!(await exists(clusterOf(place)))) return undefined;
  const port = await portOf(place);
  if (port === undefined) return { dataFolder: place.folder };
  const passwordsFile = join(place.folder, 'passwords.json');
  const password = (await readPasswords(passwordsFile))[administrator] ?? '';
  const admin = `postgres://${administrator}:${password}@127.0.0.1:${port}/postgres`;
  const databases = await ensureDatabases({ admin, organisations: options.organisations, passwordsFile });
  return { dataFolder: place.folder, running: { port, databases } };
}

/** The folder that is really used for this one, whether there is a database in it or not; it is made. */
export const embeddedFolder = async (dataFolder: string): Promise<string> => (await findPlace(dataFolder)).folder;

/** Removes the folder with everything in it: database, keys, passwords. Refuses while a server runs on it. */
export async function removeEmbeddedPostgres(dataFolder: string): Promise<void> {
  const place = await findPlace(dataFolder);
  if ((await portOf(place)) !== undefined)
    throw new Error(
      `The database in ${place.folder} is in use. Stop the Convenant that uses it, or choose another folder.`,
    );
  await rm(place.folder, { recursive: true, force: true });
}

/** PostgreSQL writes in its lock file which process it is and where it listens; the file may outlive the process. */
async function portOf(place: EmbeddedPlace): Promise<number | undefined> {
  const lines = (await readFile(join(clusterOf(place), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const processId = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return port > 0 && (await isAlive(processId)) ? port : undefined;
}

async function isAlive(processId: number): Promise<boolean> {
  if (!(processId > 0)) return false;
  const command = await readFile(`/proc/${processId}/cmdline`, 'utf8').catch(() => undefined);
  if (command !== undefined) return command.includes('postgres');
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Somebody else's process cannot be signalled, but it is there.
    return (error as { code?: string }).code === 'EPERM';
  }
}
