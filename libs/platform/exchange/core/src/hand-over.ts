/** One message as it is handed over: made from the log and signed, after asking the client's stream once more whether it may still go. */
import { decideHandingOver, disclosure, disclosureEvents, type WithheldReason } from '@convenant/consent';
import {
  consentAnnouncedV1,
  contractId,
  messageType,
  organisationUrn,
  placeKeptV1,
  type DisclosureContract,
  type Message,
} from '@convenant/contracts';
import { run, stateOf, type EventStore, type OpenSpan, type StoredEvent } from '@convenant/kernel';
import { categoriesByField } from './composition.js';
import type { DoorRules } from './door.js';
import type { LanePorts } from './lanes.js';
import { outgoing, seriesOf, type Outgoing } from './outgoing.js';
import type { OutboxItem } from './ports.js';

/** What a waiting message is made from: its event, and the stream of that event as it is now. */
export interface Origin {
  readonly stored: StoredEvent;
  readonly history: readonly StoredEvent[];
}

export async function originOf(item: OutboxItem, store: EventStore): Promise<Origin> {
  const history = await store.read(item.stream);
  const stored = history.find((event) => event.streamVersion === item.streamVersion);
  if (!stored) throw new Error('The event of a waiting message is not in the log.');
  return { stored, history };
}

/** The signed message, made from the log; `taken-out` when it was stopped and left no trace in its lane, or was received before it could be. */
export async function prepare(
  item: OutboxItem,
  { stored, history }: Origin,
  rules: DoorRules,
  ports: LanePorts,
  span: OpenSpan,
): Promise<string | 'taken-out' | 'waits'> {
  const { traceparent } = span;
  const message = (await outgoing(stored, { signer: ports.signer, sealer: ports.sealer, history }, rules.sends))[
    item.index
  ];
  if (!message) throw new Error('The event of a waiting message no longer gives rise to it.');
  span.set({ contract: contractId(message.contract) });
  const stopReason =
    stored.type === 'Disclosed' ? noLongerPermitted(stored, message, history, rules, ports.clock.now()) : undefined;
  if (stopReason) {
    // It may have been handed over and received since it was said to wait: then there is nothing left to stop.
    const still = (await ports.ledger.waiting(item.lane, item.number)).find((one) => one.messageId === item.messageId);
    if (!still) return 'taken-out';
    // What it told was received; that the recipient lost it since takes nothing back, and stops nothing. A pause ends: until then it waits.
    if (still.again && stopReason === 'paused') return 'waits';
    if (still.again) return signInItsPlace({ ...message, contract: placeKeptV1, data: {} }, item, rules, ports, span);
    await recordStopped(item, stored, stopReason, ports, traceparent);
    countStopped(item, message, history, ports);
    ports.checkpoints.pass('door: after stop');
    if (await ports.ledger.takeOut(item.messageId)) return 'taken-out';
    // It may have arrived before. What goes out again is its number alone, so that the lane does not wait for it for ever.
    return signInItsPlace({ ...message, contract: placeKeptV1, data: {} }, item, rules, ports, span);
  }
  if (message.contract === consentAnnouncedV1 && hasEnded(message, history)) {
    // Nobody needs to hear of a permission that is over; what was already on its way is closed by its closing.
    if (await ports.ledger.takeOut(item.messageId)) return 'taken-out';
    return signInItsPlace({ ...message, contract: placeKeptV1, data: {} }, item, rules, ports, span);
  }
  return signInItsPlace(message, item, rules, ports, span);
}

/** Its number is asked for at the last moment and is its own from then on; another instance may have moved it, or taken it out. */
async function signInItsPlace(
  message: Outgoing,
  item: OutboxItem,
  rules: DoorRules,
  ports: LanePorts,
  span: OpenSpan,
): Promise<string | 'taken-out'> {
  const traceparent = span.traceparent && asToldTo(item.recipient, span.traceparent, ports.ids);
  if (traceparent) span.linkTo(traceparent);
  const number = await ports.ledger.markHandedOver(item.messageId);
  return number === undefined ? 'taken-out' : sign(message, { ...item, number }, rules, ports, traceparent);
}

