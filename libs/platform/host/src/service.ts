/**
 * Runs one organisation: commands in, answers out, views and door kept up with the log. A plain function; time, chance, ids, sealing and
 * storage come through ports, so that the simulation drives exactly this.
 */
import type { AccessRecord } from '@convenant/access-log';
import type { Policy } from '@convenant/consent';
import {
  createInbox,
  createLanes,
  throughTheDoor,
  type DoorRules,
  type EnqueuedLanes,
  type Inbox,
  type InboxRefusal,
  type LaneSettings,
  type Partner,
} from '@convenant/exchange';
import {
  joinCatalogues,
  RememberingStore,
  sleep,
  type EventStore,
  type Position,
  type RememberingLimits,
} from '@convenant/kernel';
import { createAsking } from './asking.js';
import type { Outcome, Ports, Request, ServiceDefinition } from './definition.js';
import { failureFacts } from './failure-facts.js';
import { createLogReader, type LogReader } from './log-reader.js';
import { measured } from './measured.js';
import { noteWhenItChanges } from './note-when-it-changes.js';
import { createOperatorWishes, placeOfDoor } from './operator-wishes.js';
import { systemContexts } from './system-context.js';
import { createViewRunner, type ViewStanding } from './view-runner.js';
import { newTrace } from './trace.js';

export interface ServiceSettings {
  readonly lanes?: LaneSettings;
  /** How long an answer waits at most for the position that its asker has seen. */
  readonly waitForViewsMs: number;
  /** How often the log is looked at when nothing calls. */
  readonly pollMs: number;
  /** How often is looked for what has become due. */
  readonly deadlinesMs: number;
  /** How much of the log stays in memory; that of the kernel when left out. */
  readonly remembering?: RememberingLimits;
}
export const defaultSettings: ServiceSettings = { waitForViewsMs: 2_000, pollMs: 1_000, deadlinesMs: 60_000 };

export interface RunningService {
  readonly organisation: Partner;
  readonly definition: ServiceDefinition;
  /** The own log with what is remembered of it here, as commands use it; for programs that record something in this process, a benchmark above all. */
  readonly store: EventStore;
  /** Carries out one command. Expected refusals are in the outcome; a rejection means that it is not known whether it was done: repeat it with the same request id. */
  execute(name: string, input: unknown, request: Request): Promise<Outcome>;
  /** Answers one query. Nothing comes back before its reading is in the access log. Rejects with `AnswerRefused` when it is refused. */
  ask(name: string, args: unknown, request: Request): Promise<unknown>;
  /** A signed message of a partner, from whichever transport. */
  receive: Inbox['receive'];
  /** Records in the access log that somebody was turned away before any question of hers was looked at. The code stays in the log. */
  turnedAway(
    code: string,
    who: { readonly session?: Request['session']; readonly trace: Request['trace'] },
  ): Promise<void>;
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
  /** How far the readers of the log have come, for operators: names and positions, and nothing about anybody. */
  standing(): Standing;
  /** Whether the views come to the end of the log in time, that for which an answer waits for them when left out. Rejects when the log cannot be read. */
  caughtUp(withinMs?: number): Promise<boolean>;
}
export interface Standing {
  readonly views: readonly ViewStanding[];
  /** The door, and each reaction by its name. */
  readonly readers: readonly { readonly name: string; readonly failing: boolean }[];
}

/** More events than the door handles side by side: while some wait for the database, it goes on with the next. */
const atTheDoorTogether = 500;

/** Nothing was decided; the same request or message again, a moment later, finds the views there. */
class ViewsLagBehind extends Error {
  override readonly name = 'ViewsLagBehind';
}

