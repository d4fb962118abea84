/** What @convenant/access-log-postgres offers to other projects. */
export { FileHeadAnchor } from './file-head-anchor.js';
export { accessLogMigrations } from './migrations.js';
export {
  openPostgresAccessLogStore,
  PostgresAccessLogStore,
  type PostgresAccessLogOptions,
} from './postgres-access-log-store.js';
export { sha256 } from './sha256.js';
export {
  runVerifyCommand,
  verifyAccessLogs,
  verifyHelp,
  type LoggedOrganisation,
  type OrganisationVerdict,
  type VerifyAccessLogsOptions,
  type VerifyCommand,
  type VerifyProgress,
} from './verify-command.js';
