/** A real PostgreSQL server on this machine, by URL: the same program that `npm start` embeds, with a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@convenant/event-store-postgres';
import pg from 'pg';

export interface RunningPostgres {
  readonly version: string;
  /** Of the administrator; what CONVENANT_DATABASE_URL takes. */
  readonly url: string;
  processId(): number;
  /** Stops, and removes the data. */
  stop(): Promise<void>;
}

/** Resolves once it answers. Stops when this process ends, however it ends. */
export async function startPostgres(onProgress: (step: string) => void = () => undefined): Promise<RunningPostgres> {
  onProgress('Starting PostgreSQL');
  const folder = await mkdtemp(join(tmpdir(), 'convenant-postgres-'));
  const server = await startEmbeddedPostgres({ dataFolder: folder, organisations: [], removeAfterwards: true });
  const remove = async (): Promise<void> => {
    await server.stop();
    for (const each of [server.dataFolder, folder]) await rm(each, { recursive: true, force: true });
  };
  try {
    return {
      version: await versionOf(server.admin),
      url: server.admin,
      processId: () => server.processId,
      stop: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}
