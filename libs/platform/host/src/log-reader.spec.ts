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

/** The bookkeeping, and from where to where a place was noted. */
function counted(ledger: MemoryExchangeLedger) {
  const saves: (string | undefined)[][] = [];
  const save = ledger.saveCheckpoint.bind(ledger);
  ledger.saveCheckpoint = (reader, expected, next) => {
    saves.push([expected, next]);
    return save(reader, expected, next);
  };
  return { saves, ledger };
}

describe('a reader', () => {
  it('takes every event once and goes on from there after a restart', async () => {
    const { store, ports } = await logOf(5);
    const seen: number[] = [];
    const handle = async (events: readonly StoredEvent[]) => void seen.push(...numbers(events));
    const first = createLogReader('r', handle, ports, everything, 2);
    await first.advance();
    await first.noteProgress();
    await store.append('s', 5, [event(6)]);
    await createLogReader('r', handle, ports, everything, 2).advance();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('takes what it has not noted once more when it was stopped without a word, and notes its place after five hundred', async () => {
    const { store, ports } = await logOf(499);
    const seen: number[] = [];
    const handle = async (events: readonly StoredEvent[]) => void seen.push(...numbers(events));
    await createLogReader('r', handle, ports).advance();
    await createLogReader('r', handle, ports).advance();
    expect(seen).toHaveLength(2 * 499);
    await store.append('s', 499, [event(500)]);
    await createLogReader('r', handle, ports).advance();
    await createLogReader('r', handle, ports).advance();
    expect(seen).toHaveLength(2 * 499 + 500);
  });
  it('notes its place when it is asked to while it is at work, and once for all that came before', async () => {
    const { store, ports } = await logOf(3);
    const { saves, ledger } = counted(ports.ledger);
    const reader = createLogReader('r', () => Promise.resolve(), { ...ports, ledger });
    void reader.advance();
    await Promise.all([reader.noteProgress(), reader.noteProgress()]);
    await reader.noteProgress();
    expect(saves).toEqual([[undefined, await store.head()]]);
  });
  it('does nothing again because another instance that notes its place is behind', async () => {
    const { store, ports } = await logOf(2);
    const seen: Record<string, number[]> = { one: [], other: [] };
    const readerOf = (name: string) =>
      createLogReader('r', async (events) => void seen[name]?.push(...numbers(events)), ports);
    const [one, other] = [readerOf('one'), readerOf('other')];
    for (const each of [one, other]) await each.advance();
    await store.append('s', 2, [event(3)]);
    await other.advance();
    await one.noteProgress();
    // Refused, since a place is noted: that of the one, which knows of two.
    await other.noteProgress();
    await store.append('s', 3, [event(4)]);
    await other.advance();
    expect(seen['other']).toEqual([1, 2, 3, 4]);
    await other.noteProgress();
    expect(await ports.ledger.checkpoint('r')).toBe(await store.head());
  });
  it('skips what another instance that is ahead has handled and noted', async () => {
    const { store, ports } = await logOf(2);
    const seen: number[] = [];
    const behind = createLogReader('r', async (events) => void seen.push(...numbers(events)), ports);
    await behind.advance();
    const ahead = createLogReader('r', () => Promise.resolve(), ports);
    await store.append('s', 2, [event(3)]);
    await ahead.advance();
    await ahead.noteProgress();
    // Refused, since the place is noted; it looks where that is before it goes on.
    await behind.noteProgress();
    await store.append('s', 3, [event(4)]);
    await behind.advance();
    expect(seen).toEqual([1, 2, 4]);
  });
  it('goes through the whole log once more when it is told to, wherever its place was noted', async () => {
    const { store, ports } = await logOf(3);
    const seen: number[] = [];
    const reader = createLogReader('r', async (events) => void seen.push(...numbers(events)), ports, everything, 2);
    await reader.advance();
    await reader.noteProgress();
    reader.startOver();
    await reader.noteProgress();
    await reader.advance();
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
    await reader.noteProgress();
    expect(await ports.ledger.checkpoint('r')).toBe(await store.head());
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
