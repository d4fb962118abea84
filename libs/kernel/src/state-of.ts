/** The state that a stream comes to. What was folded before is not folded again: the events that it came from never change. */
import type { Decider } from './decider.js';
import type { EventCatalogue, StoredEvent } from './event.js';

type Folding<State, Event> = Pick<Decider<never, Event, State, string>, 'initial' | 'evolve'>;

/** By the function that folds, and by the last event that is in it: one state for each stream, as long as somebody holds that event. */
const folded = new WeakMap<object, WeakMap<StoredEvent, unknown>>();

/**
 * `stored` begins at the first event of its stream and leaves none out. Throws what `decode` throws. The same events as the same objects are
 * decoded and folded once, so states are never to be changed by whoever gets them.
 */
export function stateOf<State, Event extends { type: string }>(
  catalogue: Pick<EventCatalogue<Event>, 'decode'>,
  decider: Folding<State, Event>,
  stored: readonly StoredEvent[],
): State {
  const states = (folded.get(decider.evolve) ?? new WeakMap<StoredEvent, unknown>()) as WeakMap<StoredEvent, State>;
  folded.set(decider.evolve, states);
  const last = stored.at(-1);
  if (!last) return decider.initial;
  const from = stored.findLast((event) => states.has(event));
  let state = from ? (states.get(from) as State) : decider.initial;
  if (from === last) return state;
  for (const event of stored.slice(from?.streamVersion ?? 0)) state = decider.evolve(state, catalogue.decode(event));
  // Only the newest is kept: a state for every event of a long stream would be many.
  if (from) states.delete(from);
  states.set(last, state);
  return state;
}
