/** Views follow the log: in batches, side by side, rebuilt beside what serves, and each with its own trouble. */
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore, MemoryViewStore } from '@convenant/event-store-memory';
import {
  clearColumn,
  defineEvent,
  defineEvents,
  type CatalogueEvent,
  type NewEvent,
  type Position,
  type StoredEvent,
  type View,
  type ViewId,
  type ViewStore,
} from '@convenant/kernel';
import fc from 'fast-check';
import { z } from 'zod';
import { asView } from './definition.js';
import { createViewRunner } from './view-runner.js';

const Counted = defineEvent('Counted', { clear: { thing: z.string(), group: z.string() } });
const GroupClosed = defineEvent('GroupClosed', { clear: { group: z.string() } });
const events = defineEvents(Counted, GroupClosed);
type Event = CatalogueEvent<typeof events>;
interface Row {
  readonly group: string;
  readonly count: number;
}
const view = (name = 'counts', version = 1, changes: Partial<View<Event, Row>> = {}): View<Event, Row> => ({
  name,
  version,
  columns: { group: clearColumn('own'), count: clearColumn('own') },
  keys: (event) => (event.type === 'Counted' ? [event.thing] : []),
  apply: (row, event) => (event.type === 'Counted' ? { group: event.group, count: (row?.count ?? 0) + version } : row),
  removes: (event) => (event.type === 'GroupClosed' ? [{ index: 'group', value: event.group }] : []),
  indexes: ({ group }) => ({ group }),
  ...changes,
});

let number = 0;
const stored = (event: Event): NewEvent => ({
  id: `event-${++number}`,
  meta: { at: '2026-10-05T09:00:00.000Z', actor: { kind: 'system', process: 'spec' }, cause: 'spec' },
  ...events.encode(event),
});
const counted = (thing: string, group = 'g'): NewEvent => stored({ type: 'Counted', thing, group });
const closed = (group: string): NewEvent => stored({ type: 'GroupClosed', group });
const decode = (event: StoredEvent): Event => events.decode(event);

/** As a server does that is killed before the last of what it answered is on disk; a version that was dropped stays dropped. */
class ForgetfulViewStore extends MemoryViewStore {
  #saves: Parameters<ViewStore['save']>[] = [];
  #onDisk = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  override save(...save: Parameters<ViewStore['save']>): Promise<boolean> {
    return this.#inTurn(async () => {
      const saved = await super.save(...save);
      if (saved) this.#saves.push(save);
      return saved;
    });
  }
  override drop(view: ViewId): Promise<void> {
    return this.#inTurn(async () => {
      await super.drop(view);
      this.#saves = this.#saves.filter(([{ name, version }]) => name !== view.name || version !== view.version);
      this.#onDisk = this.#saves.length;
    });
  }
  override onPerhapsForgotten(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  forget(last: number): Promise<void> {
    return this.#inTurn(async () => {
      const kept = this.#saves.slice(0, Math.max(this.#onDisk, this.#saves.length - last));
      for (const [id] of this.#saves) await super.drop(id);
      for (const save of kept) await super.save(...save);
      this.#saves = kept;
      this.#listeners.forEach((listener) => listener());
    });
  }
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

function logWith(rows = new MemoryViewStore()) {
  const store = new MemoryEventStore();
  let version = 0;
  const append = async (...list: NewEvent[]): Promise<Position> => {
    const { position } = await store.append('things', version, list);
    version += list.length;
    return position;
  };
  const run = (...views: View<Event, Row>[]) => createViewRunner(views.map(declared), decode, store, rows);
  return { store, rows, append, run };
}
const declared = (one: View<Event, Row>) => asView(events, one);
const counts = async (runner: ReturnType<typeof createViewRunner>, of = view()) =>
  (await runner.find(of, 'group', 'g')).map(({ key, row }) => `${key} ${row.count}`);

