/** The subgraph of one organisation over HTTP: it answers its own gateway, for a person whose token it verified itself, and nobody else. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { agencyOverHttp, organisationsOverHttp } from './example/agency-over-http.js';
import { exampleWorld, type ExampleWorld } from './example/example-world.js';

let w: ExampleWorld<World>;
let application: Awaited<ReturnType<typeof agencyOverHttp>> | undefined;
beforeAll(async () => {
  w = await exampleWorld(await testWorld({ organisations: organisationsOverHttp }));
  application = await agencyOverHttp(w.ggz);
});
afterAll(() => application?.close());

const ask = async (
  headers: Record<string, string>,
  query = `{ clientIdentity(clientId: "${w.clientId}") { familyName } }`,
) => {
  const answer = await application!.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    payload: { query },
  });
  return answer.json<{ data?: unknown; errors?: { extensions: { code: string } }[] }>();
};
const gateway = { 'convenant-gateway': 'our own' };
const token = { authorization: 'Bearer token-of-karin' };

describe('a subgraph', () => {
  it('answers its own gateway for a person whom it recognises', async () =>
    expect((await ask({ ...gateway, ...token })).data).toEqual({ clientIdentity: { familyName: 'Testpersoon' } }));

  it('answers nobody who comes past the gateway, with a good token', async () => {
    const answers = await Promise.all([ask(token), ask({ ...token, 'convenant-gateway': 'another' })]);
    for (const { data, errors } of answers) {
      expect(data ?? undefined).toBeUndefined();
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['not-signed-in']);
    }
  });

  it('verifies the token itself, whatever the gateway let through', async () =>
    expect((await ask({ ...gateway, authorization: 'Bearer forged' })).errors?.[0]?.extensions.code).toBe(
      'not-signed-in',
    ));

  it('has no way past its queries: _entities reaches no client, and the schema is not told', async () => {
    const entities = await ask(
      { ...gateway, ...token },
      `{ _entities(representations: [{ __typename: "ClientIdentity", clientId: "${w.clientId}" }]) { __typename } }`,
    );
    expect(entities.data ?? undefined).toBeUndefined();
    expect((await ask({ ...gateway, ...token }, '{ __schema { types { name } } }')).data ?? undefined).toBeUndefined();
  });
});
