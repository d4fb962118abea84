/** Signing in at the local provider over HTTP, as a browser would, and what its tokens may and may not say. */
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OidcTokenVerifier } from '@convenant/identity-oidc';
import type { Session, TokenRefusal } from '@convenant/identity';
import type { Clock } from '@convenant/kernel';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Browser } from './browser.js';
import { demoPeople, localOrganisations, rolesAt } from './demo-people.js';
import { exchangeCode, obtainCode, renew, signIn, SignInFailed, type SignedIn, type SignInOptions } from './sign-in.js';
import { startLocalProvider, type LocalProvider } from './start-local-provider.js';

const redirectUri = 'http://127.0.0.1:4999/signed-in';
const clock: Clock = { now: () => new Date().toISOString() };

let keysFolder: string;
let provider: LocalProvider;
const start = (port = 0, at?: Clock): Promise<LocalProvider> =>
  startLocalProvider({
    port,
    keysFolder,
    redirectUris: () => [redirectUri, 'http://localhost:4998/signed-in'],
    postLogoutRedirectUris: () => ['http://127.0.0.1:4999/'],
    ...(at ? { clock: at } : {}),
  });

beforeAll(async () => {
  keysFolder = mkdtempSync(join(tmpdir(), 'identity-'));
  provider = await start();
});
afterAll(async () => {
  await provider.close();
  rmSync(keysFolder, { recursive: true, force: true });
});

const as = (organisation: string, account: string): SignInOptions => ({
  issuer: provider.issuerOf(organisation),
  organisation,
  account,
  redirectUri,
});
const arrive = (organisation: string, account: string): Promise<SignedIn> => signIn(as(organisation, account));

function judge(
  organisation: string,
  token: string,
  at: Clock = clock,
  issuer = organisation,
): Promise<Session | TokenRefusal> {
  const kind = localOrganisations.find(({ id }) => id === organisation)?.kind ?? 'uwv';
  return new OidcTokenVerifier({ organisation, kind, issuer: provider.issuerOf(issuer), clock: at }).verify(token);
}

