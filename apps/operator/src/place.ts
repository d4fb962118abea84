/** Where an organisation stands: the database and the folder that a command works on, in the local installation or as it is deployed. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reachDatabases, settingsFrom } from '@convenant/app-local';
import { embeddedFolder, findEmbeddedPostgres } from '@convenant/event-store-postgres';
import { localOrganisations } from '@convenant/identity-local-provider';
import { secretsFromFiles } from '@convenant/settings';

/** What every command understands besides its own options. */
export const placeOptions = {
  organisation: { type: 'string' },
  data: { type: 'string' },
  database: { type: 'string' },
  'database-owner': { type: 'string' },
  folder: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
/** How a database that cannot be used is named: by what a person may have given. */
export const applicationOption = '--database or ORGANISATION_DATABASE_URL';
export const ownerOption = '--database-owner or ORGANISATION_DATABASE_OWNER_URL';

export interface PlaceValues {
  readonly organisation?: string | undefined;
  readonly data?: string | undefined;
  readonly database?: string | undefined;
  readonly 'database-owner'?: string | undefined;
  readonly folder?: string | undefined;
}

export const placeHelp = `Where
  --organisation ID      which organisation; ORGANISATION_ID
  A deployed organisation is named by its own settings, or by options that go before them:
  --database URL         as the service's role; ORGANISATION_DATABASE_URL, or _FILE behind it
  --database-owner URL   as the role that owns the database; ORGANISATION_DATABASE_OWNER_URL, or _FILE behind it
  --folder FOLDER        keys, pinned partners, head of the access log; ORGANISATION_FOLDER
  Without a database, the local installation is meant:
  --data FOLDER          its data; CONVENANT_DATA, or else .data/local or .data/story, whichever was used last
`;

export interface Place {
  readonly organisation: string;
  /** As the service's role. Left out when only the owner is known. */
  readonly application?: string;
  readonly owner?: string;
  readonly folder?: string;
  /** Stops what had to be started for it, and leaves running what was running. */
  close(): Promise<void>;
}

export interface FindOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a local installation may be made when there is none; for restoring into it. */
  readonly makeNew?: boolean;
}

/** Rejects with the option or setting to mend; never quotes a URL. */
export async function findPlace(values: PlaceValues, { env, makeNew = false }: FindOptions): Promise<Place> {
  const organisation = named(values, env);
  const application = url('--database', values.database ?? secret(env, 'ORGANISATION_DATABASE_URL'));
  const owner = url('--database-owner', values['database-owner'] ?? secret(env, 'ORGANISATION_DATABASE_OWNER_URL'));
  const folder = values.folder ?? set(env, 'ORGANISATION_FOLDER');
  if (application || owner)
    return {
      organisation,
      ...(application ? { application } : {}),
      ...(owner ? { owner } : {}),
      ...(folder ? { folder: resolve(folder) } : {}),
      close: () => Promise.resolve(),
    };
  const settings = settingsFrom(env);
  assertLocal(organisation);
  const reached = await reachDatabases({ ...settings, dataFolder: localFolder(values, env) }, { makeNew });
  const database = reached.databases[organisation];
  if (!database) throw new Error(`There is no database of ${organisation} here.`);
  return { organisation, ...database, folder: join(reached.folder, organisation), close: reached.stop };
}

/** The folder of the organisation alone; asks no database, and starts none. */
export async function findFolder(
  values: PlaceValues,
  { env, makeNew = false }: FindOptions,
): Promise<{ readonly organisation: string; readonly folder: string }> {
  const organisation = named(values, env);
  const folder = values.folder ?? (values.data === undefined ? set(env, 'ORGANISATION_FOLDER') : undefined);
  if (folder) return { organisation, folder: resolve(folder) };
  assertLocal(organisation);
  const asked = localFolder(values, env);
  if (set(env, 'CONVENANT_DATABASE_URL')) return { organisation, folder: join(asked, organisation) };
  const found = makeNew
    ? await embeddedFolder(asked)
    : (await findEmbeddedPostgres({ dataFolder: asked, organisations: [] }))?.dataFolder;
  if (found === undefined) throw new Error(`There is no installation in ${asked}. Name its folder with --data.`);
  return { organisation, folder: join(found, organisation) };
}

function named(values: PlaceValues, env: FindOptions['env']): string {
  const organisation = values.organisation ?? set(env, 'ORGANISATION_ID');
  if (organisation === undefined) throw new Error('Say which organisation: --organisation ID.');
  return organisation;
}

function assertLocal(organisation: string): void {
  const ids = localOrganisations.map(({ id }) => id);
  if (!ids.includes(organisation))
    throw new Error(
      `The local installation has no organisation of this name. There are: ${ids.join(', ')}. For a deployed one, name its database and folder.`,
    );
}

function localFolder(values: PlaceValues, env: FindOptions['env']): string {
  const usual = [settingsFrom(env).dataFolder, join(process.cwd(), '.data', 'story')];
  const used = usual.filter((each) => existsSync(each)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return resolve(values.data ?? set(env, 'CONVENANT_DATA') ?? used[0] ?? usual[0] ?? '');
}

function url(option: string, text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new Error(`${option} must be a URL like postgres://user:password@host:5432/database.`);
}

/** An empty setting counts as one that is not there. */
const set = (env: FindOptions['env'], name: string): string | undefined => env[name] || undefined;

/** As a service reads it: the setting itself, or the file that NAME_FILE names. */
function secret(env: FindOptions['env'], name: string): string | undefined {
  const { variables, wrong } = secretsFromFiles(env, [name]);
  const sentence = wrong.get(name);
  if (sentence) throw new Error(`${sentence}.`);
  return set(variables, name);
}
