/** Receives the messages of one topic for one organisation, and keeps at it: whatever breaks is tried again after a while. */
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { connectTo, type KafkaConnection } from './connection.js';
import { InOrder, type OrderSettings } from './in-order.js';
import { contentType } from './message-form.js';
import { PartitionWork } from './partition-work.js';
import { nextPauseMs, troubleOf, type KafkaNote, type Trouble } from './trouble.js';
import type { TroubleListener } from './troubles.js';

export interface SubscriptionSettings extends OrderSettings {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly group: string;
  /** When so many of one partition are not finished, no more of it is fetched until half of them are. */
  readonly openMax: number;
  readonly commitEveryMs: number;
  readonly sessionTimeoutMs: number;
}
export interface SubscriptionListener extends TroubleListener {
  readonly note: KafkaNote;
}

/**
 * An offset is committed only when every message before it was handled or set aside: what was taken and not finished when this process
 * dies comes again. A message that fails is tried again after a while; it holds its own key, not its partition.
 */
export class Subscription {
  readonly #settings: SubscriptionSettings;
  readonly #handler: (signed: string) => Promise<void>;
  readonly #listener: SubscriptionListener;
  readonly #order: InOrder;
  #works = new Map<number, PartitionWork>();
  #consumer: Consumer | undefined;
  readonly #running: Promise<void>;
  #stopped = false;
  #pausedMs = 0;
  #wake: () => void = () => undefined;

  constructor(
    settings: SubscriptionSettings,
    handler: (signed: string) => Promise<void>,
    listener: SubscriptionListener,
  ) {
    this.#settings = settings;
    this.#handler = handler;
    this.#listener = listener;
    this.#order = new InOrder(settings);
    this.#running = this.#keepRunning();
  }

  /** Takes nothing more at once; resolves when what was at work is finished, committed, and the group knows that this instance left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopped) {
      const consumer = this.#makeConsumer();
      const life = this.#watch(consumer);
      let trouble: Trouble | undefined;
      try {
        this.#consumer = consumer;
        await Promise.race([this.#start(consumer), life.ended]);
        await life.ended;
      } catch (error) {
        trouble = troubleOf(error);
        this.#listener.trouble(trouble);
      }
      // What is at work is finished first, so that its offset can still be committed.
      if (this.#stopped) await this.#order.stop().then(() => this.#commit());
      life.stopWatching();
      this.#consumer = undefined;
      this.#giveEverythingAway();
      await consumer.disconnect().catch(() => undefined);
      if (!this.#stopped) await this.#pause(trouble);
    }
  }

  #makeConsumer(): Consumer {
    const { connection, group, sessionTimeoutMs } = this.#settings;
    return connectTo(connection, { retries: 2 }).consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
      rebalanceTimeout: Math.max(sessionTimeoutMs, 10_000),
      maxBytesPerPartition: 1_048_576,
      maxBytes: 4_194_304,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      // Starting again is decided here, where it is known how often it failed and who should hear of it.
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  async #start(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#settings.topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.#takeBatch(payload),
    });
  }

  /** `ended` rejects when the consumer broke, or gives no sign of life any more; it resolves when this subscription stops. */
  #watch(consumer: Consumer): { readonly ended: Promise<void>; stopWatching(): void } {
    const { commitEveryMs, sessionTimeoutMs, topic } = this.#settings;
    let lastSignMs = Date.now();
    const sign = (): void => void (lastSignMs = Date.now());
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setInterval(() => {
      if (Date.now() - lastSignMs > sessionTimeoutMs * 3) reject(new Error('The consumer gives no sign of life.'));
      void this.#commit();
    }, commitEveryMs);
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.HEARTBEAT, sign);
    consumer.on(consumer.events.FETCH, sign);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      sign();
      this.#pausedMs = 0;
      // Whatever was not committed comes again, here or at another instance.
      this.#giveEverythingAway();
      this.#listener.well();
      const partitions = (payload.memberAssignment[topic] ?? []).length;
      this.#listener.note('info', 'kafka-assigned', { topic, partitions });
    });
    // When the start itself fails, nobody waits for the end.
    ended.catch(() => undefined);
    return { ended, stopWatching: () => clearInterval(timer) };
  }

  /** Takes note and returns: handling goes on beside the fetching, so that a slow message keeps nobody from being heard of. */
  async #takeBatch({ batch, resolveOffset, pause, heartbeat }: EachBatchPayload): Promise<void> {
    const { topic, openMax } = this.#settings;
    if (this.#stopped) return;
    const work = this.#works.get(batch.partition) ?? new PartitionWork(topic, batch.partition);
    this.#works.set(batch.partition, work);
    for (const { offset, key, value, headers } of batch.messages) {
      work.take(offset);
      resolveOffset(offset);
      if (value === null || String(headers?.['content-type'] ?? '') !== contentType) {
        this.#listener.note('warning', 'kafka-foreign-message', { topic, partition: batch.partition, offset });
        work.finish(offset);
        continue;
      }
      this.#order.add({
        key: key?.toString('utf8') ?? offset,
        run: () => this.#handler(value.toString('utf8')),
        isWanted: () => !work.isGivenAway,
        finished: (outcome) => {
          work.finish(offset);
          if (outcome === 'set-aside')
            this.#listener.note('warning', 'kafka-message-set-aside', { topic, partition: batch.partition, offset });
        },
      });
    }
    if (work.openCount >= openMax) this.#resumeWhenRoom(work, pause());
    await heartbeat();
  }

  #resumeWhenRoom(work: PartitionWork, resume: () => void): void {
    const timer = setInterval(() => {
      if (!work.isGivenAway && !this.#stopped && work.openCount > this.#settings.openMax / 2) return;
      clearInterval(timer);
      // The group may be gone meanwhile; a new one begins without pauses.
      try {
        resume();
      } catch {
        return;
      }
    }, 20);
  }

  #committing: Promise<void> = Promise.resolve();
  #commit(): Promise<void> {
    return (this.#committing = this.#committing.then(() => this.#commitNow()));
  }
  async #commitNow(): Promise<void> {
    const consumer = this.#consumer;
    const due = [...this.#works.values()].flatMap((work) => {
      const offset = work.toCommit();
      return offset === undefined ? [] : [{ work, offset }];
    });
    if (!consumer || due.length === 0) return;
    try {
      await consumer.commitOffsets(due.map(({ work: { topic, partition }, offset }) => ({ topic, partition, offset })));
      for (const { work, offset } of due) work.committed(offset);
    } catch {
      // The group is being divided anew, or the broker is away: what was not committed comes again, and the inbox removes doubles.
      return;
    }
  }

  #giveEverythingAway(): void {
    for (const work of this.#works.values()) work.giveAway();
    this.#works = new Map();
  }

  #pause(trouble: Trouble | undefined): Promise<void> {
    const delayMs = (this.#pausedMs = nextPauseMs(this.#pausedMs, trouble?.code ?? 'kafka-trouble'));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
