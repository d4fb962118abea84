/** What every refusal has in common: words in two languages, not one event anywhere, and one line in the log. */
import { expect } from '@jest/globals';
import type { LocalWorld } from './local-world.js';

/** A code with a sentence in Dutch and one in English. */
export const inWords = (code: string) =>
  expect.objectContaining({ code, nl: expect.stringMatching(/[a-z]{3}/), en: expect.stringMatching(/[a-z]{3}/) });

/** Nothing is appended at any organisation, and this organisation's log has exactly one line more, which says no. */
export async function refusing(
  world: LocalWorld,
  organisation: string,
  refusal: string,
  attempt: () => Promise<void>,
): Promise<void> {
  const before = await world.counts();
  const linesBefore = (await world.logged(organisation)).length;
  await attempt();
  expect(await world.counts()).toEqual(before);
  const lines = (await world.logged(organisation)).slice(linesBefore);
  expect(lines.map(({ outcome, refusal: why }) => ({ outcome, why }))).toEqual([
    { outcome: expect.any(Number), why: refusal },
  ]);
  expect(lines[0]?.outcome).not.toBe(0);
}
