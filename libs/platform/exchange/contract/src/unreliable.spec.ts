/** That the bad network is bad in every way it should be, and equally bad for the same seed. */
import { describe, expect, it } from '@jest/globals';
import type { Transport } from '@convenant/exchange';
import { seeded } from './seeded.js';
import { badNetwork, unreliable } from './unreliable.js';
import { VirtualTime } from './virtual-time.js';

/** Hands over at once, or fails as it is told to. */
class Wire implements Transport {
  readonly arrived: string[] = [];
  handler: ((signed: string) => Promise<void>) | undefined;
  async send(_recipient: string, signed: string): Promise<void> {
    this.arrived.push(signed);
    await this.handler?.(signed).catch(() => undefined);
  }
  subscribe(_organisation: string, handler: (signed: string) => Promise<void>): () => void {
    this.handler = handler;
    return () => undefined;
  }
  async close(): Promise<void> {}
}

async function play(seed: number, trouble = badNetwork) {
  const [wire, time] = [new Wire(), new VirtualTime()];
  const network = unreliable(wire, seeded(seed), time, trouble);
  const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`);
  const rejected: string[] = [];
  for (const text of sent) await network.send('uwv', text).catch(() => rejected.push(text));
  await time.pass(badNetwork.delayMsMax * 30);
  return { sent, rejected, arrived: wire.arrived };
}

describe('a bad network', () => {
  it('rejects, forgets, repeats and reorders', async () => {
    const { sent, rejected, arrived } = await play(42);
    const forgotten = sent.filter((text) => !arrived.includes(text) && !rejected.includes(text));
    const repeated = sent.filter((text) => arrived.filter((each) => each === text).length > 1);
    const firsts = [...new Set(arrived)];
    expect([rejected.length, forgotten.length, repeated.length].filter((count) => count < 5)).toEqual([]);
    expect(firsts).not.toEqual(sent.filter((text) => firsts.includes(text)));
    expect(arrived.filter((text) => rejected.includes(text))).toEqual([]);
  });

  it('does the same for the same seed, and something else for another', async () => {
    expect(await play(42)).toEqual(await play(42));
    expect((await play(42)).arrived).not.toEqual((await play(43)).arrived);
  });

  it('delivers everything once it is healed', async () => {
    const [wire, time] = [new Wire(), new VirtualTime()];
    const network = unreliable(wire, seeded(1), time);
    network.heal();
    for (let index = 0; index < 100; index++) await network.send('uwv', `message ${index}`);
    await time.pass(badNetwork.delayMsMax);
    expect(new Set(wire.arrived).size).toBe(100);
    expect(wire.arrived).toHaveLength(100);
  });

  it('brings a message once more to a handler that failed', async () => {
    const [wire, time] = [new Wire(), new VirtualTime()];
    const network = unreliable(wire, seeded(1), time, {
      ...badNetwork,
      refused: 0,
      forgotten: 0,
      repeated: 0,
      redelivered: 1,
    });
    let failures = 0;
    network.subscribe('uwv', async () => {
      if (failures++ === 0) throw new Error('not now');
    });
    await network.send('uwv', 'message');
    await time.pass(badNetwork.delayMsMax * 2);
    expect(wire.arrived).toEqual(['message', 'message']);
  });

  it('loses what is under way when it closes', async () => {
    const [wire, time] = [new Wire(), new VirtualTime()];
    const network = unreliable(wire, seeded(1), time, { ...badNetwork, refused: 0, forgotten: 0 });
    await network.send('uwv', 'message');
    await network.close();
    await time.pass(badNetwork.delayMsMax * 30);
    expect(wire.arrived).toEqual([]);
  });
});