/**
 * The trace under another number for each recipient: one act of hers may reach several partners, and two of them that compare what they keep
 * must not find the same client under two pseudonyms by it. Our own span is linked to it, so that here the way can be followed on.
 */
function asToldTo(recipient: string, traceparent: string, ids: LanePorts['ids']): string {
  const [version, traceId = '', ...rest] = traceparent.split('-');
  return [version, ids.derive('trace', recipient, traceId).replaceAll('-', ''), ...rest].join('-');
}

function hasEnded({ data }: Outgoing, history: readonly StoredEvent[]): boolean {
  const state = stateOf(disclosureEvents, disclosure, history);
  const consent = state.consents[String(data['consentId'])];
  return consent?.state === 'withdrawn' || consent?.state === 'superseded' || consent?.state === 'expired';
}

function noLongerPermitted(
  stored: StoredEvent,
  message: Outgoing,
  history: readonly StoredEvent[],
  rules: DoorRules,
  now: string,
): WithheldReason | undefined {
  const state = stateOf(disclosureEvents, disclosure, history);
  const event = disclosureEvents.decode(stored);
  if (event.type !== 'Disclosed') return undefined;
  const fields = categoriesByField(message.contract as DisclosureContract, event.fields);
  const { recipient, recipientKind, purpose, contract, messageId } = event;
  const { singleUseFor, dataFrom } = state.consents[event.consentId] ?? {};
  const answer = decideHandingOver(
    messageId,
    {
      source: rules.organisation.kind,
      sourceOrganisation: rules.organisation.id,
      recipient,
      recipientKind,
      purpose,
      contract,
      fields,
      ...(singleUseFor === undefined ? {} : { singleUseFor }),
      // How old its facts may be was decided when it was recorded, and a consent never changes that.
      ...(dataFrom === undefined ? {} : { dataFrom }),
      now,
    },
    state,
    rules.policy,
  );
  return 'stopped' in answer ? answer.stopped : undefined;
}

async function recordStopped(
  item: OutboxItem,
  stored: StoredEvent,
  reason: WithheldReason,
  { store, ids, clock }: LanePorts,
  traceparent: string | undefined,
): Promise<void> {
  const at = clock.now();
  const ran = await run(
    store,
    item.stream,
    disclosureEvents,
    disclosure,
    { type: 'RecordStopped', messageId: item.messageId, reason, at },
    {
      ids,
      meta: {
        at,
        actor: { kind: 'system', process: 'door' },
        cause: `stop:${item.messageId}`,
        ...(stored.meta.client ? { client: stored.meta.client } : {}),
        ...(traceparent ? { traceparent } : {}),
      },
    },
  );
  // Nothing is stopped in silence: she could not see it, and a single-use consent would stay used.
  if ('refused' in ran) throw new Error(`A message was stopped and that could not be recorded: ${ran.refused}.`);
}

/** Once: the same stop is met again at every attempt, until the recipient's receipt for its number. */
function countStopped(
  { recipient, messageId }: OutboxItem,
  { contract }: Outgoing,
  before: readonly StoredEvent[],
  { telemetry }: LanePorts,
): void {
  if (before.some(({ type, data }) => type === 'Stopped' && data['messageId'] === messageId)) return;
  telemetry.count('convenant_decisions_total', { recipient, contract: contractId(contract), outcome: 'stopped' });
}

function sign(
  message: Outgoing,
  item: OutboxItem,
  { organisation }: DoorRules,
  { signer, clock }: LanePorts,
  traceparent: string | undefined,
): Promise<string> {
  const urgent = item.lane.startsWith('urgent/');
  const series = seriesOf(item.lane);
  const event: Message = {
    specversion: '1.0',
    id: message.messageId,
    source: organisationUrn(organisation.id),
    type: messageType(message.contract),
    subject: message.pseudonym,
    time: clock.now(),
    datacontenttype: 'application/json',
    recipient: message.recipient,
    ...(urgent ? {} : { sequence: String(item.number), sequencetype: 'Integer' as const }),
    ...(series === undefined ? {} : { series }),
    ...(traceparent ? { traceparent } : {}),
    data: { ...message.data },
  };
  return signer.sign(JSON.stringify(event));
}
