/** Tries the canaries themselves: a guard that is missed is called caught, and nothing else is. */
import { describe, expect, it } from '@jest/globals';
import { guards } from './guard-list/index.mjs';
import { holds, table, tryGuards, type Guard } from './guards.mjs';

const named = (id: string): Guard => {
  const found = guards.find((entry) => entry.id === id);
  if (!found || 'later' in found) throw new Error(`There is no guard ${id}.`);
  return found;
};
const wall = named('purpose-wall-reading');

describe('the canaries', () => {
  it('call a guard caught when a test fails without it, and nothing else', async () => {
    const outcomes = await tryGuards(
      [
        wall,
        named('expected-version-memory'),
        named('medical-key-for-the-assigned-physician'),
        { ...wall, id: 'useless', to: `${wall.from} // and nothing else` },
        { ...wall, id: 'moved', from: 'no such text in this file' },
        { ...wall, id: 'unreadable', to: 'return deny(' },
        { ...wall, id: 'unlinked', from: "from '@convenant/kernel';", to: "from '@convenant/kernels';" },
        { ...wall, id: 'undefined-name', to: 'nobodyDefinedThis();' },
        { ...wall, id: 'no-such-test', only: 'no test is called like this' },
        { id: 'yet-to-come', rule: 9, guard: 'something', later: 'not built' },
      ],
      { copies: 2 },
    );
    expect(Object.fromEntries(outcomes.map(({ id, state }) => [id, state]))).toEqual({
      'purpose-wall-reading': 'caught',
      'expected-version-memory': 'caught',
      'medical-key-for-the-assigned-physician': 'caught',
      useless: 'not-caught',
      moved: 'drift',
      unreadable: 'no-program',
      unlinked: 'no-program',
      'undefined-name': 'no-program',
      'no-such-test': 'not-caught',
      'yet-to-come': 'later',
    });
    expect(outcomes.filter(holds).map(({ id }) => id)).toHaveLength(4);
    expect(outcomes[0]?.by).toContain('claim assessment');
    expect(table(outcomes)).toContain('NOT CAUGHT (useless, not-caught)');
  }, 120_000);
});
