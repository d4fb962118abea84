/** Every version of a relation event that was ever stored can still be read. */
import { describe, expect, it } from '@jest/globals';
import { relationEvents, staffEvents, teamEvents } from './relation-events.js';
import history from './relations.history.json' with { type: 'json' };

type Kept = Parameters<typeof relationEvents.decode>[0];
const readers = [relationEvents, staffEvents, teamEvents].map((catalogue) => ({
  knows: (type: string) => catalogue.knows(type),
  definitions: catalogue.definitions,
  /** Read, and written again. */
  again: (stored: Kept) => {
    const event = catalogue.decode(stored);
    return { event, stored: catalogue.encode(event as never) };
  },
}));
const definitions = readers.flatMap((reader) => reader.definitions);

describe('the stored history of working relations', () => {
  it.each(history)('reads $type version $version as it was written', (stored) => {
    const again = readers.find(({ knows }) => knows(stored.type))?.again(stored as unknown as Kept);
    expect(again).toEqual({ event: { type: stored.type, ...stored.data }, stored });
  });

  it('has an example of every version of every event', () => {
    const kept = new Set(history.map(({ type, version }) => `${type} ${version}`));
    for (const { type, version } of definitions) {
      for (let each = 1; each <= version; each++) expect(kept).toContain(`${type} ${each}`);
    }
  });

  it('holds nothing that would have to be sealed', () => {
    expect(definitions.filter(({ sealed }) => Object.keys(sealed).length > 0)).toEqual([]);
  });
});
