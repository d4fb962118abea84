/** What holds for client managers who take clients on. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { supportList } from './support-list.js';
import history from './support-task.history.json' with { type: 'json' };
import { supportEvents, supportTask, type SupportCommand, type SupportEvent } from './support-task.js';

const at = '2026-03-10T09:00:00.000Z';
const take = (by: string, on = '2026-03-02') => ({ type: 'TakeOnClient', clientId: 'c1', by, on, at }) as const;
const end = (by: string, on = '2026-03-09') => ({ type: 'EndSupport', clientId: 'c1', by, on, at }) as const;
const taken: SupportEvent = { ...take('mila'), type: 'ClientTakenOn' };
const ended: SupportEvent = { ...end('mila'), type: 'SupportEnded' };

describe('supporting a client', () => {
  it('is done by one client manager at a time', () => {
    expect(given(supportTask, []).when(take('mila'))).toEqual(accept(taken));
    expect(given(supportTask, [taken]).when(take('omar'))).toEqual(refuse('already-taken-on'));
    expect(given(supportTask, [taken, ended]).when(take('omar', '2026-03-09'))).toHaveProperty('accepted.length', 1);
  });
  it('cannot end before somebody took her on', () => {
    expect(given(supportTask, []).when(end('mila'))).toEqual(refuse('not-taken-on'));
    expect(given(supportTask, [taken]).when(end('mila', '2026-03-01'))).toEqual(refuse('dates-in-wrong-order'));
  });
  it('is not recorded for a day to come', () => {
    expect(given(supportTask, []).when(take('mila', '2026-03-11'))).toEqual(refuse('date-in-future'));
  });
  it('shows on the list of that client manager until it ends', () => {
    const row = supportList.apply(undefined, taken, 'c1', {} as never);
    expect(row && supportList.indexes?.(row, 'c1')).toEqual({ clientManager: 'mila' });
    expect(supportList.apply(row, ended, 'c1', {} as never)).toBeUndefined();
  });
  it('changes nothing when any command comes twice', () => {
    const pool: SupportCommand[] = ['mila', 'omar'].flatMap((by) => [take(by), end(by), take(by, '2026-03-09')]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(supportTask, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(supportEvents, history)).toEqual([]);
  });
});