export function runService(
  definition: ServiceDefinition,
  organisation: Partner,
  policy: Policy,
  given: Ports,
  settings: ServiceSettings = defaultSettings,
): RunningService {
  // One memory of the log for everybody here: they ask about the same clients, and follow its end side by side.
  const ports: Ports = { ...given, store: new RememberingStore(given.store, settings.remembering) };
  const { store, clock, scheduler, operatorLog } = ports;
  const all = joinCatalogues(...definition.catalogues);
  const noteView = (view: string, error: unknown): void =>
    operatorLog.note('error', 'view-stands-still', { view, ...failureFacts(error) });
  const views = createViewRunner(
    definition.views,
    (stored) => all.decode(stored),
    store,
    ports.views,
    noteView,
    ports.checkpoints,
    ports.telemetry,
  );
  const doorRules: DoorRules = {
    organisation,
    policy,
    compositions: definition.compositions,
    decode: (stored) => all.decode(stored),
    sends: definition.sends,
  };
  const lanes = createLanes(doorRules, ports, settings.lanes, {
    stuck: (recipient, error) => operatorLog.note('error', 'lane-stands-still', { recipient, ...failureFacts(error) }),
  });
  const systemContext = systemContexts({ organisation, policy, ports, views, inbox: () => inbox, upToDate });
  const inbox: Inbox = createInbox(
    {
      organisation,
      findClients: async (person) => {
        await upToDate();
        return definition.findClients(person, systemContext('introduction', {}));
      },
      receives: Object.fromEntries(
        Object.entries(definition.receives).map(([contract, receive]) => [
          contract,
          (incoming) => {
            const { id, traceparent } = incoming.message;
            return receive(
              incoming,
              systemContext(id, {
                actor: { kind: 'partner', organisation: incoming.sender.id, message: id },
                traceparent,
              }),
            );
          },
        ]),
      ),
    },
    ports,
    {
      receipt: (lane, upTo, partner) => lanes.receipt(lane, upTo, partner),
      refused: noteRefusedMessage,
      parked: (type, sender, reason) => operatorLog.note('warning', 'message-parked', { type, sender, reason }),
    },
  );
  const door = createLogReader(
    'door',
    (events) => throughTheDoor(events, doorRules, ports, handOver),
    ports,
    () => true,
    atTheDoorTogether,
    () => placeOfDoor(ports.ledger),
  );
  const reactions = definition.reactions.map((reaction) =>
    createLogReader(
      `reaction:${reaction.name}`,
      async (events) => {
        for (const stored of events) {
          const { client, traceparent } = stored.meta;
          const about = {
            ...(client ? { client } : {}),
            actor: { kind: 'system', process: reaction.name } as const,
            traceparent,
          };
          await ports.telemetry.span('reaction', about.traceparent, { operation: reaction.name }, (span) =>
            reaction.react(
              stored,
              systemContext(`${reaction.name}:${stored.id}`, { ...about, traceparent: span.traceparent }),
            ),
          );
        }
      },
      ports,
      ({ type }) => reaction.on.includes(type),
    ),
  );
  const readers = [door, ...reactions];
  const asking = measured(
    createAsking({ definition, organisation, policy, ports, views, systemContext, waitFor, wake }),
    definition,
    ports,
  );

  /** An attempt that came to no question: by a partner's message that was refused, or by somebody who was not let in. */
  const attempt = (
    operation: string,
    refusal: string,
    user: AccessRecord['user'],
    trace: Request['trace'],
  ): AccessRecord => ({
    at: clock.now(),
    event: operation === 'receive-message' ? 'transfer' : 'direct-access',
    action: 'E',
    outcome: 8,
    operation,
    user,
    policyVersion: policy.version,
    consents: [],
    relation: 'none',
    categories: [],
    refusal,
    trace,
    activity: 'oversight',
  });
  async function noteRefusedMessage(refusal: InboxRefusal, claimedSender: string | undefined): Promise<void> {
    operatorLog.note('warning', 'message-refused', {
      reason: refusal,
      claimedSender: ports.partners.find(claimedSender ?? '') ? (claimedSender ?? '') : 'unknown',
    });
    await ports.accessLog.write([
      attempt('receive-message', refusal, { role: 'partner', requestor: true }, newTrace(ports.ids)),
    ]);
  }

  /** Until the views are there, and no longer than agreed; what is answered then is as it was a moment ago. */
  async function waitFor(position: Position | undefined, withinMs = settings.waitForViewsMs): Promise<void> {
    if (position === undefined || views.hasReached(position)) return;
    let tooLong = false;
    const limit = Promise.withResolvers<void>();
    const cancel = scheduler.after(withinMs, () => {
      tooLong = true;
      limit.resolve();
    });
    const reach = async (): Promise<void> => {
      while (!tooLong) {
        await views.advance();
        if (views.hasReached(position)) return;
        await Promise.race([sleep(scheduler, 20), limit.promise]);
      }
    };
    await Promise.race([reach(), limit.promise]).finally(cancel);
  }

  /** What is decided on a look-up rests on the whole log or is not decided at all: a view that lags would say that nobody is there. */
  async function upToDate(): Promise<void> {
    if (!(await caughtUp())) throw new ViewsLagBehind();
  }
  async function caughtUp(withinMs?: number): Promise<boolean> {
    const head = await store.head();
    await waitFor(head, withinMs);
    return head === undefined || views.hasReached(head);
  }

  let stopped = false;
  const underway = new Set<Promise<void>>();
  const follow = noteWhenItChanges(operatorLog);
  /** In the background: its failures are noted, and stopping waits for it. */
  const begin = (work: Promise<void>, code: string): void => {
    const noted = follow(work, code).finally(() => underway.delete(noted));
    underway.add(noted);
  };
  /** Views, door, reactions and lanes go on each by itself: a partner that does not answer holds up nobody's reading and no withdrawal. */
  function wake(): void {
    goOn(readers);
  }
  /** What the door has put in lanes; without that, also whatever a crash left behind there, or another instance put there. */
  function handOver(enqueued?: EnqueuedLanes): void {
    if (!stopped) begin(lanes.wake(enqueued), enqueued ? 'handing-over-fails' : 'lanes-stand-still');
  }
  const wakeEverything = (): void => {
    wake();
    handOver();
    for (const reader of readers) begin(reader.noteProgress(), 'reader-stands-still');
  };
  /** What stands still waits for the next look at the clock: what it appended before it failed must not set it off again at once. */
  const wakeWhatGoesOn = (): void => goOn(readers.filter((reader) => !reader.failed()));
  function goOn(which: readonly LogReader[]): void {
    if (stopped) return;
    begin(views.advance(), 'views-stand-still');
    for (const reader of which) begin(reader.advance(), 'reader-stands-still');
  }
  const quiet = async (): Promise<void> => {
    while (underway.size > 0) await Promise.all(underway);
  };
  const every = (delayMs: number, task: () => void): (() => void) => {
    let cancel = scheduler.after(delayMs, again);
    function again(): void {
      if (stopped) return;
      task();
      cancel = scheduler.after(delayMs, again);
    }
    return () => cancel();
  };
  let ticking: Promise<void> | undefined;
  const tickOnce = async (): Promise<void> => {
    await waitFor(await store.head());
    for (const [index, deadline] of definition.deadlines.entries())
      // One that fails must not keep the next from ending what has to end.
      await deadline(
        systemContext(`deadline:${index}:${clock.now()}`, { actor: { kind: 'system', process: 'deadlines' } }),
      ).catch((error: unknown) =>
        operatorLog.note('error', 'deadline-failed', { deadline: index, ...failureFacts(error) }),
      );
    wake();
  };
  const tick = (): Promise<void> => (ticking ??= tickOnce().finally(() => (ticking = undefined)));
  /** A failure here is no receipt for the sender, and an operator hears of it: a transport may keep it to itself. */
  const receive: Inbox['receive'] = async (signed) => {
    try {
      return await inbox.receive(signed);
    } catch (error) {
      operatorLog.note('error', 'message-not-handled', failureFacts(error));
      throw error;
    }
  };
  const { redriveAsked, lookAtDoor } = createOperatorWishes(ports, inbox, door, { wake, wakeEverything });
  const cancels: (() => void)[] = [];

  return {
    organisation,
    definition,
    store,
    execute: asking.execute,
    ask: asking.ask,
    receive,
    turnedAway: (code, { session, trace }) =>
      ports.accessLog.write([
        attempt(
          'sign-in',
          code,
          { ...(session ? { person: session.person } : {}), role: session?.role ?? 'unknown', requestor: true },
          trace,
        ),
      ]),
    async redrive(messageId) {
      const handled = await inbox.redrive(messageId);
      wake();
      return handled;
    },
    tick,
    async settle() {
      begin(redriveAsked(), 'redrives-stand-still');
      begin(lookAtDoor(), 'release-not-seen');
      wakeEverything();
      await quiet();
    },
    resend: () => lanes.resend(),
    start() {
      cancels.push(
        store.onAppended(wakeWhatGoesOn),
        ports.transport.subscribe(organisation.id, async (signed) => void (await receive(signed))),
        every(settings.pollMs, wakeEverything),
        every(settings.pollMs, () => begin(redriveAsked(), 'redrives-stand-still')),
        every(settings.pollMs, () => begin(lookAtDoor(), 'release-not-seen')),
        every(settings.deadlinesMs, () => begin(tick(), 'deadlines-failed')),
      );
      begin(lookAtDoor(), 'release-not-seen');
      wakeEverything();
    },
    async stop() {
      for (const cancel of cancels) cancel();
      stopped = true;
      await Promise.all([lanes.stop(), quiet()]);
      await Promise.all(readers.map((reader) => reader.noteProgress()));
    },
    healthy: () => views.failing().length === 0 && readers.every((reader) => !reader.failed()),
    standing: () => ({
      views: views.standing(),
      readers: [
        { name: 'door', failing: door.failed() },
        ...definition.reactions.map(({ name }, index) => ({ name, failing: reactions[index]?.failed() ?? false })),
      ],
    }),
    caughtUp,
  };
}