/** The start of the code flow, with what a caller wants to be different about it. */
function ask(organisation: string, change: Record<string, string | undefined>): Promise<Response> {
  const question = {
    client_id: provider.clientIdOf(organisation),
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    state: 'state',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const given = Object.entries(question).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return fetch(`${provider.issuerOf(organisation)}/auth?${new URLSearchParams(given)}`, {
    redirect: 'manual',
    headers: { accept: 'text/html' },
  });
}
function errorOf(response: Response): string | null {
  const { searchParams, hash } = new URL(response.headers.get('location') ?? 'about:blank');
  return searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error');
}

describe('signing in at the local provider', () => {
  it('makes a session of fifteen minutes with the role of the demo person', async () => {
    const { accessToken, refreshToken, expiresAt } = await arrive('ggz-amstel', 'karin');
    expect(await judge('ggz-amstel', accessToken)).toEqual({
      organisation: 'ggz-amstel',
      person: provider.subjectOf('ggz-amstel', 'karin'),
      role: 'caseManager',
      tokenExpiresAt: expiresAt,
      acr: 'urn:convenant:assurance:demonstration',
    });
    expect(refreshToken).toBeTruthy();
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(14 * 60_000);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  });

  it.each(localOrganisations.map(({ id }) => id))(
    'knows somebody for every role at %s, and lets each of them in',
    async (id) => {
      const { kind } = localOrganisations.find((each) => each.id === id) ?? { kind: 'uwv' as const };
      const people = demoPeople[id] ?? [];
      expect(rolesAt(kind).filter((role) => !people.some((each) => each.role === role))).toEqual([]);
      expect(new Set(people.map(({ account }) => account)).size).toBe(people.length);
      for (const { account, role } of people) {
        const { accessToken } = await arrive(id, account);
        expect(await judge(id, accessToken)).toMatchObject({ role, organisation: id });
      }
    },
  );

  it('makes numbered clients on demand, but none at the covenant', async () => {
    const { accessToken } = await arrive('uwv', 'client-37');
    expect(await judge('uwv', accessToken)).toMatchObject({ role: 'client' });
    await expect(arrive('secretariaat', 'client-37')).rejects.toThrow(SignInFailed);
    await expect(arrive('uwv', 'client-0')).rejects.toThrow(SignInFailed);
  });

  it('does not know the people of another organisation', async () => {
    await expect(arrive('uwv', 'karin')).rejects.toMatchObject({ step: 'sign-in form' });
  });

  it('renews a session once per refresh token', async () => {
    const first = await arrive('ggz-amstel', 'bram');
    const second = await renew(provider.issuerOf('ggz-amstel'), 'ggz-amstel', first.refreshToken ?? '');
    expect(await judge('ggz-amstel', second.accessToken)).toMatchObject({ role: 'caseManager' });
    await expect(renew(provider.issuerOf('ggz-amstel'), 'ggz-amstel', first.refreshToken ?? '')).rejects.toMatchObject({
      code: 'invalid_grant',
    });
  });

  it('takes the times in a token from the clock that it was given', async () => {
    const inTwoWeeks: Clock = { now: () => new Date(Date.now() + 14 * 86_400_000).toISOString() };
    const other = await start(0, inTwoWeeks);
    try {
      const { accessToken } = await signIn({
        issuer: other.issuerOf('uwv'),
        organisation: 'uwv',
        account: 'erik',
        redirectUri,
      });
      const verifier = new OidcTokenVerifier({
        organisation: 'uwv',
        kind: 'uwv',
        issuer: other.issuerOf('uwv'),
        clock: inTwoWeeks,
      });
      expect(await verifier.verify(accessToken)).toMatchObject({ role: 'labourExpert' });
    } finally {
      await other.close();
    }
  });
});

describe('the wall between organisations', () => {
  it('gives the same person a subject at each organisation that has nothing to do with the other', async () => {
    const tokens = await Promise.all(['ggz-amstel', 'uwv', 'gemeente-amstelveld'].map((id) => arrive(id, 'noor')));
    const subjects = tokens.map(({ accessToken }) => decodeJwt(accessToken).sub);
    expect(new Set(subjects).size).toBe(3);
    for (const subject of subjects) expect(subject).toMatch(/^[0-9a-f]{40}$/);
  });

  it('names one organisation in a token, in what a page sends and in its cookies', async () => {
    const others = (id: string): string[] => localOrganisations.map((each) => each.id).filter((each) => each !== id);
    for (const { id } of localOrganisations) {
      const { accessToken } = await arrive(id, demoPeople[id]?.[0]?.account ?? '');
      const token = JSON.stringify([decodeProtectedHeader(accessToken), decodeJwt(accessToken)]);
      const page = await ask(id, {});
      const shown = JSON.stringify([...page.headers]);
      for (const other of others(id)) {
        // As a word: what is drawn by chance has these letters within others now and then.
        const named = new RegExp(`(?<![A-Za-z0-9])${other}(?![A-Za-z0-9])`);
        expect(token).not.toMatch(named);
        expect(shown).not.toMatch(named);
      }
      expect(decodeJwt(accessToken).aud).toBe(`urn:convenant:organisation:${id}`);
      expect(Object.keys(decodeJwt(accessToken)).sort()).toEqual(
        ['acr', 'aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'organisation', 'role', 'sub'].sort(),
      );
      for (const cookie of page.headers.getSetCookie()) expect(cookie).toContain(`path=/${id}`);
    }
  });

  it('peer 21: a token of one municipality is worth nothing at another', async () => {
    const { accessToken } = await arrive('gemeente-amstelveld', 'mehmet');
    expect(await judge('gemeente-duinrand', accessToken)).toEqual({ refused: 'forged' });
    // Even if the other one trusted this issuer, the audience is not its own.
    expect(await judge('gemeente-duinrand', accessToken, clock, 'gemeente-amstelveld')).toEqual({
      refused: 'foreign-audience',
    });
  });

  it('never makes a token for another organisation than its own', async () => {
    const response = await ask('ggz-amstel', { resource: 'urn:convenant:organisation:uwv' });
    expect(errorOf(response)).toBe('invalid_target');
  });
});

describe('what the local provider refuses', () => {
  it('an expired token', async () => {
    const { accessToken } = await arrive('ggz-amstel', 'karin');
    const inTwentyMinutes: Clock = { now: () => new Date(Date.now() + 20 * 60_000).toISOString() };
    expect(await judge('ggz-amstel', accessToken, inTwentyMinutes)).toEqual({ refused: 'expired' });
  });

  it.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with PKCE in plain text', { code_challenge_method: 'plain' }],
  ])('a sign-in %s', async (_, change) => {
    expect(errorOf(await ask('ggz-amstel', change))).toBe('invalid_request');
  });

  it('a token in the answer to the browser', async () => {
    expect(errorOf(await ask('ggz-amstel', { response_type: 'id_token', nonce: 'nonce' }))).toBe(
      'unsupported_response_type',
    );
  });

  it.each([
    'http://127.0.0.1:4999/signed-in/',
    'http://127.0.0.1:5000/signed-in',
    'https://elsewhere.example/signed-in',
  ])('to send a code to %s', async (address) => {
    const response = await ask('ggz-amstel', { redirect_uri: address });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('a code without the secret that it was asked with, and a code that was used', async () => {
    const options = as('uwv', 'erik');
    const stolen = await obtainCode(options, new Browser());
    await expect(exchangeCode(options, stolen.code, 'w'.repeat(43))).rejects.toMatchObject({ code: 'invalid_grant' });
    const own = await obtainCode(options, new Browser());
    await exchangeCode(options, own.code, own.verifier);
    await expect(exchangeCode(options, own.code, own.verifier)).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  it('a sign-in form without the cookie of the browser that began', async () => {
    const place = (await ask('uwv', {})).headers.get('location') ?? '';
    const response = await fetch(new URL(place, provider.address), {
      method: 'POST',
      body: new URLSearchParams({ account: 'erik' }),
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
  });

  it('to answer under another name than its own', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${provider.issuerOf('uwv')}/jwks`, { headers: { host: 'elsewhere.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(421);
  });

  it('to start for production', async () => {
    await expect(
      startLocalProvider({ port: 0, keysFolder, redirectUris: () => [redirectUri], production: true }),
    ).rejects.toThrow('demonstration');
  });
});

describe('the local provider on disk and in a browser', () => {
  it('keeps subjects and keys over a restart, so that a token from before still counts', async () => {
    const { port } = provider;
    const before = await arrive('ggz-amstel', 'noor');
    await provider.close();
    provider = await start(port);
    expect(await judge('ggz-amstel', before.accessToken)).toMatchObject({ role: 'client' });
    const after = await arrive('ggz-amstel', 'noor');
    expect(decodeJwt(after.accessToken).sub).toBe(decodeJwt(before.accessToken).sub);
  });

  it('keeps its keys where only their owner reads them', () => {
    for (const { id } of localOrganisations) {
      expect(statSync(join(keysFolder, id)).mode & 0o777).toBe(0o700);
      const files = readdirSync(join(keysFolder, id));
      expect(files.sort()).toEqual(['cookie-secret', 'signing-key.json', 'subject-secret']);
      for (const file of files) expect(statSync(join(keysFolder, id, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('shows a page in Dutch and English that fetches nothing, runs nothing and says that it is a demonstration', async () => {
    const first = await ask('ggz-amstel', {});
    const cookies = first.headers.getSetCookie().map((line) => line.split(';')[0]);
    const page = await fetch(new URL(first.headers.get('location') ?? '', provider.address), {
      headers: { cookie: cookies.join('; ') },
    });
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('<html lang="nl">');
    expect(html).toContain('Alleen voor demonstratie');
    expect(html).toContain('IPS-trajectbegeleider');
    expect(html).toContain('value="karin"');
    expect(html).not.toMatch(/<script|src=|https?:/);
  });

  it('lists no demo person of another organisation', async () => {
    const first = await ask('gemeente-duinrand', {});
    const cookies = first.headers.getSetCookie().map((line) => line.split(';')[0]);
    const html = await (
      await fetch(new URL(first.headers.get('location') ?? '', provider.address), {
        headers: { cookie: cookies.join('; ') },
      })
    ).text();
    expect(html).not.toContain('karin');
    expect(html).not.toContain('mehmet');
  });

  it('signs out after asking, and what was left of the session is worth nothing', async () => {
    const browser = new Browser();
    const options = as('uwv', 'sanne');
    const { code, verifier } = await obtainCode(options, browser);
    const { refreshToken = '' } = await exchangeCode(options, code, verifier);
    const question = await browser.get(
      `${options.issuer}/session/end?client_id=${provider.clientIdOf('uwv')}`,
      redirectUri,
    );
    expect(question.html).toContain('Wilt u zich afmelden?');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(question.html)?.[1] ?? '';
    const done = await browser.post(`${options.issuer}/session/end/confirm`, { xsrf, logout: 'yes' }, redirectUri);
    expect(done.html).toContain('U bent afgemeld');
    await expect(renew(options.issuer, 'uwv', refreshToken)).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  it('lets another person sign in after the first in the same browser', async () => {
    const browser = new Browser();
    for (const account of ['karin', 'bram', 'karin']) {
      const { code, verifier } = await obtainCode(as('ggz-amstel', account), browser);
      const { accessToken } = await exchangeCode(as('ggz-amstel', account), code, verifier);
      expect(decodeJwt(accessToken).sub).toBe(provider.subjectOf('ggz-amstel', account));
    }
  });

  it('goes back to where the browser came from when somebody cancels', async () => {
    const browser = new Browser();
    const page = await browser.get((await ask('uwv', {})).url, redirectUri);
    const action = /<form method="post" action="([^"]+)">/.exec(page.html)?.[1] ?? '';
    const { left } = await browser.post(new URL(action, page.url).href, { cancel: 'yes' }, redirectUri);
    expect(left?.searchParams.get('error')).toBe('access_denied');
  });
});
