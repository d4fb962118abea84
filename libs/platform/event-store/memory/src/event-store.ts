/** An event log in memory: for pure tests and simulations, held to the same contract as the durable stores. */
import { EventStore, VersionConflict } from '@convenant/kernel';
import type { Appended, NewEvent, Position, StoredEvent } from '@convenant/kernel';
import { assertStorable, copyOf } from './stored.js';

/** Deterministic: no timers, no chance. Everything is gone with the object; several readers and writers may share one. */
export class MemoryEventStore extends EventStore {
  readonly #log: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #byId = new Map<string, StoredEvent>();
  readonly #listeners = new Set<() => void>();
  #closed = false;

  override async append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended> {
    this.#assertOpen();
    assertStorable('stream', stream);
    for (const { id } of events) assertStorable('event id', id);
    if (events.length === 0) throw new Error('An append needs at least one event.');
    if (new Set(events.map(({ id }) => id)).size < events.length)
      throw new Error('An append holds the same event id twice.');

    const known = events.flatMap(({ id }) => this.#byId.get(id) ?? []);
    if (known.length > 0) return answerAgain(stream, events.length, known);

    const before = this.#streams.get(stream) ?? [];
    if (before.length !== expectedVersion) throw new VersionConflict(expectedVersion, before.length);
    const stored = copyOf(events).map((event, index) => ({
      ...event,
      stream,
      streamVersion: expectedVersion + index + 1,
      position: positionOf(this.#log.length + index + 1),
    }));
    this.#streams.set(stream, [...before, ...stored]);
    for (const event of stored) {
      this.#log.push(event);
      this.#byId.set(event.id, event);
    }
    queueMicrotask(() => this.#listeners.forEach((listener) => listener()));
    return answer(stored);
  }

  override async read(stream: string, after = 0): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    return copyOf((this.#streams.get(stream) ?? []).slice(after));
  }

  override async readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    const from = after === undefined ? 0 : Number(after);
    return copyOf(this.#log.slice(from, from + limit));
  }

  override async head(): Promise<Position | undefined> {
    this.#assertOpen();
    return this.#log.at(-1)?.position;
  }

  override onAppended(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  override async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('This event store was closed.');
  }
}

/** Fixed width, so that comparing as text is comparing as number. */
const positionOf = (number: number): Position => String(number).padStart(16, '0') as Position;

function answer(stored: readonly StoredEvent[]): Appended {
  const last = stored.reduce((a, b) => (a.streamVersion > b.streamVersion ? a : b));
  return { version: last.streamVersion, position: last.position };
}

function answerAgain(stream: string, asked: number, known: readonly StoredEvent[]): Appended {
  if (known.some((event) => event.stream !== stream))
    throw new Error('An event id of this append is known in another stream.');
  if (known.length < asked) throw new Error('Only some of the event ids of this append are known.');
  return answer(known);
}
