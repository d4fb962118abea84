/** A real PostgreSQL server on this machine, by URL: the same program that `npm start` embeds, with a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@convenant/event-store-postgres';
import pg from 'pg';

export interface RunningPostgres {
  readonly version: string;
  /** Of the administrator; what CONVENANT_DATABASE_URL takes. */
  readonly url: string;
  processId(): number;
  /** `kill -9`. The data stay, with everything that was acknowledged. Only for a server that was started with `mayBeKilled`. */
  kill(): Promise<void>;
  /** Starts again on the same data and the same port, after recovering. */
  restart(): Promise<void>;
  /** Stops, and removes the data. */
  stop(): Promise<void>;
}
export interface PostgresOptions {
  readonly onProgress?: (step: string) => void;
  /** The data outlive the server, also when whoever started it is killed: then somebody has to remove them. */
  readonly mayBeKilled?: boolean;
  /** How many may be connected at once; 60 when left out. */
  readonly connections?: number;
}

/** Resolves once it answers. Stops when this process ends, however it ends. */
export async function startPostgres({
  onProgress = () => undefined,
  mayBeKilled = false,
  connections,
}: PostgresOptions = {}): Promise<RunningPostgres> {
  onProgress('Starting PostgreSQL');
  const folder = await mkdtemp(join(tmpdir(), 'convenant-postgres-'));
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataFolder: folder,
      organisations: [],
      removeAfterwards: !mayBeKilled,
      // What PostgreSQL takes by itself; what `npm start` embeds takes less, for a laptop.
      bufferMegabytes: 128,
      ...(port === undefined ? {} : { port }),
      ...(connections === undefined ? {} : { connections }),
    });
  let server = await start();
  const remove = async (): Promise<void> => {
    await server.stop();
    for (const each of [server.dataFolder, folder]) await rm(each, { recursive: true, force: true });
  };
  try {
    return {
      version: await versionOf(server.admin),
      url: server.admin,
      processId: () => server.processId,
      async kill() {
        if (!mayBeKilled) throw new Error('The data of this server go with it: start it with mayBeKilled.');
        process.kill(server.processId, 'SIGKILL');
        while (isRunning(server.processId)) await new Promise((resolve) => setTimeout(resolve, 10));
      },
      async restart() {
        server = await start(server.port);
      },
      stop: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
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
