/** Reads the own log from where it came to, hands on what is new, and remembers how far it is. Stops at what it cannot read, and says so. */
import { UnknownEvent, type EventStore, type Position, type StoredEvent } from '@convenant/kernel';
import type { ExchangeLedger } from '@convenant/exchange';
import type { OperatorLog } from './definition.js';

export interface LogReader {
  /** Handles everything up to the end of the log. Never rejects: a failure is noted, and the next call tries again from the same place. */
  advance(): Promise<void>;
  /** Whether it stands still because of something it cannot read or do. */
  failed(): boolean;
}

export function createLogReader(
  name: string,
  handle: (events: readonly StoredEvent[]) => Promise<void>,
  { store, ledger, operatorLog }: { readonly store: EventStore; readonly ledger: ExchangeLedger; readonly operatorLog: OperatorLog },
  batchSize = 100,
): LogReader {
  let position: string | undefined;
  let loaded = false;
  let busy: Promise<void> | undefined;
  let again = false;
  let failing = false;

  const advanceOnce = async (): Promise<void> => {
    do {
      again = false;
      for (;;) {
        if (!loaded) {
          position = await ledger.checkpoint(name);
          loaded = true;
        }
        const events = await store.readAll(position as Position | undefined, batchSize);
        const last = events.at(-1);
        if (!last) break;
        await handle(events);
        // Another instance may have done the same work; both did it without effect the second time.
        if (await ledger.saveCheckpoint(name, position, last.position)) position = last.position;
        else loaded = false;
      }
    } while (again);
  };
  return {
    failed: () => failing,
    advance() {
      if (busy) {
        again = true;
        return busy;
      }
      busy = advanceOnce()
        .then(() => {
          failing = false;
        })
        .catch((error: unknown) => {
          failing = true;
          loaded = false;
          operatorLog.note('error', 'reader-stands-still', { reader: name, error: error instanceof UnknownEvent ? error.message : errorName(error) });
        })
        .finally(() => {
          busy = undefined;
        });
      return busy;
    },
  };
}

/** The kind of error and nothing of its text, which could quote what it stumbled over. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
