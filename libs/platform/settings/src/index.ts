/** Reading the settings of a deployed program. */
export { listeningAt, type ListensAt } from './listening.js';
export { readSettings } from './read-settings.js';
export { secretsFromFiles, type Variables } from './secrets-from-files.js';
