/**
 * The one door out. For each client it asks what each recipient may be told now, records that on the client's own stream at the version
 * on which it was decided, and puts the messages in their lanes. Everything it does follows from the log, so it can stop anywhere and go on.
 */
import {
  decideDisclosure,
  disclosure,
  disclosureEvents,
  disclosureStream,
  type DisclosureCommand,
  type DisclosureEvent,
  type DisclosureState,
  type Permit,
  type Policy,
  type Purpose,
} from '@convenant/consent';
import { contractId, type DisclosureContract } from '@convenant/contracts';
import {
  dayOf,
  fold,
  run,
  toNewEvents,
  VersionConflict,
  type Category,
  type Checkpoints,
  type Clock,
  type EventMeta,
  type EventStore,
  type Ids,
  type Random,
  type Sealer,
  type StoredEvent,
} from '@convenant/kernel';
import { clientName, clientNameEvents, clientNameStream } from './client-names.js';
import type { Composition } from '@convenant/shared-domain';
import { asOf, canonicalText, earliest, openComposed } from './composition.js';
import { isIntroduction, laneOf, mayGiveRise, outgoing, type OutgoingFrom } from './outgoing.js';
import type { Partner, Partners } from './partners.js';
import type { ExchangeLedger, ScopeKeys, Signer } from './ports.js';

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
}
export interface DoorRules {
  readonly organisation: Partner;
  readonly policy: Policy;
  readonly compositions: readonly Composition[];
  readonly decode: (stored: StoredEvent) => { readonly type: string };
  readonly sends: Readonly<Record<string, OutgoingFrom>>;
}

/** Brings the door up to date with these events of the own log; may be repeated for the same events. */
export async function throughTheDoor(events: readonly StoredEvent[], rules: DoorRules, ports: DoorPorts): Promise<void> {
  const clients = new Set(events.flatMap(({ meta }) => (meta.client ? [meta.client] : [])));
  for (const client of clients) await tellWhatMayBeTold(client, rules, ports);
  for (const event of events) await putInLanes(event, rules, ports);
}

/** Puts the messages of one event in their lanes, once. */
async function putInLanes(stored: StoredEvent, { organisation, sends }: DoorRules, ports: DoorPorts): Promise<void> {
  if (!mayGiveRise(stored.type, sends)) return;
  const history = await ports.store.read(stored.stream);
  const messages = await outgoing(stored, { signer: ports.signer, sealer: ports.sealer, history }, sends);
  for (const [index, message] of messages.entries()) {
    if (!ports.partners.find(message.recipient)) continue;
    ports.checkpoints.pass('door: before enqueue');
    await ports.ledger.enqueue({
      lane: laneOf(organisation.id, message),
      messageId: message.messageId,
      recipient: message.recipient,
      stream: stored.stream,
      streamVersion: stored.streamVersion,
      index,
    });
    ports.checkpoints.pass('door: after enqueue');
  }
}

/**
 * Decides on one fold of the client's disclosure stream and appends at that version; when somebody wrote first (a withdrawal, say),
 * everything is decided again. What was told before and has not changed is not told twice.
 */
