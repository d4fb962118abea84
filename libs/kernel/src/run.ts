/** The one way to change something: read the stream, fold, decide, append at the version that was read. */
import type { Decider } from './decider.js';
import type { EventCatalogue, EventMeta, NewEvent, StoredEvent } from './event.js';
import type { EventStore, Position } from './event-store.js';
import { VersionConflict } from './event-store.js';
import type { Ids } from './ports.js';
import { stateOf } from './state-of.js';

export type Ran<Event, Refusal extends string> =
  | { readonly accepted: readonly Event[]; readonly version: number; readonly position: Position | undefined }
  | { readonly refused: Refusal };

export interface RunOptions<State = unknown> {
  readonly ids: Ids;
  /** What is written with every event; a function when it says something that the state knows. Its cause is the same for every state. */
  readonly meta: EventMeta | ((state: State) => EventMeta);
  /** How often the pure part may be repeated when somebody else wrote first. */
  readonly attempts?: number;
}

/**
 * Retries only the pure decision when another writer was first. Event ids derive from the cause, the stream and the index,
 * so that a repeated command appends nothing twice. `position` is undefined when nothing was appended.
 * `accepted` is what was decided here. When the same command is under way twice at once, the store keeps the events of one of the two: whoever
 * answers with something that was drawn by chance asks the stream for it afterwards.
 */
export async function run<Command, Event extends { type: string }, State, Refusal extends string>(
  store: EventStore,
  stream: string,
  catalogue: EventCatalogue<Event>,
  decider: Decider<Command, Event, State, Refusal>,
  command: Command,
  { ids, meta: metaOf, attempts = 20 }: RunOptions<State>,
): Promise<Ran<Event, Refusal>> {
  // Decided on what is in memory first: when that was not the newest, the append says so, and without an append it is asked for.
  const remembered = store.remembered(stream);
  let stored = remembered.length > 0 ? remembered : await store.read(stream);
  for (let attempt = 1; ; attempt++) {
    const state = stateOf(catalogue, decider, stored);
    const meta = typeof metaOf === 'function' ? metaOf(state) : metaOf;
    const before = stored.filter((event) => event.meta.cause === meta.cause);
    // The same command again: its first answer stands, whatever has happened since.
    if (before.length > 0) return { accepted: before.map((event) => catalogue.decode(event)), ...reached(before) };
    const decision = decider.decide(command, state);
    if ('refused' in decision || decision.accepted.length === 0) {
      const newest = stored === remembered ? await store.read(stream) : stored;
      if (newest.length === stored.length)
        return 'refused' in decision ? decision : { accepted: [], ...reached(stored) };
      stored = newest;
      continue;
    }
    const events = toNewEvents(catalogue, decision.accepted, meta, ids, stream);
    try {
      const appended = await store.append(stream, stored.length, events);
      return { accepted: decision.accepted, ...appended };
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt >= attempts) throw error;
      stored = await store.read(stream);
    }
  }
}

const reached = (stored: readonly StoredEvent[]): { version: number; position: Position | undefined } => {
  const last = stored.at(-1);
  return { version: last?.streamVersion ?? 0, position: last?.position };
};

export const toNewEvents = <Event extends { type: string }>(
  catalogue: EventCatalogue<Event>,
  events: readonly Event[],
  meta: EventMeta,
  ids: Ids,
  stream: string,
): NewEvent[] =>
  events.map((event, index) => ({
    id: ids.derive(meta.cause, stream, String(index)),
    meta,
    ...catalogue.encode(event),
  }));
