/** Holds the Keycloak realms to the roles, people and audiences of the code. */
import { describe, expect, it } from '@jest/globals';
import { rolesByKind } from '@convenant/consent';
import { installation } from './installation.mjs';
import { json } from './read.js';
import { demoPassword, realms, type Realm } from './realms.mjs';

describe('the realm of every organisation', () => {
  it('is what the code says; npm run generate renews it', () => {
    for (const [file, content] of realms()) expect(json(file)).toEqual(JSON.parse(content));
  });

  it.each(installation)('$id has the roles of its kind, and people who have one each', ({ id, kind, people }) => {
    const realm = json<Realm>(`infra/keycloak/realms/${id}.json`);
    const roles = realm.roles.realm.map(({ name }) => name);
    expect(realm.realm).toBe(id);
    expect(roles).toEqual(kind === 'covenant' ? rolesByKind[kind] : [...rolesByKind[kind], 'client', 'representative']);
    expect(realm.users.map(({ username, firstName, realmRoles }) => [username, firstName, ...realmRoles])).toEqual(
      people.map(({ account, name, role }) => [account, name, role]),
    );
    // Keycloak draws the subject: the same for two organisations would join what a client does at both.
    expect(realm.users.filter((user) => 'id' in user)).toEqual([]);
    const passwords = realm.users.flatMap(({ credentials }) => credentials.map(({ value }) => value));
    expect(new Set(passwords)).toEqual(new Set([demoPassword]));
  });

  it.each(installation)(
    '$id gives tokens for itself alone, to pages that prove who asked',
    ({ id, audience, gatewayPort }) => {
      const { clients } = json<Realm>(`infra/keycloak/realms/${id}.json`);
      for (const client of clients) {
        const audiences = client.protocolMappers.filter(
          ({ protocolMapper }) => protocolMapper === 'oidc-audience-mapper',
        );
        expect(audiences.map(({ config }) => config['included.custom.audience'])).toEqual([audience]);
        expect(client).toMatchObject({ publicClient: true, directAccessGrantsEnabled: false, defaultClientScopes: [] });
        expect(client.attributes).toMatchObject({
          'access.token.signed.response.alg': 'ES256',
          'access.token.header.type.rfc9068': 'true',
        });
      }
      const [page, terminal] = clients;
      expect(page?.clientId).toBe(`convenant-${id}`);
      expect(page?.attributes['pkce.code.challenge.method']).toBe('S256');
      expect(page?.redirectUris).toEqual(
        ['localhost', '127.0.0.1'].map((host) => `http://${host}:${gatewayPort}/signed-in`),
      );
      expect(terminal).toMatchObject({ standardFlowEnabled: false, redirectUris: [] });
    },
  );
});
