/** What goes wrong between partners for real: the broker dies, forgets or is divided anew, a database dies, and still every message has its effect once and in order. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import { expireTopicsOf, removeTopicsOf } from '@convenant/exchange-kafka';
import { FaultStory, pass, until, type FaultStoryOptions } from './fault-story.js';
import { ownServer } from './own-server.js';

let kafka: RunningKafka;
let story: FaultStory | undefined;
const total = { lost: 0, duplicated: 0 };
const connection = (): { brokers: readonly string[] } => ({ brokers: kafka.brokers });
const begin = async (options: FaultStoryOptions = {}): Promise<FaultStory> =>
  (story = await FaultStory.begin(connection(), options));

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await kafka.stop();
});
afterEach(async () => {
  await story?.end();
  story = undefined;
});

/** How much UWV keeps now. */
const keptNow = async (at: FaultStory): Promise<number> => {
  const { told, lost } = await at.kept();
  return told.length - lost.length;
};

describe('nothing is lost or doubled', () => {
  it('when the broker is killed with -9 in the middle and comes back', async () => {
    const told = await begin();
    const telling = told.tell(40, 50);
    const before = await keptNow(told);
    await until(async () => (await keptNow(told)) > before + 40);
    await kafka.kill();
    const atDeath = await keptNow(told);
    await telling;
    await told.tell(2);
    await pass(1_500);
    expect((await told.kept()).lost.length).toBeGreaterThan(0);
    await kafka.restart();
    await told.receipted();
    expect(await keptNow(told)).toBeGreaterThan(atDeath);
    await told.expectWhole(total, 8 * 10);
    expect(told.codes).toContain('kafka-unreachable');
    expect(told.codes).toContain('kafka-well-again');
  });

  it('when what a running instance had not read yet expires under it', async () => {
    const told = await begin({ transportOfUwv: { openMax: 5, handledAtOnce: 1 }, lanes: { firstRetryMs: 2_000 } });
    await expireTopicsOf(connection(), 'uwv', told.kafka.prefix);
    const telling = told.tell(20, 5);
    // Taken one at a time, so that more lies there than was read.
    await until(async () => (await told.kept()).lost.length > 8);
    expect(await expireTopicsOf(connection(), 'uwv', told.kafka.prefix)).toBeGreaterThan(0);
    await telling;
    await told.receipted();
    await told.expectWhole(total, 8 * 6);
  });

  it('when the topics are removed and declared again', async () => {
    const told = await begin();
    await told.tell(10);
    await told.receipted();
    await removeTopicsOf(connection(), 'uwv', told.kafka.prefix);
    await told.tell(10);
    await until(() => told.codes.includes('kafka-topic-missing'));
    expect((await told.kept()).lost.length).toBeGreaterThan(0);
    await told.kafka.declare();
    await told.receipted();
    await told.expectWhole(total, 8 * 6);
  });

  it('when a second instance joins in the middle, and the first one leaves', async () => {
    const told = await begin();
    const telling = told.tell(60, 100);
    const first = told.uwv;
    const before = await keptNow(told);
    await until(async () => (await keptNow(told)) > before + 40);
    told.uwv = await told.startUwv();
    const joined = (): number => told.kafka.notes.filter(({ code }) => code === 'kafka-assigned').length;
    // Both topics of both are divided anew, beyond what each got at its own start.
    const assignments = joined();
    await until(() => joined() >= assignments + 4);
    await first.stop();
    const whenItLeft = await keptNow(told);
    await telling;
    await told.tell(1);
    await told.receipted();
    expect(await keptNow(told)).toBeGreaterThan(whenItLeft);
    await told.expectWhole(total, 8 * 15);
  });

  it('when the database of the recipient is killed with -9 and comes back: no message is set aside for it', async () => {
    const { postgres, database, stop } = await ownServer('uwv');
    try {
      // The sender sends nothing again meanwhile: what arrives before that arrives by the transport.
      const told = await begin({
        databaseOfUwv: database,
        transportOfUwv: { attemptsMax: 2 },
        lanes: { firstRetryMs: 600_000, lastRetryMs: 600_000 },
      });
      const telling = told.tell(20, 50);
      const before = await keptNow(told);
      await until(async () => (await keptNow(told)) > before + 20);
      await postgres.kill();
      await telling;
      await told.tell(2);
      await pass(1_500);
      await postgres.restart();
      await told.receipted(120);
      await told.expectWhole(total, 8 * 6);
      expect(told.codes).not.toContain('kafka-message-set-aside');
      expect(told.uwv.notes.map(({ code }) => code)).toContain('message-not-handled');
      reportEngine({ engine: 'PostgreSQL', version: postgres.version, ...total });
    } finally {
      await story?.end();
      story = undefined;
      await stop();
    }
  });
});
