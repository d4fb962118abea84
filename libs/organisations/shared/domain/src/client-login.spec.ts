/** What holds for the accounts that open a client's page. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import fc from 'fast-check';
import history from './client-access.history.json' with { type: 'json' };
import { login, loginEvents, openedBy, type LoginCommand, type LoginEvent } from './client-login.js';
import { brokenHistory, changedBySecondTime, given } from './promises.js';

const at = '2026-03-10T09:00:00.000Z';
const later = '2026-03-11T09:00:00.000Z';
const activate = { type: 'ActivateLogin', sub: 's1', clientId: 'c1', as: 'client', codeDigest: 'd1', at } as const;
const activated: LoginEvent = { ...activate, type: 'LoginActivated' };
const end = { type: 'EndLogin', by: 'client', at } as const;
const ended: LoginEvent = { type: 'LoginEnded', sub: 's1', clientId: 'c1', by: 'client', at: later };

describe('a login', () => {
  it('opens one client page and no other', () => {
    expect(given(login, []).when(activate)).toEqual(accept(activated));
    expect(given(login, [activated]).when({ ...activate, clientId: 'c2' })).toEqual(
      refuse('login-belongs-to-another-client'),
    );
  });
  it('opens nothing any more once it was ended, until a new letter comes', () => {
    expect(given(login, [activated]).when(end)).toEqual(accept({ ...ended, at }));
    expect(given(login, [activated, ended]).when(activate)).toEqual(refuse('login-ended'));
    const again = { ...activate, codeDigest: 'd2' };
    expect(given(login, [activated, ended]).when(again)).toEqual(accept({ ...again, type: 'LoginActivated' }));
    expect(given(login, [activated, ended]).when({ ...again, clientId: 'c2' })).toEqual(
      refuse('login-belongs-to-another-client'),
    );
  });
  it('cannot be ended when it was never activated', () => {
    expect(given(login, []).when(end)).toEqual(refuse('login-unknown'));
  });
  it('was opened by a code from its activation until its end, or until a newer letter', () => {
    expect(openedBy('d1', [activated])).toEqual({ since: at, isOpen: true });
    expect(openedBy('d1', [activated, ended])).toEqual({ since: at, endedAt: later, isOpen: false });
    expect(openedBy('d2', [activated, ended])).toBeUndefined();
  });
  it('changes nothing when any command comes twice', () => {
    const pool: LoginCommand[] = [activate, end, { ...activate, codeDigest: 'd2' }, { ...activate, clientId: 'c2' }];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool)), (commands) => changedBySecondTime(login, commands).length === 0),
    );
  });
  it('has a readable example of every stored version', () => {
    const ofLogins = history.filter(({ type }) => type.startsWith('Login'));
    expect(brokenHistory(loginEvents, ofLogins)).toEqual([]);
  });
});
