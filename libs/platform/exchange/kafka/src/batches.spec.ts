/** That messages go in few requests, in order, and that each sender hears what became of its own. */
import { describe, expect, it } from '@jest/globals';
import { Batches, type Waiting } from './batches.js';

const limits = { bytesMax: 1_000, waitingMax: 5 };

describe('messages that wait for one topic', () => {
  it('go together while a request is on its way, in the order in which they came', async () => {
    const requests: string[][] = [];
    const batches = new Batches(async (messages) => {
      requests.push(messages.map(({ signed }) => signed));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }, limits);
    const first = batches.add('a', '1');
    await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all([first, batches.add('a', '2'), batches.add('b', '3')]);
    expect(requests).toEqual([['1'], ['2', '3']]);
  });
  it('are divided so that no request grows too long, and one that is too long alone goes alone', async () => {
    const requests: number[] = [];
    const batches = new Batches(async (messages) => void requests.push(messages.length), limits);
    await Promise.all([
      ...Array.from({ length: 4 }, () => batches.add('a', 'x'.repeat(200))),
      batches.add('a', 'x'.repeat(2_000)),
    ]);
    expect(requests).toEqual([2, 2, 1]);
  });
  it('that were not handed over are told to their own senders, and the next ones go on', async () => {
    let isDown = true;
    const batches = new Batches(
      (_: readonly Waiting[]) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve()),
      limits,
    );
    await expect(batches.add('a', '1')).rejects.toThrow('down');
    isDown = false;
    await expect(batches.add('a', '2')).resolves.toBeUndefined();
    await batches.drained();
  });
  it('are refused when too many wait already', async () => {
    const batches = new Batches(() => new Promise((resolve) => setTimeout(resolve, 20)), limits);
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => batches.add('a', `${index}`)));
    expect(all.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill('fulfilled'),
      ...Array<string>(3).fill('rejected'),
    ]);
  });
});
