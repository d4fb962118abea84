/** The covenant learns which organisation asks and in which role, and nothing by which it could pass for a person. */
import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { TokenVerifier, type TokenRefusal } from '@convenant/identity';
import type { Caller } from './caller.js';
import { ParticipantVerifier, participantToken } from './participant-token.js';

class NobodyOfOurOwn extends TokenVerifier {
  verify(): Promise<TokenRefusal> {
    return Promise.resolve({ refused: 'forged' });
  }
}
const secret = new Uint8Array(32).fill(3);
const covenant = { id: 'secretariaat', kind: 'covenant' as const, url: 'http://127.0.0.1:1', credentialSecret: secret };
const at = (now: string) => ({ now: () => now });
const noon = at('2026-11-21T12:00:00.000Z');
const caller: Caller = {
  session: {
    organisation: 'ggz-amstel',
    person: 'pairwise-subject',
    role: 'client',
    tokenExpiresAt: '2026-11-21T12:10:00.000Z',
  },
  organisation: { id: 'ggz-amstel', kind: 'mental-health', url: 'http://127.0.0.1:1', credentialSecret: secret },
  bearer: 'her.own.token',
  traceparent: '',
  position: undefined,
};
const verify = (token: string, { clock = noon, key = secret, organisation = 'secretariaat' } = {}) =>
  new ParticipantVerifier({ organisation, secret: key, clock, own: new NobodyOfOurOwn() }).verify(token);

describe('what the covenant is told of who asks', () => {
  it('names the participant and the role', async () => {
    expect(await verify(await participantToken(caller, covenant, noon))).toEqual({
      organisation: 'secretariaat',
      person: 'participant:ggz-amstel',
      role: 'client',
      tokenExpiresAt: '2026-11-21T12:01:00.000Z',
    });
  });

  it('holds no trace of the person', async () => {
    const told = JSON.stringify(decodeJwt(await participantToken(caller, covenant, noon)));
    expect(told).not.toMatch(/pairwise-subject|her\.own\.token/);
  });

  it('is worth nothing a little later, elsewhere or under another secret', async () => {
    const token = await participantToken(caller, covenant, noon);
    const refused = { refused: 'forged' };
    expect(await verify(token, { clock: at('2026-11-21T12:01:10.000Z') })).toEqual(refused);
    expect(await verify(token, { organisation: 'ggz-amstel' })).toEqual(refused);
    expect(await verify(token, { key: new Uint8Array(32).fill(4) })).toEqual(refused);
  });
});
