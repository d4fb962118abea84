/** The one way to change something, on the store in memory: decided on what was read, appended at that version, once per cause. */
import { describe, expect, it } from '@jest/globals';
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  run,
  type CatalogueEvent,
  type Decider,
  type EventMeta,
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
const go = (store: MemoryEventStore, command: Command, cause: string) =>
  run(store, 'disclosure-c1', events, telling, command, because(cause));
const typesIn = async (store: MemoryEventStore) => (await store.read('disclosure-c1')).map(({ type }) => type);

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
