/** Kafka keeps the contract of a transport on a real broker, plain and behind a bad network, and commits when it should. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type RunningKafka } from '@convenant/engines';
import type { Transport } from '@convenant/exchange';
import { seeded, transportContract, unreliable } from '@convenant/exchange-contract';
import { committedOf, kafkaWorld, organisations, pass, realTime, type KafkaWorld } from './for-tests/kafka-world.js';

let kafka: RunningKafka | undefined;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka?.stop());

async function world(around: (transport: Transport) => Transport) {
  const made = await kafkaWorld({ brokers: kafka?.brokers ?? [] });
  const transports = new Map(organisations.map((organisation) => [organisation, around(made.instance())]));
  return {
    of: (organisation: string) => transports.get(organisation) as Transport,
    scheduler: realTime,
    pass,
    resendAfterMs: 25,
    realPatienceMs: 60_000,
    close: async () => {
      for (const transport of transports.values()) await transport.close();
      await made.close();
    },
  };
}

transportContract('KafkaTransport', () => world((transport) => transport));
transportContract('KafkaTransport behind a bad network', () => {
  const trouble = { refused: 0.1, forgotten: 0.2, repeated: 0.2, redelivered: 0.5, delayMsMax: 8 };
  return world((transport) => unreliable(transport, seeded(7), realTime, trouble));
});

describe('a subscription to Kafka', () => {
  const until = async (enough: () => boolean | Promise<boolean>): Promise<void> => {
    for (let round = 0; round < 1_200 && !(await enough()); round++) await pass(50);
    expect(await enough()).toBe(true);
  };
  const inWorld = async (story: (made: KafkaWorld) => Promise<void>): Promise<void> => {
    const made = await kafkaWorld({ brokers: kafka?.brokers ?? [] });
    await story(made).finally(() => made.close());
  };
  const committed = (made: KafkaWorld): Promise<number> =>
    committedOf({ brokers: kafka?.brokers ?? [] }, 'uwv', made.prefix);

  it('commits a message when its handler has resolved, and not before', () =>
    inWorld(async (made) => {
      const begun: string[] = [];
      const hold = Promise.withResolvers<void>();
      made.instance().subscribe('uwv', async (text) => {
        begun.push(text);
        if (text === 'held') await hold.promise;
      });
      await made.instance().send('uwv', 'held');
      await until(() => begun.includes('held'));
      await pass(800);
      expect(await committed(made)).toBe(0);
      hold.resolve();
      await until(async () => (await committed(made)) === 1);
    }));

  it('finishes and commits what is at work before it is closed, so that it does not come again', () =>
    inWorld(async (made) => {
      const handled: string[] = [];
      const begun: string[] = [];
      const receiver = made.instance();
      receiver.subscribe('uwv', async (text) => {
        begun.push(text);
        await pass(300);
        handled.push(text);
      });
      const sender = made.instance();
      await sender.send('uwv', 'one');
      await until(() => begun.length > 0);
      await receiver.close();
      expect(handled).toEqual(['one']);
      made.instance().subscribe('uwv', async (text) => void handled.push(text));
      await sender.send('uwv', 'two');
      await until(() => handled.includes('two'));
      expect(handled).toEqual(['one', 'two']);
    }));

  it('gets what was sent while nobody listened', () =>
    inWorld(async (made) => {
      const sender = made.instance();
      for (let index = 0; index < 20; index++) await sender.send('uwv', `message ${index}`);
      const handled = new Set<string>();
      made.instance().subscribe('uwv', async (text) => void handled.add(text));
      await until(() => handled.size === 20);
    }));

  it('keeps the order of a lane, though lanes are handled side by side', () =>
    inWorld(async (made) => {
      const handled: { lane: string; number: number }[] = [];
      made.instance().subscribe('uwv', async (text) => {
        await pass(Math.random() * 5);
        handled.push(JSON.parse(text) as { lane: string; number: number });
      });
      const sender = made.instance();
      const lanes = ['a', 'b', 'c', 'd', 'e'];
      await Promise.all(
        lanes.flatMap((lane) =>
          Array.from({ length: 40 }, (_, number) => sender.send('uwv', JSON.stringify({ lane, number }))),
        ),
      );
      // A transport may bring something again (a broker that answers late gets it twice); it never brings a later one first.
      const firstTimesIn = (lane: string): readonly number[] => [
        ...new Set(handled.filter((each) => each.lane === lane).map(({ number }) => number)),
      ];
      await until(() => lanes.every((lane) => firstTimesIn(lane).length === 40));
      for (const lane of lanes) expect(firstTimesIn(lane)).toEqual(Array.from({ length: 40 }, (_, number) => number));
    }));

  it('refuses a message that is too long before it leaves', () =>
    inWorld(async (made) => {
      await expect(made.instance({ messageBytesMax: 100 }).send('uwv', 'x'.repeat(101))).rejects.toThrow(
        'A message to uwv is longer than 100 bytes.',
      );
      await expect(made.instance().send('uwv', 'x'.repeat(1_000_000))).resolves.toBeUndefined();
    }));
});
