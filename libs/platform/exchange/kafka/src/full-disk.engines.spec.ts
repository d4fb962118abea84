/** The broker has no room left to write: it stops by itself, operators hear of it, and once there is room everything arrives, once and in order. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import { ResendingSender } from '@convenant/exchange-contract';
import { kafkaWorld, pass, realTime, type KafkaWorld } from './for-tests/kafka-world.js';

const lane = 'lane 1';
const large = 'x'.repeat(200_000);
const texts = Array.from({ length: 90 }, (_, index) => `${index + 1} ${large}`);
const numberOf = (text: string): number => Number(text.split(' ')[0]);

let kafka: RunningKafka;
let world: KafkaWorld;
let sender: ResendingSender;
const received: number[] = [];

beforeAll(async () => {
  // The messages of this lane are half as much again.
  kafka = await startKafka({ largestFileBytes: 12_000_000 });
  world = await kafkaWorld({ brokers: kafka.brokers });
}, 180_000);
afterAll(async () => {
  const numbers = texts.map(numberOf);
  reportEngine({
    engine: 'Apache Kafka',
    version: kafka.version,
    lost: numbers.filter((number) => !received.includes(number)).length,
    duplicated: received.length - new Set(received).size,
  });
  sender?.stop();
  await world?.close();
  await kafka?.stop();
});

async function until(enough: () => boolean, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end && !enough();) await pass(25);
  expect(enough()).toBe(true);
}

describe('a full disk under the broker', () => {
  it('loses nothing and doubles nothing', async () => {
    let upTo = 0;
    const inbox = world.instance();
    inbox.subscribe('uwv', async (message) => {
      const { number, text } = JSON.parse(message) as { number: number; text: string };
      if (number === upTo + 1) {
        upTo = number;
        received.push(numberOf(text));
      }
      await inbox.send('ggz-amstel', JSON.stringify({ lane, number: upTo })).catch(() => undefined);
    });
    sender = new ResendingSender(world.instance(), 'ggz-amstel', 'uwv', realTime, 400);
    for (const text of texts) sender.put(lane, text);
    sender.start();

    await until(() => kafka.isOver(), 90);
    expect(sender.done).toBe(false);
    await until(() => world.notes.some(({ code }) => code === 'kafka-unreachable'), 30);

    kafka.makeRoom();
    await kafka.restart();
    await until(() => sender.done, 90);
    expect(received).toEqual(texts.map(numberOf));
    expect(world.notes.map(({ code }) => code)).toContain('kafka-well-again');
  }, 300_000);
});
