/** What goes wrong between partners for real: the broker dies, forgets, or is slow, and still every message has its effect once and in order. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import type { Transport } from '@convenant/exchange';
import { ResendingSender } from '@convenant/exchange-contract';
import { connectTo } from './connection.js';
import {
  expireTopicsOf,
  kafkaWorld,
  keptIn,
  pass,
  realTime,
  removeTopicsOf,
  type KafkaWorld,
} from './for-tests/kafka-world.js';
import { topicsOf } from './message-form.js';

let kafka: RunningKafka;
let world: KafkaWorld;
let senders: ResendingSender[];
const total = { lost: 0, duplicated: 0 };
const connection = (): { brokers: readonly string[] } => ({ brokers: kafka.brokers });

beforeAll(async () => {
  kafka = await startKafka();
}, 180_000);
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await kafka.stop();
});
beforeEach(async () => {
  senders = [];
  world = await kafkaWorld(connection());
});
afterEach(async () => {
  for (const sender of senders) sender.stop();
  await world.close();
});

/** What an inbox does with its database, which its instances share: each message of a lane has its effect once, in its turn. */
class SharedInbox {
  readonly effects: { readonly lane: string; readonly text: string }[] = [];
  readonly handledBy = new Map<string, number>();
  isDown = false;
  workMs = 0;
  readonly #receivedUpTo = new Map<string, number>();

