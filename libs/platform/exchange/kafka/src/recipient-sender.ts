/** Hands messages to the topics of one recipient, and tells the truth about it: rejected is only what surely was not handed over. */
import { Partitioners, type Producer } from 'kafkajs';
import { Batches, type BatchLimits, type Waiting } from './batches.js';
import { connectTo, type KafkaConnection } from './connection.js';
import { contentType, laneKey, topicsOf, type Place } from './message-form.js';
import { explain, troubleOf } from './trouble.js';
import type { TroubleListener } from './troubles.js';

export interface SenderSettings extends BatchLimits {
  readonly connection: KafkaConnection;
  readonly topicPrefix: string;
  readonly requestTimeoutMs: number;
  /** After a failed connection nothing is tried for this long: everybody is told the same at once. */
  readonly connectAgainAfterMs: number;
  readonly placeOf?: (signed: string) => Place;
}
/** Of these the broker says that it took nothing, whichever partition they were for. */
const takesNothing = new Set<string>([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);
/**
 * Told by one partition while a new leader is chosen, or just after the topic was made: worth asking again at once. What the other
 * partitions took is then sent once more, in its order; the inbox removes doubles.
 */
const passes = new Set<string>([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
]);
const attemptsMax = 4;

/**
 * One connection per recipient, so that a missing topic of one is nothing to another. One request per topic is on its way at a time, which
 * keeps the order of every lane; it is acknowledged by all replicas that are in step.
 */
export class RecipientSender {
  readonly #settings: SenderSettings;
  readonly #listener: TroubleListener;
  readonly #topic: string;
  readonly #lanes: Batches;
  readonly #urgent: Batches;
  #connected: Promise<Producer> | undefined;
  #failed: { readonly error: Error; readonly untilMs: number } | undefined;
  #closed = false;

  constructor(recipient: string, settings: SenderSettings, listener: TroubleListener) {
    this.#settings = settings;
    this.#listener = listener;
    const { lanes, urgent } = topicsOf(recipient, settings.topicPrefix);
    this.#topic = lanes;
    this.#lanes = new Batches((messages) => this.#hand(lanes, messages), settings);
    this.#urgent = new Batches((messages) => this.#hand(urgent, messages), settings);
  }

  send(signed: string): Promise<void> {
    const { key, urgent } = (this.#settings.placeOf ?? laneKey)(signed);
    return (urgent ? this.#urgent : this.#lanes).add(key, signed);
  }

  /** Resolves when everything that was given was handed over or given up on. */
  async close(): Promise<void> {
    await Promise.all([this.#lanes.drained(), this.#urgent.drained()]);
    this.#closed = true;
    await this.#disconnect();
  }

  async #hand(topic: string, messages: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      // Nothing has left before there is a connection.
      const producer = await this.#connect();
      const error = await producer
        .send({
          topic,
          acks: -1,
          timeout: this.#settings.requestTimeoutMs,
          messages: messages.map(({ key, signed }) => ({
            key,
            value: signed,
            headers: { 'content-type': contentType },
          })),
        })
        .then(
          () => undefined,
          (failure: unknown) => failure ?? new Error('unknown'),
        );
      if (error === undefined) return this.#listener.well();
      const trouble = troubleOf(error);
      if (passes.has(trouble.reason) && attempt < attemptsMax) {
        await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
        continue;
      }
      this.#listener.trouble(trouble);
      if (takesNothing.has(trouble.reason)) throw new Error(explain(trouble), { cause: trouble.code });
      // Perhaps it arrived, perhaps not: given up on. The connection may be half dead, so the next one is a new one.
      await this.#disconnect();
      return;
    }
  }

  #connect(): Promise<Producer> {
    if (this.#closed) return Promise.reject(new Error('The exchange is closed.'));
    if (this.#failed && Date.now() < this.#failed.untilMs) return Promise.reject(this.#failed.error);
    return (this.#connected ??= this.#open().catch((failure: unknown) => {
      this.#connected = undefined;
      const trouble = troubleOf(failure);
      const error = new Error(explain(trouble), { cause: trouble.code });
      this.#failed = { error, untilMs: Date.now() + this.#settings.connectAgainAfterMs };
      this.#listener.trouble(trouble);
      throw error;
    }));
  }

  async #open(): Promise<Producer> {
    const { connection, requestTimeoutMs } = this.#settings;
    // No retries of the driver's own: after one it would not be known any more whether the first attempt arrived.
    const kafka = connectTo(connection, { retries: 0, requestTimeoutMs });
    // Asked first, while nothing has left: a broker that does not let us in, or has no such topic, surely took nothing.
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.fetchTopicMetadata({ topics: [this.#topic] });
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      idempotent: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    this.#failed = undefined;
    return producer;
  }

  async #disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    const producer = await connected?.catch(() => undefined);
    await producer?.disconnect().catch(() => undefined);
  }
}
