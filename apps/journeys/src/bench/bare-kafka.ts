/** The Kafka driver with nothing around it: what any two programs pay for passing the same bytes through the same broker. */
import { randomUUID } from 'node:crypto';
import type { RunningKafka } from '@convenant/engines';
import { connectTo, topicsOf } from '@convenant/exchange-kafka';
import { Partitioners, type Producer } from 'kafkajs';
import type { Run } from './benchmark.js';
import { within } from './measuring.js';

export class BareKafka {
  readonly #arrived = new Map<string, () => void>();

  private constructor(
    private readonly producer: Producer,
    private readonly topic: string,
  ) {}

  /** On the topic of this name, which must be there. Resolves when a first message came through; stops with the run. */
  static async open(run: Run, { brokers }: RunningKafka, name: string): Promise<BareKafka> {
    const kafka = connectTo({ brokers }, { retries: 5 });
    const topic = topicsOf(name).lanes;
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    run.onStop(() => producer.disconnect());
    const consumer = kafka.consumer({ groupId: `${topic}.bare` });
    run.onStop(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const bare = new BareKafka(producer, topic);
    await consumer.run({
      partitionsConsumedConcurrently: 4,
      eachMessage: ({ message }) => {
        bare.#arrive(String(message.key));
        return Promise.resolve();
      },
    });
    await bare.pass('first');
    return bare;
  }

  /** Produced, acknowledged by all replicas in step, and consumed. */
  async pass(value: string): Promise<void> {
    const key = randomUUID();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#arrived.set(key, resolve);
    await this.producer.send({ topic: this.topic, acks: -1, messages: [{ key, value }] });
    await within(60_000, 'What the bare driver produced is not consumed.', promise);
  }

  #arrive(key: string): void {
    this.#arrived.get(key)?.();
    this.#arrived.delete(key);
  }
}