export async function tellWhatMayBeTold(clientId: string, rules: DoorRules, ports: DoorPorts): Promise<void> {
  const stream = disclosureStream(clientId);
  for (;;) {
    const stored = await ports.store.read(stream);
    const before = fold(disclosure, stored.map(event => disclosureEvents.decode(event)));
    if (Object.keys(before.consents).length === 0) return;
    const at = ports.clock.now();
    const accepted = await decideAll(clientId, before, stored.length, at, rules, ports);
    if (accepted.length === 0) return;
    const meta: EventMeta = { at, actor: { kind: 'system', process: 'door' }, cause: `door:${clientId}:${stored.length}`, client: clientId };
    try {
      ports.checkpoints.pass('door: before append');
      await ports.store.append(stream, stored.length, toNewEvents(disclosureEvents, accepted, meta, ports.ids, stream));
      ports.checkpoints.pass('door: after append');
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
}

async function decideAll(clientId: string, before: DisclosureState, version: number, at: string, rules: DoorRules, ports: DoorPorts): Promise<readonly DisclosureEvent[]> {
  const accepted: DisclosureEvent[] = [];
  let state = before;
  const carryOut = (command: DisclosureCommand): void => {
    const decision = disclosure.decide(command, state);
    if ('refused' in decision) return;
    for (const event of decision.accepted) {
      accepted.push(event);
      state = disclosure.evolve(state, event);
    }
  };

  for (const recipient of recipientsToName(state)) {
    if (!ports.partners.find(recipient)) continue;
    const pseudonym = ports.ids.derive(ports.random.secret());
    const meta: EventMeta = { at, actor: { kind: 'system', process: 'door' }, cause: `pseudonym:${pseudonym}`, client: clientId };
    await run(ports.store, clientNameStream(recipient, pseudonym), clientNameEvents, clientName, { partner: recipient, pseudonym, clientId, at }, { ids: ports.ids, meta });
    carryOut({ type: 'DrawPseudonym', recipient, pseudonym, at });
  }

  for (const { recipient, purpose, singleUseFor } of tellingsToConsider(state)) {
    const partner = ports.partners.find(recipient);
    const name = state.pseudonyms[recipient];
    if (!partner) continue;
    for (const composition of rules.compositions) {
      const { contract } = composition;
      if (!contract.from.includes(rules.organisation.kind) || !contract.to.includes(partner.kind)) continue;
      const introduction = isIntroduction(contract);
      // Whoever introduced her to us need not be told who she is; and nobody is told anything before knowing whom it is about.
      if (introduction && (name === undefined || name.linked !== undefined || !name.ours)) continue;
      const streams = await Promise.all(composition.streams(clientId, singleUseFor).map(one => ports.store.read(one)));
      const events = streams.flat();
      const composed = composition.compose(events.map(rules.decode));
      const moment = asOf(events);
      const oldest = earliest(events);
      if (!composed || !moment || !oldest) continue;
      const verdictFor = (fields: Readonly<Record<string, Category>>) =>
        decideDisclosure(
          {
            source: rules.organisation.kind,
            sourceOrganisation: rules.organisation.id,
            recipient,
            recipientKind: partner.kind,
            purpose,
            contract: contractId(contract),
            fields,
            dataFrom: dayOf(oldest),
            ...(singleUseFor === undefined ? {} : { singleUseFor }),
            now: at,
          },
          state,
          rules.policy,
        );
      const first = verdictFor(categoriesByField(contract, Object.keys(contract.fields)));
      const present = categoriesByField(contract, Object.keys(composed).filter(field => composed[field] !== undefined));
      const verdict = 'permit' in first ? verdictFor(present) : first;
      if ('denied' in verdict) {
        for (const { reason, categories } of verdict.denied)
          carryOut({ type: 'RecordWithheld', recipient, recipientKind: partner.kind, purpose, contract: contractId(contract), categories, reason, policyVersion: verdict.policyVersion, at });
        continue;
      }
      const { permit } = verdict;
      for (const { reason, categories } of permit.withheld)
        carryOut({ type: 'RecordWithheld', recipient, recipientKind: partner.kind, purpose, contract: contractId(contract), categories, reason, policyVersion: permit.policyVersion, at });
      if (!introduction && name?.linked !== true) {
        if (name?.linked === false)
          carryOut({ type: 'RecordWithheld', recipient, recipientKind: partner.kind, purpose, contract: contractId(contract), categories: permit.categories, reason: 'not-introduced', policyVersion: permit.policyVersion, at });
        continue;
      }
      const keys = state.consents[permit.consentId]?.keys ?? [];
      // The recipient has not offered its keys for all of this yet; the door is woken again when it does.
      if (!permit.categories.every(category => keys.some(key => key.category === category))) continue;
      const opened = await openComposed(Object.fromEntries(permit.fields.map(field => [field, composed[field]])), sealed => ports.sealer.open(sealed));
      if (!opened) continue;
      const messageId = ports.ids.derive('disclosed', clientId, String(version), String(accepted.length));
      const told = await seal(clientId, opened, contract, permit, keys, ports);
      if (state.lastDigest[`${permit.consentId}|${contractId(contract)}`]?.digest === told.contentDigest) continue;
      carryOut({ type: 'RecordDisclosed', permit, messageId, pseudonym: name?.pseudonym ?? '', asOf: moment, at, ...told });
    }
  }
  return accepted;
}

/** One part per category, each under the scope key that the recipient made for it. */
async function seal(
  clientId: string,
  values: Readonly<Record<string, unknown>>,
  contract: DisclosureContract,
  permit: Permit,
  keys: DisclosureState['consents'][string]['keys'],
  { sealer, scopeKeys }: DoorPorts,
) {
  const parts = await Promise.all(
    permit.categories.map(async category => {
      const key = keys.findLast(candidate => candidate.category === category);
      if (!key) throw new Error('A permitted category has no key.');
      const fields = Object.fromEntries(Object.entries(values).filter(([name]) => contract.fields[name]?.category === category));
      return { category, keyId: key.keyId, sealedText: await scopeKeys.seal(key.publicKey, key.keyId, fields) };
    }),
  );
  const keyIds = parts.map(({ keyId }) => keyId).join(' ');
  return {
    parts,
    content: await sealer.seal(clientId, values),
    // Fresh keys (after a narrowing and widening) make it a new telling even when nothing changed.
    contentDigest: await sealer.digest(clientId, `${contractId(contract)} ${keyIds} ${canonicalText(values)}`),
  };
}

const categoriesByField = (contract: DisclosureContract, names: readonly string[]): Record<string, Category> =>
  Object.fromEntries(names.flatMap(name => {
    const category = contract.fields[name]?.category;
    return category && category !== 'own' ? [[name, category]] : [];
  }));

const recipientsToName = (state: DisclosureState): readonly string[] => [
  ...new Set(Object.values(state.consents).flatMap(consent => (consent.state === 'given' && !state.pseudonyms[consent.recipient] ? [consent.recipient] : []))),
];

interface Telling {
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly singleUseFor?: string;
}
/**
 * Every recipient and purpose that she was asked about and has answered: told, or recorded once as withheld. Consents for one answer are
 * each considered with their own question, so that one unanswered question holds up no other.
 */
const tellingsToConsider = (state: DisclosureState): readonly Telling[] => {
  const tellings = Object.values(state.consents)
    .filter(consent => consent.state !== 'proposed')
    .map(({ recipient, purpose, singleUseFor }): Telling => ({ recipient, purpose, ...(singleUseFor === undefined ? {} : { singleUseFor }) }));
  return [...new Map(tellings.map(telling => [Object.values(telling).join(' '), telling])).values()];
};
