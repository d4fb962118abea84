/**
 * The one door in. What enters is verified, understood and kept before its receipt goes back; doubles change nothing; what cannot be
 * understood is parked where an operator sees it; what is not meant for us or not signed by a partner is refused.
 */
import {
  disclosure,
  disclosureEvents,
  disclosureStream,
  type ConsentCategory,
  type DisclosureCommand,
  type Purpose,
  type StaffRole,
} from '@convenant/consent';
import {
  contractId,
  disclosureData,
  findContract,
  messageSchema,
  messageType,
  organisationUrn,
  receiptV1,
  type ControlContract,
  type DisclosureContract,
  type Message,
} from '@convenant/contracts';
import {
  fold,
  run,
  type Checkpoints,
  type Clock,
  type EventMeta,
  type EventStore,
  type Ids,
  type OrganisationKind,
  type Sealer,
} from '@convenant/kernel';
import { clientName, clientNameEvents, clientNameStream, clientOf } from './client-names.js';
import { isIntroduction } from './outgoing.js';
import type { Partner, Partners } from './partners.js';
import type { ExchangeLedger, ScopeKeys, Signer, Transport } from './ports.js';
import { receivedEvents, receivedStream, type ReceivedEvent } from './received-events.js';
import { categoriesWithoutKey, expiredConsents, isEnded, received, type ReceivedCommand, type ReceivedState } from './received.js';

export interface InboxPorts {
  readonly store: EventStore;
  readonly ledger: ExchangeLedger;
  readonly sealer: Sealer;
  readonly scopeKeys: ScopeKeys;
  readonly signer: Signer;
  readonly partners: Partners;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly checkpoints: Checkpoints;
}
/** `kept`: received and durable. `waits`: the sender keeps it (too early, or she is not linked yet). `parked`: an operator must look. */
export type Handled = 'kept' | 'waits' | 'parked';
export interface Incoming {
  readonly message: Message;
  readonly sender: Partner;
  /** The message as it came, signature and all. */
  readonly signed: string;
}
export interface InboxRules {
  readonly organisation: Partner;
  /** Own clients with exactly these identifiers; used for an introduction and nothing else. */
  findClients(person: { initials: string; familyName: string; dateOfBirth: string }): Promise<readonly string[]>;
  /** What this organisation does with control messages of its own work, by `name.vN`. */
  readonly receives: Readonly<Record<string, (incoming: Incoming) => Promise<Handled>>>;
}
export type InboxRefusal = 'malformed' | 'unknown-sender' | 'bad-signature' | 'not-for-us' | 'not-allowed-to-send';
export interface InboxListener {
  /** A receipt for one of our own lanes. */
  receipt(lane: string, upTo: number): Promise<void>;
  /** Refused at the door: to be logged; nothing of its contents may be. */
  refused(reason: InboxRefusal, claimedSender: string | undefined): Promise<void>;
}

export interface Inbox {
  receive(signed: string): Promise<Handled | { readonly refused: InboxRefusal }>;
  /** Handles a parked message again; for operators. */
  redrive(messageId: string): Promise<Handled | { readonly refused: InboxRefusal } | 'not-parked'>;
  /** A person decides about an introduction. Refusals are those of `received`. */
  answerIntroduction(partner: string, pseudonym: string, answer: { link: string } | 'not-ours', requestId: string, actor: EventMeta['actor']): Promise<{ refused?: string }>;
  /** Closes what has come to its end by our own clock. */
  closeExpired(partner: string, pseudonym: string): Promise<void>;
}

