/** The event store in KurrentDB keeps the promises of the others: over the wire on a double always, and on a server when one is named. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventStoreContract } from '@convenant/event-store-contract';
import type { OpenedEventStore } from '@convenant/event-store-contract';
import { KurrentEventStore } from './event-store.js';
import { KurrentDouble } from './for-tests/kurrentdb-double.js';
import { OwnPart } from './for-tests/own-part.js';

eventStoreContract('the event store in KurrentDB, on a double,', async () => {
  const double = await KurrentDouble.start();
  const stores = [new KurrentEventStore({ address: double.address })];
  return {
    store: stores[0] as KurrentEventStore,
    another: async () => {
      const another = new KurrentEventStore({ address: double.address });
      stores.push(another);
      return another;
    },
    close: async () => {
      for (const store of stores) await store.close();
      double.stop();
    },
  };
});

describe('on a log that is used again for every test, as that of a server must be,', () => {
  let double: KurrentDouble;
  beforeAll(async () => {
    double = await KurrentDouble.start();
  });
  afterAll(() => double.stop());
  eventStoreContract('the event store in KurrentDB', () => openPart(double.address));
});

const server = process.env['CONVENANT_KURRENTDB_URL'];
if (server) {
  eventStoreContract('the event store in KurrentDB, on a server,', () => openPart(server));
} else {
  console.warn(
    'KurrentDB was NOT run: no server. Set CONVENANT_KURRENTDB_URL to one that nobody else uses, and run this again.',
  );
  describe.skip('the event store in KurrentDB, on a server, keeps the event-store contract', () => {
    it('was not run, because CONVENANT_KURRENTDB_URL names no server', () => undefined);
  });
}

async function openPart(address: string): Promise<OpenedEventStore> {
  const stores = [new KurrentEventStore({ address })];
  const part = await OwnPart.of(stores[0] as KurrentEventStore, `${randomUUID()} `);
  return {
    store: part,
    another: async () => {
      const another = new KurrentEventStore({ address });
      stores.push(another);
      return part.through(another);
    },
    close: async () => {
      for (const store of stores) await store.close();
    },
  };
}
