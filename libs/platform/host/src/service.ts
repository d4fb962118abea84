/**
 * Runs one organisation: commands in, answers out, views and door kept up with the log. A plain function; time, chance, ids, sealing and
 * storage come through ports, so that the simulation drives exactly this.
 */
import type { AccessRecord, Outcome as LoggedOutcome } from '@convenant/access-log';
import type { Policy } from '@convenant/consent';
import {
  createInbox,
  createLanes,
  throughTheDoor,
  type DoorRules,
  type Inbox,
  type LaneSettings,
  type Partner,
} from '@convenant/exchange';
import { comparePositions, joinCatalogues, run, sleep, type EventCatalogue, type EventMeta, type Position } from '@convenant/kernel';
import type { z } from 'zod';
import { candidatesOf, whoWorksWithWhom } from '@convenant/identity';
import { AnswerRefused, hostRefusals, inWords, type HostRefusal } from './answers.js';
import type { AnyCommand, AnyQuery, CommandContext, Outcome, Ports, QueryContext, Refused, Request, ServiceDefinition, SystemContext } from './definition.js';
import { createLogReader, errorName } from './log-reader.js';
import { createReader, type Reader } from './reading.js';
import { clientOfLogin, relationOf } from './relation.js';
import { createViewRunner } from './view-runner.js';

export interface ServiceSettings {
  readonly lanes?: LaneSettings;
  /** How long an answer waits at most for the position that its asker has seen. */
  readonly waitForViewsMs: number;
  /** How often the log is looked at when nothing calls. */
  readonly pollMs: number;
  /** How often is looked for what has become due. */
  readonly deadlinesMs: number;
}
export const defaultSettings: ServiceSettings = { waitForViewsMs: 2_000, pollMs: 1_000, deadlinesMs: 60_000 };

