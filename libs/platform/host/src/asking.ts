/** What is asked of an organisation: checked, judged, carried out or answered, and in the access log before anything is said. */
import type { AccessRecord, Outcome as LoggedOutcome } from '@convenant/access-log';
import type { Policy } from '@convenant/consent';
import type { Partner } from '@convenant/exchange';
import { candidatesOf, whoWorksWithWhom, type WorkingRelation } from '@convenant/identity';
import type { EventMeta } from '@convenant/kernel';
import { AnswerRefused, faultyInput, inWords, sentenceFor, type HostRefusal } from './answers.js';
import type {
  AnyCommand,
  AnyQuery,
  CommandContext,
  Outcome,
  Ports,
  QueryContext,
  Request,
  ServiceDefinition,
  SystemContext,
} from './definition.js';
import { createPositionTokens } from './position-tokens.js';
import { createReader, type Reader } from './reading.js';
import { clientOfLogin, isClientHere, relationOf } from './relation.js';
import type { MakeSystemContext, Reached } from './system-context.js';
import { traceparentOf } from './trace.js';
import type { ViewReader } from './view-runner.js';

export interface AskingParts {
  readonly definition: ServiceDefinition;
  readonly organisation: Partner;
  readonly policy: Policy;
  readonly ports: Ports;
  readonly views: ViewReader;
  readonly systemContext: MakeSystemContext;
  /** Waits, not for ever, until the views have come to what the asker has seen. */
  waitFor(position: Request['after']): Promise<void>;
  /** Something may have changed. */
  wake(): void;
}
export interface Asking {
  execute(name: string, input: unknown, request: Request): Promise<Outcome>;
  ask(name: string, args: unknown, request: Request): Promise<unknown>;
}
interface Question {
  readonly asked: AnyCommand | AnyQuery;
  readonly request: Request;
  readonly startedAt: string;
}
type About = Partial<AccessRecord>;
type Found =
  | { readonly client: string; readonly relation: WorkingRelation | undefined }
  | { readonly refused: HostRefusal; readonly attempt: About };

