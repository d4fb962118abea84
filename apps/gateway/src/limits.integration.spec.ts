/** What the gateway refuses to ask of the organisations at all: too much, in the wrong form, or with the wrong fields. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultLimits } from './limits.js';
import { ExampleWorld } from './example/world.js';

let world: ExampleWorld;
beforeAll(async () => {
  world = await ExampleWorld.start();
});
afterAll(() => world.close());
afterEach(() => world.forget());

const code = (asked: { errors?: readonly { extensions: Record<string, string> }[] }) =>
  asked.errors?.[0]?.extensions['code'];
const repeat = (times: number, text: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => text(index)).join(' ');
const nested = (levels: number): string => (levels === 0 ? 'name' : `related { ${nested(levels - 1)} }`);
const refer = 'mutation R($input: ReferInput!) { referClient(input: $input) { id } }';
const bsn = '999990019';

describe('a question over a limit', () => {
  it.each([
    ['too deep', `{ client(id: "1") { ${nested(defaultLimits.depth)} } }`],
    [
      'too deep through a fragment',
      `{ client(id: "1") { ...F } } fragment F on Client { ${nested(defaultLimits.depth)} }`,
    ],
    ['too costly by a page of rows', '{ client(id: "1") { notes(first: 100000) { id text } } }'],
    ['with too many aliases', `{ ${repeat(16, (index) => `a${index}: whoAmI`)} }`],
    ['with too many directives', `{ ${repeat(11, () => 'whoAmI @include(if: true) @skip(if: false)')} }`],
    ['with too many words', `{ client(id: "1") { ${repeat(2_000, () => 'name')} } }`],
    ['with too many fields at the root', `{ ${repeat(21, () => 'whoAmI')} }`],
    [
      'with too many fields at the root through a fragment',
      `{ ${repeat(3, () => '...F')} } fragment F on Query { ${repeat(7, () => 'whoAmI')} }`,
    ],
  ])('is refused when it is %s', async (_, query) => {
    const asked = await world.ask({ query });
    expect([asked.status, code(asked), world.calls]).toEqual([400, 'too-large', 0]);
  });

  it('is refused when its body is too large', async () => {
    const asked = await world.ask({ query: '{ whoAmI }', variables: { x: 'a'.repeat(defaultLimits.bodyBytes) } });
    expect([asked.status, code(asked), world.calls]).toEqual([413, 'too-large', 0]);
  });

  it('meets the limit per person, not per address, and is told when to come back', async () => {
    const strict = await ExampleWorld.start({ limits: { requestsPerMinute: 3 } });
    const asked = [];
    for (let times = 0; times < 4; times++) asked.push(await strict.ask({ query: '{ whoAmI }' }, { person: 'karin' }));
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(code(asked[3] ?? {})).toBe('too-many-requests');
    expect(Number(asked[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await strict.ask({ query: '{ whoAmI }' }, { person: 'joris' })).status).toBe(200);
    expect((await strict.ask({ query: '{ whoAmI }' }, { person: 'karin', organisation: 'ggz-duin' })).status).toBe(200);
    await strict.close();
  });

  it('meets a limit per address for tokens that are no good', async () => {
    const strict = await ExampleWorld.start({ limits: { refusedTokensPerMinute: 2 } });
    const statuses = [];
    for (let times = 0; times < 3; times++) statuses.push((await strict.send({ query: '{ whoAmI }' }, {})).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await strict.ask({ query: '{ whoAmI }' })).status).toBe(200);
    await strict.close();
  });
});

describe('a question in the wrong form', () => {
  it('by GET finds nothing', async () => {
    const headers = { authorization: `Bearer ${await world.issuer.token('karin')}`, 'apollo-require-preflight': 'yes' };
    const answer = await fetch(`${world.gateway.url}/graphql?query=%7BwhoAmI%7D`, { headers });
    expect([answer.status, world.calls]).toEqual([404, 0]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jose'])(
    'as %s, which a foreign page could send, is refused',
    async (type) => {
      const asked = await world.ask('{"query":"{ whoAmI }"}', {}, { 'content-type': type });
      expect(asked.status).toBeGreaterThanOrEqual(400);
      expect([code(asked), world.calls]).toEqual(['not-understood', 0]);
    },
  );

  it.each(['{', '[]', '"text"', '{"query":12}', '{"query":"{ whoAmI"}', '{"query":""}', '{}'])(
    'as %s is refused in words',
    async (body) => {
      const asked = await world.ask(body);
      expect([asked.status, code(asked), world.calls]).toEqual([400, 'not-understood', 0]);
    },
  );

  it('asking for the schema is refused unless that was switched on', async () => {
    const question = { query: '{ __schema { types { name } } }' };
    expect([code(await world.ask(question)), world.calls]).toEqual(['not-understood', 0]);
    const open = await ExampleWorld.start({ introspection: true });
    expect((await open.ask(question)).status).toBe(200);
    await open.close();
  });

  it('suggests no field that exists', async () => {
    expect((await world.ask({ query: '{ whoAmIe }' })).text).not.toContain('"whoAmI"');
  });
});

describe('bad input', () => {
  const good = { requestId: 'r1', clientId: 'c1', hours: 20 };
  it.each([
    ['an unknown field', { ...good, boss: bsn }, 'unknown-field', 'input.boss'],
    ['a wrong type', { ...good, hours: bsn }, 'wrong-type', 'input.hours'],
    ['a broken number', { ...good, hours: 20.5 }, 'wrong-type', 'input.hours'],
    ['a missing field', { requestId: 'r1', clientId: 'c1', bsn }, 'missing-field', 'input.hours'],
    ['nothing at all', undefined, 'missing-field', 'input'],
    ['null', null, 'wrong-type', 'input'],
  ])('with %s names the field, never the value, and calls nobody', async (_, input, expected, at) => {
    const asked = await world.ask({ query: refer, variables: { input } });
    expect([asked.status, asked.errors?.[0]?.extensions]).toEqual([
      400,
      { code: expected, nl: expect.any(String), en: expect.any(String), at },
    ]);
    expect(asked.text).not.toContain(bsn);
    expect(world.calls).toBe(0);
  });

  it.each([
    ['requestId: "r", clientId: "c", hours: 1, boss: "999990019"', 'unknown-field'],
    ['requestId: "r", clientId: "c", hours: "999990019"', 'wrong-type'],
    ['requestId: "r", clientId: "c", bsn: "999990019"', 'missing-field'],
  ])('written in the question itself (%s) gets the same answer', async (fields, expected) => {
    const asked = await world.ask({ query: `mutation { referClient(input: { ${fields} }) { id } }` });
    expect([asked.status, code(asked), world.calls]).toEqual([400, expected, 0]);
    expect(asked.text).not.toContain(bsn);
  });
});
