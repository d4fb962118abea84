/** What a subscription to a real Kafka does with messages that fail, are none, or come faster than they are handled. What then becomes of them at a partner is for the faults of @convenant/testing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type RunningKafka } from '@convenant/engines';
import { connectTo } from './connection.js';
import { kafkaWorld, keptIn, pass, type KafkaWorld } from './for-tests/kafka-world.js';
import { topicsOf } from './message-form.js';

let kafka: RunningKafka;
let world: KafkaWorld;
const connection = (): { brokers: readonly string[] } => ({ brokers: kafka.brokers });

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(async () => {
  await kafka.stop();
});
beforeEach(async () => {
  world = await kafkaWorld(connection());
});
afterEach(async () => {
  await world.close();
});

async function until(enough: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end && !(await enough());) await pass(25);
  expect(await enough()).toBe(true);
}
const textsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `fact ${index + 1}`);

describe('a message that nobody can handle', () => {
  it('holds its own lane and no other, is set aside with a note, and is handled when it comes again and can be', async () => {
    const handled: string[] = [];
    /** What was told to operators when a message began to be handled. */
    const setAsideBefore = new Map<string, boolean>();
    let isMended = false;
    const isSetAside = (): boolean => world.notes.some(({ code }) => code === 'kafka-message-set-aside');
    world.instance().subscribe('uwv', async (text) => {
      setAsideBefore.set(text, isSetAside());
      if (text.includes('poisoned') && !isMended) throw new Error('a fault in here');
      handled.push(text);
    });
    const sender = world.instance();
    const send = (lane: string, text: string): Promise<void> => sender.send('uwv', JSON.stringify({ lane, text }));
    const poisoned = JSON.stringify({ lane: 'hers', text: 'poisoned' });
    const behind = JSON.stringify({ lane: 'hers', text: 'behind' });
    await send('hers', 'poisoned');
    await send('hers', 'behind');
    // It is set aside only while others are handled, and it may lie there twice: see `keptIn`.
    for (let count = 1; count < 1_000 && !handled.includes(behind); count++) {
      await send(`lane ${count}`, `fact ${count}`);
      await pass(20);
    }
    expect(handled).toContain(behind);
    // Nothing of its lane was even begun while it was held; others were handled meanwhile.
    expect(setAsideBefore.get(behind)).toBe(true);
    expect([...setAsideBefore.values()].filter((wasSetAside) => !wasSetAside).length).toBeGreaterThan(1);
    expect(JSON.stringify(world.notes)).not.toMatch(/poisoned|a fault in here/);
    isMended = true;
    await send('hers', 'poisoned');
    await until(() => handled.includes(poisoned));
  });

  it('is passed over when it is no message of the exchange at all', async () => {
    const handled: string[] = [];
    world.instance().subscribe('uwv', async (text) => void handled.push(text));
    const stranger = connectTo(connection(), { retries: 5 }).producer();
    await stranger.connect();
    const topic = topicsOf('uwv', world.prefix).lanes;
    await stranger.send({
      topic,
      messages: [
        { value: 'a stranger’s' },
        { key: 'k', value: null },
        { value: '{}', headers: { 'content-type': 'application/json' } },
      ],
    });
    await stranger.disconnect();
    const foreign = await keptIn(connection(), 'uwv', world.prefix);
    expect(foreign).toBeGreaterThanOrEqual(3);
    await world.instance().send('uwv', 'ours');
    await until(() => handled.length > 0);
    const passedOver = (): Set<string> =>
      new Set(
        world.notes.flatMap(({ code, facts }) => (code === 'kafka-foreign-message' ? [JSON.stringify(facts)] : [])),
      );
    await until(() => passedOver().size === foreign);
    expect(new Set(handled)).toEqual(new Set(['ours']));
    expect(JSON.stringify(world.notes)).not.toContain('stranger');
  });
});

describe('a partner that is slow', () => {
  it('is given no more at once than it can hold, keeps no other partner waiting, and hears at once what is urgent', async () => {
    let [now, most] = [0, 0];
    const handled: string[] = [];
    world.instance({ handledAtOnce: 4, openMax: 10 }).subscribe('uwv', async (text) => {
      most = Math.max(most, ++now);
      await pass(text.includes('urgent/') ? 0 : 100);
      now--;
      handled.push(text);
    });
    const elsewhere: string[] = [];
    world.instance().subscribe('gemeente-amstelveld', async (text) => void elsewhere.push(text));
    const sender = world.instance();
    await sender.send('gemeente-amstelveld', 'hello');
    await sender.send('uwv', 'first');
    // Each topic has a consumer of its own, which may come late.
    await sender.send('uwv', JSON.stringify({ lane: 'urgent/first' }));
    await until(() => new Set(handled).size === 2 && elsewhere.length > 0);

    await Promise.all(textsOf(300).map((text) => sender.send('uwv', JSON.stringify({ lane: `lane ${text}`, text }))));
    await sender.send('gemeente-amstelveld', 'in the meantime');
    await sender.send('uwv', JSON.stringify({ lane: 'urgent/withdrawal' }));
    await until(
      () => elsewhere.includes('in the meantime') && handled.some((text) => text.includes('urgent/withdrawal')),
      10,
    );
    expect(new Set(handled).size).toBeLessThan(303);
    await until(() => new Set(handled).size === 303);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('fetches no more of a partition than it may hold open, until some of that is done', async () => {
    const [partitions, openMax, bytes] = [3, 10, 100_000];
    // What one fetch brings of a partition comes on top: it fetches a mebibyte at most.
    const mostOpen = partitions * (openMax + Math.ceil(1_048_576 / bytes));
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const [begun, handled] = [new Set<string>(), new Set<string>()];
    world.instance({ handledAtOnce: 1_000, openMax }).subscribe('uwv', async (text) => {
      begun.add(text);
      await gate;
      handled.add(text);
    });
    const sender = world.instance();
    const told = textsOf(300);
    await Promise.all(
      told.map((text) => sender.send('uwv', JSON.stringify({ lane: `lane ${text}`, text, rest: 'x'.repeat(bytes) }))),
    );
    await until(() => begun.size >= partitions * openMax);
    await pass(3_000);
    const open = begun.size;
    openGate();
    expect(open).toBeLessThanOrEqual(mostOpen);
    expect(open).toBeLessThan(told.length);
    await until(() => handled.size === told.length);
  });
});
