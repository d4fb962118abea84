/** Guards of the host: who is answered at all, what is opened for whom, and that the log comes first. */
const shared = 'libs/organisations/shared/service/src';
const registering = `${shared}/registering.spec.ts`;
const received = `${shared}/received.spec.ts`;
const oversight = `${shared}/oversight.spec.ts`;
const consents = `${shared}/consents.spec.ts`;
const answering = `${shared}/answering.spec.ts`;
const subgraph = `${shared}/subgraph.integration.spec.ts`;
const asking = 'libs/platform/host/src/asking.ts';
const reader = 'libs/platform/host/src/reading.ts';

export const answeringGuards = [
  // 1. Push, never pull.
  {
    id: 'session-of-this-organisation',
    rule: 1,
    guard: 'Nobody is answered on a session of another organisation',
    file: asking,
    from: "if (session.organisation !== organisation.id && !asked.fromAnyParticipant) return { refused: 'not-allowed', attempt: {} };",
    to: '',
    tests: [answering],
  },
  {
    id: 'called-by-its-own-gateway',
    rule: 1,
    guard: 'A subgraph answers its own gateway and nobody else',
    file: 'libs/platform/host/src/nest/organisation-application.ts',
    from: 'if (!(await fromGateway(headers))) throw signedOut();',
    to: '',
    tests: [subgraph],
  },

  // 3. No row means no.
  {
    id: 'role-of-the-command',
    rule: 3,
    guard: 'A command or query is for the roles that it names',
    file: asking,
    from: 'if (!asked.by.includes(session.role)) {',
    to: 'if (asked.by.length === 0) {',
    tests: [answering],
  },
  {
    id: 'relation-before-anything',
    rule: 3,
    guard: 'Whoever has no working relation with her finds nobody',
    file: asking,
    from: "if (!relation && asked.relation !== 'none') return { refused: 'nobody-found', attempt: await attemptOn(client) };",
    to: '',
    tests: [answering, registering],
  },
  {
    id: 'relation-per-row',
    rule: 3,
    guard: 'In a list or a search, every client without a working relation is passed over',
    file: asking,
    from: 'return related ? readerOf(clientId, related) : undefined;',
    to: 'return readerOf(clientId, related);',
    tests: [registering],
  },
  {
    id: 'her-own-page-only',
    rule: 3,
    guard: 'A client’s login opens her own page and no other',
    file: asking,
    from: 'if (herself) return named === undefined || named === client ? { client, relation: undefined } :',
    to: "if (herself) return named !== '' ? { client: named ?? client, relation: undefined } :",
    tests: [registering],
  },
  {
    id: 'columns-are-asked',
    rule: 3,
    guard: 'A column of her record that the role may not read is absent',
    file: reader,
    from: 'if (!may(column.category)) return [name, undefined];',
    to: '',
    tests: [answering],
  },
  {
    id: 'received-facts-are-asked',
    rule: 3,
    guard: 'A received fact that register and matrix do not open is not shown',
    file: reader,
    from: "if (!('permit' in verdict)) return undefined;",
    to: '',
    tests: [consents],
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
    file: asking,
    from: 'await accessLog.write(lines.length > 0 ? lines : [record(question, 0, { relation: relationKindOf(question, undefined) })]);',
    to: 'void accessLog.write(lines.length > 0 ? lines : [record(question, 0, { relation: relationKindOf(question, undefined) })]).catch(() => undefined);',
    tests: [answering],
  },
  {
    id: 'refusals-are-logged',
    rule: 8,
    guard: 'A question that is refused is in the access log, too',
    file: asking,
    from: 'await accessLog.write([record(question, 8, { refusal: found.refused, ...found.attempt })]); throw',
    to: 'throw',
    tests: [answering],
  },
  {
    id: 'log-names-what-was-read',
    rule: 8,
    guard: 'The log names the categories that the answer held',
    file: reader,
    from: 'categories: [...categories].sort(),',
    to: 'categories: [],',
    tests: [answering],
  },

  // Bad input changes nothing.
  {
    id: 'same-request-once',
    rule: 10,
    guard: 'The same request sent twice has one effect',
    file: asking,
    from: 'const cause = `${session.person}:${name}:${requestId}`;',
    to: 'const cause = `${session.person}:${name}:${requestId}:${ports.ids.fresh()}`;',
    tests: [consents],
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
    file: 'libs/platform/host/src/view-changes.ts',
    from: "changes.push({ kind: 'delete-where', index, value });",
    to: '',
    tests: [received],
  },
];
