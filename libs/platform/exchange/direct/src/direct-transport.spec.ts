/** Direct delivery keeps the contract of a transport, plain and behind a bad network. */
import { describe, expect, it } from '@jest/globals';
import { VirtualTime, seeded, transportContract, unreliable } from '@convenant/exchange-contract';
import { DirectTransport } from './direct-transport.js';

transportContract('DirectTransport', async () => {
  const [transport, time] = [new DirectTransport(), new VirtualTime()];
  return {
    of: () => transport,
    scheduler: time,
    pass: (durationMs) => time.pass(durationMs),
    resendAfterMs: 500,
    close: () => transport.close(),
  };
});

for (const seed of [1, 2, 3, 42, 2007]) {
  transportContract(`DirectTransport behind a bad network, seed ${seed},`, async () => {
    const time = new VirtualTime();
    const transport = unreliable(new DirectTransport(), seeded(seed), time);
    return {
      of: () => transport,
      scheduler: time,
      pass: (durationMs) => time.pass(durationMs),
      resendAfterMs: 500,
      close: () => transport.close(),
    };
  });
}

describe('direct delivery', () => {
  it('rejects when the recipient is not there, so that the door knows that it may still stop the message', async () => {
    const transport = new DirectTransport();
    await expect(transport.send('uwv', 'text')).rejects.toThrow('uwv takes no messages here at the moment.');
    transport.subscribe('uwv', async () => undefined)();
    await expect(transport.send('uwv', 'text')).rejects.toThrow();
  });

  it('does not say that a message was not handed over when the handler failed: it may have had its effect', async () => {
    const transport = new DirectTransport();
    transport.subscribe('uwv', async () => {
      throw new Error('failed after the append');
    });
    await expect(transport.send('uwv', 'text')).resolves.toBeUndefined();
  });

  it('lets no second handler take the place of the first in silence', () => {
    const transport = new DirectTransport();
    transport.subscribe('uwv', async () => undefined);
    expect(() => transport.subscribe('uwv', async () => undefined)).toThrow(/subscribed already/);
  });

  it('finishes what is at work before it is closed', async () => {
    const transport = new DirectTransport();
    let finish: () => void = () => undefined;
    let finished = false;
    transport.subscribe('uwv', async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      finished = true;
    });
    const sending = transport.send('uwv', 'text');
    await Promise.resolve();
    const closing = transport.close().then(() => finished);
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    expect(await closing).toBe(true);
    await sending;
    await expect(transport.send('uwv', 'text')).rejects.toThrow();
  });
});
