/** Rows of views saved as sets in PostgreSQL lead to what the changes lead to one by one, also over rows that an earlier release made. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '@convenant/event-store-memory';
import type { Position, RowChange, StoredRow, ViewId, ViewStore } from '@convenant/kernel';
import fc from 'fast-check';
import pg from 'pg';
import { migrate, ownMigrations } from './migrate.js';
import { openPostgres } from './open-postgres.js';
import type { OpenedPostgres } from './open-postgres.js';
import { netChanges } from './net-changes.js';
import { testDatabase } from './for-tests/test-database.js';
import type { TestDatabase } from './for-tests/test-database.js';

const keys = ['a', 'b', 'c', 'A', 'é😀"\\{},'];
const names = ['client', 'team'];
const values = ['1', '2', ''];
const change: fc.Arbitrary<RowChange> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      key: fc.constantFrom(...keys),
      row: fc.dictionary(fc.constantFrom('z', 'a', 'n'), fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true }),
      indexes: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), { noNullPrototype: true }),
      sort: fc.constantFrom('', '1', '2'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key: fc.constantFrom(...keys) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete-where' as const),
      index: fc.constantFrom(...names),
      value: fc.constantFrom(...values),
    }),
  },
);
/** What each save of one history changes; most saves meet rows of earlier ones. */
const history = fc.array(fc.array(change, { maxLength: 12 }), { minLength: 1, maxLength: 5 });

const at = (number: number): Position | undefined =>
  number === 0 ? undefined : (String(number).padStart(8, '0') as Position);
const saveAll = async (store: ViewStore, view: ViewId, saves: readonly (readonly RowChange[])[]): Promise<void> => {
  for (const [index, changes] of saves.entries())
    expect(await store.save(view, at(index), at(index + 1) as Position, changes)).toBe(true);
};
/** As whoever read the rows beforehand would say it. */
async function sayingWhatIsNew(saves: readonly (readonly RowChange[])[]): Promise<RowChange[][]> {
  const store = new MemoryViewStore();
  const view: ViewId = { name: 'told', version: 1 };
  const told: RowChange[][] = [];
  let position = 0;
  for (const changes of saves) {
    const list: RowChange[] = [];
    for (const each of changes) {
      const isNew = each.kind === 'put' && (await store.get(view, each.key)) === undefined;
      list.push(isNew ? { ...each, isNew } : each);
      await store.save(view, at(position), at(++position) as Position, [each]);
    }
    told.push(list);
  }
  return told;
}
const everythingOf = async (store: ViewStore, view: ViewId): Promise<unknown> => ({
  rows: (await store.all(view)).map(asText),
  found: await Promise.all(
    names.flatMap((name) => values.map(async (value) => (await store.find(view, name, value)).map(asText))),
  ),
});
/** The order of the fields counts too; that of the indexes, which are compared by name, does not. */
const asText = ({ key, row, indexes, sort }: StoredRow): string =>
  JSON.stringify([key, row, Object.entries(indexes).sort(), sort]);

