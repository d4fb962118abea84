/** Starting the local installation from other programs: the story, the fault tests and the benchmarks. */
export { openAccessLogs, type OpenedAccessLogs } from './open-access-logs.js';
export { settingsFrom, type LocalSettings } from './settings.js';
export { signedInUri, startLocal, type Local, type StartOptions } from './start-local.js';
