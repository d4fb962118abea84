/**
 * The event log in KurrentDB, experimental: it keeps the contract on a double, and no KurrentDB server was at hand to run it on. The driver,
 * which brings a part that is compiled per platform, is loaded when a log is opened and not before.
 */
export { wrongWith } from './connection.js';
export type { KurrentEventStore, KurrentOptions } from './event-store.js';
export { KurrentFailure, type KurrentTrouble } from './failures.js';
export { openKurrentEvents } from './open-kurrent.js';
