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

/** Readers that note their place under what `under` says, and what all of them have handled. */
function readersOf(
  ports: Awaited<ReturnType<typeof logOf>>['ports'],
  under: () => string,
  before: () => void = () => undefined,
) {
  const seen: number[] = [];
  const handle = async (events: readonly StoredEvent[]): Promise<void> => {
    before();
    seen.push(...numbers(events));
  };
  const readerOf = () => createLogReader('r', handle, ports, everything, 2, () => Promise.resolve(under()));
  return { seen, readerOf };
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
  describe('whose place is to be noted under another name', () => {
    it('goes through the whole log once more, and leaves the first place where it was', async () => {
      const { store, ports } = await logOf(3);
      let under = 'r';
      const { seen, readerOf } = readersOf(ports, () => under);
      const reader = readerOf();
      await reader.advance();
      await reader.noteProgress();
      const first = await store.head();
      await store.append('s', 3, [event(4)]);
      under = 'r again';
      reader.lookAgain();
      await reader.advance();
      expect(seen).toEqual([1, 2, 3, 1, 2, 3, 4]);
      await reader.noteProgress();
      expect([await ports.ledger.checkpoint('r'), await ports.ledger.checkpoint(under)]).toEqual([
        first,
        await store.head(),
      ]);
    });
    it('goes on from where another instance has come in that reading, however far it was in the one before', async () => {
      const { store, ports } = await logOf(3);
      let under = 'r';
      const { seen, readerOf } = readersOf(ports, () => under);
      const reader = readerOf();
      await reader.advance();
      under = 'r again';
      const [first] = await store.readAll(undefined, 1);
      await ports.ledger.saveCheckpoint(under, undefined, first?.position ?? '');
      reader.lookAgain();
      await reader.advance();
      expect(seen).toEqual([1, 2, 3, 2, 3]);
    });
    it('hears of it while its place is being noted under the first', async () => {
      const { ports } = await logOf(2);
      let under = 'r';
      const { seen, readerOf } = readersOf(ports, () => under);
      const { ledger } = ports;
      const save = ledger.saveCheckpoint.bind(ledger);
      const reader = readerOf();
      ledger.saveCheckpoint = async (...place) => {
        const isSaved = await save(...place);
        if (under === 'r') {
          under = 'r again';
          reader.lookAgain();
        }
        return isSaved;
      };
      await reader.advance();
      await reader.noteProgress();
      await reader.advance();
      expect(seen).toEqual([1, 2, 1, 2]);
    });
    it('hears of it while it looks where its place is', async () => {
      const { ports } = await logOf(2);
      let under = 'r';
      const { seen, readerOf } = readersOf(ports, () => under);
      const ledger = ports.ledger;
      const checkpoint = ledger.checkpoint.bind(ledger);
      const reader = readerOf();
      ledger.checkpoint = (name) => {
        if (name === 'r') {
          under = 'r again';
          reader.lookAgain();
        }
        return checkpoint(name);
      };
      await reader.advance();
      await reader.noteProgress();
      expect(await checkpoint('r')).toBeUndefined();
      expect(seen.slice(-2)).toEqual([1, 2]);
    });
    it.each(['the process ends', 'what it does fails'])(
      'begins with the first event again when %s before that',
      async (how) => {
        const { ports } = await logOf(3);
        let under = 'r';
        let failing = false;
        const { seen, readerOf } = readersOf(
          ports,
          () => under,
          () => {
            if (failing) throw new Error('away');
          },
        );
        const reader = readerOf();
        await reader.advance();
        // Nothing was noted under the first name, and something is noted after the second one is there and before the reader looks again.
        under = 'r again';
        await reader.noteProgress();
        failing = how === 'what it does fails';
        if (failing) {
          reader.lookAgain();
          await reader.advance();
          failing = false;
        }
        seen.length = 0;
        const next = how === 'the process ends' ? readerOf() : reader;
        await next.advance();
        expect(seen).toEqual([1, 2, 3]);
      },
    );
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