export interface RunningService {
  readonly organisation: Partner;
  readonly definition: ServiceDefinition;
  /** Carries out one command. Expected refusals are in the outcome; a rejection means that it is not known whether it was done: repeat it with the same request id. */
  execute(name: string, input: unknown, request: Request): Promise<Outcome>;
  /** Answers one query. Nothing comes back before its reading is in the access log. Rejects with `AnswerRefused` when it is refused. */
  ask(name: string, args: unknown, request: Request): Promise<unknown>;
  /** A signed message of a partner, from whichever transport. */
  receive: Inbox['receive'];
  redrive: Inbox['redrive'];
  /** Does what has become due. */
  tick(): Promise<void>;
  /** Does everything that can be done now: views, door, reactions, lanes. For tests and simulations, and before stopping. */
  settle(): Promise<void>;
  /** Hands over again whatever has no receipt. */
  resend(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
  /** Whether every reader of the log goes on. */
  healthy(): boolean;
}

export function runService(definition: ServiceDefinition, organisation: Partner, policy: Policy, ports: Ports, settings: ServiceSettings = defaultSettings): RunningService {
  const { store, ledger, clock, scheduler, operatorLog } = ports;
  const all = joinCatalogues(...definition.catalogues);
  const views = createViewRunner(definition.views, stored => all.decode(stored), store, ports.views);
  const doorRules: DoorRules = { organisation, policy, compositions: definition.compositions, decode: stored => all.decode(stored), sends: definition.sends };
  const lanes = createLanes(doorRules, ports, settings.lanes);
  const inbox: Inbox = createInbox(
    {
      organisation,
      findClients: async person => {
        await caughtUp(await store.head());
        return definition.findClients(person, systemContext('introduction', {}));
      },
      receives: Object.fromEntries(
        Object.entries(definition.receives).map(([contract, receive]) => [
          contract,
          incoming => receive(incoming, systemContext(incoming.message.id, { actor: { kind: 'partner', organisation: incoming.sender.id, message: incoming.message.id } })),
        ]),
      ),
    },
    ports,
    {
      receipt: (lane, upTo) => lanes.receipt(lane, upTo),
      async refused(reason, claimedSender) {
        operatorLog.note('warning', 'message-refused', { reason, claimedSender: ports.partners.find(claimedSender ?? '') ? (claimedSender ?? '') : 'unknown' });
        await ports.accessLog.write([
          {
            at: clock.now(),
            event: 'transfer',
            action: 'E',
            outcome: 8,
            operation: 'receive-message',
            user: { role: 'partner', requestor: true },
            policyVersion: policy.version,
            consents: [],
            relation: 'none',
            categories: [],
            refusal: reason,
            trace: newTrace(),
            activity: 'oversight',
          },
        ]);
      },
    },
  );
  const door = createLogReader('door', events => throughTheDoor(events, doorRules, ports), ports);
  const reactions = definition.reactions.map(reaction =>
    createLogReader(
      `reaction:${reaction.name}`,
      async events => {
        for (const stored of events)
          if (reaction.on.includes(stored.type))
            await reaction.react(stored, systemContext(`${reaction.name}:${stored.id}`, { ...(stored.meta.client ? { client: stored.meta.client } : {}), actor: { kind: 'system', process: reaction.name } }));
      },
      ports,
    ),
  );
  const commands = byName(definition.commands);
  const queries = byName(definition.queries);

  function newTrace() {
    return { traceId: ports.ids.fresh().replaceAll('-', ''), spanId: ports.ids.fresh().replaceAll('-', '').slice(0, 16) };
  }

  function systemContext(cause: string, about: { client?: string; actor?: EventMeta['actor']; traceparent?: string }, reached?: { position?: Position | undefined }): SystemContext {
    const at = clock.now();
    return {
      organisation,
      policy,
      at,
      ports,
      inbox,
      views,
      upToDate: async () => caughtUp(await store.head()),
      async run(catalogue, decider, stream, command, options) {
        const client = options?.client ?? about.client;
        const meta: EventMeta = {
          at,
          actor: about.actor ?? { kind: 'system', process: 'service' },
          cause: options?.cause ? `${cause}:${options.cause}` : cause,
          ...(client ? { client } : {}),
          ...(about.traceparent ? { traceparent: about.traceparent } : {}),
        };
        ports.checkpoints.pass('command: before append');
        const ran = await run(store, stream, catalogue, decider, command, { ids: ports.ids, meta });
        ports.checkpoints.pass('command: after append');
        if (reached && !('refused' in ran) && comparePositions(ran.position, reached.position) > 0) reached.position = ran.position;
        return ran;
      },
      async history<Event extends { type: string }>(catalogue: EventCatalogue<Event>, stream: string) {
        return (await store.read(stream)).map(event => catalogue.decode(event));
      },
    };
  }

  async function caughtUp(position: Position | undefined): Promise<void> {
    if (position === undefined) return;
    for (let waitedMs = 0; ; waitedMs += 20) {
      if (views.hasReached(position)) return;
      await views.advance();
      if (views.hasReached(position) || waitedMs >= settings.waitForViewsMs) return;
      await sleep(scheduler, 20);
    }
  }

  interface Asking {
    readonly definition: AnyCommand | AnyQuery;
    readonly session: Request['session'];
    readonly startedAt: string;
    readonly request: Request;
  }
  const record = (asking: Asking, outcome: LoggedOutcome, about: Partial<AccessRecord>): AccessRecord => {
    const { definition: asked, session, startedAt, request } = asking;
    return {
      at: clock.now(),
      startedAt,
      event: asked.access.event,
      action: asked.access.action,
      activity: asked.access.activity,
      outcome,
      operation: asked.name,
      user: { person: session.person, role: session.role, requestor: true },
      policyVersion: policy.version,
      consents: [],
      relation: 'none',
      categories: [],
      trace: request.trace,
      ...about,
    };
  };

  /** The client that it is about and this person's relation to her; or why there is no answer. */
  async function whoAndWhom(asking: Asking, input: unknown, context: SystemContext): Promise<{ client: string; relation: Awaited<ReturnType<typeof relationOf>> } | { refused: HostRefusal; client?: string }> {
    const { definition: asked, session } = asking;
    if (session.organisation !== organisation.id && !asked.fromAnyParticipant) return { refused: 'not-allowed' };
    if (!asked.by.includes(session.role)) return { refused: 'not-allowed' };
    if (asked.about === 'organisation' || asked.about === 'list' || asked.about === 'login') return { client: '', relation: undefined };
    const herself = session.role === 'client' || session.role === 'representative';
    const named = asked.clientOf ? await asked.clientOf(input as never, { ...context, session }) : (input as { clientId?: string }).clientId;
    const client = herself ? await clientOfLogin(store, session) : named;
    if (client === undefined) return { refused: 'nobody-found' };
    if (herself) return named !== undefined && named !== client ? { refused: 'nobody-found', client: named } : { client, relation: undefined };
    const relation = await relationOf(store, client, session, context.at);
    // Somebody without a working relation and somebody who guesses get the same answer: there is nobody.
    if (!relation && asked.relation !== 'none') return { refused: 'nobody-found', client };
    return { client, relation };
  }

  const relationKindOf = (session: Request['session'], relation: { kind: AccessRecord['relation'] } | undefined, asked: AnyCommand | AnyQuery): AccessRecord['relation'] =>
    session.role === 'client'
      ? 'self'
      : session.role === 'representative'
        ? 'representative'
        : (relation?.kind ?? (asked.relation !== 'none' ? 'none' : asked.access.activity === 'oversight' ? 'oversight' : 'task'));

  async function execute(name: string, input: unknown, request: Request): Promise<Outcome> {
    const command = commands.get(name);
    if (!command) return { refused: inWords('not-allowed') };
    const asking: Asking = { definition: command, session: request.session, startedAt: clock.now(), request };
    const parsed = command.input.safeParse(input);
    if (!parsed.success) {
      await ports.accessLog.write([record(asking, 4, { refusal: 'input-not-understood' })]);
      return { refused: faultyInput(parsed.error, command) };
    }
    const reached: { position?: Position | undefined } = {};
    await caughtUp(request.after);
    const { requestId } = parsed.data;
    const cause = `${request.session.person}:${requestId}`;
    const before = systemContext(cause, {}, reached);
    const found = await whoAndWhom(asking, parsed.data, before);
    if ('refused' in found) {
      await ports.accessLog.write([record(asking, 8, { refusal: found.refused, ...(found.client ? { client: found.client } : {}) })]);
      return { refused: inWords(found.refused) };
    }
    const { client, relation } = found;
    const actor: EventMeta['actor'] = {
      kind: 'person',
      person: request.session.person,
      role: request.session.role,
      ...(relation?.kind === 'delegate' && relation.responsible ? { responsible: relation.responsible } : {}),
    };
    const traceparent = `00-${request.trace.traceId}-${request.trace.spanId}-01`;
    const system = systemContext(cause, { ...(client ? { client } : {}), actor, traceparent }, reached);
    const meta: EventMeta = { at: system.at, actor, cause, traceparent, ...(client ? { client } : {}) };
    const context: CommandContext = { ...system, session: request.session, requestId, client, relation, meta };
    const about = {
      ...(client ? { client } : {}),
      relation: relationKindOf(request.session, relation, command),
      user: { person: request.session.person, role: request.session.role, requestor: true, ...(actor.kind === 'person' && actor.responsible ? { responsible: actor.responsible } : {}) },
    };
    const answer = await command.handle(parsed.data, context);
    if ('refused' in answer) {
      await ports.accessLog.write([record(asking, 8, { ...about, refusal: answer.refused })]);
      return { refused: sentence(command.refusals, answer.refused) };
    }
    await ports.accessLog.write([record(asking, 0, about)]);
    wake();
    return { ...answer.done, ...(reached.position === undefined ? {} : { position: reached.position }) };
  }

  async function ask(name: string, args: unknown, request: Request): Promise<unknown> {
    const query = queries.get(name);
    if (!query) throw new AnswerRefused(inWords('not-allowed'));
    const asking: Asking = { definition: query, session: request.session, startedAt: clock.now(), request };
    const parsed = query.args.safeParse(args);
    if (!parsed.success) {
      await ports.accessLog.write([record(asking, 4, { refusal: 'input-not-understood' })]);
      throw new AnswerRefused(faultyInput(parsed.error, query));
    }
    await caughtUp(request.after);
    const system = systemContext(`query:${name}`, {});
    const found = await whoAndWhom(asking, parsed.data, system);
    if ('refused' in found) {
      await ports.accessLog.write([record(asking, 8, { refusal: found.refused, purpose: query.purpose, ...(found.client ? { client: found.client } : {}) })]);
      throw new AnswerRefused(inWords(found.refused));
    }
    const { client, relation } = found;
    const readers: Reader[] = [];
    const besides: AccessRecord[] = [];
    const readerOf = (clientId: string, related: typeof relation): Reader => {
      const reader = createReader({ client: clientId, relation: related, session: request.session, purpose: query.purpose, policy, kind: organisation.kind, at: system.at, ports, views });
      readers.push(reader);
      return reader;
    };
    const context: QueryContext = {
      ...system,
      session: request.session,
      purpose: query.purpose,
      client,
      reader: readerOf(client, relation),
      async readerFor(clientId) {
        const related = await relationOf(store, clientId, request.session, system.at);
        return related ? readerOf(clientId, related) : undefined;
      },
      async everyClientOfMine() {
        const candidates = await candidatesOf(request.session.person, async holder => (await views.find(whoWorksWithWhom, 'holder', holder)).map(({ row }) => row));
        const found = await Promise.all(candidates.map(candidate => context.readerFor(candidate)));
        return found.filter(reader => reader !== undefined);
      },
      alsoLog: line => {
        besides.push(record(asking, line.outcome, { purpose: query.purpose, relation: line.outcome === 0 ? 'task' : 'none', ...line }));
      },
    };
    const answer = await query.answer(parsed.data, context);
    const lines = readers
      .filter(reader => reader.client !== '')
      .map(reader => {
        const { relation: kind, ...read } = reader.read();
        return record(asking, 0, {
          ...read,
          client: reader.client,
          purpose: query.purpose,
          relation: kind === 'none' ? relationKindOf(request.session, undefined, query) : kind,
          user: { person: request.session.person, role: request.session.role, requestor: true, ...(reader.relation?.responsible && reader.relation.kind === 'delegate' ? { responsible: reader.relation.responsible } : {}) },
        });
      });
    const nobody = record(asking, 0, { purpose: query.purpose, relation: query.access.activity === 'oversight' ? 'oversight' : 'task' });
    await ports.accessLog.write(lines.length + besides.length > 0 ? [...lines, ...besides] : [nobody]);
    return answer;
  }

  let stopped = false;
  let waking: Promise<void> | undefined;
  let wakeAgain = false;
  const followLog = async (): Promise<void> => {
    do {
      wakeAgain = false;
      await Promise.all([views.advance().catch(noteViews), door.advance(), ...reactions.map(reaction => reaction.advance())]);
      await lanes.wake().catch((error: unknown) => operatorLog.note('warning', 'lanes-wait', { error: errorName(error) }));
    } while (wakeAgain && !stopped);
  };
  const noteViews = (error: unknown): void => operatorLog.note('error', 'views-stand-still', { error: errorName(error) });
  function wake(): void {
    if (stopped) return;
    if (waking) {
      wakeAgain = true;
      return;
    }
    waking = followLog().finally(() => {
      waking = undefined;
    });
  }
  const every = (delayMs: number, task: () => void): (() => void) => {
    let cancel = scheduler.after(delayMs, again);
    function again(): void {
      if (stopped) return;
      task();
      cancel = scheduler.after(delayMs, again);
    }
    return () => cancel();
  };
  const tick = async (): Promise<void> => {
    await caughtUp(await store.head());
    for (const [index, deadline] of definition.deadlines.entries())
      await deadline(systemContext(`deadline:${index}:${clock.now()}`, { actor: { kind: 'system', process: 'deadlines' } }));
  };
  const cancels: (() => void)[] = [];

  return {
    organisation,
    definition,
    execute,
    ask,
    async receive(signed) {
      const handled = await inbox.receive(signed);
      wake();
      return handled;
    },
    redrive: inbox.redrive,
    tick,
    async settle() {
      wake();
      while (waking) await waking;
    },
    resend: () => lanes.resend(),
    start() {
      cancels.push(
        store.onAppended(wake),
        ports.transport.subscribe(organisation.id, async signed => {
          await inbox.receive(signed);
          wake();
        }),
        every(settings.pollMs, wake),
        every(settings.deadlinesMs, () => void tick().catch((error: unknown) => operatorLog.note('error', 'deadlines-failed', { error: errorName(error) }))),
      );
      wake();
    },
    async stop() {
      for (const cancel of cancels) cancel();
      stopped = true;
      lanes.stop();
      while (waking) await waking;
    },
    healthy: () => !door.failed() && reactions.every(reaction => !reaction.failed()),
  };
}

/** Names are GraphQL fields: two of the same would silently replace each other. */
function byName<Definition extends { readonly name: string }>(definitions: readonly Definition[]): ReadonlyMap<string, Definition> {
  const map = new Map<string, Definition>();
  for (const definition of definitions) {
    if (map.has(definition.name)) throw new Error(`Two definitions are called ${definition.name}.`);
    map.set(definition.name, definition);
  }
  return map;
}

const sentence = (refusals: Readonly<Record<string, { nl: string; en: string }>>, code: string): Refused => {
  const words = refusals[code];
  return words ? { code, ...words } : { code, ...hostRefusals.refused };
};

/** The first fault, named by its field; a message that is a refusal code gets that code's own sentence. Never quotes what was entered. */
function faultyInput(error: z.ZodError, asked: AnyCommand | AnyQuery): Refused {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const refusals = 'refusals' in asked ? asked.refusals : {};
  const own = issue && refusals[issue.message];
  if (issue && own) return { code: issue.message, ...own };
  const { nl, en } = issue?.code === 'unrecognized_keys' ? hostRefusals['unknown-field'] : hostRefusals['input-not-understood'];
  return { code: issue?.code === 'unrecognized_keys' ? 'unknown-field' : 'input-not-understood', nl: `${nl}${field ? ` (${field})` : ''}`, en: `${en}${field ? ` (${field})` : ''}` };
}
