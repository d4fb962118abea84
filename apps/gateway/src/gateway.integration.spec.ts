/** What people, and those who should not, get from the gateway; over HTTP, with small organisations behind it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, generateKeyPair } from 'jose';
import { ExampleWorld, foreignClient, knownClient } from './example/world.js';

let world: ExampleWorld;
beforeAll(async () => {
  world = await ExampleWorld.start({ exchange: true });
});
afterAll(() => world.close());
afterEach(() => world.forget());

const readClient = (id: string = knownClient) => ({
  query: 'query Read($id: ID!) { client(id: $id) { id name reader } }',
  variables: { id },
});

describe('a question through the gateway', () => {
  it('is answered by the organisation that the token is for', async () => {
    const { status, data } = await world.ask(readClient(), { person: 'karin', organisation: 'ggz-duin' });
    expect({ status, data }).toEqual({
      status: 200,
      data: { client: { id: knownClient, name: 'Example Person', reader: 'karin' } },
    });
    expect([world.amstel, world.duin, world.uwv, world.covenant].map(({ calls }) => calls.length)).toEqual([
      0, 1, 0, 0,
    ]);
  });

  it('carries the person, the credential, the trace and the position to that organisation', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await world.ask(readClient(), {}, { traceparent, 'convenant-position': '1-20-300', cookie: 'a=b', 'x-other': 'c' });
    const headers = world.amstel.calls[0]?.headers ?? {};
    expect(headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      'convenant-gateway': expect.stringMatching(/^ey/),
      'convenant-position': '1-20-300',
    });
    expect(headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('x-other');
  });

  it('reaches the covenant beside it, and never with the person or her token', async () => {
    const { data } = await world.ask(
      { query: '{ participants { name } client(id: "client-1") { name } }' },
      { person: 'karin' },
    );
    expect(data).toEqual({ participants: [{ name: 'UWV' }], client: { name: 'Example Person' } });
    const headers = world.covenant.calls[0]?.headers ?? {};
    expect(headers).toHaveProperty('convenant-gateway');
    const told = decodeJwt((headers.authorization ?? '').replace('Bearer ', ''));
    expect([told.sub, told['role'], told.aud]).toEqual([
      'participant:ggz-amstel',
      'caseManager',
      'urn:convenant:organisation:secretariaat',
    ]);
    expect(JSON.stringify(told)).not.toContain('karin');
    expect(headers).not.toHaveProperty('convenant-position');
  });

  it('is of one person each: 50 people with the same question make 50 calls with 50 identities', async () => {
    const people = Array.from({ length: 50 }, (_, index) => `person-${index}`);
    const answers = await Promise.all(people.map((person) => world.ask({ query: '{ whoAmI }' }, { person })));
    expect(answers.map(({ data }) => data?.['whoAmI'])).toEqual(people);
    expect(world.amstel.calls).toHaveLength(50);
    expect(new Set(world.amstel.calls.map(({ person }) => person)).size).toBe(50);
  });

  it('cannot name a field of another kind of organisation', async () => {
    const { status, errors } = await world.ask({ query: '{ progress(id: "client-1") { name } }' });
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'unknown-field']);
    expect(world.calls).toBe(0);
  });

  it.each([
    `{ _entities(representations: [{ __typename: "Client", id: "${foreignClient}" }]) { ... on Client { name } } }`,
    '{ _entities(representations: [{ __typename: "Participant", id: "uwv" }]) { ... on Participant { name } } }',
    '{ _service { sdl } }',
  ])('cannot reach behind the organisations: %s', async (query) => {
    const { status, data } = await world.ask({ query });
    expect([status, data, world.calls]).toEqual([400, undefined, 0]);
  });

  it('is not kept by anybody on the way', async () => {
    expect((await world.ask(readClient())).headers.get('cache-control')).toBe('no-store');
  });
});

describe('a token that is no good', () => {
  it('gets one and the same answer, whatever is wrong with it, and nobody is called', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const good = await world.issuer.token('karin');
    const tokens = {
      expired: await world.issuer.token('karin', { expiresInSeconds: -60 }),
      forged: await world.issuer.token('karin', { key: privateKey }),
      changed: `${good.slice(0, -4)}AAAA`,
      'of another issuer': await world.issuer.token('karin', { issuer: 'http://127.0.0.1:1' }),
      'for an organisation that is not here': await world.issuer.token('karin', { organisation: 'elsewhere' }),
      'for two organisations': await world.issuer.token('karin', {
        audience: ['urn:convenant:organisation:ggz-amstel', 'urn:convenant:organisation:uwv'],
      }),
      'with a role of another organisation': await world.issuer.token('karin', { role: 'insurancePhysician' }),
      'an ID token': await world.issuer.token('karin', { type: 'JWT' }),
      nonsense: 'nonsense',
    };
    const answers = await Promise.all(
      [...Object.values(tokens).map((token) => ({ authorization: `Bearer ${token}` })), {}].map((headers) =>
        world.send(readClient(), headers as Record<string, string>),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.errors?.[0]?.extensions).toMatchObject({
      code: 'not-signed-in',
      nl: expect.any(String),
      en: expect.any(String),
    });
    expect(world.calls).toBe(0);
  });

  it('is refused for the organisation that the header names when that is another one', async () => {
    const other = await world.ask(readClient(), {}, { 'convenant-organisation': 'uwv' });
    expect([other.status, other.errors?.[0]?.extensions['code'], world.calls]).toEqual([
      403,
      'another-organisation',
      0,
    ]);
    expect((await world.ask(readClient(), {}, { 'convenant-organisation': 'ggz-amstel' })).status).toBe(200);
  });

  it('is told to the organisation that it names, which keeps the log, and to no other', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await world.issuer.token('karin', { key: privateKey, organisation: 'ggz-duin' });
    await world.send(readClient(), { authorization: `Bearer ${forged}` });
    await world.ask(
      readClient(),
      { organisation: 'uwv', role: 'insurancePhysician' },
      { 'convenant-organisation': 'ggz-amstel' },
    );
    await world.send(readClient(), { authorization: 'Bearer nonsense' });
    expect(world.subgraphs.map(({ turnedAway }) => turnedAway.length)).toEqual([0, 1, 1, 0]);
    expect(world.duin.turnedAway[0]).toMatchObject({
      authorization: `Bearer ${forged}`,
      'convenant-gateway': expect.stringMatching(/^ey/),
    });
  });

  it('gets its answer also when the organisation that it names cannot be told', async () => {
    world.amstel.broken = { status: 500, body: '' };
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await world.issuer.token('karin', { key: privateKey });
    const { status, errors } = await world.send(readClient(), { authorization: `Bearer ${forged}` });
    expect([status, errors?.[0]?.extensions['code']]).toEqual([401, 'not-signed-in']);
  });
});

describe('an error', () => {
  it('passes with the code and sentences of the organisation, and without its internals', async () => {
    const { status, errors, text } = await world.ask(readClient(foreignClient));
    expect(status).toBe(200);
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'no: no-working-relation',
        path: ['client'],
        extensions: { code: 'no-working-relation', nl: 'nee: no-working-relation', en: 'no: no-working-relation' },
      }),
    ]);
    expect(text).not.toContain('internal');
  });

  it('that nobody foresaw tells nothing of itself', async () => {
    const { errors, text } = await world.ask(readClient('client-that-breaks'));
    expect(errors?.[0]?.extensions).toEqual({ code: 'broken', nl: expect.any(String), en: expect.any(String) });
    expect(text).not.toMatch(/select|999990019|stack/);
    expect(world.broke).toHaveLength(1);
  });

  it.each([
    [
      { status: 401, body: '{"errors":[{"message":"x","extensions":{"code":"not-signed-in","nl":"nee","en":"no"}}]}' },
      'not-signed-in',
    ],
    [{ status: 503, body: 'down for <maintenance>' }, 'organisation-unreachable'],
    [{ status: 500, body: '{"statusCode":500,"message":"Internal server error"}' }, 'broken'],
    [{ status: 200, body: 'not json' }, 'broken'],
  ])('of an organisation that answers %j is worded', async (broken, code) => {
    world.amstel.broken = broken;
    const { errors, data } = await world.ask(readClient());
    expect(data).toEqual({ client: null });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([code]);
  });

  it('says it when an organisation is down, and the other part of the answer stays', async () => {
    const down = await ExampleWorld.start();
    await down.amstel.close();
    const { data, errors } = await down.ask({ query: '{ participants { name } client(id: "client-1") { name } }' });
    expect(data).toEqual({ participants: [{ name: 'UWV' }], client: null });
    expect(errors?.[0]?.extensions['code']).toBe('organisation-unreachable');
    const ready = await fetch(`${down.gateway.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ status: 'waiting' })]);
    await down.close();
  });
});

describe('health', () => {
  it('answers for itself, and is ready when every organisation is', async () => {
    expect(await (await fetch(`${world.gateway.url}/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${world.gateway.url}/ready`)).status).toBe(200);
  });
});

describe('a message between partners', () => {
  const post = (organisation: string, body: string, type = 'application/jose') =>
    fetch(`${world.gateway.url}/exchange/${organisation}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, authorization: 'Bearer x' },
    });

  it('is passed on as it is, without anything of the caller', async () => {
    const answer = await post('uwv', 'head.body.signature');
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      202,
      'application/jose',
      'signed.receipt.text',
    ]);
    expect(world.uwv.exchanged.map(({ body }) => body)).toEqual(['head.body.signature']);
    expect(world.uwv.exchanged[0]?.headers).not.toHaveProperty('authorization');
  });

  it('may be 256 kB and no more, and goes to a known organisation as application/jose', async () => {
    expect((await post('uwv', 'a'.repeat(256 * 1024))).status).toBe(202);
    expect((await post('uwv', 'a'.repeat(256 * 1024 + 1))).status).toBe(413);
    expect((await post('elsewhere', 'a.b.c')).status).toBe(404);
    expect((await post('uwv', '{}', 'application/json')).status).toBe(415);
    expect((await post('uwv', 'a.b.c', 'text/plain')).status).toBe(415);
  });

  it('has no way in where partners do not share a machine', async () => {
    const deployed = await ExampleWorld.start();
    const answer = await fetch(`${deployed.gateway.url}/exchange/uwv`, {
      method: 'POST',
      body: 'a.b.c',
      headers: { 'content-type': 'application/jose' },
    });
    expect([answer.status, (await answer.json()) as unknown]).toEqual([404, { errors: [expect.anything()] }]);
    await deployed.close();
  });
});