export function createAsking({
  definition,
  organisation,
  policy,
  ports,
  views,
  systemContext,
  waitFor,
  wake,
}: AskingParts): Asking {
  const { store, clock, accessLog } = ports;
  const positions = createPositionTokens(ports.sealer, store);
  const commands = byName(definition.commands);
  const queries = byName(definition.queries);

  const record = (
    { asked, request, startedAt }: Question,
    outcome: LoggedOutcome,
    about: About = {},
  ): AccessRecord => ({
    at: clock.now(),
    startedAt,
    event: asked.access.event,
    action: asked.access.action,
    activity: asked.access.activity,
    outcome,
    operation: asked.name,
    user: { person: request.session.person, role: request.session.role, requestor: true },
    ...('purpose' in asked ? { purpose: asked.purpose } : {}),
    policyVersion: policy.version,
    consents: [],
    relation: 'none',
    categories: [],
    trace: request.trace,
    ...about,
  });
  /** The machine failed: that is written down too, if it still can be; the failure itself is what the caller hears of. */
  const failed = async (question: Question, about: About): Promise<void> =>
    accessLog.write([record(question, 12, about)]).catch(() => undefined);

  /** The client that it is about and this person's relation to her; or why there is no answer. */
  async function whoAndWhom(
    { asked, request: { session } }: Question,
    input: unknown,
    context: SystemContext,
  ): Promise<Found> {
    if (session.organisation !== organisation.id && !asked.fromAnyParticipant)
      return { refused: 'not-allowed', attempt: {} };
    // Whom it was about stands in the log, also when the role alone is reason enough to refuse: a privacy officer looks by client.
    if (!asked.by.includes(session.role)) {
      const { clientId } = input as { clientId?: unknown };
      return {
        refused: 'not-allowed',
        attempt: asked.about === 'client' && typeof clientId === 'string' ? await attemptOn(clientId) : {},
      };
    }
    if (asked.about !== 'client') return { client: '', relation: undefined };
    const herself = session.role === 'client' || session.role === 'representative';
    const named = asked.clientOf
      ? await asked.clientOf(input as never, { ...context, session })
      : (input as { clientId?: string }).clientId;
    const client = herself ? await clientOfLogin(store, session) : named;
    if (client === undefined || !isReference(client)) return { refused: 'nobody-found', attempt: {} };
    if (herself)
      return named === undefined || named === client
        ? { client, relation: undefined }
        : { refused: 'nobody-found', attempt: await attemptOn(named) };
    const relation = await relationOf(store, client, session, context.at);
    // Somebody without a working relation and somebody who guesses get the same answer: there is nobody.
    if (!relation && asked.relation !== 'none') return { refused: 'nobody-found', attempt: await attemptOn(client) };
    return { client, relation };
  }
  /** A guess is kept as a digest: only somebody who is a client here has a key that her line could be sealed under. */
  const attemptOn = async (named: string): Promise<About> =>
    !isReference(named) ? {} : (await isClientHere(store, named)) ? { client: named } : { askedFor: named };

  const relationKindOf = (
    { asked, request: { session } }: Question,
    relation: WorkingRelation | undefined,
  ): AccessRecord['relation'] => {
    if (session.role === 'client') return 'self';
    if (session.role === 'representative') return 'representative';
    if (relation) return relation.kind;
    const taskIsEnough = asked.relation === 'none' || asked.about !== 'client';
    return !taskIsEnough ? 'none' : asked.access.activity === 'oversight' ? 'oversight' : 'task';
  };
  const userOf = ({ request: { session } }: Question, relation: WorkingRelation | undefined): AccessRecord['user'] => ({
    person: session.person,
    role: session.role,
    requestor: true,
    ...(relation?.kind === 'delegate' && relation.responsible ? { responsible: relation.responsible } : {}),
  });

  return {
    async execute(name, input, request) {
      const command = commands.get(name);
      if (!command) return { refused: inWords('not-allowed') };
      const question: Question = { asked: command, request, startedAt: clock.now() };
      const parsed = command.input.safeParse(input);
      if (!parsed.success) {
        await accessLog.write([record(question, 4, { refusal: 'input-not-understood' })]);
        return { refused: faultyInput(parsed.error, command.refusals) };
      }
      await waitFor(await positions.meant(request.after));
      const { session } = request;
      const { requestId } = parsed.data;
      const reached: Reached = { position: undefined, clients: new Set() };
      // With the name of the command: one request id used for two kinds of work is two pieces of work.
      const cause = `${session.person}:${name}:${requestId}`;
      const found = await whoAndWhom(question, parsed.data, systemContext(cause, {}, reached));
      if ('refused' in found) {
        await accessLog.write([record(question, 8, { refusal: found.refused, ...found.attempt })]);
        return { refused: inWords(found.refused) };
      }
      const { client, relation } = found;
      const user = userOf(question, relation);
      const actor: EventMeta['actor'] = {
        kind: 'person',
        person: session.person,
        role: session.role,
        ...(user.responsible ? { responsible: user.responsible } : {}),
      };
      const traceparent = traceparentOf(request.trace.traceId, request.trace.spanId);
      const system = systemContext(cause, { ...(client ? { client } : {}), actor, traceparent }, reached);
      const meta: EventMeta = { at: system.at, actor, cause, traceparent, ...(client ? { client } : {}) };
      const context: CommandContext = { ...system, session, requestId, client, relation, meta };
      const about = { ...(client ? { client } : {}), relation: relationKindOf(question, relation), user };
      const answer = await command.handle(parsed.data, context).catch(async (error: unknown) => {
        await failed(question, about);
        throw error;
      });
      if ('refused' in answer) {
        await accessLog.write([record(question, 8, { ...about, refusal: answer.refused })]);
        return { refused: sentenceFor(command.refusals, answer.refused) };
      }
      // What was done for somebody besides the one that it is about is in her log as well.
      const besides = [...reached.clients]
        .filter((each) => each !== client)
        .map((each) =>
          record(question, 0, {
            ...about,
            client: each,
            relation: about.relation === 'none' ? 'task' : about.relation,
          }),
        );
      wake();
      await accessLog.write(client || besides.length === 0 ? [record(question, 0, about), ...besides] : besides);
      return {
        ...answer.done,
        ...(reached.position === undefined ? {} : { position: await positions.given(reached.position) }),
      };
    },

    async ask(name, args, request) {
      const query = queries.get(name);
      if (!query) throw new AnswerRefused(inWords('not-allowed'));
      const question: Question = { asked: query, request, startedAt: clock.now() };
      const parsed = query.args.safeParse(args);
      if (!parsed.success) {
        await accessLog.write([record(question, 4, { refusal: 'input-not-understood' })]);
        throw new AnswerRefused(faultyInput(parsed.error, {}));
      }
      await waitFor(await positions.meant(request.after));
      const { session } = request;
      const system = systemContext(`query:${name}`, {});
      const found = await whoAndWhom(question, parsed.data, system);
      if ('refused' in found) {
        await accessLog.write([record(question, 8, { refusal: found.refused, ...found.attempt })]);
        throw new AnswerRefused(inWords(found.refused));
      }
      const { client, relation } = found;
      const readers: Reader[] = [];
      const besides: AccessRecord[] = [];
      const readerOf = (clientId: string, related: WorkingRelation | undefined): Reader => {
        const reader = createReader({
          client: clientId,
          relation: related,
          session,
          purpose: query.purpose,
          policy,
          kind: organisation.kind,
          at: system.at,
          ports,
          views,
        });
        readers.push(reader);
        return reader;
      };
      const context: QueryContext = {
        ...system,
        session,
        purpose: query.purpose,
        client,
        reader: readerOf(client, relation),
        async readerFor(clientId) {
          const related = isReference(clientId) ? await relationOf(store, clientId, session, system.at) : undefined;
          return related ? readerOf(clientId, related) : undefined;
        },
        async everyClientOfMine() {
          const candidates = await candidatesOf(session.person, async (holder) =>
            (await views.find(whoWorksWithWhom, 'holder', holder)).map(({ row }) => row),
          );
          const mine = await Promise.all(candidates.map((candidate) => context.readerFor(candidate)));
          return mine.filter((reader) => reader !== undefined);
        },
        alsoLog: (line) => {
          besides.push(record(question, line.outcome, { relation: line.outcome === 0 ? 'task' : 'none', ...line }));
        },
      };
      const linesOf = (outcome: LoggedOutcome, refusal?: string): AccessRecord[] =>
        readers
          .filter((reader) => reader.client !== '')
          .map((reader) => {
            const { relation: kind, ...read } = reader.read();
            return record(question, outcome, {
              ...read,
              client: reader.client,
              relation: kind === 'none' ? relationKindOf(question, undefined) : kind,
              user: userOf(question, reader.relation),
              ...(refusal === undefined ? {} : { refusal, categories: [], consents: [] }),
            });
          });
      const about = {
        ...(client ? { client } : {}),
        relation: relationKindOf(question, relation),
        user: userOf(question, relation),
      };
      const answer = await query.answer(parsed.data, context).catch(async (error: unknown) => {
        if (!(error instanceof AnswerRefused)) await failed(question, about);
        else await accessLog.write([record(question, 8, { ...about, refusal: error.refused.code }), ...besides]);
        throw error;
      });
      const lines = [...linesOf(0), ...besides];
      await accessLog.write(
        lines.length > 0 ? lines : [record(question, 0, { relation: relationKindOf(question, undefined) })],
      );
      return answer;
    },
  };
}

/** What can be the reference of a client at all; anything else leads to nobody without being looked up. */
const isReference = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text);

/** Names are GraphQL fields: two of the same would silently replace each other. */
function byName<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
): ReadonlyMap<string, Definition> {
  const map = new Map<string, Definition>();
  for (const definition of definitions) {
    if (map.has(definition.name)) throw new Error(`Two definitions are called ${definition.name}.`);
    map.set(definition.name, definition);
  }
  return map;
}
