/** The facts of one client from which is composed what partners are told. */
import type { StoredEvent } from '@convenant/kernel';
import type { DoorPorts, DoorRules } from './door.js';

interface Facts {
  readonly events: readonly StoredEvent[];
  readonly decoded: readonly { readonly type: string }[];
}

/** The streams that hold what is told, each read and decoded once for all contracts and recipients. What is written meanwhile sets the door going again. */
export class FactsRead {
  readonly #streams = new Map<string, Promise<Facts>>();

  constructor(
    readonly rules: DoorRules,
    readonly ports: DoorPorts,
  ) {}

  async of(streams: readonly string[]): Promise<Facts> {
    const read = await Promise.all(streams.map((stream) => this.#one(stream)));
    return { events: read.flatMap(({ events }) => events), decoded: read.flatMap(({ decoded }) => decoded) };
  }

  /** Asks for these already; who reads them afterwards meets a failure too. */
  ahead(streams: readonly string[]): void {
    for (const stream of streams) this.#one(stream).catch(() => undefined);
  }

  #one(stream: string): Promise<Facts> {
    const known = this.#streams.get(stream) ?? this.#read(stream);
    this.#streams.set(stream, known);
    return known;
  }

  async #read(stream: string): Promise<Facts> {
    const events = await this.ports.store.read(stream);
    return { events, decoded: events.map((event) => decodedOnce(event, this.rules.decode)) };
  }
}

type Decode = DoorRules['decode'];
/** By the event itself, as long as somebody holds it: a store that remembers hands out the same ones when only one more was added. */
const decodedBefore = new WeakMap<Decode, WeakMap<StoredEvent, ReturnType<Decode>>>();

function decodedOnce(event: StoredEvent, decode: Decode): ReturnType<Decode> {
  const before = decodedBefore.get(decode) ?? new WeakMap<StoredEvent, ReturnType<Decode>>();
  decodedBefore.set(decode, before);
  const decoded = before.get(event) ?? decode(event);
  before.set(event, decoded);
  return decoded;
}
