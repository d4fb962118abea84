/** Order per key, a bound on what is done at once, and what happens to messages that fail. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InOrder } from './in-order.js';
import { PartitionWork } from './partition-work.js';

let order: InOrder;
let log: string[];
const until = async (enough: () => boolean): Promise<void> => {
  for (let round = 0; round < 500 && !enough(); round++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(enough()).toBe(true);
};
const add = (
  key: string,
  name: string,
  run: () => Promise<void> = async () => undefined,
  isWanted = () => true,
): void =>
  order.add({
    key,
    isWanted,
    run: async () => {
      await run();
      log.push(name);
    },
    finished: (outcome) => void log.push(`${name} ${outcome}`),
  });
const failing = (): Promise<void> => Promise.reject(new Error('not now'));

beforeEach(() => {
  log = [];
  order = new InOrder({ atOnce: 2, firstRetryMs: 2, lastRetryMs: 8, attemptsMax: 3 });
});
afterEach(() => order.stop());

describe('messages that are handled side by side', () => {
  it('keep their order under one key, also when the first fails for a while', async () => {
    let failures = 0;
    add('a', 'first', () => (failures++ < 2 ? failing() : Promise.resolve()));
    add('a', 'second');
    await until(() => log.includes('second handled'));
    expect(log).toEqual(['first', 'first handled', 'second', 'second handled']);
  });
  it('do not wait for another key', async () => {
    add('a', 'stuck', failing);
    add('b', 'other');
    await until(() => log.includes('other handled'));
  });
  it('are at most so many at once', async () => {
    let [now, most] = [0, 0];
    for (let index = 0; index < 20; index++)
      add(`key ${index}`, `message ${index}`, async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now--;
      });
    await until(() => log.filter((line) => line.endsWith('handled')).length === 20);
    expect(most).toBe(2);
  });
  it('are set aside when they fail again and again while others do not', async () => {
    add('a', 'poisoned', failing);
    await new Promise((resolve) => setTimeout(resolve, 5));
    add('b', 'other');
    await until(() => log.includes('poisoned set-aside'));
  });
  it('are kept when everything fails: then it is not the fault of a message', async () => {
    let isDown = true;
    const whenUp = (): Promise<void> => (isDown ? failing() : Promise.resolve());
    for (const key of ['a', 'b', 'c']) add(key, key, whenUp);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(log).toEqual([]);
    isDown = false;
    await until(() => log.filter((line) => line.endsWith(' handled')).length === 3);
    expect(log.filter((line) => line.includes('set-aside'))).toEqual([]);
  });
  it('are kept when all that was handled meanwhile was at work before the first of them failed', async () => {
    let [isDown, failures] = [true, 0];
    let finish: () => void = () => undefined;
    add('a', 'slow', () => new Promise((resolve) => (finish = resolve)));
    add('b', 'next', () => (isDown ? (failures++, failing()) : Promise.resolve()));
    await until(() => failures === 1);
    finish();
    await until(() => failures === 5);
    expect(log).toEqual(['slow', 'slow handled']);
    isDown = false;
    await until(() => log.includes('next handled'));
  });
  it('are not begun when nobody wants them any more, nor after the stop', async () => {
    add('a', 'unwanted', undefined, () => false);
    await order.stop();
    add('b', 'late');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log).toEqual([]);
  });
});

describe('the offset of a partition', () => {
  it('is committed up to the first message that is not finished, whatever is finished behind it', () => {
    const work = new PartitionWork('topic', 0);
    expect(work.toCommit()).toBeUndefined();
    for (const offset of ['7', '8', '9']) work.take(offset);
    work.finish('8');
    work.finish('9');
    expect(work.toCommit()).toBe('7');
    work.finish('7');
    expect(work.toCommit()).toBe('10');
    work.committed('10');
    expect(work.toCommit()).toBeUndefined();
  });
  it('is not committed by an instance that gave the partition away', () => {
    const work = new PartitionWork('topic', 0);
    work.take('1');
    work.finish('1');
    work.giveAway();
    expect(work.toCommit()).toBeUndefined();
  });
});
