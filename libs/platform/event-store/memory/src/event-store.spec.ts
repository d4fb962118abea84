/** The event store in memory keeps the promises of the durable ones. */
import { eventStoreContract } from '@convenant/event-store-contract';
import { MemoryEventStore } from './event-store.js';

eventStoreContract('the event store in memory', async () => {
  const store = new MemoryEventStore();
  return { store, close: () => store.close() };
});
