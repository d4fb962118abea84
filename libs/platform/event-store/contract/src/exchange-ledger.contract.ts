/** Every bookkeeping of door and inbox keeps these promises. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExchangeLedger, OutboxItem, ParkedMessage } from '@convenant/exchange';

export interface OpenedExchangeLedger {
  /** A ledger of its own, empty. */
  readonly ledger: ExchangeLedger;
  /** Another instance over the same bookkeeping, as a second process would have it. */
  readonly another?: () => Promise<ExchangeLedger>;
  readonly close: () => Promise<void>;
}

const lane = 'ggz-amstel>uwv/p-1';
const message = (messageId: string, over: Partial<OutboxItem> = {}): Omit<OutboxItem, 'number'> => ({
  lane,
  messageId,
  recipient: 'uwv',
  stream: 'disclosure-1',
  streamVersion: 3,
  index: 0,
  ...over,
});
const parkedMessage = (messageId: string, over: Partial<ParkedMessage> = {}): ParkedMessage => ({
  messageId,
  sender: 'uwv',
  lane,
  number: 4,
  type: 'consent-closed',
  reason: 'unknown-version',
  signed: 'a.b.c',
  at: '2026-03-02T09:00:00.000Z',
  ...over,
});
const numbersOf = (items: readonly OutboxItem[]): (string | number)[][] =>
  items.map(({ number, messageId }) => [number, messageId]);