export function createInbox(rules: InboxRules, ports: InboxPorts, listener: InboxListener): Inbox {
  const { store, ledger, signer, partners, clock, checkpoints } = ports;
  const lanesInTurn = new Map<string, Promise<unknown>>();
  /** One message of a lane at a time. */
  const inTurn = async <T>(lane: string, task: () => Promise<T>): Promise<T> => {
    const before = lanesInTurn.get(lane) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(task);
    lanesInTurn.set(lane, mine);
    try {
      return await mine;
    } finally {
      if (lanesInTurn.get(lane) === mine) lanesInTurn.delete(lane);
    }
  };

  const refusedBecause = async (reason: InboxRefusal, claimedSender?: string) => {
    await listener.refused(reason, claimedSender);
    return { refused: reason } as const;
  };

  const receive: Inbox['receive'] = async signed => {
    const claimed = claimedSender(signed);
    if (claimed === undefined) return refusedBecause('malformed');
    const sender = partners.find(claimed);
    if (!sender) return refusedBecause('unknown-sender', claimed);
    const payload = await signer.verify(signed, sender.id);
    if (payload === undefined) return refusedBecause('bad-signature', claimed);
    const parsed = messageSchema.safeParse(parseJson(payload));
    if (!parsed.success) return refusedBecause('malformed', claimed);
    const message = parsed.data;
    if (message.recipient !== rules.organisation.id || message.source !== organisationUrn(sender.id)) return refusedBecause('not-for-us', claimed);
    const contract = findContract(message.type);
    if (contract && (!contract.from.includes(sender.kind) || !contract.to.includes(rules.organisation.kind))) return refusedBecause('not-allowed-to-send', claimed);
    const incoming: Incoming = { message, sender, signed };
    if (contract && contractId(contract) === contractId(receiptV1)) return takeReceipt(incoming);
    const lane = message.sequence === undefined ? `urgent/${message.id}` : `${sender.id}>${rules.organisation.id}/${message.subject}`;
    return inTurn(message.sequence === undefined ? `${sender.id}/${message.subject}` : lane, () => inItsPlace(lane, incoming, contract));
  };

  const takeReceipt = async ({ message, sender }: Incoming): Promise<Handled> => {
    const receipt = receiptV1.schema.safeParse(message.data);
    if (!receipt.success) return 'parked';
    const { lane, upTo } = receipt.data as { lane: string; upTo: number };
    // A partner speaks about its own lanes only.
    if (lane.startsWith(`${rules.organisation.id}>${sender.id}/`) || lane.startsWith('urgent/')) await listener.receipt(lane, upTo);
    return 'kept';
  };

  const inItsPlace = async (lane: string, incoming: Incoming, contract: ReturnType<typeof findContract>): Promise<Handled> => {
    const number = incoming.message.sequence === undefined ? 1 : Number(incoming.message.sequence);
    const urgent = incoming.message.sequence === undefined;
    const upTo = urgent ? 0 : await ledger.receivedUpTo(lane);
    if (number <= upTo) {
      await sendReceipt(lane, upTo, incoming);
      return 'kept';
    }
    if (number > upTo + 1) return 'waits';
    let handled: Handled | { readonly park: string };
    if (!contract) handled = { park: 'unknown-version' };
    else {
      try {
        handled = contract.kind === 'control' ? await handleControl(contract, incoming) : await handleDisclosure(contract, incoming);
      } catch (error) {
        if (error instanceof CannotUnderstand) handled = { park: error.message };
        else throw error;
      }
    }
    if (typeof handled === 'object') {
      const { message, sender, signed } = incoming;
      await ledger.park({ messageId: message.id, sender: sender.id, lane, number, type: message.type, reason: handled.park, signed, at: clock.now() });
      return 'parked';
    }
    if (handled !== 'kept') return handled;
    if (!urgent) {
      checkpoints.pass('inbox: before position');
      await ledger.noteReceived(lane, number);
      checkpoints.pass('inbox: after position');
    }
    await sendReceipt(lane, number, incoming);
    return 'kept';
  };

  const sendReceipt = async (lane: string, upTo: number, { message, sender }: Incoming): Promise<void> => {
    const receipt: Message = {
      specversion: '1.0',
      id: ports.ids.derive('receipt', lane, String(upTo)),
      source: organisationUrn(rules.organisation.id),
      type: messageType(receiptV1),
      subject: message.subject,
      time: clock.now(),
      datacontenttype: 'application/json',
      recipient: sender.id,
      data: { lane, upTo },
    };
    checkpoints.pass('inbox: before receipt');
    // A lost receipt is asked for again by the message itself.
    await ports.transport.send(sender.id, await signer.sign(JSON.stringify(receipt))).catch(() => undefined);
    checkpoints.pass('inbox: after receipt');
  };

  const metaOf = ({ message, sender }: Incoming, client?: string): EventMeta => ({
    at: clock.now(),
    actor: { kind: 'partner', organisation: sender.id, message: message.id },
    cause: message.id,
    ...(client ? { client } : {}),
    ...(message.traceparent ? { traceparent: message.traceparent } : {}),
  });

  const stateOf = async (partner: string, pseudonym: string): Promise<ReceivedState> =>
    fold(received, (await store.read(receivedStream(partner, pseudonym))).map(event => receivedEvents.decode(event) as ReceivedEvent));
  const keep = async (partner: string, pseudonym: string, command: ReceivedCommand, meta: EventMeta) => {
    checkpoints.pass('inbox: before append');
    const state = await stateOf(partner, pseudonym);
    const client = state.link.at === 'linked' ? state.link.clientId : undefined;
    const ran = await run(store, receivedStream(partner, pseudonym), receivedEvents, received, command, { ids: ports.ids, meta: { ...meta, ...(client ? { client } : {}) } });
    checkpoints.pass('inbox: after append');
    return ran;
  };

  const handleControl = async (contract: ControlContract, incoming: Incoming): Promise<Handled> => {
    const parsed = contract.schema.safeParse(incoming.message.data);
    if (!parsed.success) throw new CannotUnderstand('unreadable-data');
    const own = rules.receives[contractId(contract)];
    if (own) return own(incoming);
    const { message, sender } = incoming;
    const pseudonym = message.subject;
    const at = clock.now();
    const from = { discloser: sender.id, pseudonym };
    const data = parsed.data as Record<string, never>;
    switch (contract.name) {
      case 'consent-announced': {
        const announced = parsed.data as { consentId: string; consentVersion: number; purpose: Purpose; roles: StaffRole[]; categories: ConsentCategory[]; until: string; askId?: string };
        const state = await stateOf(sender.id, pseudonym);
        if (isEnded(state, announced.consentId, announced.consentVersion)) return 'kept';
        const { consentId, consentVersion: version, purpose, roles, categories, until, askId } = announced;
        const keys = await Promise.all(
          categoriesWithoutKey(state, consentId, categories).map(async category => {
            const keyId = ports.ids.derive('scope-key', sender.id, pseudonym, consentId, String(version), category);
            const publicKey = await ports.scopeKeys.make(keyId, { ...from, consentId, purpose, category, roles: category === 'K5' ? roles : [...roles, 'client', 'representative'], medical: category === 'K5' });
            return { category, keyId, publicKey };
          }),
        );
        await keep(sender.id, pseudonym, { type: 'RegisterConsent', ...from, discloserKind: sender.kind, consentId, version, purpose, roles, categories, until, askId, keys, at }, metaOf(incoming));
        if (state.link.at === 'not-introduced') await linkByOwnName(incoming);
        return 'kept';
      }
      case 'consent-closed': {
        const closed = parsed.data as { consentId: string; consentVersion: number; categories: ConsentCategory[]; how: 'ended' | 'paused' | 'narrowed' };
        await closeScope(sender.id, pseudonym, { consentId: closed.consentId, version: closed.consentVersion, categories: closed.categories, how: closed.how }, metaOf(incoming));
        return 'kept';
      }
      case 'consent-reopened':
        await keep(sender.id, pseudonym, { type: 'ReopenScope', ...from, consentId: data['consentId'] as never, version: data['consentVersion'] as never, until: data['until'] as never, at }, metaOf(incoming));
        return 'kept';
      case 'scope-keys-offered':
        return asDiscloser(incoming, { type: 'LearnScopeKeys', recipient: sender.id, consentId: data['consentId'] as never, consentVersion: data['consentVersion'] as never, keys: data['keys'] as never, at });
      case 'introduction-answered':
        return asDiscloser(incoming, { type: 'AnswerIntroduction', recipient: sender.id, pseudonym, linked: data['linked'] as never, at });
      case 'closing-acknowledged':
        return asDiscloser(incoming, {
          type: 'AcknowledgeClosing',
          recipient: sender.id,
          consentId: data['consentId'] as never,
          consentVersion: data['consentVersion'] as never,
          keyIds: data['keyIds'] as never,
          closedAt: data['closedAt'] as never,
          proof: incoming.signed,
          at,
        });
      case 'disclosure-asked':
        return asDiscloser(incoming, {
          type: 'Ask',
          askId: data['askId'] as never,
          source: rules.organisation.kind,
          recipient: sender.id,
          recipientKind: sender.kind,
          roles: data['roles'] as never,
          purpose: data['purpose'] as never,
          categories: data['categories'] as never,
          at,
        });
      default:
        throw new CannotUnderstand('not-handled-here');
    }
  };

  /** Messages to us as the organisation that discloses: they change the client's own disclosure stream. */
  const asDiscloser = async (incoming: Incoming, command: DisclosureCommand): Promise<Handled> => {
    const client = await clientOf(store, incoming.sender.id, incoming.message.subject);
    if (client === undefined) throw new CannotUnderstand('unknown-pseudonym');
    checkpoints.pass('inbox: before append');
    const ran = await run(store, disclosureStream(client), disclosureEvents, disclosure, command, { ids: ports.ids, meta: metaOf(incoming, client) });
    checkpoints.pass('inbox: after append');
    if ('refused' in ran) throw new CannotUnderstand(`refused:${ran.refused}`);
    return 'kept';
  };

  const handleDisclosure = async (contract: DisclosureContract, incoming: Incoming): Promise<Handled> => {
    const parsed = disclosureData.safeParse(incoming.message.data);
    if (!parsed.success) throw new CannotUnderstand('unreadable-data');
    const { message, sender } = incoming;
    const { data } = parsed;
    const at = clock.now();
    const from = { discloser: sender.id, pseudonym: message.subject };
    // Only its number came: it was stopped after it may have arrived once.
    if (data.parts.length === 0) return 'kept';
    const parts = data.parts as { category: ConsentCategory; keyId: string; sealedText: string }[];
    if (isIntroduction(contract)) return introduce(incoming, { consentId: data.consentId, consentVersion: data.consentVersion, part: parts[0] as (typeof parts)[number] });
    const ran = await keep(
      sender.id,
      message.subject,
      { type: 'KeepDisclosure', ...from, messageId: message.id, consentId: data.consentId, consentVersion: data.consentVersion, contract: contractId(contract), asOf: data.asOf, until: data.until, parts, at },
      metaOf(incoming),
    );
    return 'refused' in ran ? 'waits' : 'kept';
  };

  const introduce = async (incoming: Incoming, { consentId, consentVersion, part }: { consentId: string; consentVersion: number; part: { category: ConsentCategory; keyId: string; sealedText: string } }): Promise<Handled> => {
    const { message, sender } = incoming;
    const from = { discloser: sender.id, pseudonym: message.subject };
    const at = clock.now();
    const ran = await keep(sender.id, message.subject, { type: 'KeepIntroduction', ...from, messageId: message.id, consentId, consentVersion, part, at }, metaOf(incoming));
    // Closed before it arrived: nothing is kept, and nobody is linked.
    if ('refused' in ran) return 'kept';
    const state = await stateOf(sender.id, message.subject);
    if (state.link.at !== 'introduced') return 'kept';
    const opened = await ports.scopeKeys.open<{ initials: string; familyName: string; dateOfBirth: string }>(part.keyId, part.sealedText, { use: 'matching' });
    if (typeof opened === 'string') return 'kept';
    const [only, ...others] = await rules.findClients(opened.value);
    // Exactly one client with the same name and date of birth; in any other case a person decides.
    if (only !== undefined && others.length === 0)
      await link(sender.id, message.subject, only, 'exact-match', { ...metaOf(incoming), cause: `match:${message.id}` });
    return 'kept';
  };

  /** Whom we introduced ourselves need not be introduced to us: the pseudonym is ours and says who she is. */
  const linkByOwnName = async (incoming: Incoming): Promise<void> => {
    const { message, sender } = incoming;
    const clientId = await clientOf(store, sender.id, message.subject);
    if (clientId === undefined) return;
    const command = { type: 'Link', discloser: sender.id, pseudonym: message.subject, clientId, by: 'own-name', at: clock.now() } as const;
    await run(store, receivedStream(sender.id, message.subject), receivedEvents, received, command, { ids: ports.ids, meta: { ...metaOf(incoming, clientId), cause: `own-name:${message.id}` } });
  };

  const link = async (partner: string, pseudonym: string, clientId: string, by: 'exact-match' | 'person', meta: EventMeta) => {
    const at = clock.now();
    const named = await run(store, clientNameStream(partner, pseudonym), clientNameEvents, clientName, { partner, pseudonym, clientId, at }, { ids: ports.ids, meta: { ...meta, client: clientId } });
    if ('refused' in named) return named;
    const linked = await run(
      store,
      receivedStream(partner, pseudonym),
      receivedEvents,
      received,
      { type: 'Link', discloser: partner, pseudonym, clientId, by, at },
      { ids: ports.ids, meta: { ...meta, client: clientId } },
    );
    if ('refused' in linked) return linked;
    return run(store, disclosureStream(clientId), disclosureEvents, disclosure, { type: 'LearnPseudonym', recipient: partner, pseudonym, at }, { ids: ports.ids, meta: { ...meta, client: clientId } });
  };

  const closeScope = async (
    partner: string,
    pseudonym: string,
    scope: { consentId: string; version: number; categories: readonly ConsentCategory[]; how: 'ended' | 'paused' | 'narrowed' | 'expired' },
    meta: EventMeta,
  ): Promise<void> => {
    const from = { discloser: partner, pseudonym };
    await keep(partner, pseudonym, { type: 'CloseScope', ...from, ...scope, at: clock.now() }, meta);
    await destroyClosedKeys(partner, pseudonym, meta);
  };

  /** Destroys what every closing so far calls for; says so on the stream only once it is done. */
  const destroyClosedKeys = async (partner: string, pseudonym: string, meta: EventMeta): Promise<void> => {
    const history = (await store.read(receivedStream(partner, pseudonym))).map(event => receivedEvents.decode(event) as ReceivedEvent);
    const done = new Set(history.flatMap(event => (event.type === 'ScopeKeysDestroyed' ? event.keyIds : [])));
    for (const closing of history) {
      if (closing.type !== 'ScopeClosed' || closing.keyIds.length === 0 || closing.keyIds.every(keyId => done.has(keyId))) continue;
      checkpoints.pass('inbox: before key destruction');
      await ports.scopeKeys.destroy(closing.keyIds);
      checkpoints.pass('inbox: after key destruction');
      const { consentId, version, keyIds, at: closedAt } = closing;
      await keep(
        partner,
        pseudonym,
        { type: 'NoteKeysDestroyed', discloser: partner, pseudonym, consentId, version, keyIds, closedAt, at: clock.now() },
        { ...meta, cause: `destroyed:${consentId}:${version}:${keyIds[0] ?? ''}` },
      );
    }
  };

  return {
    receive,
    async redrive(messageId) {
      const parked = (await ledger.parked()).find(message => message.messageId === messageId);
      if (!parked) return 'not-parked';
      const handled = await receive(parked.signed);
      if (handled === 'kept') await ledger.unpark(messageId);
      return handled;
    },
    async answerIntroduction(partner, pseudonym, answer, requestId, actor) {
      const meta: EventMeta = { at: clock.now(), actor, cause: requestId };
      if (answer !== 'not-ours') {
        const linked = await link(partner, pseudonym, answer.link, 'person', meta);
        return 'refused' in linked ? { refused: linked.refused } : {};
      }
      const said = await keep(partner, pseudonym, { type: 'SayNotOurs', discloser: partner, pseudonym, at: clock.now() }, meta);
      if ('refused' in said) return { refused: said.refused };
      await destroyClosedKeys(partner, pseudonym, meta);
      return {};
    },
    async closeExpired(partner, pseudonym) {
      const state = await stateOf(partner, pseudonym);
      const at = clock.now();
      for (const { consentId, version } of expiredConsents(state, at)) {
        const meta: EventMeta = { at, actor: { kind: 'system', process: 'expiry' }, cause: `expired:${consentId}:${version}` };
        await closeScope(partner, pseudonym, { consentId, version, categories: [], how: 'expired' }, meta);
      }
    },
  };
}

/** The message is a partner's and for us, and still we cannot do anything with it. The text is a code. */
class CannotUnderstand extends Error {}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Whom the message says it is from, before anything is verified; only good for choosing the key to verify with. */
function claimedSender(signed: string): string | undefined {
  const payload = signed.split('.')[1];
  if (payload === undefined || signed.length > 1_000_000) return undefined;
  const parsed = messageSchema.pick({ source: true }).loose().safeParse(parseJson(decodeBase64Url(payload)));
  return parsed.success ? parsed.data.source.replace(/^urn:convenant:organisation:/, '') : undefined;
}

function decodeBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, character => character.charCodeAt(0)));
  } catch {
    return '';
  }
}
