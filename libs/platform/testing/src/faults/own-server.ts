/** A PostgreSQL server of one organisation alone, as partners have it: what befalls it befalls nobody else, and nobody else’s readers wait for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type RunningPostgres } from '@convenant/engines';
import { ensureDatabases, type OrganisationDatabase } from '@convenant/event-store-postgres';

export interface OwnServer {
  readonly postgres: RunningPostgres;
  readonly database: OrganisationDatabase;
  stop(): Promise<void>;
}

/** It may be killed. Whoever starts it stops it. */
export async function ownServer(organisation: string): Promise<OwnServer> {
  const postgres = await startPostgres({ mayBeKilled: true });
  const folder = await mkdtemp(join(tmpdir(), 'convenant-faults-'));
  const stop = async (): Promise<void> => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const passwordsFile = join(folder, 'passwords.json');
    const made = await ensureDatabases({ admin: postgres.url, organisations: [organisation], passwordsFile });
    const database = made[organisation];
    if (!database) throw new Error('The database was not made.');
    return { postgres, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
