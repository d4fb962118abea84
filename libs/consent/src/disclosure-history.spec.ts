/** Every stored version of every disclosure event stays readable: the kept examples are never edited, only added to. */
import { describe, expect, it } from '@jest/globals';
import { fold, type NewEvent } from '@convenant/kernel';
import { disclosureEvents } from './disclosure-events.js';
import history from './disclosure.history.json' with { type: 'json' };
import { disclosure } from './disclosure.js';

type Kept = Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>;
const kept = history as unknown as readonly Kept[];

describe('the kept examples of disclosure events', () => {
  it.each(kept.map((example) => [`${example.type} version ${example.version}`, example] as const))(
    '%s can be read',
    (_name, example) => {
      const definition = disclosureEvents.definitions.find(({ type }) => type === example.type);
      const event = disclosureEvents.decode(example);
      expect(event.type).toBe(example.type);
      // What was read can be written again under the newest version: nothing required is missing after the steps between them.
      expect(disclosureEvents.encode(event)).toMatchObject({ type: example.type, version: definition?.version });
    },
  );
  it('are there for every version that was ever stored', () => {
    const stored = disclosureEvents.definitions.flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, index) => `${type} ${index + 1}`),
    );
    const examples = new Set(kept.map(({ type, version }) => `${type} ${version}`));
    expect([...examples].toSorted()).toEqual(stored.toSorted());
  });
  it('lead to a state without a fault', () => {
    const state = fold(
      disclosure,
      kept.map((example) => disclosureEvents.decode(example)),
    );
    expect(state.consents['consent-1']?.state).toBe('superseded');
    expect(state.told['told-1']?.covered).toBe(false);
  });
});
