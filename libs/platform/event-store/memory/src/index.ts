/** Stores that live in memory, for pure tests and simulations. */
export { MemoryEventStore } from './event-store.js';
export { MemoryExchangeLedger } from './exchange-ledger.js';
export { MemoryViewStore } from './view-store.js';
