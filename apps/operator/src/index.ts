/** What operators do from a command line, for other programs: tests, and whoever wants to call it without a shell. */
export { backUp, type BackUpOptions } from './back-up.js';
export { readDataBackup, type DataBackup } from './data-backup.js';
export { restore, type RestoredData, type RestoreOptions } from './restore.js';
