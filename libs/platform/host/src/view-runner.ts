/** Keeps the views up with the log: rows and position saved together, each view at its own pace, a raised version beside the old one. */
import { comparePositions, type EventStore, type FindOptions, type Position, type RowChange, type StoredEvent, type StoredRow, type View, type ViewId, type ViewStore } from '@convenant/kernel';
import type { AnyView, DeclaredView } from './definition.js';

/** Reads rows of the version that serves now. */
export interface ViewReader {
  get<Event extends { type: string }, Row extends object>(view: View<Event, Row>, key: string): Promise<Row | undefined>;
  find<Event extends { type: string }, Row extends object>(view: View<Event, Row>, index: string, value: string, options?: FindOptions): Promise<readonly StoredRow<Row>[]>;
}
export interface ViewRunner extends ViewReader {
  /** Brings every view up to the end of the log. */
  advance(): Promise<void>;
  /** Whether every view has seen the log up to here. */
  hasReached(position: Position): boolean;
}

interface Progress {
  readonly declared: DeclaredView;
  readonly id: ViewId;
  /** Up to where the store knows that it came; may lag behind `seen` while nothing of its concern happened. */
  saved: Position | undefined;
  seen: Position | undefined;
  /** The version that queries read from: an older one while a new one is being built. */
  serving: ViewId;
}

const batchSize = 500;
/** A view that nothing happens to still notes its position now and then, so that a restart need not read far back. */
const notePositionEvery = 2_000;

export function createViewRunner(declared: readonly DeclaredView[], decode: (stored: StoredEvent) => { type: string }, store: EventStore, views: ViewStore): ViewRunner {
  let progress: Progress[] | undefined;
  let unsaved = 0;
  let busy: Promise<void> | undefined;
  let again = false;

  const load = async (): Promise<Progress[]> =>
    Promise.all(
      declared.map(async each => {
        const id = { name: each.view.name, version: each.view.version };
        const saved = await views.position(id);
        return { declared: each, id, saved, seen: saved, serving: saved === undefined ? await olderVersion(id, views) : id };
      }),
    );

  const step = async (all: Progress[]): Promise<boolean> => {
    const from = all.reduce<Position | undefined>((least, { seen }) => (comparePositions(seen, least) < 0 ? seen : least), all[0]?.seen);
    const events = await store.readAll(from, batchSize);
    const last = events.at(-1);
    if (!last) return false;
    unsaved += events.length;
    for (const one of all) {
      const mine = events.filter(event => comparePositions(event.position, one.seen) > 0);
      if (mine.length === 0) continue;
      const changes = await changesOf(one.declared, one.id, mine, decode, views);
      if (changes.length > 0 || unsaved >= notePositionEvery) {
        if (!(await views.save(one.id, one.saved, last.position, changes))) {
          // Another instance was faster: go on from where it came to.
          one.saved = one.seen = await views.position(one.id);
          continue;
        }
        one.saved = last.position;
      }
      one.seen = last.position;
    }
    if (unsaved >= notePositionEvery) unsaved = 0;
    return true;
  };

  const advanceOnce = async (): Promise<void> => {
    progress ??= await load();
    if (progress.length === 0) return;
    do {
      again = false;
      while (await step(progress));
    } while (again);
    for (const one of progress) {
      if (one.serving === one.id) continue;
      const old = one.serving;
      one.serving = one.id;
      if (old.version !== one.id.version) await views.drop(old);
    }
  };
  const advance = (): Promise<void> => {
    if (busy) {
      again = true;
      return busy;
    }
    busy = advanceOnce().finally(() => {
      busy = undefined;
    });
    return busy;
  };
  const serving = async (view: ViewId): Promise<ViewId> => {
    progress ??= await load();
    const one = progress.find(({ id }) => id.name === view.name);
    if (!one) throw new Error(`The view ${view.name} is not declared in this service.`);
    return one.serving;
  };

  return {
    advance,
    hasReached: position => progress !== undefined && progress.every(({ seen }) => comparePositions(seen, position) >= 0),
    async get<Event extends { type: string }, Row extends object>(view: View<Event, Row>, key: string) {
      return (await views.get(await serving(view), key))?.row as Row | undefined;
    },
    async find<Event extends { type: string }, Row extends object>(view: View<Event, Row>, index: string, value: string, options?: FindOptions) {
      return (await views.find(await serving(view), index, value, options)) as unknown as readonly StoredRow<Row>[];
    },
  };
}

async function olderVersion(id: ViewId, views: ViewStore): Promise<ViewId> {
  for (let version = id.version - 1; version > 0; version--) {
    const older = { name: id.name, version };
    if ((await views.position(older)) !== undefined) return older;
  }
  return id;
}

/** The row changes of a batch, in the order of the events. Pure but for reading the rows that the events touch. */
async function changesOf({ view, knows }: DeclaredView, id: ViewId, events: readonly StoredEvent[], decode: (stored: StoredEvent) => { type: string }, views: ViewStore): Promise<readonly RowChange[]> {
  const mine = events.filter(stored => knows(stored.type)).map(stored => ({ stored, event: decode(stored) }));
  const touched = mine.map(({ event, stored }) => ({ event, stored, keys: view.keys(event, stored) }));
  const keys = [...new Set(touched.flatMap(one => one.keys))];
  const rows = new Map((keys.length > 0 ? await views.getMany(id, keys) : []).map(stored => [stored.key, stored]));
  const changes: RowChange[] = [];
  for (const { event, stored, keys: own } of touched) {
    for (const key of own) {
      const before = rows.get(key)?.row;
      const after = view.apply(before, event, key, stored);
      if (after === before) continue;
      if (after === undefined) {
        rows.delete(key);
        changes.push({ kind: 'delete', key });
      } else {
        const next = rowOf(view, key, after);
        rows.set(key, next);
        changes.push({ kind: 'put', ...next });
      }
    }
    for (const { index, value } of view.removes?.(event) ?? []) {
      for (const [key, row] of rows) if (row.indexes[index] === value) rows.delete(key);
      changes.push({ kind: 'delete-where', index, value });
    }
  }
  return changes;
}

const rowOf = (view: AnyView, key: string, row: Readonly<Record<string, unknown>>): StoredRow => ({
  key,
  row,
  indexes: view.indexes?.(row, key) ?? {},
  sort: view.sort?.(row) ?? '',
});
