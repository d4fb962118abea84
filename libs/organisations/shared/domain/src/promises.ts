/** The promises that every subject makes, as functions that say where one is broken; specs expect the empty list. */
import { fold, type Decider, type EventCatalogue, type NewEvent } from '@convenant/kernel';
import type { AnyComposedValue, Composition } from './compose.js';

/** Plays the commands one after the other, each twice, and returns those whose second time changed something. */
export function changedBySecondTime<Command, Event, State, Refusal extends string>(
  decider: Decider<Command, Event, State, Refusal>,
  commands: readonly Command[],
): readonly Command[] {
  let state = decider.initial;
  return commands.filter((command) => {
    const first = decider.decide(command, state);
    if ('refused' in first) return false;
    state = first.accepted.reduce((before, event) => decider.evolve(before, event), state);
    const second = decider.decide(command, state);
    return 'refused' in second || second.accepted.length > 0;
  });
}

/** What a decider answers when these events happened before. */
export const given = <Command, Event, State, Refusal extends string>(
  decider: Decider<Command, Event, State, Refusal>,
  events: readonly Event[],
) => ({ when: (command: Command) => decider.decide(command, fold(decider, events)) });

/** An event as it was stored once; kept for ever, never edited. */
export type KeptExample = Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>;

/** The stored versions without an example, and the examples that this release cannot read. */
export function brokenHistory<Event extends { type: string }>(
  catalogue: EventCatalogue<Event>,
  examples: readonly KeptExample[],
): readonly string[] {
  const missing = catalogue.definitions.flatMap(({ type, version }) =>
    Array.from({ length: version }, (_, index) => index + 1)
      .filter((each) => !examples.some((example) => example.type === type && example.version === each))
      .map((each) => `${type} version ${each} has no example`),
  );
  const unreadable = examples.flatMap((example) => {
    try {
      catalogue.encode(catalogue.decode(example));
      return [];
    } catch (error) {
      return [`${example.type} version ${example.version}: ${error instanceof Error ? error.message : 'unreadable'}`];
    }
  });
  return [...missing, ...unreadable];
}

/**
 * Which fields of a composed state do not fit its contract, and which it has too many. `open` stands for the key:
 * it gives the value for a sealed text.
 */
export function misfits(
  { contract, compose }: Composition,
  events: readonly { readonly type: string }[],
  open: (sealedText: string) => unknown,
): readonly string[] {
  const composed = compose(events) ?? {};
  const unknown = Object.keys(composed).filter((name) => !(name in contract.fields));
  const wrong = Object.entries(contract.fields).filter(
    ([name, { schema }]) => !schema.safeParse(openAll(composed[name], open)).success,
  );
  return [...unknown, ...wrong.map(([name]) => name)];
}

/**
 * After which types of event this composition tells something else, when these examples happen in their order and then all happen again, each
 * with contents of its own. It is promised that `changedBy` lists exactly these.
 */
export function typesThatChange(
  { compose }: Composition,
  catalogue: Pick<EventCatalogue<{ readonly type: string }>, 'decode'>,
  examples: readonly KeptExample[],
): readonly string[] {
  const events = [...examples, ...examples].map((example, index) =>
    catalogue.decode({
      ...example,
      sealed: Object.fromEntries(Object.entries(example.sealed).map(([name, text]) => [name, `${text}${index}`])),
    }),
  );
  const told = [[], ...events.map((_, index) => events.slice(0, index + 1))].map((until) =>
    JSON.stringify(compose(until)),
  );
  return [...new Set(events.filter((_, index) => told[index] !== told[index + 1]).map(({ type }) => type))].sort();
}

function openAll(value: AnyComposedValue, open: (sealedText: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: AnyComposedValue) => openAll(item, open));
  if (typeof value !== 'object') return value;
  if ('sealed' in value && typeof value.sealed === 'string') return open(value.sealed);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, openAll(each as AnyComposedValue, open)]),
  );
}
