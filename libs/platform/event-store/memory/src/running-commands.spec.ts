/** The one way to change something, on the store in memory: decided on what was read, appended at that version, once per cause. */
import { describe, expect, it } from '@jest/globals';
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  RememberingStore,
  run,
  type CatalogueEvent,
  type Decider,
  type EventMeta,
  type EventStore,
  type Ids,
} from '@convenant/kernel';
import { z } from 'zod';
import { MemoryEventStore } from './event-store.js';

const events = defineEvents(
  defineEvent('Withdrawn', { clear: { by: z.string() } }),
  defineEvent('Disclosed', { clear: { message: z.string() } }),
);
type Event = CatalogueEvent<typeof events>;
type Command = { readonly tell: string } | 'withdraw';
const telling: Decider<Command, Event, { withdrawn: boolean }, 'withdrawn'> = {
  initial: { withdrawn: false },
  evolve: (state, event) => (event.type === 'Withdrawn' ? { withdrawn: true } : state),
  decide: (command, { withdrawn }) =>
    command === 'withdraw'
      ? accept<Event>({ type: 'Withdrawn', by: 'client' })
      : withdrawn
        ? refuse('withdrawn')
        : accept<Event>({ type: 'Disclosed', message: command.tell }),
};

const ids: Ids = { fresh: () => 'fresh', derive: (...parts) => parts.join('/') };
const because = (cause: string): { ids: Ids; meta: EventMeta } => ({
  ids,
  meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'spec' }, cause },
});
const go = (store: EventStore, command: Command, cause: string) =>
  run(store, 'disclosure-c1', events, telling, command, because(cause));
const typesIn = async (store: EventStore) => (await store.read('disclosure-c1')).map(({ type }) => type);

/** Lets somebody else write between the first reading and the append that follows from it. */
class OvertakenOnce extends MemoryEventStore {
  overtake: (() => Promise<unknown>) | undefined;
  override async read(stream: string, after?: number) {
    const stored = await super.read(stream, after);
    const first = this.overtake;
    this.overtake = undefined;
    await first?.();
    return stored;
  }
}

describe('a command', () => {
  it('decides again when a withdrawal was written between its reading and its append', async () => {
    const store = new OvertakenOnce();
    store.overtake = () => go(store, 'withdraw', 'withdrawal');
    expect(await go(store, { tell: 'm1' }, 'door')).toEqual({ refused: 'withdrawn' });
    expect(await typesIn(store)).toEqual(['Withdrawn']);
  });

  it('lets exactly one of a disclosure and a withdrawal come last, however they race', async () => {
    const store = new MemoryEventStore();
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => go(store, { tell: `m${index}` }, `door-${index}`)),
      go(store, 'withdraw', 'withdrawal'),
    ]);
    const types = await typesIn(store);
    expect(types.slice(types.indexOf('Withdrawn') + 1)).toEqual([]);
  });

  it('sent twice has one effect, and the first answer stands whatever has happened since', async () => {
    const store = new MemoryEventStore();
    const first = await go(store, { tell: 'm1' }, 'request-1');
    await go(store, 'withdraw', 'request-2');
    expect(await go(store, { tell: 'm1' }, 'request-1')).toEqual(first);
    expect(await typesIn(store)).toEqual(['Disclosed', 'Withdrawn']);
  });
});

describe('a command on what is remembered of its stream', () => {
  class CountingStore extends MemoryEventStore {
    reads = 0;
    override read(stream: string, after?: number) {
      this.reads++;
      return super.read(stream, after);
    }
  }
  /** The stream as it is now is remembered; `elsewhere` is where another process writes. */
  const opened = async () => {
    const elsewhere = new CountingStore();
    await go(elsewhere, { tell: 'm0' }, 'earlier');
    const store = new RememberingStore(elsewhere);
    await store.read('disclosure-c1');
    elsewhere.reads = 0;
    return { elsewhere, store };
  };

  it('is decided without asking for it again', async () => {
    const { elsewhere, store } = await opened();
    expect(await go(store, { tell: 'm1' }, 'door')).toMatchObject({ version: 2 });
    expect(elsewhere.reads).toBe(0);
    expect(await typesIn(elsewhere)).toEqual(['Disclosed', 'Disclosed']);
  });
  it('is decided again when another process wrote something that refuses it', async () => {
    const { elsewhere, store } = await opened();
    await go(elsewhere, 'withdraw', 'withdrawal');
    expect(await go(store, { tell: 'm1' }, 'door')).toEqual({ refused: 'withdrawn' });
    expect(await typesIn(elsewhere)).toEqual(['Disclosed', 'Withdrawn']);
  });
  it('is refused, or changes nothing, by the newest alone', async () => {
    const { elsewhere, store } = await opened();
    const resume: Decider<Command, Event, number, 'too-few'> = {
      initial: 0,
      evolve: (count) => count + 1,
      decide: (_command, count) =>
        count === 1
          ? refuse('too-few')
          : count === 2
            ? accept<Event>()
            : accept<Event>({ type: 'Withdrawn', by: 'client' }),
    };
    const goOn = (cause: string) => run(store, 'disclosure-c1', events, resume, 'withdraw', because(cause));
    expect(await goOn('first')).toEqual({ refused: 'too-few' });
    expect(elsewhere.reads).toBe(1);
    await go(elsewhere, { tell: 'm1' }, 'second');
    expect(await goOn('third')).toMatchObject({ accepted: [], version: 2 });
    await go(elsewhere, { tell: 'm2' }, 'fourth');
    expect(await goOn('fifth')).toMatchObject({ accepted: [{ type: 'Withdrawn' }], version: 4 });
  });
  it('sent again to another process has its one effect still', async () => {
    const { elsewhere, store } = await opened();
    await go(elsewhere, { tell: 'm1' }, 'request-1');
    expect(await go(store, { tell: 'm1' }, 'request-1')).toMatchObject({ version: 2 });
    expect(await typesIn(elsewhere)).toEqual(['Disclosed', 'Disclosed']);
  });
});
