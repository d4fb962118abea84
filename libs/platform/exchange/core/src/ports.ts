/** What door and inbox need from outside: a transport, signatures, scope keys and their own durable bookkeeping. */
import type { Category, Opened } from '@convenant/kernel';

/** Delivers signed messages at least once, in any order, possibly more than once, possibly never; says nothing about arrival. */
export abstract class Transport {
  /** Resolves when the message was handed over or given up on; rejects when it surely was not handed over. Either way the door sends again until the receipt. */
  abstract send(recipient: string, signed: string): Promise<void>;
  /** `handler` resolves once the message needs no redelivery by the transport; when it rejects, the transport may deliver it again. */
  abstract subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void;
  abstract close(): Promise<void>;
}

export abstract class Signer {
  /** A compact JWS over exactly this text, under this organisation's own key. */
  abstract sign(payload: string): Promise<string>;
  /** The text, when the signature is the pinned key's of that organisation; `undefined` for anything else, malformed input included. */
  abstract verify(signed: string, organisation: string): Promise<string | undefined>;
  /** Seals to the pinned sealing key of another organisation; for what no scope key exists yet for (a medical question). */
  abstract sealTo(organisation: string, value: unknown): Promise<string>;
  /** Opens what was sealed to this organisation; `undefined` when it was not. */
  abstract openOwn(sealedText: string): Promise<unknown>;
}

export interface ScopeKeyDescription {
  readonly discloser: string;
  readonly pseudonym: string;
  readonly consentId: string;
  readonly purpose: string;
  readonly category: Category;
  /** The roles for whom it opens; `medical` keys open for a person in such a role who works with this client and for nothing else. */
  readonly roles: readonly string[];
  readonly medical: boolean;
}
/** On whose behalf a key is used. `matching` is the exact comparison of an introduction by the service itself. */
export type KeyUse =
  | { readonly use: 'read' | 'take'; readonly role: string; readonly person: string; readonly assigned: boolean }
  | { readonly use: 'matching' };

export abstract class ScopeKeys {
  /** Makes a key pair and returns its public half (JWK as text). Asked again with the same id it returns the same half. */
  abstract make(keyId: string, scope: ScopeKeyDescription): Promise<string>;
  /** Seals a value to a public half, as the discloser does. */
  abstract seal(publicKey: string, keyId: string, value: unknown): Promise<string>;
  /** `closed` when the key was destroyed or does not open for this use; never says which. */
  abstract open<T>(keyId: string, sealedText: string, use: KeyUse): Promise<Opened<T>>;
  /** Destroys private halves for good and puts them on the destruction list that every restore applies first. Repeating it changes nothing. */
  abstract destroy(keyIds: readonly string[]): Promise<void>;
  abstract has(keyId: string): Promise<boolean>;
}

export interface OutboxItem {
  readonly lane: string;
  /** The place in the lane, from 1, without gaps. */
  readonly number: number;
  readonly messageId: string;
  readonly recipient: string;
  /** Where to find the event that this message tells about. */
  readonly stream: string;
  readonly streamVersion: number;
  /** Which of the messages that the event gives rise to. */
  readonly index: number;
  /** It was received once, and goes again because the recipient lost what it had; left out otherwise. */
  readonly again?: true;
}

export interface Enqueued extends OutboxItem {
  /** It was put there just now, and whatever was there before was received: it may be handed over without asking what waits. */
  readonly isNext: boolean;
}

/** What a restore from a backup means to door and inbox. */
export interface AfterRestore {
  /**
   * The series in which lanes count from 1 since the last restore; `undefined` when there was none. What was numbered between the backup and
   * the restore is not known here, but partners have it: the same numbers in another series are never taken for those.
   */
  readonly series: string | undefined;
  /** Only what is urgent leaves (closings and their proofs), until an operator releases the door. */
  readonly held: boolean;
}

/** A lane in which something waits, and where to find the event of what has waited longest. */
export interface WaitingLane extends Pick<OutboxItem, 'lane' | 'recipient' | 'stream' | 'streamVersion'> {
  /** How many messages in it have no receipt. */
  readonly waiting: number;
}

export interface ParkedMessage {
  readonly messageId: string;
  readonly sender: string;
  readonly lane: string;
  readonly number: number;
  readonly type: string;
  /** A code, never contents. */
  readonly reason: string;
  readonly signed: string;
  readonly at: string;
}

/** The durable bookkeeping of door and inbox. Every method is done whole or not at all; what it answered is on disk unless it says otherwise. */
export abstract class ExchangeLedger {
  /** Puts a message at the end of its lane and numbers it; the same message id again returns the first item. */
  abstract enqueue(item: Omit<OutboxItem, 'number'>): Promise<Enqueued>;
  /** Not yet received, by number, at most `limit`. */
  abstract waiting(lane: string, limit: number): Promise<readonly OutboxItem[]>;
  /** Lanes with anything waiting. */
  abstract waitingLanes(): Promise<readonly WaitingLane[]>;
  /**
   * Never goes down, except that the last may be forgotten when a server is killed: what they were for is then sent again, and receipted again.
   * Returns how many messages of the lane still wait; `undefined`, and nothing is noted, when the lane does not lead to this recipient: a
   * partner speaks about what was sent to it and nothing else.
   */
  abstract noteReceipt(lane: string, upTo: number, recipient: string): Promise<number | undefined>;
  /**
   * This recipient lost what it had: everything that it ever got waits again, until it says anew how far it has each lane. Returns the number
   * of lanes.
   */
  abstract sendAgain(recipient: string): Promise<number>;
  /** Takes a message out of its lane and closes the gap, only when it was never marked as handed over; true when it did. */
  abstract takeOut(messageId: string): Promise<boolean>;
  /**
   * From now on the message may have arrived. Returns the number under which it goes, which never changes again: one that was read before
   * may have moved up since, when another instance took a message out. `undefined` when the message is not in a lane any more.
   */
  abstract markHandedOver(messageId: string): Promise<number | undefined>;

  abstract receivedUpTo(lane: string): Promise<number>;
  /** Never goes down. */
  abstract noteReceived(lane: string, upTo: number): Promise<void>;
  /** Keeps a message that could not be handled; the same id again replaces it. */
  abstract park(message: ParkedMessage): Promise<void>;
  abstract unpark(messageId: string): Promise<void>;
  abstract parked(): Promise<readonly ParkedMessage[]>;
  /** Asks whichever instance runs to handle a parked message again; false when it is not parked. */
  abstract askRedrive(messageId: string): Promise<boolean>;
  /** The ids for which that was asked and not tried yet. */
  abstract redrivesAsked(): Promise<readonly string[]>;
  /** It was tried; when it is still parked it waits for the next time that somebody asks. */
  abstract redriveTried(messageId: string): Promise<void>;
  abstract afterRestore(): Promise<AfterRestore>;

  /** How far a named reader of the own log has come. */
  abstract checkpoint(reader: string): Promise<string | undefined>;
  /** By compare-and-set; false when another instance moved it. It may go back when the server is killed: whoever reads must not mind reading again. */
  abstract saveCheckpoint(reader: string, expected: string | undefined, next: string): Promise<boolean>;
}
