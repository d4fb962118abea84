/** What a transport promises, and that door and inbox need nothing more: sending again until the receipt does the rest. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Transport } from '@convenant/exchange';
import type { Scheduler } from '@convenant/kernel';
import { OnceReceiver, ResendingSender } from './resend-until-receipt.js';

export interface TransportUnderTest {
  /** The transport in the process of this organisation; several organisations may share one. */
  of(organisation: string): Transport;
  readonly scheduler: Scheduler;
  /** Lets this much of the scheduler's time go by, and everything happen that comes due. */
  pass(durationMs: number): Promise<void>;
  /** After how long without a receipt it is time to send again. */
  readonly resendAfterMs: number;
  /** How long it is gone on at least, whatever the scheduler says: a broker that has just begun may take seconds to let anybody in. */
  readonly realPatienceMs?: number;
  close(): Promise<void>;
}

/** `open` makes a fresh world in which `ggz-amstel`, `uwv` and `gemeente-amstelveld` can be reached once they subscribe. */
export function transportContract(name: string, open: () => Promise<TransportUnderTest>): void {
  describe(`${name} as a transport`, () => {
    let world: TransportUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    const send = (to: string, text: string): Promise<boolean> =>
      world
        .of('ggz-amstel')
        .send(to, text)
        .then(
          () => true,
          () => false,
        );
    /** Sends again and again, as the door does. */
    async function sendUntil(to: string, text: string, enough: () => boolean): Promise<void> {
      const until = performance.now() + (world.realPatienceMs ?? 0);
      for (let attempt = 0; (attempt < 200 || performance.now() < until) && !enough(); attempt++) {
        await send(to, text);
        await world.pass(world.resendAfterMs);
      }
      expect(enough()).toBe(true);
    }
    const collect = (organisation: string) => {
      const received: string[] = [];
      const stop = world.of(organisation).subscribe(organisation, async (text) => {
        received.push(text);
      });
      return { received, stop };
    };
    const waitLong = (): Promise<void> => world.pass(world.resendAfterMs * 100);

    it('hands over exactly the text that was sent, when it is sent often enough', async () => {
      const { received } = collect('uwv');
      const text = `eyJhbGciOiJFUzI1NiJ9.${'x'.repeat(50_000)}.c2lnbmF0dXJl`;
      await sendUntil('uwv', text, () => received.length > 0);
      await waitLong();
      expect(new Set(received)).toEqual(new Set([text]));
    });

    it('hands a message to nobody but its recipient', async () => {
      const uwv = collect('uwv');
      const municipality = collect('gemeente-amstelveld');
      const sender = collect('ggz-amstel');
      await sendUntil('uwv', 'for uwv', () => uwv.received.length > 0);
      await sendUntil('gemeente-amstelveld', 'for the municipality', () => municipality.received.length > 0);
      await waitLong();
      expect(new Set(uwv.received)).toEqual(new Set(['for uwv']));
      expect(new Set(municipality.received)).toEqual(new Set(['for the municipality']));
      expect(sender.received).toEqual([]);
    });

    it('tells the truth when it rejects: that message arrives no more', async () => {
      const { received } = collect('uwv');
      const rejected = new Set<string>();
      for (let index = 0; index < 50; index++)
        if (!(await send('uwv', `message ${index}`))) rejected.add(`message ${index}`);
      await waitLong();
      expect(received.filter((text) => rejected.has(text))).toEqual([]);
    });

    it('has nothing for a handler that stopped, and everything new for the one that comes after it', async () => {
      const first = collect('uwv');
      await sendUntil('uwv', 'before', () => first.received.length > 0);
      first.stop();
      await waitLong();
      const before = first.received.length;
      await send('uwv', 'between');
      await waitLong();
      expect(first.received).toHaveLength(before);
      const second = collect('uwv');
      await sendUntil('uwv', 'after', () => second.received.includes('after'));
    });

    it('goes on with other messages, and with this one when it is sent again, after a handler failed', async () => {
      const handled: string[] = [];
      let failures = 0;
      world.of('uwv').subscribe('uwv', async (text) => {
        if (text === 'difficult' && failures++ < 2) throw new Error('not now');
        handled.push(text);
      });
      await sendUntil('uwv', 'difficult', () => failures > 0);
      await sendUntil('uwv', 'easy', () => handled.includes('easy'));
      await sendUntil('uwv', 'difficult', () => handled.includes('difficult'));
    });

    it('takes nothing after it was closed', async () => {
      const { received } = collect('uwv');
      await world.of('ggz-amstel').close();
      const before = received.length;
      await send('uwv', 'too late');
      await waitLong();
      expect(received).toHaveLength(before);
    });

    it('is enough for every message to have its effect once and in the order of its lane, with receipts and sending again', async () => {
      const lanes = ['ggz-amstel>uwv/p-1', 'ggz-amstel>uwv/p-2', 'urgent/m-1'];
      const sender = new ResendingSender(
        world.of('ggz-amstel'),
        'ggz-amstel',
        'uwv',
        world.scheduler,
        world.resendAfterMs,
      );
      let calls = 0;
      const receiver = new OnceReceiver(world.of('uwv'), 'uwv', 'ggz-amstel', () => ++calls % 7 === 0);
      const texts = Array.from({ length: 15 }, (_, index) => `fact ${index + 1}`);
      for (const text of texts) for (const lane of lanes) sender.put(lane, text);
      sender.start();
      const until = performance.now() + (world.realPatienceMs ?? 0);
      for (let round = 0; (round < 500 || performance.now() < until) && !sender.done; round++)
        await world.pass(world.resendAfterMs);
      await waitLong();
      expect(sender.done).toBe(true);
      for (const lane of lanes) {
        expect(receiver.effects.filter((effect) => effect.lane === lane).map(({ text }) => text)).toEqual(texts);
      }
      sender.stop();
      receiver.stop();
    });
  });
}
