/** Reads the own log from where it came to, hands on what is new, and remembers how far it is. Stops at what it cannot read, and says so. */
import { UnknownEvent, type Checkpoints, type EventStore, type Position, type StoredEvent } from '@convenant/kernel';
import type { ExchangeLedger } from '@convenant/exchange';
import type { OperatorLog } from './definition.js';

export interface LogReader {
  /** Handles everything up to the end of the log. Never rejects: a failure is noted once, and the next call tries again from the same place. */
  advance(): Promise<void>;
  /** Whether it stands still because of something it cannot read or do. */
  failed(): boolean;
  /** The next advance goes on from where the bookkeeping says, which somebody else may have changed. */
  lookAgain(): void;
}

/** A reader whom nothing concerned still notes its position now and then, so that a restart need not read far back. */
const notePositionEvery = 2_000;

/** `handle` gets what `concerns` names, in order; what comes again after a crash is handled again. */
export function createLogReader(
  name: string,
  handle: (events: readonly StoredEvent[]) => Promise<void>,
  {
    store,
    ledger,
    operatorLog,
    checkpoints,
  }: {
    readonly store: EventStore;
    readonly ledger: ExchangeLedger;
    readonly operatorLog: OperatorLog;
    readonly checkpoints: Checkpoints;
  },
  concerns: (event: StoredEvent) => boolean = () => true,
  batchSize = 100,
): LogReader {
  let position: string | undefined;
  /** Up to where the bookkeeping knows that it came; may lag behind while nothing of its concern happened. */
  let saved: string | undefined;
  let unsaved = 0;
  let loaded = false;
  let busy: Promise<void> | undefined;
  let again = false;
  let trouble: string | undefined;
  /** So many events are still to be taken one at a time, so that what comes before one that fails is not done again at every attempt. */
  let oneByOne = 0;

  const advanceOnce = async (): Promise<void> => {
    do {
      again = false;
      for (;;) {
        if (!loaded) {
          position = saved = await ledger.checkpoint(name);
          unsaved = 0;
          loaded = true;
        }
        const limit = oneByOne > 0 ? 1 : batchSize;
        const events = await store.readAll(position as Position | undefined, limit);
        const last = events.at(-1);
        if (!last) break;
        const mine = events.filter(concerns);
        try {
          if (mine.length > 0) await handle(mine);
        } catch (error) {
          if (events.length === 1) throw error;
          oneByOne = events.length;
          continue;
        }
        position = last.position;
        unsaved += events.length;
        if (mine.length > 0 || unsaved >= notePositionEvery) {
          checkpoints.pass('reader: before position');
          // Another instance may have done the same work; both did it without effect the second time.
          loaded = await ledger.saveCheckpoint(name, saved, position);
          saved = position;
          unsaved = 0;
          checkpoints.pass('reader: after position');
        }
        if (oneByOne > 0) oneByOne--;
        goOn();
        // That was all there was; who appended since has called.
        if (events.length < limit && loaded) break;
      }
      goOn();
    } while (again);
  };
  const goOn = (): void => {
    if (trouble !== undefined) operatorLog.note('info', 'reader-goes-on', { reader: name });
    trouble = undefined;
  };
  const standStill = (error: unknown): void => {
    loaded = false;
    const now = error instanceof UnknownEvent ? error.message : errorName(error);
    if (trouble !== now) operatorLog.note('error', 'reader-stands-still', { reader: name, error: now });
    trouble = now;
  };
  const advance = (): Promise<void> => {
    if (busy) {
      again = true;
      return busy;
    }
    busy = advanceOnce()
      .catch(standStill)
      .then(() => {
        busy = undefined;
        // Somebody called between the last look and this moment. What stands still waits for the next call.
        return again && trouble === undefined ? advance() : undefined;
      });
    return busy;
  };
  return {
    failed: () => trouble !== undefined,
    lookAgain() {
      loaded = false;
    },
    advance,
  };
}

/** The kind of error and nothing of its text, which could quote what it stumbled over. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
