/** Opens the event log of an organisation in KurrentDB, once it is sure that the log can be read. */
import type { KurrentEventStore, KurrentOptions } from './event-store.js';

/** Rejects with an error that names the setting when the address is wrong, nothing answers there or this user may not read `$all`. */
export async function openKurrentEvents(options: KurrentOptions): Promise<KurrentEventStore> {
  const { KurrentEventStore: Store } = await import('./event-store.js');
  const store = new Store(options);
  try {
    await store.head();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