  attach(transport: Transport, instance: string): () => void {
    return transport.subscribe('uwv', async (received) => {
      if (this.isDown) throw new Error('The database is away for a moment.');
      const { lane, number, text } = JSON.parse(received) as { lane: string; number: number; text: string };
      if (this.workMs > 0) await pass(this.workMs);
      if (number === this.#upTo(lane) + 1) {
        this.effects.push({ lane, text });
        this.#receivedUpTo.set(lane, number);
        this.handledBy.set(instance, (this.handledBy.get(instance) ?? 0) + 1);
      }
      await transport.send('ggz-amstel', JSON.stringify({ lane, number: this.#upTo(lane) })).catch(() => undefined);
    });
  }
  #upTo = (lane: string): number => this.#receivedUpTo.get(lane) ?? 0;
}

const lanes = Array.from({ length: 8 }, (_, index) => `lane ${index}`);
const textsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `fact ${index + 1}`);

function senderTo(resendAfterMs = 400): ResendingSender {
  const sender = new ResendingSender(world.instance(), 'ggz-amstel', 'uwv', realTime, resendAfterMs);
  senders.push(sender);
  return sender;
}
async function until(enough: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end && !(await enough());) await pass(25);
  expect(await enough()).toBe(true);
}
/** Puts messages in all lanes over a while. */
async function stream(sender: ResendingSender, texts: readonly string[], everyMs: number): Promise<void> {
  for (const text of texts) {
    for (const lane of lanes) sender.put(lane, text);
    await pass(everyMs);
  }
}
function expectOnceAndInOrder(inbox: SharedInbox, texts: readonly string[]): void {
  for (const lane of lanes) {
    const had = inbox.effects.filter((effect) => effect.lane === lane).map(({ text }) => text);
    total.lost += texts.filter((text) => !had.includes(text)).length;
    total.duplicated += had.length - new Set(had).size;
    expect(had).toEqual(texts);
  }
}

describe('nothing is lost or doubled', () => {
  it('when the broker is killed with -9 in the middle and comes back', async () => {
    const inbox = new SharedInbox();
    inbox.attach(world.instance(), 'only');
    const sender = senderTo();
    sender.start();
    const texts = textsOf(40);
    const streaming = stream(sender, texts, 50);
    await until(() => inbox.effects.length > 40);
    await kafka.kill();
    const before = inbox.effects.length;
    await streaming;
    await pass(1_500);
    expect(inbox.effects.length).toBeLessThan(texts.length * lanes.length);
    await kafka.restart();
    await until(() => sender.done);
    expect(inbox.effects.length).toBeGreaterThan(before);
    expectOnceAndInOrder(inbox, texts);
    const codes = world.notes.map(({ code }) => code);
    expect(codes).toContain('kafka-unreachable');
    expect(codes).toContain('kafka-well-again');
  });

  it('when the broker is away while messages are sent, and what it had kept has expired before anybody read it', async () => {
    const sender = senderTo();
    const texts = textsOf(20);
    for (const text of texts.slice(0, 10)) for (const lane of lanes) sender.put(lane, text);
    sender.start();
    await pass(1_000);
    expect(await expireTopicsOf(connection(), 'uwv', world.prefix)).toBeGreaterThan(0);
    await kafka.kill();
    for (const text of texts.slice(10)) for (const lane of lanes) sender.put(lane, text);
    await pass(1_500);
    await kafka.restart();
    await expireTopicsOf(connection(), 'uwv', world.prefix);
    const inbox = new SharedInbox();
    inbox.attach(world.instance(), 'only');
    await until(() => sender.done);
    expectOnceAndInOrder(inbox, texts);
  });

  it('when what a running instance had not read yet expires under it', async () => {
    const inbox = new SharedInbox();
    inbox.attach(world.instance({ openMax: 5, handledAtOnce: 1 }), 'only');
    inbox.workMs = 20;
    const sender = senderTo(2_000);
    const texts = textsOf(20);
    for (const text of texts) for (const lane of lanes) sender.put(lane, text);
    sender.start();
    await until(() => inbox.effects.length > 5);
    expect(await expireTopicsOf(connection(), 'uwv', world.prefix)).toBeGreaterThan(0);
    inbox.workMs = 0;
    await until(() => sender.done);
    expectOnceAndInOrder(inbox, texts);
  });

  it('when the topics are removed and declared again', async () => {
    const inbox = new SharedInbox();
    inbox.attach(world.instance(), 'only');
    const sender = senderTo();
    sender.start();
    const texts = textsOf(20);
    await stream(sender, texts.slice(0, 10), 20);
    await until(() => sender.done);
    await removeTopicsOf(connection(), 'uwv', world.prefix);
    await stream(sender, texts.slice(10), 20);
    await pass(1_500);
    await until(() => world.notes.some(({ code }) => code === 'kafka-topic-missing'));
    await world.declare();
    await until(() => sender.done);
    expectOnceAndInOrder(inbox, texts);
  });

  it('when a second instance joins in the middle, and the first one leaves', async () => {
    const inbox = new SharedInbox();
    const first = world.instance();
    inbox.attach(first, 'first');
    const sender = senderTo();
    sender.start();
    const texts = textsOf(60);
    const streaming = stream(sender, texts, 100);
    await until(() => inbox.effects.length > 40);
    inbox.attach(world.instance(), 'second');
    await until(() => (inbox.handledBy.get('second') ?? 0) > 20);
    await first.close();
    await streaming;
    await until(() => sender.done);
    expectOnceAndInOrder(inbox, texts);
    expect(inbox.handledBy.get('first')).toBeGreaterThan(0);
  });

  it('when the database of the recipient is away for a while: no message is set aside for it', async () => {
    const inbox = new SharedInbox();
    inbox.attach(world.instance({ attemptsMax: 2 }), 'only');
    const sender = senderTo(60_000);
    const texts = textsOf(10);
    for (const text of texts) for (const lane of lanes) sender.put(lane, text);
    sender.start();
    await until(() => inbox.effects.length > 0);
    inbox.isDown = true;
    await pass(1_500);
    inbox.isDown = false;
    // By the transport alone: the sender would wait for a minute.
    await until(() => sender.done, 20);
    expectOnceAndInOrder(inbox, texts);
  });
});

describe('a message that nobody can handle', () => {
  it('holds its own lane, is set aside with a note, and is handled when it comes again and can be', async () => {
    const handled: string[] = [];
    let isMended = false;
    world.instance().subscribe('uwv', async (text) => {
      if (text === 'poisoned' && !isMended) throw new Error('a fault in here');
      handled.push(text);
    });
    const sender = world.instance();
    await sender.send('uwv', 'poisoned');
    for (const text of textsOf(30)) {
      await sender.send('uwv', text);
      await pass(20);
    }
    await until(() => new Set(handled).size === 30);
    await until(() => world.notes.some(({ code }) => code === 'kafka-message-set-aside'));
    expect(JSON.stringify(world.notes)).not.toMatch(/poisoned|a fault in here/);
    isMended = true;
    await sender.send('uwv', 'poisoned');
    await until(() => handled.includes('poisoned'));
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
      await pass(text.includes('urgent/') ? 0 : 40);
      now--;
      handled.push(text);
    });
    const elsewhere: string[] = [];
    world.instance().subscribe('gemeente-amstelveld', async (text) => void elsewhere.push(text));
    const sender = world.instance();
    await sender.send('gemeente-amstelveld', 'hello');
    await sender.send('uwv', 'first');
    await until(() => handled.length > 0 && elsewhere.length > 0);

    await Promise.all(textsOf(300).map((text) => sender.send('uwv', JSON.stringify({ lane: `lane ${text}`, text }))));
    const sentMs = Date.now();
    await sender.send('gemeente-amstelveld', 'in the meantime');
    await sender.send('uwv', JSON.stringify({ lane: 'urgent/withdrawal' }));
    await until(() => elsewhere.includes('in the meantime') && handled.some((text) => text.includes('urgent/')), 10);
    expect(handled.length).toBeLessThan(250);
    expect(Date.now() - sentMs).toBeLessThan(2_000);
    await until(() => new Set(handled).size === 302);
    expect(most).toBeLessThanOrEqual(5);
  });
});
