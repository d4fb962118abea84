/**
 * The disk under the broker is full: operators are told what to mend, and once there is room everything arrives, once and in order. The disk is a
 * file system of a few megabytes in memory (ENOSPC). Where the machine lets nobody mount one, a limit on the size of every file stands in for it
 * (EFBIG), and the output says so.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import { FaultStory, pass, until } from './fault-story.js';

let kafka: RunningKafka;
let story: FaultStory | undefined;
const total = { lost: 0, duplicated: 0 };

async function begin(besides: boolean): Promise<FaultStory> {
  kafka = await startKafka({ disk: { bytes: 5_000_000, besides } });
  if (kafka.disk === 'largest-file')
    process.stderr.write(
      'NO FILE SYSTEM CAN BE MOUNTED HERE: a limit on the size of files stands in for the full disk.\n',
    );
  story = await FaultStory.begin(
    { brokers: kafka.brokers },
    // What is sent again on a slow machine must not fill the disk before the story has begun.
    { clients: 6, wishBytes: 240_000, lanes: { firstRetryMs: 5_000, lastRetryMs: 5_000 } },
  );
  return story;
}
afterEach(async () => {
  try {
    await story?.end();
  } finally {
    story = undefined;
    await kafka.stop();
  }
});

/** Until it is so; more than fits would be far more than this. */
async function tellUntil(told: FaultStory, enough: () => boolean): Promise<void> {
  await told.tell(1, 100);
  for (let round = 0; round < 80 && !enough(); round++) await told.tell(1, 100);
  await until(enough, 30);
}
async function onceThereIsRoom(told: FaultStory): Promise<void> {
  expect((await told.kept()).lost.length).toBeGreaterThan(0);
  kafka.makeRoom();
  await kafka.kill();
  await kafka.restart();
  await told.receipted(120);
  await told.expectWhole(total, 6 * 4);
  expect(told.codes).toContain('kafka-well-again');
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
}

describe('a full disk under the broker', () => {
  it('that has another one beside it: it goes on, the sender is told that it is full and what to see to, and nothing is lost or doubled', async () => {
    const told = await begin(true);
    const toldToTheSender = () =>
      told.kafka.notes.filter(({ level, facts }) => level !== 'info' && facts?.['where'] === 'to uwv');
    const ofItsDisk = () =>
      toldToTheSender().filter(({ code }) => code === 'kafka-full' || code === 'kafka-leaderless');
    await tellUntil(told, () => ofItsDisk().length > 0);
    // However often the broker is asked from then on, and whatever word it then has for it, nobody is sent to look elsewhere.
    await pass(3_000);
    // A busy broker may not have answered in time as well.
    const elsewhere = toldToTheSender().filter(({ code, facts }) => {
      const isToldWhereToLook = ['log.dirs of the broker', 'log of the broker'].includes(String(facts?.['setting']));
      return !isToldWhereToLook && code !== 'kafka-unreachable';
    });
    expect(elsewhere).toEqual([]);
    // Where a limit on files stands in for the disk, the other one is as full.
    if (kafka.disk === 'file-system') expect(kafka.isOver()).toBe(false);
    await onceThereIsRoom(told);
  });

  it('that has no other: it stops by itself, the sender is told that nobody answers, and nothing is lost or doubled', async () => {
    const told = await begin(false);
    await tellUntil(told, () => kafka.isOver());
    await until(() => told.codes.includes('kafka-unreachable'), 30);
    await onceThereIsRoom(told);
  });
});
