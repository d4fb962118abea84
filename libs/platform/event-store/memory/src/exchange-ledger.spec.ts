/** The exchange ledger in memory keeps the promises of the durable ones. */
import { exchangeLedgerContract } from '@convenant/event-store-contract';
import { MemoryExchangeLedger } from './exchange-ledger.js';

exchangeLedgerContract('the exchange ledger in memory', async () => ({
  ledger: new MemoryExchangeLedger(),
  close: async () => undefined,
}));
