/** The story's operations on the page: each can be asked as it stands, by somebody who exists, and with what earlier steps kept. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { demoPeople, localOrganisations } from '@convenant/identity-local-provider';

interface Operation {
  readonly step: number;
  readonly who: string;
  readonly organisation: string;
  readonly title: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly keep?: Readonly<Record<string, string>>;
}
const operations = JSON.parse(
  readFileSync(new URL('./page/operations.json', import.meta.url), 'utf8'),
) as readonly Operation[];
const schemas = new Map<string, GraphQLSchema>();
function schemaOf(organisation: string): GraphQLSchema {
  const kind = localOrganisations.find(({ id }) => id === organisation)?.kind ?? '';
  const known =
    schemas.get(kind) ??
    buildSchema(readFileSync(new URL(`../../../docs/generated/schema-${kind}.graphql`, import.meta.url), 'utf8'), {
      assumeValidSDL: true,
    });
  schemas.set(kind, known);
  return known;
}
const named = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '');
const isMoment = (name: string): boolean => /^(today|now)(_(minus|plus)_\d{1,3})?$/.test(name);

describe('the operations of the story on the page', () => {
  it('tell all eight steps, in order', () => {
    const steps = operations.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect([...new Set(steps)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(operations.map((operation) => [`${operation.step} ${operation.title}`, operation] as const))(
    'can be asked as it stands: %s',
    (_title, { organisation, query, variables }) => {
      const schema = schemaOf(organisation);
      const document = parse(query);
      expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
      const [definition] = document.definitions as OperationDefinitionNode[];
      const { errors } = getVariableValues(schema, definition?.variableDefinitions ?? [], { ...variables });
      expect(errors?.map(({ message }) => message) ?? []).toEqual([]);
      expect(Object.keys(variables)).toEqual(
        definition?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [],
      );
    },
  );

  it('are each for somebody who can sign in there', () =>
    expect(
      operations.filter(({ who, organisation }) => !demoPeople[organisation]?.some(({ account }) => account === who)),
    ).toEqual([]));

  it('name nothing but what an earlier step kept, a moment, or a colleague', () => {
    const people = localOrganisations.flatMap(({ id }) =>
      (demoPeople[id] ?? []).map(({ account }) => `${account}_${id}`.replaceAll('-', '_')),
    );
    const known = new Set(['uuid', ...people]);
    for (const { title, variables, keep } of operations) {
      expect({ title, unknown: named(variables).filter((name) => !known.has(name) && !isMoment(name)) }).toEqual({
        title,
        unknown: [],
      });
      for (const name of Object.keys(keep ?? {})) known.add(name);
    }
  });
});
