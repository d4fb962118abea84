/** Composes small schemas in a folder of their own, and holds the checked-in supergraphs to the services' schemas. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkComposition, compose, composed, drift, organisationKinds, SchemaRefused } from './compose.mjs';

const shared = 'libs/organisations/shared/service/src';
const base = `
  directive @category(is: Category!) on FIELD_DEFINITION
  directive @clientLevel on OBJECT | INTERFACE
  directive @public on OBJECT | INTERFACE
  enum Category { K1 K2 K3 K4 K5 K6 K7 K8 K9a K9b K10 OWN }
  type Refusal @public @shareable { code: String! nl: String! en: String! }
  type Outcome @public @shareable { id: ID! position: String refused: Refusal }
`;
const ownSchema = (kind: string): string => {
  const name = kind.replace('-', '');
  if (kind === 'covenant')
    return 'type Query { participants: [Participant!]! } type Participant @public { id: ID! name: String! }';
  return `
    type Query { ${name}Client(id: ID!): Client }
    type Mutation { ${name}Refer(id: ID!): Outcome! }
  `;
};

let folder = '';
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const own = (kind: string) => `libs/organisations/${kind}/service/src/${kind}.graphql`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convenant-compose-'));
  write(`${shared}/base.graphql`, base);
  write(
    `${shared}/shared.graphql`,
    'type Client @clientLevel { id: ID! @category(is: OWN) name: String @category(is: K1) }',
  );
  for (const kind of organisationKinds) write(own(kind), ownSchema(kind));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('composition', () => {
  it('makes one supergraph per kind, of that kind and the covenant alone', () => {
    const texts = composed(folder);
    for (const kind of organisationKinds) {
      const supergraph = texts.get(`apps/gateway/src/generated/supergraph-${kind}.graphql`) ?? '';
      const graphs = [...supergraph.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name]) => name);
      expect(graphs.sort()).toEqual([...new Set([kind, 'covenant'])].sort());
    }
    expect(texts.get('apps/gateway/src/generated/supergraph-uwv.graphql')).not.toContain('municipalityClient');
  });

  it('prints what can be asked with its marks and without machinery', () => {
    const printed = composed(folder).get('docs/generated/schema-uwv.graphql') ?? '';
    expect(printed).toContain('name: String @category(is: K1)');
    expect(printed).toMatch(/type Client @clientLevel/);
    expect(printed).not.toMatch(/join__|_entities|_service|federation/);
  });

  it('writes what changed and nothing the second time', () => {
    expect(compose(folder)).toHaveLength(10);
    expect(compose(folder)).toEqual([]);
    expect(() => checkComposition(folder)).not.toThrow();
  });

  it('names the files that are no longer what the schemas say', () => {
    compose(folder);
    write(own('uwv'), `${ownSchema('uwv')} extend type Query { more: Client }`);
    expect(drift(folder)).toEqual([
      'apps/gateway/src/generated/supergraph-uwv.graphql',
      'docs/generated/schema-uwv.graphql',
    ]);
    expect(() => checkComposition(folder)).toThrow(/npm run compose/);
  });

  it('refuses to build when one category is taken away', () => {
    write(`${shared}/shared.graphql`, 'type Client @clientLevel { id: ID! @category(is: OWN) name: String }');
    expect(() => composed(folder)).toThrow(SchemaRefused);
    expect(() => composed(folder)).toThrow(/uwv: Client.name has no @category/);
  });

  it('refuses a newer federation than the composer knows', () => {
    const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.14", import: ["@shareable"])';
    write(`${shared}/base.graphql`, link + base);
    expect(() => composed(folder)).toThrow(/links federation with another url/);
  });

  it('names a schema that is missing, and what does not compose', () => {
    rmSync(join(folder, own('insurer')));
    expect(() => composed(folder)).toThrow(/insurer: .*insurer\.graphql does not exist/);
    write(own('insurer'), 'type Query { participants: [Client!]! }');
    expect(() => composed(folder)).toThrow(/insurer: .*participants/);
  });
});

describe('the supergraphs in the repository', () => {
  it('are what the schemas of the services compose to', () => {
    expect(drift()).toEqual([]);
  });
});