export function exchangeLedgerContract(name: string, open: () => Promise<OpenedExchangeLedger>): void {
  describe(`${name} keeps the exchange-ledger contract`, () => {
    let opened: OpenedExchangeLedger;
    let ledger: ExchangeLedger;
    beforeEach(async () => {
      opened = await open();
      ledger = opened.ledger;
    });
    afterEach(() => opened.close());
    const enqueue = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) await ledger.enqueue(message(id));
    };

    describe('lanes', () => {
      it('numbers messages from 1 within their lane, and gives them back whole', async () => {
        expect(await ledger.enqueue(message('m1'))).toEqual({ ...message('m1'), number: 1, isNext: true });
        await ledger.enqueue(message('other', { lane: 'urgent/other' }));
        const second = message('m2', { index: 1 });
        expect(await ledger.enqueue(second)).toEqual({ ...second, number: 2, isNext: false });
        expect(await ledger.waiting(lane, 10)).toEqual([
          { ...message('m1'), number: 1 },
          { ...second, number: 2 },
        ]);
      });

      it('returns the first item for a message id that it knows, also after its receipt', async () => {
        const first = { ...(await ledger.enqueue(message('m1'))), isNext: false };
        expect(await ledger.enqueue(message('m1', { lane: 'another', index: 7 }))).toEqual(first);
        await ledger.noteReceipt(lane, 1, 'uwv');
        expect(await ledger.enqueue(message('m1'))).toEqual(first);
        expect(await ledger.waiting(lane, 10)).toEqual([]);
      });

      it('says of a message that it is next when it is all that waits in its lane, and only then', async () => {
        await enqueue('m1', 'm2');
        await ledger.noteReceipt(lane, 1, 'uwv');
        expect((await ledger.enqueue(message('m3'))).isNext).toBe(false);
        await ledger.noteReceipt(lane, 3, 'uwv');
        expect((await ledger.enqueue(message('m4'))).isNext).toBe(true);
        await ledger.noteReceipt(lane, 4, 'uwv');
        await ledger.sendAgain('uwv');
        expect((await ledger.enqueue(message('m5'))).isNext).toBe(false);
      });

      it('numbers without gaps and without doubles when many enqueue at once, each of them twice', async () => {
        const other = (await opened.another?.()) ?? ledger;
        const items = await Promise.all(
          Array.from({ length: 40 }, (_, index) => (index % 3 ? ledger : other).enqueue(message(`m${index % 20}`))),
        );
        const numbers = numbersOf(await ledger.waiting(lane, 100)).map(([number]) => number);
        expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
        expect(new Set(items.map(({ messageId, number }) => `${messageId}:${number}`)).size).toBe(20);
      });

      it('hands out what waits by number, and no more than asked', async () => {
        await enqueue('m1', 'm2', 'm3');
        expect(numbersOf(await ledger.waiting(lane, 2))).toEqual([
          [1, 'm1'],
          [2, 'm2'],
        ]);
        expect(await ledger.waiting('unknown', 10)).toEqual([]);
      });

      it('names the lanes in which something waits, with their recipient, how many, and where the first of them comes from', async () => {
        await enqueue('m0', 'm1');
        await ledger.enqueue(message('m2', { stream: 'disclosure-2', streamVersion: 4 }));
        await ledger.noteReceipt(lane, 1, 'uwv');
        await ledger.enqueue(message('n1', { lane: 'b', recipient: 'gemeente-amstelveld' }));
        await ledger.enqueue(message('done', { lane: 'c' }));
        await ledger.noteReceipt('c', 1, 'uwv');
        expect(await ledger.waitingLanes()).toEqual([
          { lane: 'b', recipient: 'gemeente-amstelveld', stream: 'disclosure-1', streamVersion: 3, waiting: 1 },
          { lane, recipient: 'uwv', stream: 'disclosure-1', streamVersion: 3, waiting: 2 },
        ]);
      });
    });

    describe('receipts', () => {
      it('never go down', async () => {
        await enqueue('m1', 'm2', 'm3');
        await ledger.noteReceipt(lane, 2, 'uwv');
        await ledger.noteReceipt(lane, 1, 'uwv');
        await ledger.noteReceipt(lane, 0, 'uwv');
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([[3, 'm3']]);
      });

      it('say how many of the lane still wait', async () => {
        await enqueue('m1', 'm2', 'm3');
        expect(await ledger.noteReceipt(lane, 1, 'uwv')).toBe(2);
        expect(await ledger.noteReceipt(lane, 0, 'uwv')).toBe(2);
        expect(await ledger.noteReceipt(lane, 3, 'uwv')).toBe(0);
        expect(await ledger.noteReceipt(lane, 3, 'uwv')).toBe(0);
      });

      it('of anybody but the recipient of that lane are not noted', async () => {
        await enqueue('m1');
        expect(await ledger.noteReceipt(lane, 1, 'gemeente-amstelveld')).toBeUndefined();
        expect(await ledger.noteReceipt('unknown', 1, 'uwv')).toBeUndefined();
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([[1, 'm1']]);
      });

      it('for numbers that do not exist yet do not swallow the messages that get them later', async () => {
        await enqueue('m1');
        await ledger.noteReceipt(lane, 99, 'uwv');
        await ledger.noteReceipt('unknown', 99, 'uwv');
        await enqueue('m2');
        await ledger.enqueue(message('u1', { lane: 'unknown' }));
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([[2, 'm2']]);
        expect(numbersOf(await ledger.waiting('unknown', 10))).toEqual([[1, 'u1']]);
      });
    });

    describe('many lanes at once', () => {
      it('get their own answers, whatever the others ask', async () => {
        const other = (await opened.another?.()) ?? ledger;
        const lanes = Array.from({ length: 30 }, (_, index) => `lane-${index}`);
        const backwards = [...lanes].reverse();
        const put = (one: ExchangeLedger, names: readonly string[], id: string) =>
          names.map((each) => one.enqueue(message(`${each}:${id}`, { lane: each })));
        // Two instances, each in another order, so that locks taken in the order of asking would wait for one another.
        await Promise.all([...put(ledger, lanes, 'a'), ...put(other, backwards, 'b')]);
        const waiting = await Promise.all(lanes.map((each) => ledger.waiting(each, 1)));
        expect(waiting.map((items) => items.map((item) => [item.lane, item.number]))).toEqual(
          lanes.map((each) => [[each, 1]]),
        );
        const handedOver = await Promise.all([
          ...lanes.map((each) => ledger.markHandedOver(`${each}:a`)),
          ...backwards.map((each) => other.markHandedOver(`${each}:b`)),
          ledger.markHandedOver('unknown'),
        ]);
        expect(handedOver.filter((number) => number === 1)).toHaveLength(30);
        expect(handedOver.filter((number) => number === 2)).toHaveLength(30);
        const left = await Promise.all([
          ...lanes.map((each) => ledger.noteReceipt(each, 1, 'uwv')),
          ...backwards.map((each) => other.noteReceipt(each, 2, 'uwv')),
          ledger.noteReceipt('lane-0', 2, 'gemeente-amstelveld'),
        ]);
        expect(left.slice(30)).toEqual([...lanes.map(() => 0), undefined]);
        await Promise.all([
          ...lanes.map((each, index) => ledger.noteReceived(each, index)),
          ...backwards.map((each) => other.noteReceived(each, 1)),
        ]);
        expect(await Promise.all(lanes.map((each) => ledger.receivedUpTo(each)))).toEqual(
          lanes.map((_, index) => Math.max(1, index)),
        );
      });

      it('are put in order within each, when one lane is asked for again and again', async () => {
        const items = await Promise.all(['m1', 'm2', 'm1', 'm3', 'm2'].map((id) => ledger.enqueue(message(id))));
        const answers = numbersOf(items).map((each) => each.join(' '));
        expect(answers).toEqual(['1 m1', '2 m2', '1 m1', '3 m3', '2 m2']);
      });
    });

    describe('taking out', () => {
      it('closes the gap, so that numbers tell nothing', async () => {
        await enqueue('m1', 'm2', 'm3', 'm4');
        await ledger.markHandedOver('m1');
        expect(await ledger.takeOut('m2')).toBe(true);
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([
          [1, 'm1'],
          [2, 'm3'],
          [3, 'm4'],
        ]);
        expect((await ledger.enqueue(message('m5'))).number).toBe(4);
      });

      it('leaves what was marked as handed over, was received, or is unknown', async () => {
        await enqueue('m1', 'm2');
        await ledger.noteReceipt(lane, 1, 'uwv');
        await ledger.markHandedOver('m2');
        for (const id of ['m1', 'm2', 'unknown']) expect(await ledger.takeOut(id)).toBe(false);
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([[2, 'm2']]);
      });

      it('leaves a message that stands before one that was handed over: its number has been told', async () => {
        await enqueue('m1', 'm2', 'm3');
        await ledger.markHandedOver('m2');
        expect(await ledger.takeOut('m1')).toBe(false);
        expect(await ledger.takeOut('m3')).toBe(true);
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([
          [1, 'm1'],
          [2, 'm2'],
        ]);
      });

      it('moves numbers up to the moment of handing over, which says the number that stays', async () => {
        await enqueue('m1', 'm2', 'm3');
        const read = await ledger.waiting(lane, 10);
        expect(await ledger.takeOut('m1')).toBe(true);
        expect(numbersOf(read)[1]).toEqual([2, 'm2']);
        expect(await ledger.markHandedOver('m2')).toBe(1);
        expect(await ledger.markHandedOver('m2')).toBe(1);
        expect(await ledger.markHandedOver('m1')).toBeUndefined();
        await ledger.noteReceipt(lane, 1, 'uwv');
        expect(await ledger.markHandedOver('m2')).toBe(1);
      });

      it('happens once', async () => {
        await enqueue('m1', 'm2');
        const other = (await opened.another?.()) ?? ledger;
        expect((await Promise.all([ledger.takeOut('m1'), other.takeOut('m1')])).sort()).toEqual([false, true]);
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([[1, 'm2']]);
      });

      it('and handing over exclude each other, and leave no gap, when they race', async () => {
        const other = (await opened.another?.()) ?? ledger;
        for (let round = 0; round < 10; round++) {
          const here = `lane-${round}`;
          for (const id of ['a', 'b']) await ledger.enqueue(message(`${id}${round}`, { lane: here }));
          const [taken, number] = await Promise.all([ledger.takeOut(`a${round}`), other.markHandedOver(`a${round}`)]);
          expect(number).toBe(taken ? undefined : 1);
          const left = await ledger.waiting(here, 10);
          expect(numbersOf(left)).toEqual(
            taken
              ? [[1, `b${round}`]]
              : [
                  [1, `a${round}`],
                  [2, `b${round}`],
                ],
          );
          expect(await ledger.takeOut(`a${round}`)).toBe(false);
        }
      });
    });

    describe('sending again', () => {
      it('lets everything wait again that a recipient got, and says that it did', async () => {
        await enqueue('m1', 'm2', 'm3');
        await ledger.enqueue(message('n1', { lane: 'b', recipient: 'gemeente-amstelveld' }));
        await ledger.enqueue(message('u1', { lane: 'urgent/u1' }));
        for (const [each, upTo] of [
          [lane, 2],
          ['b', 1],
          ['urgent/u1', 1],
        ] as const)
          await ledger.noteReceipt(each, upTo, each === 'b' ? 'gemeente-amstelveld' : 'uwv');
        expect(await ledger.sendAgain('uwv')).toBe(2);
        expect(await ledger.waiting(lane, 10)).toEqual([
          { ...message('m1'), number: 1, again: true },
          { ...message('m2'), number: 2, again: true },
          { ...message('m3'), number: 3 },
        ]);
        expect((await ledger.waitingLanes()).map(({ lane: each, waiting }) => [each, waiting])).toEqual([
          [lane, 3],
          ['urgent/u1', 1],
        ]);
      });

      it('goes on from where the recipient says that it is, and ends where it was', async () => {
        await enqueue('m1', 'm2', 'm3');
        await ledger.noteReceipt(lane, 3, 'uwv');
        await ledger.sendAgain('uwv');
        await ledger.noteReceipt(lane, 1, 'uwv');
        expect(numbersOf(await ledger.waiting(lane, 10))).toEqual([
          [2, 'm2'],
          [3, 'm3'],
        ]);
        await ledger.noteReceipt(lane, 3, 'uwv');
        expect(await ledger.waiting(lane, 10)).toEqual([]);
        await enqueue('m4');
        expect(await ledger.waiting(lane, 10)).toEqual([{ ...message('m4'), number: 4 }]);
      });

      it('takes nothing out of a lane that was received', async () => {
        await enqueue('m1', 'm2');
        await ledger.noteReceipt(lane, 2, 'uwv');
        await ledger.sendAgain('uwv');
        expect(await ledger.takeOut('m1')).toBe(false);
      });

      it('changes nothing for a recipient that never said that it got anything', async () => {
        await enqueue('m1');
        expect(await ledger.sendAgain('uwv')).toBe(0);
        expect(await ledger.waiting(lane, 10)).toEqual([{ ...message('m1'), number: 1 }]);
      });
    });

    it('was never restored', async () =>
      expect(await ledger.afterRestore()).toEqual({ series: undefined, held: false }));

    describe('receiving', () => {
      it('remembers how far each lane came, and never goes down', async () => {
        expect(await ledger.receivedUpTo(lane)).toBe(0);
        await ledger.noteReceived(lane, 4);
        await ledger.noteReceived(lane, 2);
        await ledger.noteReceived('Lane', 1);
        expect([
          await ledger.receivedUpTo(lane),
          await ledger.receivedUpTo('Lane'),
          await ledger.receivedUpTo('lane'),
        ]).toEqual([4, 1, 0]);
      });

      it('keeps the highest of several that arrive at once', async () => {
        await Promise.all([3, 7, 5, 1].map((upTo) => ledger.noteReceived(lane, upTo)));
        expect(await ledger.receivedUpTo(lane)).toBe(7);
      });
    });

    describe('parking', () => {
      it('keeps a message whole, the oldest first, until it is taken back', async () => {
        await ledger.park(parkedMessage('p2', { at: '2026-03-02T10:00:00.000Z' }));
        await ledger.park(parkedMessage('p1'));
        expect(await ledger.parked()).toEqual([
          parkedMessage('p1'),
          parkedMessage('p2', { at: '2026-03-02T10:00:00.000Z' }),
        ]);
        await ledger.unpark('p1');
        await ledger.unpark('unknown');
        expect((await ledger.parked()).map(({ messageId }) => messageId)).toEqual(['p2']);
      });

      it('replaces a message that is parked again', async () => {
        await ledger.park(parkedMessage('p1'));
        const again = parkedMessage('p1', { reason: 'not-linked', number: 9, at: '2026-03-03T09:00:00.000Z' });
        await ledger.park(again);
        expect(await ledger.parked()).toEqual([again]);
      });
    });

    describe('asking to handle a parked message again', () => {
      it('is heard until it was tried, and not for what is not parked', async () => {
        const other = (await opened.another?.()) ?? ledger;
        await ledger.park(parkedMessage('p1'));
        expect(await other.askRedrive('p1')).toBe(true);
        expect(await other.askRedrive('unknown')).toBe(false);
        expect(await ledger.redrivesAsked()).toEqual(['p1']);
        await ledger.redriveTried('p1');
        expect(await ledger.redrivesAsked()).toEqual([]);
        expect(await ledger.askRedrive('p1')).toBe(true);
        await ledger.unpark('p1');
        expect(await ledger.redrivesAsked()).toEqual([]);
      });
    });

    describe('checkpoints', () => {
      it('move by compare-and-set, each reader its own', async () => {
        expect(await ledger.checkpoint('door')).toBeUndefined();
        expect(await ledger.saveCheckpoint('door', 'x', 'y')).toBe(false);
        expect(await ledger.saveCheckpoint('door', undefined, '1')).toBe(true);
        expect(await ledger.saveCheckpoint('door', undefined, '2')).toBe(false);
        expect(await ledger.saveCheckpoint('Door', undefined, '9')).toBe(true);
        expect(await ledger.saveCheckpoint('door', '1', '2')).toBe(true);
        expect([await ledger.checkpoint('door'), await ledger.checkpoint('Door')]).toEqual(['2', '9']);
      });

      it('let exactly one of several instances move', async () => {
        const other = (await opened.another?.()) ?? ledger;
        for (let step = 0; step < 10; step++) {
          const expected = step === 0 ? undefined : `${step}`;
          const race = await Promise.all(
            [ledger, other, ledger, other].map((one) => one.saveCheckpoint('door', expected, `${step + 1}`)),
          );
          expect(race.filter(Boolean)).toHaveLength(1);
        }
      });
    });
  });
}
