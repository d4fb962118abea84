/** A Keycloak realm per organisation of the trial: its roles, its one audience, and its demo people without a password. */
import { rolesByKind } from '@convenant/consent';
import { installation } from './installation.mjs';

/** Keycloak puts the value of this setting in its place when it imports: no password stands in a file. */
export const demoPassword = '${CONVENANT_DEMO_PASSWORD}';
const accessTokenSeconds = 15 * 60;
const workingDaySeconds = 10 * 60 * 60;

/** Path to text, as `npm run generate` writes it. */
export const realms = () =>
  new Map(
    installation.map((organisation) => [
      `infra/keycloak/realms/${organisation.id}.json`,
      `${JSON.stringify(realmOf(organisation), undefined, 2)}\n`,
    ]),
  );

export function realmOf({ id, kind, name, people, gatewayPort, audience, clientId }) {
  const roles = kind === 'covenant' ? rolesByKind[kind] : [...rolesByKind[kind], 'client', 'representative'];
  const origins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${gatewayPort}`);
  const clients = [
    publicClient(clientId, 'The page of the gateway', audience, {
      standardFlowEnabled: true,
      redirectUris: origins.map((origin) => `${origin}/signed-in`),
      webOrigins: origins,
      attributes: {
        // A page in a browser keeps no secret: PKCE and exact addresses take its place.
        'pkce.code.challenge.method': 'S256',
        'post.logout.redirect.uris': origins.join('##'),
      },
    }),
    publicClient(`${clientId}-terminal`, 'A terminal, where the page is not served', audience, {
      standardFlowEnabled: false,
      redirectUris: [],
      webOrigins: [],
      attributes: { 'oauth2.device.authorization.grant.enabled': 'true' },
    }),
  ];
  return {
    realm: id,
    displayName: name,
    enabled: true,
    sslRequired: 'external',
    registrationAllowed: false,
    resetPasswordAllowed: false,
    editUsernameAllowed: false,
    loginWithEmailAllowed: false,
    duplicateEmailsAllowed: true,
    bruteForceProtected: true,
    defaultSignatureAlgorithm: 'ES256',
    accessTokenLifespan: accessTokenSeconds,
    ssoSessionIdleTimeout: workingDaySeconds,
    ssoSessionMaxLifespan: workingDaySeconds,
    revokeRefreshToken: true,
    components: {
      'org.keycloak.keys.KeyProvider': [
        {
          name: 'tokens',
          providerId: 'ecdsa-generated',
          config: { priority: ['100'], enabled: ['true'], active: ['true'], ecdsaEllipticCurveKey: ['P-256'] },
        },
        {
          name: 'own-sessions',
          providerId: 'hmac-generated',
          config: { priority: ['100'], enabled: ['true'], active: ['true'], algorithm: ['HS512'] },
        },
        {
          name: 'own-cookies',
          providerId: 'aes-generated',
          config: { priority: ['100'], enabled: ['true'], active: ['true'] },
        },
      ],
    },
    roles: { realm: roles.map((role) => ({ name: role })) },
    clients,
    scopeMappings: clients.map((client) => ({ client: client.clientId, roles })),
    users: people.map((person) => userOf(id, person)),
  };
}

/** Nothing of Keycloak's own scopes: its `roles` scope would add a second audience, and such a token is refused. */
function publicClient(clientId, name, audience, { attributes, ...rest }) {
  return {
    clientId,
    name,
    enabled: true,
    publicClient: true,
    directAccessGrantsEnabled: false,
    implicitFlowEnabled: false,
    serviceAccountsEnabled: false,
    fullScopeAllowed: false,
    ...rest,
    attributes: {
      'access.token.signed.response.alg': 'ES256',
      'id.token.signed.response.alg': 'ES256',
      'access.token.header.type.rfc9068': 'true',
      ...attributes,
    },
    defaultClientScopes: [],
    optionalClientScopes: [],
    protocolMappers: [
      mapper('subject', 'oidc-sub-mapper', {}),
      mapper('audience', 'oidc-audience-mapper', { 'included.custom.audience': audience }),
      mapper('role', 'oidc-usermodel-realm-role-mapper', {
        'claim.name': 'role',
        'jsonType.label': 'String',
        multivalued: 'true',
      }),
      mapper('assurance', 'oidc-acr-mapper', {}),
    ],
  };
}

const mapper = (name, protocolMapper, config) => ({
  name,
  protocol: 'openid-connect',
  protocolMapper,
  config: { ...config, 'access.token.claim': 'true', 'introspection.token.claim': 'true', 'id.token.claim': 'false' },
});

/** Without an id of its own: Keycloak draws one per realm, so that nobody has the same subject at two organisations. */
const userOf = (organisation, { account, name, role }) => ({
  username: account,
  firstName: name,
  lastName: 'Voorbeeld',
  email: `${account}@${organisation}.example`,
  emailVerified: true,
  enabled: true,
  credentials: [{ type: 'password', value: demoPassword, temporary: false }],
  realmRoles: [role],
});
