/** Reading the settings of a deployed program. */
export { readSettings } from './read-settings.js';
export { secretsFromFiles, type Variables } from './secrets-from-files.js';
