/** How an organisation's service is declared: what it decides, shows, asks, sends and receives, as data that people, host and simulation read. */
import type { AccessLog, AccessRecord, ActivityId, EventAction, EventType, Trace } from '@convenant/access-log';
import type { Policy, Purpose, Role } from '@convenant/consent';
import type {
  ExchangeLedger,
  Handled,
  Inbox,
  Incoming,
  OutgoingFrom,
  Partner,
  Partners,
  ScopeKeys,
  Signer,
  Transport,
} from '@convenant/exchange';
import type { Session, WorkingRelation } from '@convenant/identity';
import type {
  AnyCatalogue,
  Checkpoints,
  Clock,
  Decider,
  EventCatalogue,
  EventMeta,
  EventStore,
  Ids,
  Position,
  Random,
  Ran,
  Refusals,
  Scheduler,
  Sealer,
  StoredEvent,
  Telemetry,
  View,
  ViewStore,
} from '@convenant/kernel';
import type { Composition } from '@convenant/shared-domain';
import type { z } from 'zod';
import type { Reader } from './reading.js';
import type { ViewReader } from './view-runner.js';

/** What operators may read. Codes, counts and opaque ids of organisations; never anything about a client. */
export abstract class OperatorLog {
  abstract note(
    level: 'info' | 'warning' | 'error',
    code: string,
    facts?: Readonly<Record<string, string | number>>,
  ): void;
}

/** Everything outside the rules. The same service runs on real engines and in a simulation by other ports. */
export interface Ports {
  readonly store: EventStore;
  readonly views: ViewStore;
  readonly ledger: ExchangeLedger;
  readonly transport: Transport;
  readonly signer: Signer;
  readonly scopeKeys: ScopeKeys;
  readonly sealer: Sealer;
  readonly partners: Partners;
  readonly accessLog: AccessLog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly ids: Ids;
  readonly checkpoints: Checkpoints;
  readonly operatorLog: OperatorLog;
  /** What operators can measure and follow; `noTelemetry` keeps nothing. */
  readonly telemetry: Telemetry;
}

/** A refusal as a person reads it. */
export interface Refused {
  readonly code: string;
  readonly nl: string;
  readonly en: string;
}
/** What a command answers. `position` lets the same person's next query wait until it can see the change. */
export interface Outcome {
  readonly id?: string;
  readonly position?: Position;
  readonly refused?: Refused;
  readonly [more: string]: unknown;
}
export interface Request {
  readonly session: Session;
  readonly trace: Trace;
  /** Answer no earlier than this position of the own log. */
  readonly after?: Position;
}

/** What handlers of any kind may use. */
export interface SystemContext {
  readonly organisation: Partner;
  readonly policy: Policy;
  readonly at: string;
  readonly ports: Ports;
  readonly inbox: Pick<Inbox, 'answerIntroduction' | 'closeExpired' | 'redrive'>;
  readonly views: ViewReader;
  /** Waits until the views have seen the whole log as it is now; for a command that looks something up. Rejects when they are not there in time: then nothing may be decided. */
  upToDate(): Promise<void>;
  /** Read, fold, decide, append. `cause` defaults to the request or event at hand; give another for a second command on the same stream. */
  run<Command, Event extends { type: string }, State, Refusal extends string>(
    catalogue: EventCatalogue<Event>,
    decider: Decider<Command, Event, State, Refusal>,
    stream: string,
    command: Command,
    options?: { readonly client?: string; readonly cause?: string },
  ): Promise<Ran<Event, Refusal>>;
  /** The events of a stream, decoded. */
  history<Event extends { type: string }>(catalogue: EventCatalogue<Event>, stream: string): Promise<readonly Event[]>;
}

export interface CommandContext extends SystemContext {
  readonly session: Session;
  readonly requestId: string;
  /** The client whom it is about: her own id for a client or representative, the named one for staff. Empty when it is about nobody. */
  readonly client: string;
  readonly relation: WorkingRelation | undefined;
  readonly meta: EventMeta;
}
export interface QueryContext extends SystemContext {
  readonly session: Session;
  readonly purpose: Purpose;
  readonly client: string;
  /** For a query about one client. */
  readonly reader: Reader;
  /** For lists: a reader for each client that this person works with; `undefined` for any other, and then nothing of her may be shown. */
  readerFor(clientId: string): Promise<Reader | undefined>;
  /** A reader for every client whom this person works with at this moment: personally, through a team, as stand-in or as delegate. */
  everyClientOfMine(): Promise<readonly Reader[]>;
  /**
   * One more line in the access log about this question, for what has no reader: somebody who is no client here (yet), or an attempt on
   * a client with whom this person does not work. Written before the answer is given, like every other.
   */
  alsoLog(
    line: Pick<AccessRecord, 'outcome' | 'categories'> & Partial<Pick<AccessRecord, 'client' | 'askedFor' | 'refusal'>>,
  ): void;
}

