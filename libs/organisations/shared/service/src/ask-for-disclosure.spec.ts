/** What an organisation stores about what it asked stays readable, and is recorded once. */
import { describe, expect, it } from '@jest/globals';
import { brokenHistory, changedBySecondTime } from '@convenant/shared-domain';
import { askEvents, asks } from './ask-for-disclosure.js';
import examples from './ask-for-disclosure.history.json' with { type: 'json' };

describe('what was asked of partners', () => {
  it('reads every version that was ever stored', () => {
    expect(brokenHistory(askEvents, examples)).toEqual([]);
  });

  it('changes nothing when it is recorded twice', () => {
    const commands = examples.map(({ data }) => ({ type: 'AskPartner', ...data }) as Parameters<typeof asks.decide>[0]);
    expect(changedBySecondTime(asks, commands)).toEqual([]);
  });
});
