/** A tiny organisation over HTTP: who is let in, what a refusal looks like, and that nothing of the inside comes out. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganisationApplication, defineCommand, defineQuery, type ServiceDefinition } from '@convenant/host';
import type { TokenVerifier } from '@convenant/identity';
import { z } from 'zod';
import { exampleService } from '../exchange/example-services.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';

const schema = `
  type Query { greeting(name: String!): String! file(clientId: ID!): String brokenThing: String }
  type Mutation { greet(input: GreetInput!): Outcome! }
  input GreetInput { requestId: ID! name: String! }
  type Outcome { id: ID position: String refused: Refusal }
  type Refusal { code: String! nl: String! en: String! }
`;
const access = { event: 'read', action: 'R', activity: 'client-support' } as const;
const by = ['employmentSpecialist'] as const;
const definition: ServiceDefinition = {
  ...exampleService('mental-health'),
  schema: [schema],
  commands: [
    defineCommand({
      name: 'greet',
      input: z.strictObject({ requestId: z.uuid(), name: z.string() }),
      by,
      about: 'organisation',
      access,
      refusals: { rude: { nl: 'Dat is niet aardig.', en: 'That is not kind.' } },
      handle: async ({ name }) => (name === 'rude' ? { refused: 'rude' } : { done: { id: name } }),
    }),
  ],
  queries: [
    defineQuery({
      name: 'greeting',
      args: z.strictObject({ name: z.string().max(10) }),
      by,
      about: 'organisation',
      purpose: 'support',
      access,
      answer: async ({ name }) => `dag ${name}`,
    }),
    defineQuery({
      name: 'file',
      args: z.strictObject({ clientId: z.string() }),
      by,
      about: 'client',
      purpose: 'support',
      access,
      answer: async () => 'file',
    }),
    defineQuery({
      name: 'brokenThing',
      args: z.strictObject({}),
      by,
      about: 'organisation',
      purpose: 'support',
      access,
      answer: () => Promise.reject(new Error('table secrets does not exist')),
    }),
  ],
};

let world: World;
let ggz: OrganisationInWorld;
let url: string;
let close: () => Promise<void>;
beforeAll(async () => {
  world = await testWorld({ organisations: { 'ggz-amstel': definition, uwv: exampleService('uwv') } });
  ggz = world.organisation('ggz-amstel');
  const tokens: TokenVerifier = {
    verify: async (bearer) =>
      bearer === 'noor'
        ? {
            organisation: 'ggz-amstel',
            person: 'noor',
            role: 'employmentSpecialist',
            tokenExpiresAt: '2099-01-01T00:00:00.000Z',
          }
        : { refused: 'forged' },
  };
  const application = await createOrganisationApplication({
    service: ggz.service,
    tokens,
    fromGateway: async (headers) => headers['x-gateway'] === 'yes',
    ids: ggz.ports.ids,
    operatorLog: ggz.ports.operatorLog,
  });
  await application.listen(0, '127.0.0.1');
  url = await application.getUrl();
  close = () => application.close();
});
afterAll(async () => {
  await close();
  await world.stop();
});

const letIn = { 'x-gateway': 'yes', authorization: 'Bearer noor' };
async function ask(query: string, headers: Record<string, string> = letIn) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    body: (await response.json()) as {
      data?: Record<string, unknown>;
      errors?: { message: string; extensions: Record<string, unknown> }[];
    },
  };
}
const refusalOf = async (query: string) => (await ask(query)).body.errors?.[0]?.extensions;

describe('the subgraph', () => {
  it('answers the gateway on behalf of somebody who is signed in', async () => {
    expect((await ask('{ greeting(name: "Noor") }')).body).toEqual({ data: { greeting: 'dag Noor' } });
    expect(
      (
        await ask(
          'mutation { greet(input: { requestId: "7b0a4a50-6c1e-4f7a-8b3c-0123456789ab", name: "Noor" }) { id refused { code } } }',
        )
      ).body,
    ).toEqual({ data: { greet: { id: 'Noor', refused: null } } });
  });
  it.each([
    ['without the gateway’s credential', { authorization: 'Bearer noor' }],
    ['without a token', { 'x-gateway': 'yes' }],
    ['with a forged token', { 'x-gateway': 'yes', authorization: 'Bearer other' }],
  ])('answers 401 %s, and says the same to all', async (_name, headers) => {
    const { status, body } = await ask('{ greeting(name: "Noor") }', headers as Record<string, string>);
    expect(status).toBe(401);
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'not-signed-in',
      nl: expect.any(String),
      en: expect.any(String),
    });
  });
  it('refuses a query with a code and two sentences', async () => {
    expect(await refusalOf('{ file(clientId: "anna") }')).toEqual({
      code: 'nobody-found',
      nl: expect.stringContaining('niemand'),
      en: expect.stringContaining('Nobody'),
    });
    expect(await refusalOf('{ greeting(name: "much-too-long-a-name") }')).toMatchObject({
      code: 'input-not-understood',
      en: expect.stringContaining('(name)'),
    });
  });
  it('refuses a command within its answer', async () => {
    const { body } = await ask(
      'mutation { greet(input: { requestId: "8b0a4a50-6c1e-4f7a-8b3c-0123456789ab", name: "rude" }) { refused { code nl en } } }',
    );
    expect(body).toEqual({
      data: { greet: { refused: { code: 'rude', nl: 'Dat is niet aardig.', en: 'That is not kind.' } } },
    });
  });
  it('says nothing of what broke', async () => {
    const { body } = await ask('{ brokenThing }');
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'broken' });
    expect(JSON.stringify(body)).not.toMatch(/secrets|Error|stack/);
  });
  it('refuses a faulty question without quoting its values', async () => {
    for (const query of [
      '{ unheardOf }',
      '{ greeting(name: 3) }',
      '{ greeting(',
      'mutation { greet(input: { name: "geheim van Anna", more: "x y" }) { id } }',
    ]) {
      const { body } = await ask(query);
      expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'input-not-understood' });
      expect(JSON.stringify(body)).not.toMatch(/geheim|stacktrace/);
    }
  });
});

describe('the exchange endpoint', () => {
  const post = (body: string, type = 'application/jose') =>
    fetch(`${url}/exchange`, { method: 'POST', headers: { 'content-type': type }, body });
  it('takes a partner’s message', async () => {
    const message = {
      specversion: '1.0',
      id: 'message-1',
      source: 'urn:convenant:organisation:uwv',
      type: 'nl.convenant.consent-announced.v1',
      subject: '9d2f4a50-6c1e-4f7a-8b3c-0123456789ab',
      time: world.now(),
      datacontenttype: 'application/json',
      recipient: 'ggz-amstel',
      sequence: '1',
      data: {
        consentId: 'c',
        consentVersion: 1,
        purpose: 'support',
        roles: [],
        categories: ['K1'],
        until: '2027-01-01T00:00:00.000Z',
      },
    };
    const response = await post(await world.organisation('uwv').ports.signer.sign(JSON.stringify(message)));
    expect([response.status, await response.json()]).toEqual([202, { accepted: true }]);
  });
  it('refuses anything else and does not say why', async () => {
    for (const [body, type] of [
      ['a.b.c', 'application/jose'],
      ['{"a":1}', 'application/json'],
    ] as const) {
      const response = await post(body, type);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'message-refused']);
    }
    expect((await post('a'.repeat(1_100_000))).status).toBe(413);
  });
});

it('says whether it is healthy', async () => {
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ healthy: true });
});
