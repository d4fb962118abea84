/** The schema and the slices say the same: every field has its handler, every handler its field. */
import { describe, expect, it } from '@jest/globals';
import {
  Kind,
  parse,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { agency } from './example/example-services.js';
import { baseSchema, sharedSchema } from './schema.js';

const document = parse(sharedSchema.join('\n'));
const rootFields = (name: string): readonly FieldDefinitionNode[] =>
  document.definitions
    .filter(
      (node): node is ObjectTypeExtensionNode => node.kind === Kind.OBJECT_TYPE_EXTENSION && node.name.value === name,
    )
    .flatMap(({ fields = [] }) => fields);
const names = (named: readonly { readonly name: { readonly value: string } }[]): string[] =>
  named.map(({ name }) => name.value).sort();
const shapeOf = (schema: unknown): string[] => Object.keys((schema as { shape: object }).shape).sort();

describe('the shared schema', () => {
  it('has a field for every command and query, and no other', () => {
    const commands = agency.commands.map(({ name }) => name).filter((name) => name !== 'noteExample');
    expect(names(rootFields('Mutation'))).toEqual(commands.sort());
    expect(names(rootFields('Query'))).toEqual(agency.queries.map(({ name }) => name).sort());
  });

  it('takes exactly what the handlers take', () => {
    const inputs = new Map(
      document.definitions
        .filter((node): node is InputObjectTypeDefinitionNode => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
        .map((node) => [node.name.value, names(node.fields ?? [])]),
    );
    for (const { name, input } of agency.commands.filter((command) => command.name !== 'noteExample'))
      expect({ name, takes: inputs.get(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input`) }).toEqual({
        name,
        takes: shapeOf(input),
      });
    const fields = new Map(rootFields('Query').map((field) => [field.name.value, names(field.arguments ?? [])]));
    for (const { name, args } of agency.queries)
      expect({ name, takes: fields.get(name) }).toEqual({ name, takes: shapeOf(args) });
  });

  it('begins with what the covenant has too', () => {
    expect(sharedSchema.slice(0, baseSchema.length)).toEqual(baseSchema);
  });
});
