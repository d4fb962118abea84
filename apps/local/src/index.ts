/** Starting the local installation from other programs: the story, the fault tests and the benchmarks. */
export { openAccessLogs, reachDatabases, type OpenedAccessLogs, type ReachedDatabases } from './open-access-logs.js';
export { settingsFrom, type LocalSettings } from './settings.js';
export {
  pageOrganisation,
  pinEachOther,
  signedInUri,
  startLocal,
  type Local,
  type StartOptions,
} from './start-local.js';
