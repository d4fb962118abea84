/** What an organisation stores about what it asked stays readable, and is recorded once. */
import { describe, expect, it } from '@jest/globals';
import { accept } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import examples from './asks.history.json' with { type: 'json' };
import { askEvents, asks, type AskCommand, type AskEvent } from './asks.js';

const ask = {
  type: 'AskPartner',
  askId: 'sent',
  discloser: 'ggz-amstel',
  pseudonym: 'name-1',
  purpose: 'funding-decision',
  roles: ['labourExpert'],
  categories: ['K1', 'K2'],
  by: 'person-wil',
  at: '2026-11-02T09:00:00.000Z',
} as const satisfies AskCommand;
const { pseudonym: _named, ...unnamed } = ask;
const waiting = { ...unnamed, askId: 'waiting' };
const named: AskCommand = { type: 'NameWaiting', pseudonyms: { 'ggz-amstel': 'name-1' }, at: ask.at };

describe('what was asked of partners', () => {
  it('reads every version that was ever stored', () => {
    expect(brokenHistory(askEvents, examples)).toEqual([]);
  });

  it('changes nothing when it is recorded twice, nor when what waits is given a name twice', () => {
    expect(changedBySecondTime(asks, [ask, waiting, named])).toEqual([]);
  });

  it('is named once, and only where it waits for that partner', () => {
    const before = [ask, waiting, { ...waiting, askId: 'elsewhere', discloser: 'ggz-duin' }].map((each): AskEvent => ({
      ...each,
      type: 'PartnerAsked',
    }));
    const decided = given(asks, before).when(named);
    expect(decided).toMatchObject({ accepted: [{ type: 'WaitingAskNamed', askId: 'waiting', pseudonym: 'name-1' }] });
    const after = 'accepted' in decided ? decided.accepted : [];
    expect(after).toHaveLength(1);
    expect(given(asks, [...before, ...after]).when(named)).toEqual(accept());
  });
});
