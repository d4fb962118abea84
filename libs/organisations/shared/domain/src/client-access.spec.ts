/** What holds for activation codes and logins. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import fc from 'fast-check';
import {
  accessEvents,
  clientAccess,
  login,
  loginEvents,
  type AccessCommand,
  type AccessEvent,
  type LoginCommand,
  type LoginEvent,
} from './client-access.js';
import history from './client-access.history.json' with { type: 'json' };
import { activationCodes } from './client-names.js';
import { brokenHistory, changedBySecondTime, given } from './promises.js';

const at = '2026-03-10T09:00:00.000Z';
const issue = {
  type: 'IssueActivationCode',
  clientId: 'c1',
  codeDigest: 'd1',
  expiresAt: '2026-03-24T09:00:00.000Z',
  as: 'client',
  at,
} as const;
const issued: AccessEvent = { ...issue, type: 'ActivationCodeIssued' };
const use = { type: 'UseActivationCode', codeDigest: 'd1', sub: 's1', at } as const;
const used: AccessEvent = { type: 'ActivationCodeUsed', clientId: 'c1', codeDigest: 'd1', sub: 's1', as: 'client', at };
const activate = { type: 'ActivateLogin', sub: 's1', clientId: 'c1', as: 'client', at } as const;
const activated: LoginEvent = { ...activate, type: 'LoginActivated' };
const end = { type: 'EndLogin', at } as const;
const ended: LoginEvent = { type: 'LoginEnded', sub: 's1', clientId: 'c1', at };

describe('an activation code', () => {
  it('works once, and the same person may press twice', () => {
    expect(given(clientAccess, [issued]).when(use)).toEqual(accept(used));
    expect(given(clientAccess, [issued, used]).when(use)).toEqual(accept());
    expect(given(clientAccess, [issued, used]).when({ ...use, sub: 's2' })).toEqual(refuse('code-already-used'));
  });
  it('refuses a code that nobody issued', () => {
    expect(given(clientAccess, [issued]).when({ ...use, codeDigest: 'd2' })).toEqual(refuse('code-unknown'));
  });
  it('refuses a code from the moment it expires', () => {
    expect(given(clientAccess, [issued]).when({ ...use, at: issue.expiresAt })).toEqual(refuse('code-expired'));
  });
  it('is not issued to a representative without the ground on which he acts', () => {
    expect(given(clientAccess, []).when({ ...issue, as: 'representative' })).toEqual(refuse('basis-missing'));
    expect(given(clientAccess, []).when({ ...issue, as: 'representative', basis: 'mentor' })).toHaveProperty(
      'accepted',
    );
  });
  it('leads to its client until it is used', () => {
    const stored = {} as never;
    expect(activationCodes.apply(undefined, issued, 'd1', stored)).toEqual({ clientId: 'c1' });
    expect(activationCodes.apply({ clientId: 'c1' }, used, 'd1', stored)).toBeUndefined();
  });
  it('changes nothing when any command comes twice', () => {
    const pool: AccessCommand[] = [
      issue,
      use,
      { ...use, sub: 's2' },
      { ...issue, codeDigest: 'd2' },
      { ...use, codeDigest: 'd2' },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(clientAccess, commands).length === 0,
      ),
    );
  });
});

describe('a login', () => {
  it('opens one client page and no other', () => {
    expect(given(login, []).when(activate)).toEqual(accept(activated));
    expect(given(login, [activated]).when({ ...activate, clientId: 'c2' })).toEqual(
      refuse('login-belongs-to-another-client'),
    );
  });
  it('opens nothing any more once it was ended', () => {
    expect(given(login, [activated]).when(end)).toEqual(accept(ended));
    expect(given(login, [activated, ended]).when(activate)).toEqual(refuse('login-ended'));
  });
  it('cannot be ended when it was never activated', () => {
    expect(given(login, []).when(end)).toEqual(refuse('login-unknown'));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: LoginCommand[] = [activate, end, { ...activate, clientId: 'c2' }];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool)), (commands) => changedBySecondTime(login, commands).length === 0),
    );
  });
  it('has, like the code, a readable example of every stored version', () => {
    const isLogin = ({ type }: { type: string }) => type.startsWith('Login');
    expect(brokenHistory(loginEvents, history.filter(isLogin))).toEqual([]);
    expect(
      brokenHistory(
        accessEvents,
        history.filter((example) => !isLogin(example)),
      ),
    ).toEqual([]);
  });
});