export interface AccessKind {
  readonly event: EventType;
  readonly action: EventAction;
  readonly activity: ActivityId;
}
interface Asked<Input> {
  /** The name of the GraphQL field. */
  readonly name: string;
  readonly by: readonly Role[];
  /** `client`: one client, by `clientId` or `clientOf`; the client herself needs to name nobody. `list`: several. `organisation`: nobody. `login`: before it is known who. */
  readonly about: 'client' | 'list' | 'organisation' | 'login';
  /** `none` when the task itself is the relation (a work list of the role); still logged. */
  readonly relation?: 'required' | 'none';
  clientOf?(input: NoInfer<Input>, context: SystemContext & { readonly session: Session }): Promise<string | undefined>;
  readonly access: AccessKind;
  /** Only at the covenant, which tells nothing about anybody: people of every participant may ask. */
  readonly fromAnyParticipant?: boolean;
}
export type CommandAnswer = { readonly done: Readonly<Record<string, unknown>> } | { readonly refused: string };
export interface CommandDefinition<Input extends { requestId: string } = never> extends Asked<Input> {
  readonly input: z.ZodType<Input>;
  /** For each code that `handle` may refuse with, its sentence. */
  readonly refusals: Refusals<string>;
  handle(input: NoInfer<Input>, context: CommandContext): Promise<CommandAnswer>;
}
export interface QueryDefinition<Args = never> extends Asked<Args> {
  readonly args: z.ZodType<Args>;
  /** Follows from the task; nobody types it. */
  readonly purpose: Purpose;
  answer(args: NoInfer<Args>, context: QueryContext): Promise<unknown>;
}
export type AnyCommand = CommandDefinition<{ requestId: string }>;
export type AnyQuery = QueryDefinition<unknown>;

/** One mutation: who may ask, what it takes and what happens. */
export const defineCommand = <Input extends { requestId: string }>(
  command: Omit<CommandDefinition<NoInfer<Input>>, 'input'> & { readonly input: z.ZodType<Input> },
): AnyCommand => command as unknown as AnyCommand;
/** One query: who may ask, for which purpose, and what is answered. */
export const defineQuery = <Args>(
  query: Omit<QueryDefinition<NoInfer<Args>>, 'args'> & { readonly args: z.ZodType<Args> },
): AnyQuery => query as unknown as AnyQuery;

/** What the organisation does by itself when something was recorded in its own log. May be repeated for the same event. */
export interface Reaction {
  readonly name: string;
  readonly on: readonly string[];
  react(stored: StoredEvent, context: SystemContext): Promise<void>;
}

export type AnyView = View<{ type: string }, Readonly<Record<string, unknown>>>;
/** Views are declared over their own events; the host hands each only events that its catalogue knows. */
export const asView = <Event extends { type: string }, Row extends object>(
  catalogue: AnyCatalogue & { decode(stored: never): Event },
  view: View<NoInfer<Event>, Row>,
): DeclaredView => ({
  view: view as unknown as AnyView,
  knows: (type) => catalogue.knows(type),
});
export interface DeclaredView {
  readonly view: AnyView;
  knows(type: string): boolean;
}

export interface ServiceDefinition {
  readonly kind: Partner['kind'];
  /** The GraphQL schema of this service, in SDL. */
  readonly schema: readonly string[];
  /** What it decides. */
  readonly catalogues: readonly AnyCatalogue[];
  /** What it shows. */
  readonly views: readonly DeclaredView[];
  /** What it is asked. */
  readonly commands: readonly AnyCommand[];
  readonly queries: readonly AnyQuery[];
  /** What it sends: states through consent, and messages of its own work. */
  readonly compositions: readonly Composition[];
  readonly sends: Readonly<Record<string, OutgoingFrom>>;
  /** What it receives beyond what every organisation does. */
  readonly receives: Readonly<Record<string, (incoming: Incoming, context: SystemContext) => Promise<Handled>>>;
  readonly reactions: readonly Reaction[];
  /** What becomes due by the clock. */
  readonly deadlines: readonly ((context: SystemContext) => Promise<void>)[];
  /** Own clients with exactly this person's identifiers, for an introduction. */
  findClients(
    person: { initials: string; familyName: string; dateOfBirth: string },
    context: SystemContext,
  ): Promise<readonly string[]>;
}
