/** An event store that remembers what it read. Events never change, so only what came since has to be asked for. */
import type { NewEvent, StoredEvent } from './event.js';
import { comparePositions, EventStore, VersionConflict, type Appended, type Position } from './event-store.js';
import { RecentlyUsed } from './recently-used.js';

export interface RememberingLimits {
  /** Characters of text in the streams that stay in memory, a byte each; the streams that were not used for longest are forgotten first. */
  readonly ofStreams: number;
  /** The newest events of the log, for readers that follow it side by side. */
  readonly ofLog: number;
}
export const defaultRemembering: RememberingLimits = { ofStreams: 64_000_000, ofLog: 2_000 };

interface Remembered {
  readonly events: readonly StoredEvent[];
  readonly characters: number;
}
const nothing: Remembered = { events: [], characters: 0 };
/** How much is read at once at the end of the log, for whoever asks. */
const pageAtTheEnd = 500;
/** What was appended here and an older transaction holds back is looked for again so often; after that the next call or look finds it. */
const looksAtTheEnd = 5;

/**
 * Keeps every promise of the store that it stands before, freshness among them: each `read` asks it for what came after the remembered events,
 * and each reading of the end of the log begins after it was asked for. Only `readUpTo` may be answered from memory alone. Whatever is
 * remembered is as sealed as it was stored.
 */
export class RememberingStore extends EventStore {
  readonly #streams: RecentlyUsed<Remembered>;
  /** The newest events that were read, without a gap; each reader goes on from the place of one of them. */
  #tail: readonly StoredEvent[] = [];
  /** How far this process itself has appended. */
  #appended: Position | undefined;
  #underway: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    private readonly inner: EventStore,
    private readonly limits: RememberingLimits = defaultRemembering,
  ) {
    super();
    this.#streams = new RecentlyUsed(limits.ofStreams, ({ characters }) => characters);
  }

  override async append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended> {
    try {
      const appended = await this.inner.append(stream, expectedVersion, events);
      if (comparePositions(appended.position, this.#appended) > 0) this.#appended = appended.position;
      return appended;
    } catch (error) {
      // The log was set back under this process: what is remembered of this stream is not there any more.
      if (error instanceof VersionConflict && error.actual < this.#known(stream).events.length)
        this.#streams.delete(stream);
      throw error;
    }
  }

  override async read(stream: string, after = 0): Promise<readonly StoredEvent[]> {
    const known = this.#known(stream);
    if (after > known.events.length) return this.inner.read(stream, after);
    const newer = unchangeable(await this.inner.read(stream, known.events.length));
    const whole = newer.length === 0 ? known.events : this.#remember(stream, known, newer);
    return after === 0 ? whole : whole.slice(after);
  }

  override async readUpTo(stream: string, version: number): Promise<readonly StoredEvent[]> {
    const { events } = this.#known(stream);
    const whole = events.length >= version ? events : await this.read(stream);
    return whole.length === version ? whole : whole.slice(0, version);
  }

  override remembered(stream: string): readonly StoredEvent[] {
    return this.#known(stream).events;
  }

  override async readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    const remembered = this.#since(after, limit);
    if (remembered && remembered.length > 0) return remembered;
    if (remembered) {
      await this.#readOn();
      const newer = this.#since(after, limit);
      if (newer) return newer;
    }
    const page = await this.inner.readAll(after, limit);
    if (page.length > 0 && comparePositions(page.at(-1)?.position, this.#tail.at(-1)?.position) > 0)
      this.#tail = unchangeable(page);
    return page;
  }

  override head(): Promise<Position | undefined> {
    return this.inner.head();
  }
  /** Calls back once the newest events are remembered, so that all who are woken by it find them here; not for what was called back for before. */
  override onAppended(listener: () => void): () => void {
    let heard: Position | undefined;
    return this.inner.onAppended(() => {
      const call = (): void => {
        const newest = this.#tail.at(-1)?.position;
        if (newest !== undefined && newest === heard) return;
        heard = newest;
        listener();
      };
      // Whoever is called meets the failure again, and says so.
      this.#readOn().then(call, listener);
    });
  }
  override close(): Promise<void> {
    return this.inner.close();
  }

  /** The remembered events after this place, none when it is the last; `undefined` when that place is not remembered. */
  #since(after: Position | undefined, limit: number): readonly StoredEvent[] | undefined {
    if (after === undefined) return undefined;
    const at = this.#tail.findLastIndex(({ position }) => position === after);
    return at < 0 ? undefined : this.#tail.slice(at + 1, at + 1 + limit);
  }

  /** A reading that began before it was asked for may have missed the newest, so whoever asks meanwhile shares the one after it. */
  #readOn(): Promise<void> {
    if (!this.#underway) {
      this.#underway = this.#extendTail().finally(() => (this.#underway = undefined));
      return this.#underway;
    }
    this.#next ??= this.#underway
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#readOn();
      });
    return this.#next;
  }

  async #extendTail(): Promise<void> {
    for (let look = 0; look < looksAtTheEnd; look++) {
      await this.#lookAtTheEnd();
      const last = this.#tail.at(-1);
      if (!last || comparePositions(last.position, this.#appended) >= 0) return;
    }
  }

  async #lookAtTheEnd(): Promise<void> {
    const last = this.#tail.at(-1);
    if (!last) return;
    const page = unchangeable(await this.inner.readAll(last.position, pageAtTheEnd));
    // Another page may have taken the place of what this one goes on from.
    if (page.length === 0 || this.#tail.at(-1) !== last) return;
    this.#tail = [...this.#tail, ...page].slice(-this.limits.ofLog);
    for (const event of page) {
      const known = this.#known(event.stream);
      if (known !== nothing && known.events.length === event.streamVersion - 1)
        this.#remember(event.stream, known, [event]);
    }
  }

  #known(stream: string): Remembered {
    return this.#streams.get(stream) ?? nothing;
  }
  #remember(stream: string, known: Remembered, newer: readonly StoredEvent[]): readonly StoredEvent[] {
    const events = [...known.events, ...newer];
    // Somebody else may have read further meanwhile.
    if (this.#known(stream).events.length < events.length)
      this.#streams.set(stream, { events, characters: known.characters + charactersIn(newer) });
    return events;
  }
}

/** What is handed to several readers as the same objects must be changed by none of them. */
function unchangeable<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) unchangeable(inner);
  return Object.freeze(value);
}

/** About what a value takes in memory, its names included. */
function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, inner) => sum + 16 + charactersIn(inner), 0);
}
