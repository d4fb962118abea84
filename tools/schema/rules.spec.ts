/** Holds the rules on schemas to what they say: nothing about a client is asked for without saying so. */
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { brokenRules } from './rules.mjs';

const broken = (schema: string, options?: { mayHoldClients?: boolean }) => brokenRules(parse(schema), options);

describe('the rules on schemas', () => {
  it('let a schema pass in which every type and field says what it is', () => {
    expect(
      broken(`
        type Query { client(id: ID!): Client  organisation: Organisation }
        type Client @clientLevel { id: ID! @category(is: OWN)  name: String! @category(is: K1)  notes: [Note!]! @category(is: K9a) }
        type Note @clientLevel { text: String @category(is: K9a) }
        type Organisation @public { name: String! }
      `),
    ).toEqual([]);
  });

  it('refuse a field about a client without a category', () => {
    expect(
      broken('type Query { c: Client } type Client @clientLevel { id: ID! @category(is: OWN) bsn: String }'),
    ).toEqual(['Client.bsn has no @category; every field of a @clientLevel type says what it tells.']);
  });

  it('refuse such a field when an extension adds it', () => {
    expect(
      broken('type Query { c: C } type C @clientLevel { id: ID! @category(is: OWN) } extend type C { x: Int }'),
    ).toEqual(['C.x has no @category; every field of a @clientLevel type says what it tells.']);
  });

  it('refuse a category that does not exist', () => {
    expect(broken('type Query { c: C } type C @clientLevel { x: Int @category(is: K11) }')[0]).toMatch(
      /unknown category K11/,
    );
    expect(broken('type Query { c: C } type C @clientLevel { x: Int @category }')[0]).toMatch(
      /unknown category nothing/,
    );
  });

  it.each(['@key(fields: "id")', '@federation__key(fields: "id")'])('refuse %s on a type about a client', (key) => {
    const body = '{ id: ID! @category(is: OWN) }';
    expect(broken(`type Query { c: C } type C @clientLevel ${key} ${body}`)[0]).toMatch(/has a @key/);
    expect(broken(`type Query { c: C } type C @clientLevel ${body} extend type C ${key}`)[0]).toMatch(/has a @key/);
  });

  it.each([
    ['at once', 'type Query { t: T } type T { x: Int }'],
    ['in a list behind another type', 'type Query { p: P } type P @public { t: [T!]! } type T { x: Int }'],
    ['from a mutation', 'type Mutation { m: T! } type T { x: Int }'],
    ['from an extension of the query', 'extend type Query { t: T } type T { x: Int }'],
    ['as a member of a union', 'type Query { u: U } union U = T type T { x: Int }'],
    ['behind an interface', 'type Query { i: I } interface I @public { x: Int } type T implements I { x: Int }'],
  ])('refuse an unmarked type that is reached %s', (_, schema) => {
    expect(broken(schema)).toEqual(['T can be asked for and is neither @clientLevel nor @public; say which.']);
  });

  it('leave a type alone that nobody can reach', () => {
    expect(broken('type Query { n: Int @category(is: OWN) } type Unused { x: Int }')).toEqual([]);
  });

  it('refuse a type that says both', () => {
    expect(broken('type Query { t: T } type T @public @clientLevel { x: Int @category(is: OWN) }')[0]).toMatch(
      /is both/,
    );
  });

  it('refuse a personal field in a type about nobody, and allow figures there', () => {
    expect(broken('type Query { t: T } type T @public { x: Int @category(is: K5) y: Int @category(is: K10) }')).toEqual(
      ['T.x tells K5 about a client; make T @clientLevel.'],
    );
  });

  it('refuse a bare text as an answer without a category', () => {
    expect(broken('type Query { diagnosis: String }')).toEqual([
      'Query.diagnosis answers with a bare String and has no @category.',
    ]);
  });

  it('refuse any type about clients at the covenant', () => {
    expect(
      broken('type Query { t: T } type T @clientLevel { x: Int @category(is: OWN) }', { mayHoldClients: false }),
    ).toEqual(['T is @clientLevel; the covenant holds nothing about clients.']);
  });
});
