/** Delivery through Kafka: two topics per recipient, acknowledged by all replicas in step, committed only after the inbox has committed. */
import type { Transport } from '@convenant/exchange';
import type { KafkaConnection } from './connection.js';
import { defaultTopicPrefix, groupOf, topicsOf, type Place } from './message-form.js';
import { RecipientSender } from './recipient-sender.js';
import { Subscription } from './subscription.js';
import type { KafkaNote, Trouble } from './trouble.js';
import { Troubles } from './troubles.js';

export interface KafkaTransportOptions {
  readonly connection: KafkaConnection;
  readonly note?: KafkaNote;
  /** Topics and groups begin with it; `convenant.exchange` when left out. */
  readonly topicPrefix?: string;
  /** Longer messages are refused before they leave; the same limit as the inbox has. */
  readonly messageBytesMax?: number;
  readonly requestTimeoutMs?: number;
  /** How many messages of one topic are handled at once. */
  readonly handledAtOnce?: number;
  /** How many messages of one partition may be taken and not finished. */
  readonly openMax?: number;
  readonly firstRetryMs?: number;
  readonly lastRetryMs?: number;
  readonly attemptsMax?: number;
  readonly sessionTimeoutMs?: number;
  /** How a message is keyed; for tests that send something else than messages. */
  readonly placeOf?: (signed: string) => Place;
}

/**
 * Keeps nothing of its own. It starts whether or not Kafka is there, tries again after a while that grows, and tells operators once when
 * something is wrong and once when it is well again. Kafka may forget what is older than its retention: the door sends until the receipt.
 */
export class KafkaTransport implements Transport {
  readonly #options: KafkaTransportOptions;
  readonly #prefix: string;
  readonly #bytesMax: number;
  readonly #senders = new Map<string, RecipientSender>();
  readonly #subscriptions = new Map<string, readonly Subscription[]>();
  readonly #leaving = new Set<Promise<unknown>>();
  readonly #troubles = new Troubles(
    (level, code, facts) => this.#note(level, code, facts),
    () => performance.now(),
  );
  #closed = false;

  constructor(options: KafkaTransportOptions) {
    this.#options = options;
    this.#prefix = options.topicPrefix ?? defaultTopicPrefix;
    this.#bytesMax = options.messageBytesMax ?? 1_000_000;
  }

  /** Rejects when the message surely was not handed over, and says which setting mends it. Resolves when it was, and when that cannot be known. */
  async send(recipient: string, signed: string): Promise<void> {
    if (this.#closed) throw new Error(`There is no way to ${recipient} any more: the exchange is closed.`);
    if (Buffer.byteLength(signed) > this.#bytesMax)
      throw new Error(`A message to ${recipient} is longer than ${this.#bytesMax} bytes.`);
    await this.#senderTo(recipient).send(signed);
  }

  /** One handler per organisation in this process; other instances of the same organisation share its messages by key. */
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    if (this.#closed) throw new Error('The exchange is closed.');
    if (this.#subscriptions.has(organisation)) throw new Error(`${organisation} is subscribed already.`);
    const { lanes, urgent } = topicsOf(organisation, this.#prefix);
    const group = groupOf(organisation, this.#prefix);
    // A group each: what is urgent is fetched by itself.
    const mine = [this.#subscription(lanes, group, handler), this.#subscription(urgent, `${group}.urgent`, handler)];
    this.#subscriptions.set(organisation, mine);
    return () => {
      if (this.#subscriptions.get(organisation) !== mine) return;
      this.#subscriptions.delete(organisation);
      const left: Promise<unknown> = Promise.all(mine.map((each) => each.stop())).finally(() =>
        this.#leaving.delete(left),
      );
      this.#leaving.add(left);
    };
  }

  /** What is wrong at this moment, by topic or recipient; for readiness. */
  get troubles(): ReadonlyMap<string, Trouble> {
    return this.#troubles.now;
  }

  /** Finishes what is at work, commits it, leaves the groups, hands over what waits, and disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    const subscriptions = [...this.#subscriptions.values()].flat();
    this.#subscriptions.clear();
    await Promise.all([...subscriptions.map((each) => each.stop()), ...this.#leaving]);
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
    this.#senders.clear();
  }

  #senderTo(recipient: string): RecipientSender {
    const { connection, requestTimeoutMs = 10_000, placeOf } = this.#options;
    const known =
      this.#senders.get(recipient) ??
      new RecipientSender(
        recipient,
        {
          connection,
          topicPrefix: this.#prefix,
          requestTimeoutMs,
          connectAgainAfterMs: 500,
          // What one partition takes in one request, its overhead included.
          bytesMax: this.#bytesMax,
          waitingMax: 10_000,
          ...(placeOf ? { placeOf } : {}),
        },
        this.#troubles.listenerFor(`to ${recipient}`),
      );
    this.#senders.set(recipient, known);
    return known;
  }

  #subscription(topic: string, group: string, handler: (signed: string) => Promise<void>): Subscription {
    const {
      connection,
      handledAtOnce = 128,
      openMax = 200,
      firstRetryMs = 200,
      lastRetryMs = 15_000,
      attemptsMax = 5,
      sessionTimeoutMs = 10_000,
    } = this.#options;
    const settings = {
      connection,
      topic,
      group,
      atOnce: handledAtOnce,
      openMax,
      firstRetryMs,
      lastRetryMs,
      attemptsMax,
      sessionTimeoutMs,
      commitEveryMs: 250,
    };
    return new Subscription(settings, handler, { note: this.#note, ...this.#troubles.listenerFor(`from ${topic}`) });
  }

  readonly #note: KafkaNote = (level, code, facts) => this.#options.note?.(level, code, facts);
}
