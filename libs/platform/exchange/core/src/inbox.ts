/**
 * The one door in. What enters is verified, understood and kept before its receipt goes back; doubles change nothing; what cannot be
 * understood is parked where an operator sees it; what is not meant for us or not signed by a partner is refused.
 */
import {
  contractId,
  findContract,
  messageSchema,
  organisationUrn,
  placeKeptV1,
  receiptV1,
  type Contract,
  type Message,
} from '@convenant/contracts';
import {
  RecentlyUsed,
  type Checkpoints,
  type Clock,
  type EventMeta,
  type EventStore,
  type Ids,
  type Scheduler,
  type Telemetry,
} from '@convenant/kernel';
import { claimedSender, parseJson } from './claimed-sender.js';
import { handleAsDiscloser } from './inbox-discloser.js';
import { recipientSide } from './inbox-recipient.js';
import { allEnded } from './in-parallel.js';
import { CannotUnderstand, isName, isPseudonym, receiptData } from './message-data.js';
import { laneName } from './outgoing.js';
import type { Partner, Partners } from './partners.js';
import type { ExchangeLedger, ScopeKeys, Signer, Transport } from './ports.js';
import { createReceipts } from './receipts.js';

export interface InboxPorts {
  readonly store: EventStore;
  readonly ledger: ExchangeLedger;
  readonly scopeKeys: ScopeKeys;
  readonly signer: Signer;
  readonly partners: Partners;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly scheduler: Scheduler;
  readonly checkpoints: Checkpoints;
  readonly telemetry: Telemetry;
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
  /** What this organisation does with control messages of its own work, by `name.vN`. A rejection leaves the message with its sender. */
  readonly receives: Readonly<Record<string, (incoming: Incoming) => Promise<Handled>>>;
}
export type InboxRefusal = 'malformed' | 'unknown-sender' | 'bad-signature' | 'not-for-us' | 'not-allowed-to-send';
export interface InboxListener {
  /** A partner's receipt for a lane. That the lane leads to this partner is for whoever keeps the lanes to ask. */
  receipt(lane: string, upTo: number, partner: string): Promise<void>;
  /** Refused at the door: to be logged; nothing of its contents may be. */
  refused(reason: InboxRefusal, claimedSender: string | undefined): Promise<void>;
  /** Something is waiting for an operator, with a code that says why. */
  parked?(type: string, sender: string, reason: string): void;
}
type Received = Handled | { readonly refused: InboxRefusal };

export interface Inbox {
  /** Rejects when something is out of order here (a database that is away): nothing was receipted, and the sender sends again. */
  receive(signed: string): Promise<Received>;
  /** Handles a parked message again; for operators. A sender's own repetition does the same once this release understands it. */
  redrive(messageId: string): Promise<Received | 'not-parked'>;
  /** A person decides about an introduction. Refusals are those of `received`, and `already-assigned`. */
  answerIntroduction(
    partner: string,
    pseudonym: string,
    answer: { link: string } | 'not-ours',
    requestId: string,
    actor: EventMeta['actor'],
  ): Promise<{ refused?: string }>;
  /** Closes what has come to its end by our own clock. */
  closeExpired(partner: string, pseudonym: string): Promise<void>;
}

const lanesRemembered = 10_000;
/** Longer messages are not looked at. */
const longestMessage = 1_000_000;

interface Place {
  readonly lane: string;
  readonly number: number;
  readonly urgent: boolean;
}

