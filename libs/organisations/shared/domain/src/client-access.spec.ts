/** What holds for activation codes. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse } from '@convenant/kernel';
import fc from 'fast-check';
import { accessEvents, clientAccess, type AccessCommand, type AccessEvent } from './client-access.js';
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
  issuedBy: 'karin',
  issuedByRole: 'caseManager',
  at,
} as const;
const issued: AccessEvent = { ...issue, type: 'ActivationCodeIssued' };
const use = { type: 'UseActivationCode', codeDigest: 'd1', sub: 's1', tryId: 't1', dateMatches: true, at } as const;
const used: AccessEvent = { type: 'ActivationCodeUsed', clientId: 'c1', codeDigest: 'd1', sub: 's1', as: 'client', at };
const guess = (tryId: string) => ({ ...use, tryId, dateMatches: false }) as const;
const tried = (tryId: string): AccessEvent => ({
  type: 'ActivationCodeTried',
  clientId: 'c1',
  codeDigest: 'd1',
  tryId,
  at,
});
const end = { type: 'EndActivationCode', codeDigest: 'd1', at } as const;

describe('an activation code', () => {
  it('works once, and the same person may press twice', () => {
    expect(given(clientAccess, [issued]).when(use)).toEqual(accept(used));
    expect(given(clientAccess, [issued, used]).when(use)).toEqual(accept());
    expect(given(clientAccess, [issued, used]).when({ ...use, sub: 's2' })).toEqual(refuse('code-already-used'));
  });
  it('counts a wrong date of birth, and does not work any more after three of them', () => {
    expect(given(clientAccess, [issued]).when(guess('t1'))).toEqual(accept(tried('t1')));
    expect(given(clientAccess, [issued, tried('t1')]).when(guess('t1'))).toEqual(accept());
    const twice = [issued, tried('t1'), tried('t2')];
    expect(given(clientAccess, twice).when({ ...use, tryId: 't3' })).toEqual(accept(used));
    expect(given(clientAccess, [...twice, tried('t3')]).when({ ...use, tryId: 't4' })).toEqual(refuse('code-ended'));
    expect(given(clientAccess, [issued, used]).when(guess('t2'))).toEqual(refuse('date-does-not-match'));
  });
  it('refuses a code that nobody issued', () => {
    expect(given(clientAccess, [issued]).when({ ...use, codeDigest: 'd2' })).toEqual(refuse('code-unknown'));
    expect(given(clientAccess, [issued]).when({ ...use, codeDigest: 'constructor' })).toEqual(refuse('code-unknown'));
  });
  it('refuses a code from the moment it expires', () => {
    expect(given(clientAccess, [issued]).when({ ...use, at: issue.expiresAt })).toEqual(refuse('code-expired'));
  });
  it('is worth nothing once it was ended, and a used one cannot be ended', () => {
    const ended: AccessEvent = { type: 'ActivationCodeEnded', clientId: 'c1', codeDigest: 'd1', at };
    expect(given(clientAccess, [issued]).when(end)).toEqual(accept(ended));
    expect(given(clientAccess, [issued, ended]).when(use)).toEqual(refuse('code-ended'));
    expect(given(clientAccess, [issued, used]).when(end)).toEqual(refuse('code-already-used'));
    expect(given(clientAccess, []).when(end)).toEqual(refuse('code-unknown'));
  });
  it('is not issued to a representative without the ground on which he acts', () => {
    expect(given(clientAccess, []).when({ ...issue, as: 'representative' })).toEqual(refuse('basis-missing'));
    const mentor = { ...issue, as: 'representative', basis: 'mentor' } as const;
    expect(given(clientAccess, []).when(mentor)).toHaveProperty('accepted');
    const neighbour = { ...mentor, type: 'ActivationCodeIssued', basis: 'de buurman' } as unknown as AccessEvent;
    expect(() => accessEvents.encode(neighbour)).toThrow();
  });
  it('leads to its client, also once it is used: a request that was cut off must find its way again', () => {
    const stored = {} as never;
    expect(activationCodes.apply(undefined, issued, 'd1', stored)).toEqual({ clientId: 'c1' });
    expect(activationCodes.apply({ clientId: 'c1' }, used, 'd1', stored)).toEqual({ clientId: 'c1' });
  });
  it('changes nothing when any command comes twice', () => {
    const pool: AccessCommand[] = [
      issue,
      use,
      guess('t1'),
      guess('t2'),
      guess('t3'),
      end,
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
  it('has a readable example of every stored version', () => {
    const ofCodes = history.filter(({ type }) => type.startsWith('ActivationCode'));
    expect(brokenHistory(accessEvents, ofCodes)).toEqual([]);
  });
});
