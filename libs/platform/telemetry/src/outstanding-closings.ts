/** How many closings each partner has not proved yet, from the log: read on by itself, decided by the client's own stream, and only counts come out. */
import { disclosure, disclosureEvents } from '@convenant/consent';
import { fold, type EventStore, type Position } from '@convenant/kernel';

/** After one of these the stream has another number of outstanding closings, perhaps. */
const changing = new Set([
  'ConsentNarrowed',
  'ConsentPaused',
  'ConsentWithdrawn',
  'ConsentExpired',
  'ConsentSuperseded',
  'ClosingAcknowledged',
  'PseudonymDrawn',
  'PseudonymLearned',
]);
const batchSize = 500;
const streamsAtOnce = 8;

/**
 * Keeps in memory the streams that have a closing outstanding and no others, so a process reads the log once from its beginning. Streams
 * that it looks at twice are counted once.
 */
export class OutstandingClosings {
  readonly #store: EventStore;
  readonly #byStream = new Map<string, readonly string[]>();
  readonly #toCount = new Set<string>();
  #position: Position | undefined;
  #isThere = false;
  #busy: Promise<void> | undefined;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** By partner; `undefined` until the log was read to its end for the first time. Partners to whom nothing is outstanding are absent. */
  get perPartner(): ReadonlyMap<string, number> | undefined {
    if (!this.#isThere) return undefined;
    const counts = new Map<string, number>();
    for (const partner of [...this.#byStream.values()].flat()) counts.set(partner, (counts.get(partner) ?? 0) + 1);
    return counts;
  }

  /** Reads on to the end of the log. Rejects when it cannot; the next call goes on from there. */
  advance(): Promise<void> {
    return (this.#busy ??= this.#advance().finally(() => {
      this.#busy = undefined;
    }));
  }

  async #advance(): Promise<void> {
    for (;;) {
      const events = await this.#store.readAll(this.#position, batchSize);
      const last = events.at(-1);
      if (!last) break;
      for (const { type, stream } of events) if (changing.has(type)) this.#toCount.add(stream);
      this.#position = last.position;
    }
    for (const streams = [...this.#toCount]; streams.length > 0;)
      await Promise.all(streams.splice(0, streamsAtOnce).map((stream) => this.#count(stream)));
    this.#isThere = true;
  }

  async #count(stream: string): Promise<void> {
    const stored = await this.#store.read(stream);
    const state = fold(
      disclosure,
      stored.map((event) => disclosureEvents.decode(event)),
    );
    const outstanding = Object.values(state.consents).flatMap(({ recipient, closings }) =>
      closings.filter(({ acknowledgedAt }) => acknowledgedAt === undefined).map(() => recipient),
    );
    if (outstanding.length > 0) this.#byStream.set(stream, outstanding);
    else this.#byStream.delete(stream);
    this.#toCount.delete(stream);
  }
}
