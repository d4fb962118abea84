/** The suites that every store of events, of view rows and of the exchange's bookkeeping must pass. */
export { eventStoreContract } from './event-store.contract.js';
export type { OpenedEventStore } from './event-store.contract.js';
export type { ForcedInterleavings, OpenTransaction } from './event-store-forced.contract.js';
export { exchangeLedgerContract } from './exchange-ledger.contract.js';
export type { OpenedExchangeLedger } from './exchange-ledger.contract.js';
export { idsOf, sampleEvent, sampleEvents } from './samples.js';
export { viewStoreContract } from './view-store.contract.js';
export type { OpenedViewStore } from './view-store.contract.js';
