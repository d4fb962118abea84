/**
 * The one door out. It reads the own log: for each client it asks what each recipient may be told now, and it puts the messages that events
 * give rise to in their lanes. Everything it does follows from the log, so it can stop anywhere and go on.
 */
import { disclosureEvents, type DisclosureEvent, type Policy } from '@convenant/consent';
import type {
  Checkpoints,
  Clock,
  EventMeta,
  EventStore,
  Ids,
  Random,
  Sealer,
  StoredEvent,
  Telemetry,
} from '@convenant/kernel';
import type { Composition } from '@convenant/shared-domain';
import { allEnded, inParallel } from './in-parallel.js';
import { destroyClosedKeys } from './key-destruction.js';
import { assignPseudonym, rememberName } from './names.js';
import type { EnqueuedLanes } from './lanes.js';
import { laneOf, mayGiveRise, outgoing, type OutgoingFrom } from './outgoing.js';
import type { Partner, Partners } from './partners.js';
import type { ExchangeLedger, OutboxItem, ScopeKeys, Signer } from './ports.js';
import { receivedEvents, type ReceivedEvent } from './received-events.js';
import { tellWhatMayBeTold } from './tell.js';

export interface DoorPorts {
  readonly store: EventStore;
  readonly ledger: ExchangeLedger;
  readonly sealer: Sealer;
  readonly scopeKeys: ScopeKeys;
  readonly signer: Signer;
  readonly partners: Partners;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly checkpoints: Checkpoints;
  readonly telemetry: Telemetry;
}
export interface DoorRules {
  readonly organisation: Partner;
  readonly policy: Policy;
  readonly compositions: readonly Composition[];
  readonly decode: (stored: StoredEvent) => { readonly type: string };
  readonly sends: Readonly<Record<string, OutgoingFrom>>;
}

/** How many clients are looked at side by side, and then in how many lanes something is put: what they ask of the stores goes together. */
const sideBySide = 100;

/**
 * Brings the door up to date with these events of the own log; may be repeated for the same events. `enqueued` hears of the lanes in which
 * something was put, also when the door stops at a later event.
 */
export async function throughTheDoor(
  events: readonly StoredEvent[],
  rules: DoorRules,
  ports: DoorPorts,
  enqueued: (lanes: EnqueuedLanes) => void = () => undefined,
): Promise<void> {
  // Closings and their proofs go first: they do not depend on anything that is told.
  for (const event of events) await finishWhatWasBegun(event, ports);
  const traces = new Map(
    events.flatMap(({ type, meta }) =>
      meta.client && mayChangeWhatIsTold(type, rules) ? [[meta.client, meta.traceparent] as const] : [],
    ),
  );
  const { series, held } = await ports.ledger.afterRestore();
  const tellEach = (): Promise<void> =>
    inParallel([...traces], sideBySide, ([client, traceparent]) =>
      ports.telemetry.span('tell', traceparent, {}, (span) =>
        tellWhatMayBeTold(client, rules, ports, span.traceparent, series),
      ),
    );
  const putEach = async (): Promise<void> => {
    const put = { lanes: new Map<string, string>(), next: new Map<string, OutboxItem>(), held };
    await putInLanes(events, rules, ports, series, put).finally(() => {
      if (put.lanes.size > 0) enqueued(put);
    });
  };
  // Side by side: what is told now is recorded behind these events, and neither waits for the other. While the door is held nothing is told:
  // what stands here may be older than what she decided since. Whoever releases the door lets it read the whole log again.
  await allEnded([putEach(), ...(held ? [] : [tellEach()])]);
}

/** What the door itself writes about a telling changes nothing about what is to be told. */
const withoutConsequence = new Set([
  'Disclosed',
  'Withheld',
  'DisclosureAsked',
  'ClosingAcknowledged',
  'ToldOutsideTheSystem',
]);
const mayChangeWhatIsTold = (type: string, { compositions }: DoorRules): boolean =>
  disclosureEvents.knows(type)
    ? !withoutConsequence.has(type)
    : compositions.some(({ changedBy }) => changedBy.includes(type));

/** What has to be so before anything else follows: a name leads back to its client. And two steps that the inbox takes at once, in case it was stopped between them. */
async function finishWhatWasBegun(stored: StoredEvent, ports: DoorPorts): Promise<void> {
  const at = ports.clock.now();
  const meta: EventMeta = {
    at,
    actor: { kind: 'system', process: 'door' },
    cause: `finish:${stored.id}`,
    ...(stored.meta.traceparent ? { traceparent: stored.meta.traceparent } : {}),
  };
  if (stored.type === 'PseudonymDrawn' && stored.meta.client) {
    const { recipient: partner, pseudonym } = disclosureEvents.decode(stored) as Extract<
      DisclosureEvent,
      { type: 'PseudonymDrawn' }
    >;
    await assignPseudonym({ partner, pseudonym, clientId: stored.meta.client, at }, meta, ports);
    return;
  }
  if (stored.type !== 'ScopeClosed' && stored.type !== 'IntroductionLinked') return;
  const event = receivedEvents.decode(stored) as ReceivedEvent;
  if (event.type === 'ScopeClosed' && event.keyIds.length > 0)
    await destroyClosedKeys(event.discloser, event.pseudonym, meta, ports);
  if (event.type === 'IntroductionLinked')
    await rememberName(
      { partner: event.discloser, pseudonym: event.pseudonym, clientId: event.clientId, at },
      meta,
      ports,
    );
}

/** Puts the messages of these events in their lanes, each once, and within a lane in the order of the log. */
async function putInLanes(
  events: readonly StoredEvent[],
  { organisation, sends }: DoorRules,
  ports: DoorPorts,
  series: string | undefined,
  put: Required<EnqueuedLanes>,
): Promise<void> {
  // Made side by side, but kept in the order of the log.
  const made: Omit<OutboxItem, 'number'>[][] = events.map(() => []);
  await inParallel([...events.entries()], sideBySide, async ([at, stored]) => {
    if (!mayGiveRise(stored.type, sends)) return;
    const history = await ports.store.readUpTo(stored.stream, stored.streamVersion);
    const messages = await outgoing(stored, { signer: ports.signer, sealer: ports.sealer, history }, sends);
    made[at] = messages.map((message, index) => ({
      lane: laneOf(organisation.id, message, series),
      messageId: message.messageId,
      recipient: message.recipient,
      stream: stored.stream,
      streamVersion: stored.streamVersion,
      index,
    }));
  });
  const byLane = new Map<string, Omit<OutboxItem, 'number'>[]>();
  for (const item of made.flat()) byLane.set(item.lane, [...(byLane.get(item.lane) ?? []), item]);
  await inParallel([...byLane.values()], sideBySide, async (items) => {
    for (const item of items) {
      ports.checkpoints.pass('door: before enqueue');
      const { isNext, ...numbered } = await ports.ledger.enqueue(item);
      const { lane, recipient } = numbered;
      // What comes behind it in its lane is found by asking.
      if (isNext) put.next.set(lane, numbered);
      else put.next.delete(lane);
      put.lanes.set(lane, recipient);
      ports.checkpoints.pass('door: after enqueue');
    }
  });
}
