/** That load is put on as it is said to be, and that its failures and interruptions are not swallowed. */
import { describe, expect, it } from '@jest/globals';
import { costMs, inTurns, paced, ratePerSecond, within } from './measuring.js';

const never = new AbortController().signal;
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('run every task once, with at most so many at once, and answer in order', async () => {
    let now = 0;
    let most = 0;
    const answers = await inTurns([3, 1, 2, 5, 4], 2, async (task) => {
      most = Math.max(most, ++now);
      await later();
      now--;
      return task * 10;
    });
    expect(answers).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });
  it('end with the failure of one', async () => {
    const begun: number[] = [];
    const failing = inTurns([1, 2, 3, 4], 2, async (task) => {
      begun.push(task);
      if (task === 1) throw new Error('broken');
      await later();
    });
    await expect(failing).rejects.toThrow('broken');
    for (let turn = 0; turn < 5; turn++) await later();
    expect(begun).toEqual([1, 2]);
  });
  it('begin nothing after an interruption', async () => {
    const done: number[] = [];
    await expect(inTurns([1, 2], 1, async (task) => void done.push(task), AbortSignal.abort())).rejects.toThrow();
    expect(done).toEqual([]);
  });
});

describe('an interruption', () => {
  it('ends the waiting for what never comes', async () => {
    const interrupted = new AbortController();
    const nothing = (): Promise<void> => new Promise(() => undefined);
    const waiting = [inTurns([1], 1, nothing, interrupted.signal), paced(1, 1_000, nothing, interrupted.signal)];
    interrupted.abort(new Error('stopped'));
    for (const each of waiting) await expect(each).rejects.toThrow('stopped');
  });
});

describe('rates and costs', () => {
  it('count everything that was done', async () => {
    let done = 0;
    const rate = await ratePerSecond(4, 20, () => later().then(() => done++), never);
    expect(done).toBeGreaterThanOrEqual(4);
    expect(rate).toBeGreaterThan(0);
    expect(await costMs(10, 3, later, never)).toBeGreaterThan(0);
  });
});

describe('paced work', () => {
  it('does not wait for what is slow, and counts from when it was due', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun: number[] = [];
    const taken = await paced(
      3,
      1_000,
      (index) => {
        begun.push(index);
        if (index === 2) resolve();
        return promise;
      },
      never,
    );
    expect(begun).toEqual([0, 1, 2]);
    expect(taken[0]).toBeGreaterThan(taken[2] as number);
  });
  it('ends with the failure of one', async () => {
    await expect(paced(3, 1_000, () => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  });
});

describe('a limit', () => {
  it('lets through what is in time and names what is not', async () => {
    expect(await within(10_000, 'too late', Promise.resolve(1))).toBe(1);
    await expect(within(1, 'too late', new Promise(() => undefined))).rejects.toThrow('too late');
  });
});
