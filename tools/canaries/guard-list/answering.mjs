/** Guards of the host: who is answered at all, what is opened for whom, and that the log comes first. */
const shared = 'libs/organisations/shared/service/src';
const registering = `${shared}/registering.spec.ts`;
const relations = `${shared}/relations.spec.ts`;
const received = `${shared}/received.spec.ts`;
const oversight = `${shared}/oversight.spec.ts`;
const consents = `${shared}/consents.spec.ts`;
const logged = 'libs/platform/host/src/logged-before-answered.spec.ts';
const service = 'libs/platform/host/src/service.ts';
const reader = 'libs/platform/host/src/reading.ts';

export const answeringGuards = [
  // 1. Push, never pull.
  {
    id: 'session-of-this-organisation',
    rule: 1,
    guard: 'Nobody is answered on a session of another organisation',
    file: service,
    from: "if (session.organisation !== organisation.id && !asked.fromAnyParticipant) return { refused: 'not-allowed' };",
    to: '',
    tests: [logged],
  },
  {
    id: 'called-by-its-own-gateway',
    rule: 1,
    guard: 'A subgraph answers its own gateway and nobody else',
    file: 'libs/platform/host/src/nest/organisation-application.ts',
    from: 'if (!(await fromGateway(headers))) throw signedOut();',
    to: '',
    tests: ['libs/platform/host/src/nest/organisation-application.integration.spec.ts'],
  },

  // 3. No row means no.
  {
    id: 'role-of-the-command',
    rule: 3,
    guard: 'A command or query is for the roles that it names',
    file: service,
    from: "if (!asked.by.includes(session.role)) return { refused: 'not-allowed' };",
    to: '',
    tests: [registering, consents],
  },
  {
    id: 'relation-before-anything',
    rule: 3,
    guard: 'Whoever has no working relation with her finds nobody',
    file: service,
    from: "if (!relation && asked.relation !== 'none') return { refused: 'nobody-found', client };",
    to: '',
    tests: [registering, relations],
  },
  {
    id: 'relation-per-row',
    rule: 3,
    guard: 'In a list or a search, every client without a working relation is passed over',
    file: service,
    from: 'return related ? readerOf(clientId, related) : undefined;',
    to: 'return readerOf(clientId, related);',
    tests: [registering],
  },
  {
    id: 'her-own-page-only',
    rule: 3,
    guard: 'A client’s login opens her own page and no other',
    file: service,
    from: "return named !== undefined && named !== client ? { refused: 'nobody-found', client: named } : { client, relation: undefined };",
    to: 'return { client: named ?? client, relation: undefined };',
    tests: [registering, logged],
  },
  {
    id: 'columns-are-asked',
    rule: 3,
    guard: 'A column of her record that the role may not read is absent',
    file: reader,
    from: 'if (!may(column.category)) return [name, undefined];',
    to: '',
    tests: [logged],
  },
  {
    id: 'received-facts-are-asked',
    rule: 3,
    guard: 'A received fact that register and matrix do not open is not shown',
    file: reader,
    from: "if (!('permit' in verdict)) return undefined;",
    to: '',
    tests: [received],
  },
  {
    id: 'purpose-of-the-task',
    rule: 3,
    guard: 'What was told for one purpose is not shown for another',
    file: reader,
    from: 'if (!herself && row.purpose !== purpose) return undefined;',
    to: '',
    tests: [received],
  },
  {
    id: 'names-are-not-found',
    rule: 3,
    guard: 'A search says the same about a client of somebody else and about nobody',
    file: `${shared}/find-client.ts`,
    from: 'return reader ? [await identityOf(reader, context)] : [];',
    to: 'return reader ? [await identityOf(reader, context)] : [{ clientId }];',
    tests: [registering],
  },

  // 6. What was taken stays, through that decision alone.
  {
    id: 'taken-facts-are-asked',
    rule: 6,
    guard: 'What was taken into a decision is read by the roles of the table alone',
    file: reader,
    from: "if (!('permit' in decideReading({ ...asked, category, source: { of: 'taken', decisionId } }, [], policy))) return undefined;",
    to: '',
    tests: [received],
  },

  // 8. Every reading is logged before it is answered.
  {
    id: 'answer-waits-for-the-log',
    rule: 8,
    guard: 'An answer waits until its reading is in the access log',
    file: service,
    from: 'await ports.accessLog.write(lines.length + besides.length > 0 ? [...lines, ...besides] : [nobody]); return answer;',
    to: 'void ports.accessLog.write(lines.length + besides.length > 0 ? [...lines, ...besides] : [nobody]).catch(() => undefined); return answer;',
    tests: [logged],
  },
  {
    id: 'refusals-are-logged',
    rule: 8,
    guard: 'A question that is refused is in the access log, too',
    file: service,
    from: 'await ports.accessLog.write([record(asking, 8, { refusal: found.refused, purpose: query.purpose, ...(found.client ? { client: found.client } : {}) })]);',
    to: '',
    tests: [logged, oversight],
  },
  {
    id: 'log-names-what-was-read',
    rule: 8,
    guard: 'The log names the categories that the answer held',
    file: reader,
    from: 'categories: [...categories].sort(),',
    to: 'categories: [],',
    tests: [logged, oversight],
  },

  // Bad input changes nothing.
  {
    id: 'same-request-once',
    rule: 10,
    guard: 'The same request sent twice has one effect',
    file: service,
    from: 'const cause = `${request.session.person}:${requestId}`;',
    to: 'const cause = `${request.session.person}:${requestId}:${ports.ids.fresh()}`;',
    tests: [registering, received],
  },
  {
    id: 'errors-without-internals',
    rule: 8,
    guard: 'An unforeseen error tells the caller nothing of its text',
    file: 'libs/platform/host/src/nest/errors.ts',
    from: "return formatted(inWords('broken'), shown.path);",
    to: 'return { ...shown, extensions: {} };',
    tests: ['libs/platform/host/src/nest/errors.spec.ts'],
  },
  {
    id: 'rebuilt-views-equal-live-ones',
    rule: 10,
    guard: 'A view built anew loses the rows of a scope that was closed, as the live one did',
    file: 'libs/platform/host/src/view-runner.ts',
    from: "changes.push({ kind: 'delete-where', index, value });",
    to: '',
    tests: [received],
  },
];