describe('saving rows as sets', () => {
  let test: TestDatabase;
  let opened: OpenedPostgres;
  beforeAll(async () => {
    test = await testDatabase();
    opened = await openPostgres({ database: test.database, organisation: 'test' });
  });
  afterAll(async () => {
    await opened.close();
    await test.drop();
  });
  let number = 0;
  const freshView = (): ViewId => ({ name: `view-${++number}`, version: 1 });

  it('leads to what the same changes lead to one by one', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (saves) => {
        const view = freshView();
        const oneByOne = new MemoryViewStore();
        const singly = saves.flat().map((each) => [each]);
        await saveAll(oneByOne, view, singly);
        await saveAll(opened.views, view, saves);
        expect(await everythingOf(opened.views, view)).toEqual(await everythingOf(oneByOne, view));
        const told = freshView();
        await saveAll(opened.views, told, await sayingWhatIsNew(saves));
        expect(await everythingOf(opened.views, told)).toEqual(await everythingOf(oneByOne, view));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves no entry behind that leads to no row, nor a row without its entries', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (saves) => {
        const view = freshView();
        await saveAll(opened.views, view, saves);
        const { rows } = await opened.pool.query<{ entries: string; derived: string }>(
          `with own as (select id from convenant.views where name = $1)
           select (select coalesce(json_agg(e order by e.name, e.value, e.key), '[]')::text from
               (select x.name, x.value, x.sort, x.key from convenant.view_index x, own where x.view = own.id) e) as entries,
             (select coalesce(json_agg(e order by e.name, e.value, e.key), '[]')::text from
               (select i.key as name, i.value, r.sort, r.key from convenant.view_rows r, own, json_each_text(r.indexes) i
                where r.view = own.id) e) as derived`,
          [view.name],
        );
        expect(rows[0]?.entries).toBe(rows[0]?.derived);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a large view', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  const rows = (part: number, size: number, round: number): RowChange[] =>
    Array.from({ length: size }, (_, index): RowChange => {
      const key = `${part}/${index}`;
      return {
        kind: 'put',
        key,
        row: { round },
        indexes: { client: key, team: String(index % 3) },
        sort: String(round),
      };
    });
  /** After it the server believes that a view has a row or two. */
  const keepSmallViews = async (views: ViewStore): Promise<void> => {
    for (let view = 1; view <= 300; view++)
      await saveAll(views, { name: `small-${view}`, version: 1 }, [rows(view, 2, 0)]);
    await test.gatherStatistics('views', 'view_rows', 'view_index');
  };

  it('has no more of it looked at than the rows that change or are asked for, by plans that were made among small views', async () => {
    const { views, pool, close } = await openPostgres({ database: test.database, organisation: 'test', poolSize: 1 });
    await keepSmallViews(views);
    const view: ViewId = { name: 'large', version: 1 };
    const [parts, size] = [20, 200];
    const readSoFar = async (): Promise<number> => {
      await pool.query('select pg_stat_force_next_flush()');
      const { rows } = await pool.query<{ read: number }>(
        `select (select sum(idx_tup_read) from pg_stat_user_indexes where relname in ('view_rows', 'view_index'))::int
           + (select sum(seq_tup_read) from pg_stat_user_tables where relname in ('view_rows', 'view_index'))::int as read`,
      );
      return rows[0]?.read ?? 0;
    };
    const costOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await readSoFar();
      await work();
      return (await readSoFar()) - before;
    };
    const partsOf = (round: number): RowChange[][] =>
      Array.from({ length: parts }, (_, part) => rows(part, size, round));
    const all = partsOf(2)
      .flat()
      .flatMap((change) => (change.kind === 'put' ? [change] : []));
    const ofOneTeam = all.filter(({ indexes }) => indexes['team'] === '0');
    // Of a row and its two entries; looking through the view for each row would read hundreds of times as much.
    expect(await costOf(() => saveAll(views, view, [...partsOf(1), ...partsOf(2)]))).toBeLessThan(all.length * 3 * 10);
    const find = async (): Promise<void> => {
      const found = await views.find(view, 'team', '0');
      expect(found.map(({ sort }) => sort)).toEqual(ofOneTeam.map(() => '2'));
    };
    expect(await costOf(find)).toBeLessThan(ofOneTeam.length * 10);
    const goThrough = async (): Promise<void> => {
      const keys: string[] = [];
      for (let after: StoredRow | undefined; ;) {
        const page = await views.all(view, { ...(after && { after }), limit: 50 });
        if (page.length === 0) break;
        keys.push(...page.map(({ key }) => key));
        after = page.at(-1);
      }
      expect(keys).toHaveLength(all.length);
    };
    expect(await costOf(goThrough)).toBeLessThan(all.length * 3);
    await close();
  });
});

describe('a database of an earlier release', () => {
  let test: TestDatabase;
  let owner: pg.Client;
  let application: pg.Client;
  beforeEach(async () => {
    test = await testDatabase();
    [owner, application] = [test.database.owner, test.database.application].map(
      (connectionString) => new pg.Client({ connectionString }),
    ) as [pg.Client, pg.Client];
    await owner.connect();
    await application.connect();
    const first = ownMigrations.map(({ component, steps }) => ({
      component,
      steps: component === 'views' ? steps.slice(0, 1) : steps,
    }));
    await migrate(owner, decodeURIComponent(new URL(test.database.application).username), first);
  });
  afterEach(async () => {
    await owner.end();
    await application.end();
    await test.drop();
  });

  /** As the earlier release calls it. */
  const saveAsBefore: ViewStore['save'] = async (view, expected, next, changes) => {
    const steps = changes.map((one) => {
      switch (one.kind) {
        case 'put':
          return [one.kind, one.key, JSON.stringify(one.row), JSON.stringify(one.indexes), one.sort];
        case 'delete':
          return [one.kind, one.key, null, null, null];
        case 'delete-where':
          return [one.kind, one.index, null, null, one.value];
      }
    });
    const { rows } = await application.query<{ saved: boolean }>(
      'select convenant.save_view($1, $2, $3, $4, $5, $6, $7::json[], $8::json[], $9) as saved',
      [view.name, view.version, expected, next, ...[0, 1, 2, 3, 4].map((part) => steps.map((step) => step[part]))],
    );
    return rows[0]?.saved === true;
  };
  const board: ViewId = { name: 'board', version: 1 };
  const put = (key: string, indexes: Record<string, string>, sort = ''): RowChange => ({
    kind: 'put',
    key,
    row: { of: key, sort },
    indexes,
    sort,
  });
  const made = [put('a', { client: '1', team: '1' }), put('b', { client: '1' }), put('c', { team: '2' }, '1')];
  const expectSame = async (store: ViewStore, ...saves: readonly (readonly RowChange[])[]): Promise<void> => {
    const model = new MemoryViewStore();
    await saveAll(model, board, saves);
    expect(await everythingOf(store, board)).toEqual(await everythingOf(model, board));
  };

  it('keeps its rows, and has them changed, moved and removed by this one', async () => {
    expect(await saveAsBefore(board, undefined, at(1) as Position, made)).toBe(true);
    const { views, close } = await openPostgres({ database: test.database, organisation: 'test' });
    await expectSame(views, made);
    const changes: RowChange[] = [
      put('a', { client: '2' }, '2'),
      { kind: 'delete-where', index: 'client', value: '1' },
      put('c', { team: '2' }, '1'),
    ];
    expect(await views.save(board, at(1), at(2) as Position, changes)).toBe(true);
    await expectSame(views, made, changes);
    await close();
  });

  /** As the releases between that one and this do. */
  const saveAsSets: ViewStore['save'] = async (view, expected, next, changes) => {
    const { removals, deletes, puts, areNew } = netChanges(changes);
    const { rows } = await application.query<{ saved: boolean }>(
      'select convenant.save_view_rows($1, $2, $3, $4, $5, $6::json[], $7::json[], $8, $9, $10, $11, $12) as saved',
      [
        ...[view.name, view.version, expected, next],
        puts.map(({ key }) => key),
        puts.map(({ row }) => JSON.stringify(row)),
        puts.map(({ indexes }) => JSON.stringify(indexes)),
        puts.map(({ sort }) => sort),
        areNew,
        deletes,
        removals.map(({ index }) => index),
        removals.map(({ value }) => value),
      ],
    );
    return rows[0]?.saved === true;
  };

  it.each([
    ['an earlier release', saveAsBefore],
    ['the release before', saveAsSets],
  ])('is written by both while %s still runs beside this one, and one of the two wins each time', async (_, before) => {
    const { views, close } = await openPostgres({ database: test.database, organisation: 'test' });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 8 }), { minLength: 2, maxLength: 6 }), async (saves) => {
        await views.drop(board);
        for (const [index, changes] of saves.entries()) {
          const save = index % 2 === 0 ? before : views.save.bind(views);
          const other = index % 2 === 0 ? views.save.bind(views) : before;
          const race = await Promise.all(
            [save, other].map((one) => one(board, at(index), at(index + 1) as Position, changes)),
          );
          expect(race.filter(Boolean)).toHaveLength(1);
        }
        await expectSame(views, ...saves);
      }),
      { numRuns: 40 },
    );
    await close();
  });
});
