/** Event log, view rows and exchange bookkeeping in PostgreSQL, on a server or embedded. */
export { connectTo, type ConnectOptions } from './connect-to.js';
export { ensureDatabases } from './databases.js';
export type { EnsureDatabasesOptions, OrganisationDatabase } from './databases.js';
export { NotDurable } from './durability.js';
export { startEmbeddedPostgres } from './embedded.js';
export type { EmbeddedOptions, EmbeddedPostgres } from './embedded.js';
export { embeddedFolder, findEmbeddedPostgres, removeEmbeddedPostgres } from './embedded-found.js';
export type { FoundPostgres } from './embedded-found.js';
export { PostgresFailure } from './failures.js';
export { DatabaseFromTheFuture, migrate, NotMigrated, ownMigrations } from './migrate.js';
export type { MigrateOptions, MigrationSet } from './migrate.js';
export { openPostgres } from './open-postgres.js';
export type { DatabaseAccess, OpenedPostgres, PostgresOptions } from './open-postgres.js';
export { releaseDoor, settleRestored, type Restored } from './restored.js';
export { testDatabase } from './for-tests/test-database.js';
export type { TestDatabase } from './for-tests/test-database.js';
