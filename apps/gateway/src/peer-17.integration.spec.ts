/** The same question in another form gets the same decision and asks the organisation the same. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Kind, parse, valueFromASTUntyped, visit, type DocumentNode } from 'graphql';
import { ExampleWorld, foreignClient, knownClient } from './example/world.js';

let world: ExampleWorld;
beforeAll(async () => {
  world = await ExampleWorld.start();
});
afterAll(() => world.close());
afterEach(() => world.forget());

const forms: Record<string, (id: string) => Record<string, unknown>> = {
  'written out': (id) => ({ query: `{ client(id: "${id}") { id name } }` }),
  'with a variable': (id) => ({ query: 'query Q($id: ID!) { client(id: $id) { id name } }', variables: { id } }),
  'with aliases': (id) => ({ query: `{ it: client(id: "${id}") { number: id called: name } }` }),
  'as a named fragment': (id) => ({ query: `{ client(id: "${id}") { ...F } } fragment F on Client { id name }` }),
  'as a fragment on the root': (id) => ({
    query: `{ ...R } fragment R on Query { client(id: "${id}") { id ...N } } fragment N on Client { name }`,
  }),
  'as inline fragments': (id) => ({
    query: `{ ... on Query { client(id: "${id}") { ... on Client { id } ... { name } } } }`,
  }),
  'with a directive': (id) => ({ query: `{ client(id: "${id}") @include(if: true) { id name @skip(if: false) } }` }),
  'with a field twice': (id) => ({ query: `{ client(id: "${id}") { id name } client(id: "${id}") { name id } }` }),
  'as one of two operations': (id) => ({
    query: `query A { client(id: "${id}") { id name } } query B { whoAmI }`,
    operationName: 'A',
  }),
};

/** What was asked, whatever the answer is called: fields with arguments, fragments and aliases written out. */
function asked(query: string, variables: Record<string, unknown>): string {
  const document: DocumentNode = parse(query);
  const fields: string[] = [];
  visit(document, {
    [Kind.FIELD]: (node) => {
      const values = (node.arguments ?? []).map(
        (each) => `${each.name.value}=${String(valueFromASTUntyped(each.value, variables))}`,
      );
      if (node.name.value !== '__typename') fields.push([node.name.value, ...values].join(' '));
    },
  });
  return [...new Set(fields)].sort().join(', ');
}

describe('peer 17', () => {
  it.each(Object.entries(forms))('a question %s gets the same decision with the same calls', async (_, form) => {
    const allowed = await world.ask(form(knownClient));
    expect(Object.values(allowed.data ?? {}).map((each) => Object.values(each as object))).toEqual([
      [knownClient, 'Example Person'],
    ]);
    expect(world.amstel.calls.map(({ query, variables }) => asked(query, variables))).toEqual([
      `client id=${knownClient}, id, name`,
    ]);

    world.forget();
    const refused = await world.ask(form(foreignClient));
    expect([refused.status, Object.values(refused.data ?? {})]).toEqual([200, [null]]);
    expect(refused.errors?.map(({ extensions }) => extensions['code'])).toEqual(['no-working-relation']);
    expect(world.amstel.calls.map(({ query, variables }) => asked(query, variables))).toEqual([
      `client id=${foreignClient}, id, name`,
    ]);
  });

  it('each of several questions in one gets its own decision, as if asked alone', async () => {
    const query = `{ a: client(id: "${knownClient}") { name } b: client(id: "${foreignClient}") { name } c: client(id: "${knownClient}") { name } }`;
    const { data, errors } = await world.ask({ query });
    expect(data).toEqual({ a: { name: 'Example Person' }, b: null, c: { name: 'Example Person' } });
    expect(errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([[['b'], 'no-working-relation']]);
  });

  it('a batch is refused as a whole, and nobody is asked', async () => {
    const { status, errors } = await world.ask([
      forms['written out']?.(knownClient),
      forms['written out']?.(foreignClient),
    ]);
    expect([status, errors?.[0]?.extensions['code'], world.calls]).toEqual([400, 'not-understood', 0]);
  });

  it.each(['', `{ client(id: "${knownClient}") { id name } }`])(
    'a persisted question is refused with and without its text: "%s"',
    async (query) => {
      const extensions = {
        persistedQuery: { version: 1, sha256Hash: 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38' },
      };
      const { errors, data } = await world.ask({ ...(query ? { query } : {}), extensions });
      expect([data, errors?.[0]?.extensions['code'], world.calls]).toEqual([undefined, 'not-understood', 0]);
    },
  );

  it('a question after a refused one gets its own decision, for the same person and for another', async () => {
    const form = forms['with a variable'];
    const codes = [];
    for (const id of [foreignClient, knownClient, foreignClient])
      codes.push((await world.ask(form?.(id))).errors?.[0]?.extensions['code']);
    expect(codes).toEqual(['no-working-relation', undefined, 'no-working-relation']);
    expect(world.calls).toBe(3);
  });
});
