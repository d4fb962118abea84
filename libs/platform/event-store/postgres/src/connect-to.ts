/** One connection of its own, for migrating and for the commands of operators, with errors that name the setting. */
import pg from 'pg';
import { notOpened } from './failures.js';

export interface ConnectOptions {
  readonly url: string;
  /** Shows in the server's list of connections. */
  readonly name: string;
  /** The setting, or the option, that error messages tell to check. */
  readonly settingName: string;
}

/** Whoever gets it ends it. Throws `PostgresFailure`, or what `parsedUrl` throws; waits no longer than ten seconds for a server that is silent. */
export async function connectTo({ url, name, settingName }: ConnectOptions): Promise<pg.Client> {
  const where = whereOf(parsedUrl(url, settingName));
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: 10_000,
      // What waits for its turn sends nothing, and would not hear that the server is gone.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // A connection that breaks is reported by the statement that was under way, or by the next.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    await client?.end().catch(() => undefined);
    return notOpened(error, where, settingName);
  }
}

/** Throws an error that names the setting and does not quote the URL. */
export function parsedUrl(url: string, settingName: string): URL {
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol) || !canBeDecoded(parsed))
    throw new Error(`${settingName} must be a URL like postgres://user:password@host:5432/database.`);
  return parsed;
}

/** Host, port and database; never a user or a password. */
export const whereOf = ({ host, pathname }: URL): string => `${host}${pathname}`;

/** The driver decodes these three, and says nothing of use when it cannot. */
function canBeDecoded({ username, password, pathname }: URL): boolean {
  try {
    return [username, password, pathname].every((part) => typeof decodeURIComponent(part) === 'string');
  } catch {
    return false;
  }
}
