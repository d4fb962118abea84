/** Signs a demo person in over HTTP exactly as a browser would: code flow, PKCE, cookies and the form on the page. */
import { createHash, randomBytes } from 'node:crypto';
import { audienceOf } from '@convenant/identity';
import { Browser } from './browser.js';
import { clientIdOf } from './organisation-provider.js';

export interface SignInOptions {
  /** The issuer of this organisation: `provider.issuerOf(organisation)`. */
  readonly issuer: string;
  readonly organisation: string;
  readonly account: string;
  /** One of those registered; it is never called. */
  readonly redirectUri: string;
}
export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** An ISO 8601 instant on the provider's clock. */
  readonly expiresAt: string;
}

/** Carries the step at which it stopped, and OAuth's error code when there was one; never the account. */
export class SignInFailed extends Error {
  constructor(
    readonly step: string,
    readonly code: string,
  ) {
    super(`Signing in stopped at ${step}: ${code}.`);
  }
}

export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const { code, verifier } = await obtainCode(options, new Browser());
  return exchangeCode(options, code, verifier);
}

/** The part of the flow that happens in the browser. */
export async function obtainCode(
  { issuer, organisation, account, redirectUri }: SignInOptions,
  browser: Browser,
): Promise<{ readonly code: string; readonly verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const question = new URLSearchParams({
    client_id: clientIdOf(organisation),
    response_type: 'code',
    scope: 'openid',
    resource: audienceOf(organisation),
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await browser.get(`${issuer}/auth?${question}`, redirectUri);
  if (page.left) throw new SignInFailed('authorization', page.left.searchParams.get('error') ?? 'no sign-in page');
  const action = /<form method="post" action="([^"]+)">/.exec(page.html)?.[1];
  if (!action) throw new SignInFailed('authorization', `status ${page.status}`);
  const after = await browser.post(new URL(action, page.url).href, { account }, redirectUri);
  if (!after.left) throw new SignInFailed('sign-in form', `status ${after.status}`);
  const answer = after.left.searchParams;
  const code = answer.get('code');
  if (!code) throw new SignInFailed('sign-in form', answer.get('error') ?? 'no code');
  if (answer.get('state') !== state || answer.get('iss') !== issuer)
    throw new SignInFailed('return', 'state or issuer differs');
  return { code, verifier };
}

export const exchangeCode = (
  { issuer, organisation, redirectUri }: SignInOptions,
  code: string,
  verifier: string,
): Promise<SignedIn> =>
  askForTokens(issuer, {
    grant_type: 'authorization_code',
    client_id: clientIdOf(organisation),
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });

/** A fresh access token; the refresh token that was used does not work again. */
export const renew = (issuer: string, organisation: string, refreshToken: string): Promise<SignedIn> =>
  askForTokens(issuer, {
    grant_type: 'refresh_token',
    client_id: clientIdOf(organisation),
    refresh_token: refreshToken,
  });

async function askForTokens(issuer: string, form: Record<string, string>): Promise<SignedIn> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { accept: 'application/json' },
  });
  const answer = (await response.json()) as { access_token?: string; refresh_token?: string; error?: string };
  if (!response.ok || !answer.access_token)
    throw new SignInFailed('token', answer.error ?? `status ${response.status}`);
  const claims = JSON.parse(Buffer.from(answer.access_token.split('.')[1] ?? '', 'base64url').toString()) as {
    exp: number;
  };
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token ? { refreshToken: answer.refresh_token } : {}),
    expiresAt: new Date(claims.exp * 1000).toISOString(),
  };
}
