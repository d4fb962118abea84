/** What every service's schema must say about its fields before it is composed: who a type is about, and each field's category. */
import { Kind } from 'graphql';

export const fieldCategories = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9a', 'K9b', 'K10', 'OWN'];
const aboutNobody = ['K10', 'OWN'];
const rootNames = ['Query', 'Mutation', 'Subscription'];

/**
 * Every rule that this schema breaks, as sentences that name the type and field; none for a schema that may be composed.
 * `document` is one service's whole schema, parsed. `mayHoldClients` is false for the covenant, which holds nothing about anybody.
 */
export function brokenRules(document, { mayHoldClients = true } = {}) {
  const types = mergedTypes(document);
  const reachable = reachableFrom(rootNames, types);
  return [...types.values()].flatMap((type) => [
    ...(rootNames.includes(type.name) ? rootBreaks(type, types) : typeBreaks(type, reachable, mayHoldClients)),
    ...type.fields.flatMap((field) => categoryBreaks(type, field)),
  ]);
}

function typeBreaks(type, reachable, mayHoldClients) {
  const breaks = [];
  const clientLevel = type.directives.has('clientLevel');
  const open = type.directives.has('public');
  if (clientLevel && open)
    breaks.push(`${type.name} is both @clientLevel and @public; it is about a client or it is not.`);
  if (clientLevel && !mayHoldClients)
    breaks.push(`${type.name} is @clientLevel; the covenant holds nothing about clients.`);
  if (clientLevel && type.directives.has('key'))
    breaks.push(
      `${type.name} is @clientLevel and has a @key; with a key, _entities reaches it past every check of who asks.`,
    );
  if (!clientLevel && !open && reachable.has(type.name))
    breaks.push(`${type.name} can be asked for and is neither @clientLevel nor @public; say which.`);
  for (const field of type.fields) {
    if (clientLevel && field.category === undefined)
      breaks.push(
        `${type.name}.${field.name} has no @category; every field of a @clientLevel type says what it tells.`,
      );
    if (open && fieldCategories.includes(field.category) && !aboutNobody.includes(field.category))
      breaks.push(`${type.name}.${field.name} tells ${field.category} about a client; make ${type.name} @clientLevel.`);
  }
  return breaks;
}

/** A bare text or number has no type that could be marked, so the root field itself says what it tells. */
function rootBreaks(root, types) {
  return root.fields
    .filter((field) => !types.has(field.type) && field.category === undefined && !field.name.startsWith('_'))
    .map((field) => `${root.name}.${field.name} answers with a bare ${field.type} and has no @category.`);
}

function categoryBreaks(type, field) {
  if (field.category === undefined || fieldCategories.includes(field.category)) return [];
  return [
    `${type.name}.${field.name} has the unknown category ${field.category}; known are ${fieldCategories.join(', ')}.`,
  ];
}

/** Object types, interfaces and unions by name, each with its extensions folded in. */
function mergedTypes(document) {
  const types = new Map();
  for (const node of document.definitions) {
    if (!shapes.has(node.kind)) continue;
    const type = types.get(node.name.value) ?? {
      name: node.name.value,
      directives: new Set(),
      fields: [],
      members: [],
      interfaces: [],
    };
    types.set(type.name, type);
    for (const directive of node.directives ?? []) type.directives.add(localName(directive.name.value));
    type.members.push(...(node.types ?? []).map((member) => member.name.value));
    type.interfaces.push(...(node.interfaces ?? []).map((each) => each.name.value));
    type.fields.push(
      ...(node.fields ?? []).map((field) => ({
        name: field.name.value,
        type: namedType(field.type),
        category: categoryOf(field),
      })),
    );
  }
  return types;
}

const shapes = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.UNION_TYPE_EXTENSION,
]);

/** Unions lead to their members and interfaces to whoever implements them; a union has no fields and needs no mark itself. */
function reachableFrom(roots, types) {
  const seen = new Set();
  const queue = roots.flatMap((root) => types.get(root)?.fields.map(({ type }) => type) ?? []);
  for (let name; (name = queue.pop()) !== undefined;) {
    const type = types.get(name);
    if (!type || seen.has(name)) continue;
    seen.add(name);
    const implementors = [...types.values()].filter((each) => each.interfaces.includes(name)).map((each) => each.name);
    queue.push(...type.fields.map((field) => field.type), ...type.members, ...implementors);
  }
  return new Set([...seen].filter((name) => types.get(name).members.length === 0));
}

function categoryOf(field) {
  const directive = field.directives?.find(({ name }) => name.value === 'category');
  if (!directive) return undefined;
  return directive.arguments?.find(({ name }) => name.value === 'is')?.value.value ?? 'nothing';
}

const namedType = (node) => (node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type));
/** `@federation__key` is `@key` that was not imported by its short name. */
const localName = (name) => name.replace(/^federation__/, '');
