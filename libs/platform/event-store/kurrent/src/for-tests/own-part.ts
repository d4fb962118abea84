/** A part of a log as a log of its own, so that a suite that wants an empty log every time can run on a server whose log only grows. */
import { EventStore } from '@convenant/kernel';
import type { Appended, NewEvent, Position, StoredEvent } from '@convenant/kernel';

/** Begins behind everything that is in the log now. Nobody else may append meanwhile. */
export class OwnPart extends EventStore {
  private constructor(
    private readonly store: EventStore,
    private readonly mark: string,
    private readonly from: Position | undefined,
  ) {
    super();
  }

  static async of(store: EventStore, mark: string): Promise<OwnPart> {
    return new OwnPart(store, mark, await store.head());
  }

  /** The same part through another instance over the same log. */
  through(store: EventStore): OwnPart {
    return new OwnPart(store, this.mark, this.from);
  }

  override append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended> {
    const marked = events.map((event) => ({ ...event, id: this.mark + event.id }));
    return this.store.append(this.mark + stream, expectedVersion, marked);
  }
  override async read(stream: string, after?: number): Promise<readonly StoredEvent[]> {
    return (await this.store.read(this.mark + stream, after)).map(this.#unmarked);
  }
  override async readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    return (await this.store.readAll(after ?? this.from, limit)).map(this.#unmarked);
  }
  override async head(): Promise<Position | undefined> {
    const head = await this.store.head();
    return head === this.from ? undefined : head;
  }
  override onAppended(listener: () => void): () => void {
    return this.store.onAppended(listener);
  }
  override close(): Promise<void> {
    return this.store.close();
  }

  readonly #unmarked = (event: StoredEvent): StoredEvent => ({
    ...event,
    id: event.id.slice(this.mark.length),
    stream: event.stream.slice(this.mark.length),
  });
}
