/** The broker is away for longer than it keeps messages: when it is back its topics are empty, and everything arrives all the same, once and in order. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import { placesIn } from '@convenant/exchange-kafka';
import { HeldWire } from '../held-wire.js';
import { FaultStory, pass } from './fault-story.js';

const keptForMs = 60_000;
const awayForMs = 120_000;

let kafka: RunningKafka;
let story: FaultStory | undefined;
const total = { lost: 0, duplicated: 0 };
const places = (): ReturnType<typeof placesIn> =>
  placesIn({ brokers: kafka.brokers }, 'uwv', story?.kafka.prefix ?? '');

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      // It looks for what has expired every second, from its start on; by itself it waits for half a minute.
      'log.retention.check.interval.ms': 1_000,
      'log.initial.task.delay.ms': 500,
    },
  });
});
afterEach(async () => {
  await story?.end();
  story = undefined;
});
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await kafka.stop();
});

describe('a broker that was away for two minutes, with topics that keep messages for one', () => {
  it('has forgotten what nobody had read, and nothing of it is lost or doubled', async () => {
    let wire: HeldWire | undefined;
    const told = (story = await FaultStory.begin(
      { brokers: kafka.brokers },
      {
        topicSettings: { 'retention.ms': String(keptForMs), 'segment.ms': '1000', 'segment.bytes': '1048576' },
        around: (transport, organisation) =>
          organisation === 'ggz-amstel' ? (wire = new HeldWire(transport)) : transport,
      },
    ));
    await told.uwv.stop();
    await told.tell(10);
    await told.ggz.service.settle();
    // Nobody reads, so that there is something to expire.
    const before = await places();
    const lanes = before.filter(({ topic }) => !topic.endsWith('.urgent'));
    const unread = lanes.reduce((sum, { low, high }) => sum + high - low, 0);
    expect(unread).toBeGreaterThanOrEqual(8 * 5);
    await kafka.kill();
    const killedAt = Date.now();
    await told.tell(10);
    await pass(awayForMs - 5_000 - (Date.now() - killedAt));
    // What is sent again must not hide that the topics are empty, nor what was on its way.
    wire?.refuse(() => true);
    await pass(5_000);
    await kafka.restart();
    expect(Date.now() - killedAt).toBeGreaterThanOrEqual(awayForMs);
    const notEmpty = async () => (await places()).filter(({ low, high }) => low !== high);
    for (let second = 0; second < 30 && (await notEmpty()).length > 0; second++) await pass(1_000);
    expect(await notEmpty()).toEqual([]);
    for (const { topic, partition, high } of before)
      expect(
        (await places()).find((each) => each.topic === topic && each.partition === partition)?.low,
      ).toBeGreaterThanOrEqual(high);
    wire?.accept();
    told.uwv = await told.startUwv();
    await told.receipted();
    await told.expectWhole(total, 8 * 6);
  }, 400_000);
});
