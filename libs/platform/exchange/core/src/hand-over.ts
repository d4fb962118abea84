/** One message as it is handed over: made from the log and signed, after asking the client's stream once more whether it may still go. */
import {
  decideHandingOver,
  disclosure,
  disclosureEvents,
  type DisclosureState,
  type WithheldReason,
} from '@convenant/consent';
import { messageType, organisationUrn, placeKeptV1, type DisclosureContract, type Message } from '@convenant/contracts';
import { fold, run, type Category, type StoredEvent } from '@convenant/kernel';
import type { DoorRules } from './door.js';
import type { LanePorts } from './lanes.js';
import { outgoing, type Outgoing } from './outgoing.js';
import type { OutboxItem } from './ports.js';

/** The signed message, made from the log; `taken-out` when it was stopped and left no trace in its lane. */
export async function prepare(item: OutboxItem, rules: DoorRules, ports: LanePorts): Promise<string | 'taken-out'> {
  const history = await ports.store.read(item.stream);
  const stored = history.find((event) => event.streamVersion === item.streamVersion);
  if (!stored) throw new Error('The event of a waiting message is not in the log.');
  const message = (await outgoing(stored, { signer: ports.signer, sealer: ports.sealer, history }, rules.sends))[
    item.index
  ];
  if (!message) throw new Error('The event of a waiting message no longer gives rise to it.');
  const stopReason =
    stored.type === 'Disclosed' ? noLongerPermitted(stored, message, history, rules, ports.clock.now()) : undefined;
  if (stopReason) {
    await recordStopped(item, stored, stopReason, ports);
    ports.checkpoints.pass('door: after stop');
    if (await ports.ledger.takeOut(item.messageId)) return 'taken-out';
    // It may have arrived before. What goes out again is its number alone, so that the lane does not wait for it for ever.
    return signInItsPlace({ ...message, contract: placeKeptV1, data: {} }, item, stored, rules, ports);
  }
  if (stored.type === 'ConsentGiven' && hasEnded(stored, history)) {
    // Nobody needs to hear of a permission that is over; what was already on its way is closed by its closing.
    if (await ports.ledger.takeOut(item.messageId)) return 'taken-out';
    return signInItsPlace({ ...message, contract: placeKeptV1, data: {} }, item, stored, rules, ports);
  }
  return signInItsPlace(message, item, stored, rules, ports);
}

/** Its number is asked for at the last moment and is its own from then on; another instance may have moved it, or taken it out. */
async function signInItsPlace(
  message: Outgoing,
  item: OutboxItem,
  stored: StoredEvent,
  rules: DoorRules,
  ports: LanePorts,
): Promise<string | 'taken-out'> {
  const number = await ports.ledger.markHandedOver(item.messageId);
  return number === undefined ? 'taken-out' : sign(message, { ...item, number }, stored, rules, ports);
}

function hasEnded(stored: StoredEvent, history: readonly StoredEvent[]): boolean {
  const event = disclosureEvents.decode(stored);
  const state = fold(
    disclosure,
    history.map((each) => disclosureEvents.decode(each)),
  );
  const consent = event.type === 'ConsentGiven' ? state.consents[event.consentId] : undefined;
  return consent?.state === 'withdrawn' || consent?.state === 'superseded' || consent?.state === 'expired';
}

function noLongerPermitted(
  stored: StoredEvent,
  message: Outgoing,
  history: readonly StoredEvent[],
  rules: DoorRules,
  now: string,
): WithheldReason | undefined {
  const state: DisclosureState = fold(
    disclosure,
    history.map((event) => disclosureEvents.decode(event)),
  );
  const event = disclosureEvents.decode(stored);
  if (event.type !== 'Disclosed') return undefined;
  const { fields: declared } = message.contract as DisclosureContract;
  const fields = Object.fromEntries(
    event.fields.flatMap((name) => {
      const category = declared[name]?.category;
      return category && category !== 'own' ? [[name, category as Category]] : [];
    }),
  );
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
      },
    },
  );
  // Nothing is stopped in silence: she could not see it, and a single-use consent would stay used.
  if ('refused' in ran) throw new Error(`A message was stopped and that could not be recorded: ${ran.refused}.`);
}

function sign(
  message: Outgoing,
  item: OutboxItem,
  { meta: { traceparent } }: StoredEvent,
  { organisation }: DoorRules,
  { signer, clock }: LanePorts,
): Promise<string> {
  const urgent = item.lane.startsWith('urgent/');
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
    ...(traceparent ? { traceparent } : {}),
    data: { ...message.data },
  };
  return signer.sign(JSON.stringify(event));
}
