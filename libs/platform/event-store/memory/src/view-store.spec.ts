/** The view store in memory keeps the promises of the durable ones. */
import { viewStoreContract } from '@convenant/event-store-contract';
import { MemoryViewStore } from './view-store.js';

viewStoreContract('the view store in memory', async () => ({
  store: new MemoryViewStore(),
  close: async () => undefined,
}));