export function createInbox(rules: InboxRules, ports: InboxPorts, listener: InboxListener): Inbox {
  const { ledger, signer, partners, clock, checkpoints, telemetry } = ports;
  const recipient = recipientSide(rules, ports);
  const sendReceipt = createReceipts(rules.organisation, ports);
  const inTurn = turns();
  /** For lanes in which something came lately; what is remembered never goes down, as the bookkeeping itself. */
  const reached = new RecentlyUsed<number>(lanesRemembered);
  let parkedIds: Set<string> | undefined;

  const refuse = async (reason: InboxRefusal, claimed?: string) => {
    await listener.refused(reason, claimed);
    return { refused: reason } as const;
  };

  const receive: Inbox['receive'] = async (signed) => {
    const claimed = signed.length > longestMessage ? undefined : claimedSender(signed);
    const sender = partners.find(claimed ?? '')?.id ?? 'unknown';
    const count = (outcome: string) => telemetry.count('convenant_messages_received_total', { sender, outcome });
    try {
      const received = await take(signed, claimed);
      count(typeof received === 'object' ? received.refused : received);
      return received;
    } catch (error) {
      count('failed');
      throw error;
    }
  };

  const take = async (signed: string, claimed: string | undefined): Promise<Received> => {
    if (claimed === undefined) return refuse('malformed');
    const sender = partners.find(claimed);
    if (!sender) return refuse('unknown-sender', claimed);
    const payload = await signer.verify(signed, sender.id);
    if (payload === undefined) return refuse('bad-signature', claimed);
    const parsed = messageSchema.safeParse(parseJson(payload));
    if (!parsed.success || !isName(parsed.data.subject) || !isName(parsed.data.id)) return refuse('malformed', claimed);
    const message = withTraceOnly(parsed.data);
    if (message.recipient !== rules.organisation.id || message.source !== organisationUrn(sender.id))
      return refuse('not-for-us', claimed);
    const contract = findContract(message.type);
    if (contract && (!contract.from.includes(sender.kind) || !contract.to.includes(rules.organisation.kind)))
      return refuse('not-allowed-to-send', claimed);
    if (contract && !isPseudonym(message.subject)) return refuse('malformed', claimed);
    if (contract && contractId(contract) === contractId(receiptV1)) return takeReceipt(message, sender);
    const urgent = message.sequence === undefined;
    if (contract && (contract.kind === 'control' && contract.urgent) !== urgent) return refuse('malformed', claimed);
    const lane = urgent
      ? `urgent/${message.id}`
      : laneName(sender.id, rules.organisation.id, message.subject, message.series);
    const place: Place = { lane, urgent, number: urgent ? 1 : Number(message.sequence) };
    const turn = urgent ? `urgent ${sender.id}/${message.subject}` : lane;
    const about = { partner: sender.id, ...(contract ? { contract: contractId(contract) } : {}) };
    const {
      handled,
      receipt,
      again = false,
    } = await telemetry.span('receive', message.traceparent, about, async (span) => {
      const { traceparent = message.traceparent } = span;
      const within = traceparent === undefined ? message : { ...message, traceparent };
      const done = await inTurn(turn, () => inItsPlace(place, { message: within, sender, signed }, contract));
      span.set({ outcome: done.handled });
      return done;
    });
    // Outside the turn: whatever comes next in this lane, a withdrawal above all, does not wait for a slow partner to take a receipt.
    if (receipt !== undefined)
      await sendReceipt(sender, { lane, upTo: receipt, subject: message.subject, alone: urgent || again });
    return handled;
  };

  const takeReceipt = async (message: Message, sender: Partner): Promise<Received> => {
    const read = receiptData.safeParse(message.data);
    if (!read.success) return refuse('malformed', sender.id);
    const { also, ...first } = read.data;
    await allEnded([first, ...also].map(({ lane, upTo }) => listener.receipt(lane, upTo, sender.id)));
    return 'kept';
  };

  /** What was done with it, and up to where the lane is then received, when that is to be said. */
  const inItsPlace = async (
    { lane, number, urgent }: Place,
    incoming: Incoming,
    contract: Contract | undefined,
  ): Promise<{ handled: Handled; receipt?: number; again?: boolean }> => {
    const upTo = urgent ? 0 : await reachedBefore(lane, number);
    if (number <= upTo) return { handled: 'kept', receipt: upTo, again: true };
    if (number > upTo + 1) return { handled: 'waits' };
    const handled = await handle(contract, incoming).catch((error: unknown) => {
      if (error instanceof CannotUnderstand) return { park: error.code };
      throw error;
    });
    if (typeof handled === 'object') {
      await park(lane, number, incoming, handled.park);
      return { handled: 'parked' };
    }
    if (handled !== 'kept') return { handled };
    if (!urgent) {
      checkpoints.pass('inbox: before position');
      await ledger.noteReceived(lane, number);
      reached.set(lane, number);
      checkpoints.pass('inbox: after position');
    }
    await unpark(incoming.message.id);
    return { handled, receipt: number };
  };

  /** How far the lane was received at least. Another instance may have come further: then the message changes nothing, or is asked for again. */
  const reachedBefore = async (lane: string, number: number): Promise<number> => {
    const known = reached.get(lane);
    if (known !== undefined && number <= known + 1) return known;
    const upTo = await ledger.receivedUpTo(lane);
    reached.set(lane, upTo);
    return upTo;
  };

  const handle = async (
    contract: Contract | undefined,
    incoming: Incoming,
  ): Promise<Handled | { readonly park: string }> => {
    if (!contract) return { park: 'unknown-version' };
    if (contract.kind === 'disclosure') return recipient.told(contract, incoming);
    if (!contract.schema.safeParse(incoming.message.data).success) return { park: 'unreadable-data' };
    if (contractId(contract) === contractId(placeKeptV1)) return 'kept';
    const own = rules.receives[contractId(contract)];
    const handled = own
      ? await own(incoming)
      : ((await recipient.control(contract, incoming)) ??
        (await handleAsDiscloser(contract, incoming, rules, ports)) ??
        'parked');
    return handled === 'parked' ? { park: 'not-handled-here' } : handled;
  };

  const park = async (
    lane: string,
    number: number,
    { message, sender, signed }: Incoming,
    reason: string,
  ): Promise<void> => {
    await ledger.park({
      messageId: message.id,
      sender: sender.id,
      lane,
      number,
      type: message.type,
      reason,
      signed,
      at: clock.now(),
    });
    const ids = await parkedAlready();
    if (!ids.has(message.id)) listener.parked?.(message.type, sender.id, reason);
    ids.add(message.id);
  };
  const unpark = async (messageId: string): Promise<void> => {
    const ids = await parkedAlready();
    if (ids.delete(messageId)) await ledger.unpark(messageId);
  };
  const parkedAlready = async (): Promise<Set<string>> =>
    (parkedIds ??= new Set((await ledger.parked()).map(({ messageId }) => messageId)));

  return {
    receive,
    async redrive(messageId) {
      const parked = (await ledger.parked()).find((message) => message.messageId === messageId);
      if (!parked) return 'not-parked';
      const handled = await receive(parked.signed);
      // Received in the meantime, perhaps by another instance.
      if (handled === 'kept') await ledger.unpark(messageId);
      return handled;
    },
    answerIntroduction: recipient.answerIntroduction,
    closeExpired: recipient.closeExpired,
  };
}

/** What stands there goes on into what is recorded and sent on: a trace, or nothing. */
function withTraceOnly({ traceparent, ...message }: Message): Message {
  const isTrace = traceparent !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent);
  return isTrace ? { ...message, traceparent } : message;
}

/** One task at a time under each name; different names do not wait for one another. */
function turns(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, task) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(task);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
