/** Opens one organisation's database: migrates it, checks what its promises rest on, and hands out the stores over one small pool. */
import pg from 'pg';
import type { Pool } from 'pg';
import { connectTo, parsedUrl, whereOf } from './connect-to.js';
import { assertDurable } from './durability.js';
import { PostgresEventStore } from './event-store.js';
import { PostgresExchangeLedger } from './exchange-ledger.js';
import { describedBy, notOpened } from './failures.js';
import type { NamedDatabase } from './failures.js';
import { assertMigrated, migrate, ownMigrations } from './migrate.js';
import type { MigrationSet } from './migrate.js';
import { PostgresViewStore } from './view-store.js';

/** The two roles of an organisation's database, as URLs: the owner migrates, the application reads, appends and keeps views. */
export interface DatabaseAccess {
  readonly application: string;
  /** Left out where a deployment migrates beforehand: then the schema must be there. */
  readonly owner?: string;
}
export interface PostgresOptions {
  readonly database: DatabaseAccess;
  /** Shows in the server's list of connections. */
  readonly organisation: string;
  /** Connections at most; each costs the server some megabytes. */
  readonly poolSize?: number;
  /** Migrations of other parts that keep tables in this database, applied after those of the stores. */
  readonly migrations?: readonly MigrationSet[];
  /** The setting that error messages tell to check. */
  readonly settingName?: string;
  /** The one with the owner's URL, where that is another. */
  readonly ownerSettingName?: string;
}
export interface OpenedPostgres {
  readonly events: PostgresEventStore;
  readonly views: PostgresViewStore;
  readonly ledger: PostgresExchangeLedger;
  /** Connected as the application; for other adapters that keep tables in this database. Write transactions on it must be short: they hold up readers. */
  readonly pool: Pool;
  /** For other adapters on the pool: rethrows what the driver said of a statement, with the trouble and nothing that it quoted. */
  readonly described: (error: unknown) => never;
  /** The same of what was said while they opened, in one sentence with this database and its setting. */
  readonly notOpened: (error: unknown) => never;
  /** Waits for what is under way. Repeating it changes nothing. */
  readonly close: () => Promise<void>;
}

/**
 * Everything is looked up by key. A plan is kept while its table grows, and one that was made when there was little would go through all of it;
 * compiling a statement costs more than running it.
 */
const plannedFor = ['enable_seqscan=off', 'jit=off', 'plan_cache_mode=force_generic_plan'];

/**
 * Throws `PostgresFailure`, `NotMigrated`, `DatabaseFromTheFuture` or `NotDurable`; each says what to mend and quotes no password. It does not
 * wait for a database that is away: whoever may wait asks again.
 */
export async function openPostgres(options: PostgresOptions): Promise<OpenedPostgres> {
  const { database, organisation, poolSize = 4, migrations = [] } = options;
  const { settingName: setting = 'CONVENANT_DATABASE_URL', ownerSettingName: ownerSetting = setting } = options;
  const application = parsedUrl(database.application, setting);
  const where = whereOf(application);
  const named: NamedDatabase = { where, setting, ownerSetting };
  const sets = [...ownMigrations, ...migrations];
  if (database.owner) await migrateAs(database.owner, application, sets, named);

  const pool = new pg.Pool({
    connectionString: database.application,
    application_name: `convenant ${organisation}`,
    max: poolSize,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    options: plannedFor.map((each) => `-c ${each}`).join(' '),
  });
  // A connection that breaks while idle is replaced at the next query, which reports it if that fails too.
  pool.on('error', () => undefined);
  try {
    await assertDurable(pool);
    await assertMigrated(pool, sets, named);
    await pool.query('select convenant.settle_epoch()');
  } catch (error) {
    await pool.end();
    notOpened(error, where, setting);
  }
  const described = describedBy(setting);
  const events = new PostgresEventStore(pool, described);
  let closing: Promise<void> | undefined;
  return {
    events,
    views: new PostgresViewStore(pool, described),
    ledger: new PostgresExchangeLedger(pool, described),
    pool,
    described,
    notOpened: (error) => notOpened(error, where, setting),
    close: () => (closing ??= events.close().then(() => pool.end())),
  };
}

async function migrateAs(
  owner: string,
  application: URL,
  sets: readonly MigrationSet[],
  { ownerSetting }: NamedDatabase,
): Promise<void> {
  const client = await connectTo({ url: owner, name: 'convenant migration', settingName: ownerSetting });
  const where = whereOf(new URL(owner));
  const named: NamedDatabase = { where, setting: ownerSetting, ownerSetting };
  try {
    await migrate(client, decodeURIComponent(application.username), sets, { named });
  } catch (error) {
    notOpened(error, where, ownerSetting);
  } finally {
    await client.end().catch(() => undefined);
  }
}
