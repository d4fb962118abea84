/** The access logs of the local installation, opened for whoever checks them, whether the installation runs or not. */
import { join } from 'node:path';
import type { LoggedOrganisation } from '@convenant/access-log-postgres';
import {
  ensureDatabases,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  type OrganisationDatabase,
} from '@convenant/event-store-postgres';
import { JoseSigner } from '@convenant/exchange-sealing';
import { localOrganisations } from '@convenant/identity-local-provider';
import { anchorFile, openKeys } from '@convenant/launch';
import pg from 'pg';
import type { LocalSettings } from './settings.js';

export interface OpenedAccessLogs {
  readonly organisations: readonly LoggedOrganisation[];
  /** Stops what had to be started for it, and leaves running what was running. */
  close(): Promise<void>;
}

const organisations = localOrganisations.map(({ id }) => id);

/** Rejects with what to mend when there is no installation in the folder. */
export async function openAccessLogs(
  settings: Pick<LocalSettings, 'dataFolder' | 'databaseUrl'>,
): Promise<OpenedAccessLogs> {
  const { databases, folder, stop } = await reachDatabases(settings);
  const pools: pg.Pool[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await stop();
  };
  try {
    const opened = await Promise.all(
      organisations.map(async (id): Promise<LoggedOrganisation> => {
        const pool = new pg.Pool({ connectionString: databases[id]?.application, max: 1 });
        pool.on('error', () => undefined);
        pools.push(pool);
        const own = await openKeys(join(folder, id), id);
        const signer = new JoseSigner(own, (organisation) => (organisation === id ? own.published : undefined));
        return {
          id,
          pool,
          anchorFile: anchorFile(join(folder, id)),
          verifyHead: (signed) => signer.verify(signed, id),
        };
      }),
    );
    return { organisations: opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface ReachedDatabases {
  readonly databases: Readonly<Record<string, OrganisationDatabase>>;
  /** With a folder for each organisation in it. */
  readonly folder: string;
  /** Stops what had to be started for it, and leaves running what was running. */
  readonly stop: () => Promise<void>;
}
/** The databases of the local installation, running or not. Rejects when there is none in the folder, unless `makeNew`. */
export async function reachDatabases(
  { dataFolder, databaseUrl }: Pick<LocalSettings, 'dataFolder' | 'databaseUrl'>,
  { makeNew = false }: { readonly makeNew?: boolean } = {},
): Promise<ReachedDatabases> {
  const asIs = (): Promise<void> => Promise.resolve();
  if (databaseUrl)
    return {
      databases: await ensureDatabases({
        admin: databaseUrl,
        organisations,
        passwordsFile: join(dataFolder, 'passwords.json'),
      }),
      folder: dataFolder,
      stop: asIs,
    };
  const found = await findEmbeddedPostgres({ dataFolder, organisations });
  if (!found && !makeNew)
    throw new Error('There is no installation here. Start one with npm start, or play the story first.');
  if (found?.running) return { databases: found.running.databases, folder: found.dataFolder, stop: asIs };
  const started = await startEmbeddedPostgres({ dataFolder, organisations });
  return { databases: started.databases, folder: started.dataFolder, stop: started.stop };
}
