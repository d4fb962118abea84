/** Reads the own log from where it came to, hands on what is new, and remembers how far it is. Stops at what it cannot read, and says so. */
import {
  comparePositions,
  UnknownEvent,
  type Checkpoints,
  type EventStore,
  type Position,
  type StoredEvent,
} from '@convenant/kernel';
import type { ExchangeLedger } from '@convenant/exchange';
import type { OperatorLog } from './definition.js';
import { failureFacts } from './failure-facts.js';

export interface LogReader {
  /** Handles everything up to the end of the log. Never rejects: a failure is noted once, and the next call tries again from the same place. */
  advance(): Promise<void>;
  /**
   * Notes in the bookkeeping how far it came; when it is at work, after that. For now and then, and before this process stops. Never rejects:
   * when another instance was faster, or it stands still, a later call does.
   */
  noteProgress(): Promise<void>;
  /** Whether it stands still because of something it cannot read or do. */
  failed(): boolean;
  /** The next advance asks again under which name its place is noted, and where that is. */
  lookAgain(): void;
}

/** Its position is noted behind the batch with which it has handled so many events: a restart handles these once more. */
const notePositionEvery = 500;

/**
 * `handle` gets what `concerns` names, in order. What was handled after the position was last noted is handled again after a crash, and by
 * another instance: noting it after every event would cost as much as many of them do. `noteUnder` says under which name: a name under which
 * nothing was noted yet is a reading of the whole log, and stays one whatever fails or ends in the middle of it.
 */
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
  noteUnder: () => Promise<string> = () => Promise.resolve(name),
): LogReader {
  /** Everything up to here was handled. */
  let position: Position | undefined;
  /** Up to where the bookkeeping knows that it came. */
  let saved: Position | undefined;
  let notedUnder = name;
  let unsaved = 0;
  let toBeNoted = false;
  let loaded = false;
  let busy: Promise<void> | undefined;
  let again = false;
  let trouble: string | undefined;
  /** So many events are still to be taken one at a time, so that what comes before one that fails is not done again at every attempt. */
  let oneByOne = 0;

  const load = async (): Promise<void> => {
    // First, so that whoever asks meanwhile to look again is heard.
    loaded = true;
    const under = await noteUnder();
    if (under !== notedUnder) position = saved = undefined;
    notedUnder = under;
    const noted = (await ledger.checkpoint(under)) as Position | undefined;
    // Another instance that is behind this one takes nothing back; one that was set back to before what stood there does.
    const isSetBack = noted === undefined || comparePositions(noted, saved) < 0;
    if (isSetBack || comparePositions(noted, position) > 0) {
      position = noted;
      unsaved = 0;
    }
    saved = noted;
  };
  const save = async (): Promise<void> => {
    toBeNoted = false;
    if (!loaded || position === undefined || position === saved) return;
    checkpoints.pass('reader: before position');
    // Another instance may have done the same work; both did it without effect the second time.
    if (!(await ledger.saveCheckpoint(notedUnder, saved, position))) loaded = false;
    checkpoints.pass('reader: after position');
    if (!loaded) return;
    saved = position;
    unsaved = 0;
  };

  const advanceOnce = async (): Promise<void> => {
    do {
      again = false;
      for (;;) {
        if (!loaded) await load();
        const limit = oneByOne > 0 ? 1 : batchSize;
        const events = await store.readAll(position, limit);
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
        if (oneByOne > 0 || unsaved >= notePositionEvery) await save();
        if (oneByOne > 0) oneByOne--;
        goOn();
        // That was all there was; who appended since has called.
        if (events.length < limit && loaded) break;
      }
      goOn();
      if (toBeNoted) await save();
    } while (again);
  };
  const goOn = (): void => {
    if (trouble !== undefined) operatorLog.note('info', 'reader-goes-on', { reader: name });
    trouble = undefined;
  };
  const standStill = (error: unknown): void => {
    loaded = false;
    const facts = error instanceof UnknownEvent ? { error: error.message } : failureFacts(error);
    const now = Object.values(facts).join(' ');
    if (trouble !== now) operatorLog.note('error', 'reader-stands-still', { reader: name, ...facts });
    trouble = now;
  };
  const begin = (work: () => Promise<void>): Promise<void> => {
    busy = work()
      .catch(standStill)
      .then(() => {
        busy = undefined;
        if (trouble !== undefined) return undefined; // What stands still waits for the next call.
        // Somebody called between the last look and this moment.
        return again ? advance() : toBeNoted ? begin(save) : undefined;
      });
    return busy;
  };
  const advance = (): Promise<void> => {
    if (!busy) return begin(advanceOnce);
    again = true;
    return busy;
  };
  return {
    failed: () => trouble !== undefined,
    lookAgain() {
      loaded = false;
    },
    advance,
    noteProgress() {
      toBeNoted = true;
      return busy ?? begin(save);
    },
  };
}
