/** An OpenID provider for one organisation: its own issuer, keys, client and people, so that no record of it can name another one. */
import { Provider, errors, interactionPolicy, type Configuration } from 'oidc-provider';
import { audienceOf } from '@convenant/identity';
import type { Clock } from '@convenant/kernel';
import { BoundedStore } from './bounded-store.js';
import { findPerson, type DemoPerson, type LocalOrganisation } from './demo-people.js';
import type { KeptSecrets } from './kept-secrets.js';
import { errorPage, pageHeaders, signedOutPage, signOutPage } from './pages.js';

/** What the demonstration can say about how sure it is: it asked for nothing. */
export const demonstrationAcr = 'urn:convenant:assurance:demonstration';
export const accessTokenSeconds = 15 * 60;
const workingDaySeconds = 10 * 60 * 60;

export interface OrganisationProviderOptions {
  readonly issuer: string;
  readonly organisation: LocalOrganisation;
  readonly people: readonly DemoPerson[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly secrets: KeptSecrets;
  readonly clock: Clock;
  readonly onError: (code: string) => void;
}

export const clientIdOf = (organisation: string): string => `convenant-${organisation}`;

export function organisationProvider(options: OrganisationProviderOptions): Provider {
  const { issuer, organisation, people, secrets, clock } = options;
  const audience = audienceOf(organisation.id);
  const path = new URL(issuer).pathname;
  const store = new BoundedStore();
  const origins = new Set(options.redirectUris.map((uri) => new URL(uri).origin));

  const configuration: Configuration = {
    adapter: (kind) => store.adapter(kind),
    jwks: { keys: [secrets.signingKey] },
    clients: [
      {
        client_id: clientIdOf(organisation.id),
        // A page in a browser cannot keep a secret: PKCE and exact addresses take its place.
        token_endpoint_auth_method: 'none',
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [...options.redirectUris],
        post_logout_redirect_uris: [...options.postLogoutRedirectUris],
        // Several addresses may be given, so the sector is named; it is never fetched.
        sector_identifier_uri: `https://${organisation.id}.invalid/`,
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    subjectTypes: ['pairwise'],
    sectorIdentifierUriValidate: () => false,
    pairwiseIdentifier: (_ctx, account) => Promise.resolve(secrets.subjectOf(account)),
    scopes: ['openid'],
    claims: { openid: ['sub'], acr: null },
    acrValues: [demonstrationAcr],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin) => origins.has(origin),
    cookies: {
      keys: [secrets.cookieSecret],
      // Within one browser, too, what is sent to one organisation stays there.
      long: { signed: true, httpOnly: true, sameSite: 'lax', path },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return {
            audience,
            scope: '',
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.set(pageHeaders(options.postLogoutRedirectUris.map((uri) => new URL(uri).origin)));
          ctx.body = signOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.set(pageHeaders());
          ctx.body = signedOutPage();
        },
      },
    },
    interactions: {
      url: (_ctx, interaction) => `${path}/sign-in/${interaction.uid}`,
      policy: alwaysAskWho(),
    },
    findAccount: (_ctx, account) => {
      const person = findPerson(organisation, people, account);
      return person && { accountId: account, claims: () => ({ sub: account }) };
    },
    // Signing in is all that is asked here. Consent to share is given elsewhere and is not this.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    issueRefreshToken: (_ctx, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
    rotateRefreshToken: true,
    extraTokenClaims: (_ctx, token) => {
      const person =
        'accountId' in token && token.accountId ? findPerson(organisation, people, token.accountId) : undefined;
      return person && { role: person.role, organisation: organisation.id, acr: demonstrationAcr };
    },
    formats: {
      customizers: {
        // The story may run on a clock of its own; who verifies the token reads that same clock.
        jwt: (_ctx, _token, { payload }) => {
          const now = Math.floor(Date.parse(clock.now()) / 1000);
          payload['iat'] = now;
          payload['exp'] = now + accessTokenSeconds;
        },
      },
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: accessTokenSeconds,
      Interaction: 10 * 60,
      Grant: workingDaySeconds,
      RefreshToken: workingDaySeconds,
      Session: workingDaySeconds,
    },
    renderError: (ctx, out) => {
      ctx.set(pageHeaders());
      ctx.body = errorPage(out.error);
    },
  };

  const provider = new Provider(issuer, configuration);
  provider.on('server_error', (_ctx: unknown, error: unknown) =>
    options.onError(error instanceof Error ? error.name : 'unknown'),
  );
  return provider;
}

/** Everybody chooses who she is at every sign-in: with many demo people in one browser, nobody is signed in as the last one by surprise. */
function alwaysAskWho(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'choose',
        'choose as whom to sign in',
        'login_required',
        (ctx) => !ctx.oidc.result?.login,
      ),
    );
  return policy;
}
