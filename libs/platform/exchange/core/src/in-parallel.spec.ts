/** Work that goes side by side: how much of it at once, and that a failure waits for what was begun. */
import { describe, expect, it } from '@jest/globals';
import { allEnded, atMost, inParallel, together } from './in-parallel.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('work for each of many', () => {
  it('begins in order, and no more at once than it may', async () => {
    const begun: number[] = [];
    let [now, most] = [0, 0];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      begun.push(item);
      most = Math.max(most, ++now);
      await turns(item);
      now--;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('fails with the first failure, after what was begun has ended', async () => {
    const ended: number[] = [];
    const failing = inParallel([1, 2, 3], 2, async (item) => {
      if (item === 1) throw new Error('first');
      await turns(20);
      ended.push(item);
    });
    await expect(failing).rejects.toThrow('first');
    expect(ended).toEqual([2, 3]);
  });
});

describe('works beside each other', () => {
  it('fail with the failure that stands first, after all have ended', async () => {
    let hasEnded = false;
    const slow = async (): Promise<void> => {
      await turns(20);
      hasEnded = true;
    };
    const broken = (text: string): Promise<void> => Promise.reject(new Error(text));
    await expect(allEnded([slow(), broken('first'), broken('second')])).rejects.toThrow('first');
    expect(hasEnded).toBe(true);
    await expect(allEnded([slow()])).resolves.toBeUndefined();
  });
});

describe('tasks that are brought one by one', () => {
  it('go on at most so many at a time, in the order in which they came, also after one failed', async () => {
    const together = atMost(2);
    const log: number[] = [];
    let [now, most] = [0, 0];
    const tasks = [1, 2, 3, 4].map((task) =>
      together(async () => {
        log.push(task);
        most = Math.max(most, ++now);
        await turns(5);
        now--;
        if (task === 1) throw new Error('one of them');
      }),
    );
    const outcomes = await Promise.allSettled(tasks);
    expect(log).toEqual([1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });
});

describe('what is sent together', () => {
  it('leaves at once when nothing is on its way, and otherwise with whatever else came meanwhile, at most so much', async () => {
    const sent: (readonly number[])[] = [];
    let arrive: () => void = () => undefined;
    const send = together<number>(3, (items) => {
      sent.push(items);
      return new Promise((resolve) => (arrive = resolve));
    });
    const first = send(1);
    await turns(3);
    const rest = [2, 3, 4, 5].map(send);
    await turns(3);
    expect(sent).toEqual([[1]]);
    for (let time = 0; time < 3; time++) {
      arrive();
      await turns(5);
    }
    await Promise.all([first, ...rest]);
    expect(sent).toEqual([[1], [2, 3, 4], [5]]);
    const alone = send(6);
    await turns(3);
    arrive();
    await alone;
    expect(sent.at(-1)).toEqual([6]);
  });

  it('fails together, and what comes after it goes', async () => {
    const sent: (readonly number[])[] = [];
    const send = together<number>(9, async (items) => {
      sent.push(items);
      if (items.includes(1)) throw new Error('that one');
    });
    const outcomes = await Promise.allSettled([send(1), send(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await send(3);
    expect(sent).toEqual([[1, 2], [3]]);
  });
});
