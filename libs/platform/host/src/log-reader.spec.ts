/** A reader of the log remembers how far it came, stops at what it cannot do, says so once, and goes on later. */
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore, MemoryExchangeLedger } from '@convenant/event-store-memory';
import { noCheckpoints, UnknownEvent, type NewEvent, type StoredEvent } from '@convenant/kernel';
import { createLogReader } from './log-reader.js';

const event = (number: number): NewEvent => ({
  id: `event-${number}`,
  type: 'Happened',
  version: 1,
  data: { number },
  sealed: {},
  meta: { at: '2026-10-05T09:00:00.000Z', actor: { kind: 'system', process: 'spec' }, cause: 'spec' },
});
async function logOf(count: number) {
  const store = new MemoryEventStore();
  await store.append(
    's',
    0,
    Array.from({ length: count }, (_, index) => event(index + 1)),
  );
  const notes: string[] = [];
  const ports = {
    store,
    ledger: new MemoryExchangeLedger(),
    checkpoints: noCheckpoints,
    operatorLog: { note: (_level: string, code: string) => void notes.push(code) },
  };
  return { store, notes, ports };
}
const numbers = (events: readonly StoredEvent[]): number[] => events.map(({ data }) => data['number'] as number);

const everything = (): boolean => true;

describe('a reader', () => {
  it('takes every event once and goes on from there after a restart', async () => {
    const { store, ports } = await logOf(5);
    const seen: number[] = [];
    const handle = async (events: readonly StoredEvent[]) => void seen.push(...numbers(events));
    await createLogReader('r', handle, ports, everything, 2).advance();
    await store.append('s', 5, [event(6)]);
    await createLogReader('r', handle, ports, everything, 2).advance();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('stops at what this release cannot read, keeps its place, says so once, and goes on after the upgrade', async () => {
    const { notes, ports } = await logOf(6);
    const seen: number[] = [];
    let upgraded = false;
    const reader = createLogReader(
      'r',
      async (events) => {
        if (!upgraded && numbers(events).includes(4)) throw new UnknownEvent('Happened', 2);
        seen.push(...numbers(events));
      },
      ports,
    );
    for (let attempt = 0; attempt < 3; attempt++) await reader.advance();
    expect([seen, reader.failed(), notes]).toEqual([[1, 2, 3], true, ['reader-stands-still']]);
    upgraded = true;
    await reader.advance();
    expect([seen, reader.failed(), notes]).toEqual([
      [1, 2, 3, 4, 5, 6],
      false,
      ['reader-stands-still', 'reader-goes-on'],
    ]);
  });
  it('looks again at what was appended while it was at work', async () => {
    const { store, ports } = await logOf(1);
    const seen: number[] = [];
    const reader = createLogReader('r', async (events) => void seen.push(...numbers(events)), ports);
    const first = reader.advance();
    await store.append('s', 1, [event(2)]);
    await Promise.all([first, reader.advance()]);
    expect(seen).toEqual([1, 2]);
  });
  it('misses nobody who calls just as its work ends', async () => {
    for (let moment = 0; moment < 60; moment++) {
      const { store, ports } = await logOf(1);
      const seen: number[] = [];
      const reader = createLogReader('r', async (events) => void seen.push(...numbers(events)), ports);
      void reader.advance();
      for (let tick = 0; tick < moment; tick++) await Promise.resolve();
      const appended = store.append('s', 1, [event(2)]);
      void reader.advance();
      await appended;
      for (let tick = 0; tick < 300; tick++) await Promise.resolve();
      expect([moment, seen]).toEqual([moment, [1, 2]]);
    }
  });
});
