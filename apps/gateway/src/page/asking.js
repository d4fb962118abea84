/** Asks the gateway as the person who is signed in, and lets her see her own last change at once. */

/** Up to where each person's last change came, and the schema of each organisation; both in memory only. */
const positions = new WeakMap();
const schemas = new Map();

export async function ask(session, { query, variables, operationName }) {
  const position = positions.get(session);
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${session.accessToken}`,
      'convenant-organisation': session.organisation.id,
      ...(position ? { 'convenant-position': position } : {}),
    },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const answer = await response.json();
  for (const outcome of Object.values(answer.data ?? {}))
    if (typeof outcome?.position === 'string') positions.set(session, outcome.position);
  return { status: response.status, answer };
}

/** `null` when the gateway does not tell its schema: GraphiQL then works without suggestions. */
export async function schemaFor(session) {
  const { id } = session.organisation;
  if (!schemas.has(id)) {
    const { answer } = await ask(session, { query: introspection, operationName: 'IntrospectionQuery' });
    if (!answer.data) return null;
    schemas.set(id, answer.data);
  }
  return schemas.get(id);
}

const introspection = `query IntrospectionQuery {
  __schema {
    queryType { name }
    mutationType { name }
    types {
      kind name description
      fields(includeDeprecated: true) { name description args { ...Input } type { ...Type } isDeprecated deprecationReason }
      inputFields { ...Input }
      interfaces { ...Type }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      possibleTypes { ...Type }
    }
    directives { name description locations args { ...Input } }
  }
}
fragment Input on __InputValue { name description type { ...Type } defaultValue }
fragment Type on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
}`;