describe('a view', () => {
  it('follows a log that is longer than a batch', async () => {
    const { append, run } = logWith();
    const head = await append(...Array.from({ length: 1_201 }, (_, index) => counted(`t${index % 3}`)));
    const runner = run(view());
    expect(runner.hasReached(head)).toBe(false);
    await runner.advance();
    expect(runner.hasReached(head)).toBe(true);
    expect(await counts(runner)).toEqual(['t0 401', 't1 400', 't2 400']);
  });
  it('loses a whole group in one step, within a batch and over batches, and begins again after it', async () => {
    const { append, run } = logWith();
    await append(counted('a'), counted('b', 'other'));
    const runner = run(view());
    await runner.advance();
    await append(counted('c'), counted('a'), closed('g'), counted('a'));
    await runner.advance();
    expect(await counts(runner)).toEqual(['a 1']);
    expect(await runner.get(view(), 'b')).toEqual({ group: 'other', count: 1 });
  });
  it('kept by two instances on one store counts everything once', async () => {
    const { append, run } = logWith();
    const [one, two] = [run(view()), run(view())];
    for (let round = 0; round < 20; round++) {
      await append(counted('a'), counted('b'));
      await Promise.all([one.advance(), two.advance()]);
    }
    await Promise.all([one.advance(), two.advance()]);
    expect(await counts(one)).toEqual(['a 20', 'b 20']);
    expect(await counts(two)).toEqual(['a 20', 'b 20']);
  });
  it('of a raised version is built beside the old one, which serves until then and is dropped afterwards', async () => {
    const { rows, append, run } = logWith();
    const head = await append(counted('a'));
    await run(view()).advance();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const save = rows.save.bind(rows);
    rows.save = async (id, ...rest) => (id.version === 2 ? held.then(() => save(id, ...rest)) : save(id, ...rest));
    const raised = view('counts', 2);
    const runner = run(raised);
    await runner.advance();
    // Nobody waits for the building.
    expect(runner.hasReached(head)).toBe(true);
    expect(await counts(runner, raised)).toEqual(['a 1']);
    letGo();
    for (let turn = 0; turn < 20; turn++) await runner.advance();
    expect(await counts(runner, raised)).toEqual(['a 2']);
    expect(await rows.position({ name: 'counts', version: 1 })).toBeUndefined();
    await append(counted('a'));
    await runner.advance();
    expect(await counts(runner, raised)).toEqual(['a 4']);
  });
  it('that fails stands still by itself, and goes on from there when it can', async () => {
    const { append, run } = logWith();
    let broken = true;
    const frail = view('frail', 1, {
      apply(row, event) {
        if (broken && event.type === 'Counted' && event.thing === 'b') throw new Error('cannot');
        return event.type === 'Counted' ? { group: event.group, count: (row?.count ?? 0) + 1 } : row;
      },
    });
    const runner = run(view(), frail);
    await append(counted('a'));
    await runner.advance();
    const head = await append(counted('b'), counted('a'));
    await runner.advance();
    expect(await counts(runner)).toEqual(['a 2', 'b 1']);
    expect(await counts(runner, frail)).toEqual(['a 1']);
    expect([runner.failing(), runner.hasReached(head)]).toEqual([['frail'], false]);
    broken = false;
    await runner.advance();
    expect(await counts(runner, frail)).toEqual(['a 2', 'b 1']);
    expect([runner.failing(), runner.hasReached(head)]).toEqual([[], true]);
  });
  it('that nothing happens to still notes now and then how far it came', async () => {
    const { rows, append, run } = logWith();
    const idle = view('idle', 1, { keys: () => [], removes: () => [] });
    await append(...Array.from({ length: 2_500 }, () => counted('a')));
    await run(idle).advance();
    expect(await rows.position({ name: 'idle', version: 1 })).toBeDefined();
  });

  it('is caught up again after its store forgot what it had saved last, also when nothing happens any more', async () => {
    const rows = new ForgetfulViewStore();
    const { append, run } = logWith(rows);
    const runner = run(view());
    await append(counted('a'));
    await runner.advance();
    const head = await append(counted('a'), counted('b'));
    await runner.advance();
    await rows.forget(1);
    expect([runner.hasReached(head), await counts(runner)]).toEqual([false, ['a 1']]);
    await runner.advance();
    expect([runner.hasReached(head), await counts(runner)]).toEqual([true, ['a 2', 'b 1']]);
  });
  it('is caught up also when its store forgot something while it was asked how far it came', async () => {
    const rows = new ForgetfulViewStore();
    const { append, run } = logWith(rows);
    const head = await append(counted('a'));
    await run(view()).advance();
    const position = rows.position.bind(rows);
    let asked = 0;
    rows.position = async (id) => {
      const answer = await position(id);
      if (++asked === 1) await rows.forget(1);
      return answer;
    };
    const runner = run(view());
    await runner.advance();
    expect([runner.hasReached(head), await counts(runner)]).toEqual([true, ['a 1']]);
  });
  it('is what the log makes of it, wherever its store forgets something', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('append' as const),
        things: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('close' as const) }),
      fc.record({ kind: fc.constant('advance' as const), waits: fc.boolean() }),
      fc.record({ kind: fc.constant('forget' as const), last: fc.nat(3) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const rows = new ForgetfulViewStore();
        const { store, append, run } = logWith(rows);
        await append(counted('a'));
        await run(view()).advance();
        // One that is being built beside its old version, and one that serves.
        const both = [view('counts', 2), view('others')];
        const runner = run(...both);
        for (const each of steps)
          if (each.kind === 'append') await append(...each.things.map((thing) => counted(thing)));
          else if (each.kind === 'close') await append(closed('g'));
          else if (each.kind === 'forget') await rows.forget(each.last);
          else if (each.waits) await runner.advance();
          else void runner.advance();
        for (let turn = 0; turn < 20; turn++) await runner.advance();
        const fresh = createViewRunner(both.map(declared), decode, store, new MemoryViewStore());
        await fresh.advance();
        for (const one of both) expect(await counts(runner, one)).toEqual(await counts(fresh, one));
        expect(await rows.position({ name: 'counts', version: 1 })).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
  describe('that is far behind', () => {
    const many = (count: number, groupOf: (index: number) => string = () => 'g'): NewEvent[] =>
      Array.from({ length: count }, (_, index) => counted(`t${index % 7}`, groupOf(index)));

    it('has the next batch read while the present one is saved, and no more than that one', async () => {
      const { store, rows, append, run } = logWith();
      await append(...many(5_000));
      const order: string[] = [];
      const [readAll, getMany, save] = [store.readAll.bind(store), rows.getMany.bind(rows), rows.save.bind(rows)];
      store.readAll = (...asked) => (order.push('events'), readAll(...asked));
      rows.getMany = (...asked) => (order.push('rows'), getMany(...asked));
      rows.save = async (...asked) => {
        for (let turn = 0; turn < 50; turn++) await Promise.resolve();
        return save(...asked).finally(() => order.push('saved'));
      };
      await run(view()).advance();
      // Rows are asked for once some were saved. The last batch is not full: nothing is read behind it.
      const [unasked, asked] = [
        ['events', 'saved'],
        ['events', 'rows', 'saved'],
      ];
      expect(order.map(String).sort()).toEqual([...unasked, ...unasked, ...asked, ...asked].sort());
      const afterTwo = order.indexOf('saved', order.indexOf('saved') + 1);
      expect(order.slice(0, order.indexOf('saved')).sort()).toEqual(['events', 'events']);
      expect(order.slice(order.indexOf('saved'), afterTwo)).toEqual(['saved', 'events', 'rows']);
    });
    it('counts on from what the batch before made of a row, also when that removed it', async () => {
      const { rows, append, run } = logWith();
      await append(
        ...many(500),
        ...many(499),
        closed('g'),
        ...many(500),
        counted('t1'),
        closed('other'),
        ...many(600, (index) => (index % 2 === 0 ? 'g' : 'other')),
      );
      await run(view()).advance();
      const expected = new Map<string, number>();
      for (let index = 0; index < 500; index++) expected.set(`t${index % 7}`, (expected.get(`t${index % 7}`) ?? 0) + 1);
      expected.set('t1', (expected.get('t1') ?? 0) + 1);
      for (let index = 0; index < 600; index++) expected.set(`t${index % 7}`, (expected.get(`t${index % 7}`) ?? 0) + 1);
      const found = (await rows.all(view())).map(({ key, row }) => [key, row.count]);
      expect(found).toEqual([...expected]);
    });
    it('counts everything once when another instance saves the same batch a moment earlier', async () => {
      const { rows, append, run } = logWith();
      await append(...many(2_300));
      const save = rows.save.bind(rows);
      let saves = 0;
      rows.save = async (...asked) => {
        if (saves++ % 2 === 0) await save(...asked);
        return save(...asked);
      };
      const runner = run(view());
      await runner.advance();
      expect(runner.failing()).toEqual([]);
      const counts = (await rows.all(view())).map(({ row }) => row.count as number);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2_300);
    });
    it.each([
      ['another instance', false],
      ['this instance', true],
    ])('does not go on from rows that are forgotten again, when %s saved what comes before them', async (_, own) => {
      const rows = new ForgetfulViewStore();
      const { store, append, run } = logWith(rows);
      await append(counted('alone'));
      const fast = run(view());
      await fast.advance();
      await append(...many(1_100), counted('alone'));
      // The other one is through when this one reads the rows of its second batch; then what it saved behind the first is gone.
      const [readAhead, saved] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let [asked, saves] = [0, 0];
      const slower: Partial<ViewStore> = {
        getMany: async (...which) => {
          if (++asked !== 2) return rows.getMany(...which);
          if (own) await saved.promise;
          await fast.advance();
          return rows.getMany(...which).finally(() => (readAhead.resolve(), own ? rows.forget(2) : undefined));
        },
        save: async (...what) => {
          if (++saves > 1 || own) return rows.save(...what).finally(saved.resolve);
          await readAhead.promise;
          return rows.save(...what).finally(() => rows.forget(1));
        },
      };
      const seenBySlow = new Proxy(rows, {
        get: (all, name) => Reflect.get(slower, name) ?? (Reflect.get(all, name) as () => unknown).bind(all),
      });
      const slow = createViewRunner([declared(view())], decode, store, seenBySlow);
      await slow.advance();
      expect([asked > 1, saves > 1, slow.failing()]).toEqual([true, true, []]);
      expect((await rows.all(view())).reduce((sum, { row }) => sum + (row.count as number), 0)).toBe(1_102);
    });
    it('stands still before the batch that it cannot apply, and has kept all before it', async () => {
      const { rows, append, run } = logWith();
      await append(...many(1_200), counted('bad'), ...many(900));
      let broken = true;
      const frail = view('frail', 1, {
        keys: (event) => {
          if (broken && event.type === 'Counted' && event.thing === 'bad') throw new Error('cannot');
          return event.type === 'Counted' ? [event.thing] : [];
        },
      });
      const runner = run(frail);
      const total = async () =>
        (await rows.all({ name: 'frail', version: 1 })).reduce((sum, { row }) => sum + (row.count as number), 0);
      // Batches behind a full one are longer, the first one of a call is short.
      for (const kept of [500, 1_000, 1_000]) {
        await runner.advance();
        expect([runner.failing(), await total()]).toEqual([['frail'], kept]);
      }
      broken = false;
      await runner.advance();
      expect([runner.failing(), await total()]).toEqual([[], 2_101]);
    });
    it('asks for rows again once another instance saved some, which it cannot know of', async () => {
      const { rows, append, run } = logWith();
      const [slow, fast] = [run(view()), run(view())];
      await slow.advance();
      await append(counted('t0'), counted('t1'));
      await fast.advance();
      await append(counted('t0'));
      await slow.advance();
      expect(slow.failing()).toEqual([]);
      expect((await rows.all(view())).map(({ key, row }) => [key, row.count])).toEqual([
        ['t0', 2],
        ['t1', 1],
      ]);
    });
    it('sees what is appended while it reads the end of the log', async () => {
      const { store, rows, append, run } = logWith();
      await append(...many(500));
      const readAll = store.readAll.bind(store);
      let reads = 0;
      store.readAll = async (...asked) => {
        const found = await readAll(...asked);
        if (++reads === 2) await append(counted('late'));
        return found;
      };
      await run(view()).advance();
      expect((await rows.get(view(), 'late'))?.row).toEqual({ group: 'g', count: 1 });
    });
  });
});
