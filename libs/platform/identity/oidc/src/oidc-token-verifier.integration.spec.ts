/** What the verifier accepts and refuses, against an issuer made for the test that signs whatever it is asked to sign. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearerOf, notSignedIn, tokenRefusalCodes, tokenRefusals } from '@convenant/identity';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import { OidcTokenVerifier, type OidcTokenVerifierOptions } from './oidc-token-verifier.js';

const now = '2026-11-10T09:00:00.000Z';
const seconds = Date.parse(now) / 1000;
const audience = 'urn:convenant:organisation:ggz-amstel';

let issuer: string;
let server: Server;
let keyRequests = 0;
let key: CryptoKey;
let publicText: string;
let strangersKey: CryptoKey;

beforeAll(async () => {
  const own = await generateKeyPair('ES256', { extractable: true });
  key = own.privateKey;
  publicText = await exportSPKI(own.publicKey);
  strangersKey = (await generateKeyPair('ES256')).privateKey;
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/keys') {
      keyRequests++;
      response.end(JSON.stringify({ keys: [jwk] }));
    } else response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const verifier = (change: Partial<OidcTokenVerifierOptions> = {}): OidcTokenVerifier =>
  new OidcTokenVerifier({
    organisation: 'ggz-amstel',
    kind: 'mental-health',
    issuer,
    clock: { now: () => now },
    ...change,
  });

const claims = (): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'a1b2',
  role: 'caseManager',
  iat: seconds - 10,
  exp: seconds + 890,
});
const header: JWTHeaderParameters = { alg: 'ES256', kid: 'one', typ: 'at+jwt' };
const sign = (
  change: Record<string, unknown> = {},
  changeHeader: Record<string, unknown> = {},
  by: CryptoKey | Uint8Array = key,
): Promise<string> =>
  new SignJWT({ ...claims(), ...change })
    .setProtectedHeader({ ...header, ...changeHeader } as JWTHeaderParameters)
    .sign(by);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token that counts', () => {
  it('becomes a session without a name', async () => {
    expect(await verifier().verify(await sign({ name: 'Karin', acr: 'substantial' }))).toEqual({
      organisation: 'ggz-amstel',
      person: 'a1b2',
      role: 'caseManager',
      tokenExpiresAt: '2026-11-10T09:14:50.000Z',
      acr: 'substantial',
    });
  });

  it('may carry its role under another claim and another name', async () => {
    const mapped = verifier({
      claims: { role: 'realm_access.roles', roleNames: { 'ips-casemanager': 'caseManager' }, person: 'sub' },
    });
    const token = await sign({ role: undefined, realm_access: { roles: ['offline_access', 'ips-casemanager'] } });
    expect(await mapped.verify(token)).toMatchObject({ role: 'caseManager' });
  });

  it('may be signed with another algorithm when that was configured', async () => {
    expect(await verifier({ algorithms: ['RS256', 'ES256'] }).verify(await sign())).toMatchObject({ person: 'a1b2' });
  });
});

describe('a token that does not count', () => {
  it('is refused when it is missing or is no token', async () => {
    expect(await verifier().verify(undefined)).toEqual({ refused: 'missing' });
    expect(await verifier().verify('')).toEqual({ refused: 'missing' });
    for (const text of [
      'hello',
      'a.b',
      'a.b.c',
      `${part(header)}.bm90IGpzb24.c2ln`,
      'x'.repeat(100_000),
      '. .',
      `${await sign()}.more`,
    ]) {
      expect(await verifier().verify(text)).toEqual({ refused: 'malformed' });
    }
  });

  it('is refused when it has expired, to the second and the tolerance', async () => {
    expect(await verifier().verify(await sign({ exp: seconds - 6 }))).toEqual({ refused: 'expired' });
    expect(await verifier().verify(await sign({ exp: seconds - 4 }))).toMatchObject({ person: 'a1b2' });
  });

  it('is refused when it is not valid yet', async () => {
    expect(await verifier().verify(await sign({ nbf: seconds + 60 }))).toEqual({ refused: 'not-yet-valid' });
  });

  it('is refused when it never expires', async () => {
    expect(await verifier().verify(await sign({ exp: undefined }))).toEqual({ refused: 'malformed' });
  });

  it('is refused when it comes from another issuer', async () => {
    expect(await verifier().verify(await sign({ iss: 'https://elsewhere.example' }))).toEqual({
      refused: 'foreign-issuer',
    });
  });

  it('is refused when it is for another organisation, or for this one and another', async () => {
    expect(await verifier().verify(await sign({ aud: 'urn:convenant:organisation:uwv' }))).toEqual({
      refused: 'foreign-audience',
    });
    expect(await verifier().verify(await sign({ aud: [audience, 'urn:convenant:organisation:uwv'] }))).toEqual({
      refused: 'foreign-audience',
    });
    expect(await verifier().verify(await sign({ aud: undefined }))).toEqual({ refused: 'foreign-audience' });
  });

  it('is refused when somebody else signed it, or changed it afterwards', async () => {
    expect(await verifier().verify(await sign({}, {}, strangersKey))).toEqual({ refused: 'forged' });
    expect(await verifier().verify(await sign({}, { kid: 'two' }, strangersKey))).toEqual({ refused: 'forged' });
    const [head, , signature] = (await sign()).split('.');
    expect(await verifier().verify(`${head}.${part({ ...claims(), role: 'clinician' })}.${signature}`)).toEqual({
      refused: 'forged',
    });
  });

  it('is refused when it says that it needs no signature', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      const token = `${part({ ...header, alg })}.${part(claims())}.`;
      expect(await verifier().verify(token)).toEqual({ refused: 'forged' });
    }
  });

  it('is refused when the public key was used as a shared secret', async () => {
    const token = await sign({}, { alg: 'HS256' }, new TextEncoder().encode(publicText));
    expect(await verifier().verify(token)).toEqual({ refused: 'forged' });
  });

  it('is refused when it is another kind of token of the same issuer', async () => {
    expect(await verifier().verify(await sign({}, { typ: 'JWT' }))).toEqual({ refused: 'forged' });
    expect(await verifier().verify(await sign({}, { typ: undefined }))).toEqual({ refused: 'forged' });
  });

  it('is refused without a role, with an unknown one, with one of another kind of organisation, and with two', async () => {
    for (const role of [
      undefined,
      null,
      '',
      'boss',
      'labourExpert',
      'constructor',
      ['caseManager', 'clinician'],
      { a: 1 },
    ]) {
      expect(await verifier().verify(await sign({ role }))).toEqual({ refused: 'no-role' });
    }
    expect(await verifier({ kind: 'covenant' }).verify(await sign({ role: 'client' }))).toEqual({ refused: 'no-role' });
  });

  it('is refused when the role asks for a stronger sign-in', async () => {
    const strict = verifier({ assurance: { caseManager: ['high'] } });
    expect(await strict.verify(await sign())).toEqual({ refused: 'low-assurance' });
    expect(await strict.verify(await sign({ acr: 'low' }))).toEqual({ refused: 'low-assurance' });
    expect(await strict.verify(await sign({ acr: 'high' }))).toMatchObject({ acr: 'high' });
  });

  it('gets one public answer whatever was wrong, while the log has a sentence for each', () => {
    expect(notSignedIn.code).toBe('not-signed-in');
    for (const code of tokenRefusalCodes) {
      expect(tokenRefusals[code].nl).toMatch(/\.$/);
      expect(tokenRefusals[code].en).toMatch(/\.$/);
      expect(notSignedIn.en).not.toContain(code);
    }
  });
});

describe('the keys of the issuer', () => {
  it('are fetched once, and not again for every token with an unknown key', async () => {
    const one = verifier();
    await one.verify(await sign());
    const before = keyRequests;
    for (let count = 0; count < 20; count++)
      await one.verify(await sign({}, { kid: `unknown-${count}` }, strangersKey));
    expect(keyRequests).toBe(before);
  });

  it('can be configured instead of discovered', async () => {
    expect(await verifier({ keysAddress: `${issuer}/keys` }).verify(await sign())).toMatchObject({ person: 'a1b2' });
  });

  it('that cannot be reached are an error and no refusal, and are tried again', async () => {
    const nowhere = verifier({ issuer: 'http://127.0.0.1:1' });
    await expect(nowhere.verify(await sign())).rejects.toThrow('cannot be reached');
    await expect(nowhere.verify(await sign())).rejects.toThrow('cannot be reached');
  });

  it('are not taken from a document that speaks for another issuer', async () => {
    await expect(verifier({ issuer: `${issuer}/other` }).verify(await sign())).rejects.toThrow('cannot be reached');
  });

  it('are never shared secrets', () => {
    expect(() => verifier({ algorithms: ['HS256' as 'ES256'] })).toThrow('HS256');
    expect(() => verifier({ algorithms: ['none' as 'ES256'] })).toThrow('none');
  });
});

describe('the Authorization header', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    [undefined, undefined],
  ])('%p holds %p', (text, token) => {
    expect(bearerOf(text)).toBe(token);
  });
});
