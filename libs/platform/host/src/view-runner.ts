/** Keeps the views up with the log: rows and position saved together, a raised version built beside the old one, and no view waiting for another's trouble. */
import {
  comparePositions,
  noCheckpoints,
  noTelemetry,
  type Checkpoints,
  type EventStore,
  type FindOptions,
  type Position,
  type RowChange,
  type StoredEvent,
  type StoredRow,
  type Telemetry,
  type View,
  type ViewId,
  type ViewStore,
} from '@convenant/kernel';
import type { DeclaredView } from './definition.js';
import { afterChanges, changesOf, touchedBy, type Touched } from './view-changes.js';

/** Reads rows of the version that serves now. */
export interface ViewReader {
  get<Event extends { type: string }, Row extends object>(
    view: View<Event, Row>,
    key: string,
  ): Promise<Row | undefined>;
  find<Event extends { type: string }, Row extends object>(
    view: View<Event, Row>,
    index: string,
    value: string,
    options?: FindOptions,
  ): Promise<readonly StoredRow<Row>[]>;
}
export interface ViewRunner extends ViewReader {
  /**
   * Brings every view that serves up to the end of the log, and those that are being built a good deal further. A view that fails stands still
   * where it is and is tried again at the next call; rejects only when the log cannot be read, or how far the views came.
   */
  advance(): Promise<void>;
  /** Whether every view that serves has seen the log up to here. One that is being built beside its old version is not waited for. */
  hasReached(position: Position): boolean;
  /** Names of the views that stand still. */
  failing(): readonly string[];
  /** How far each has come that was begun; one that is being built shows how far the new version is. */
  standing(): readonly ViewStanding[];
}
export interface ViewStanding {
  readonly name: string;
  readonly seen: Position | undefined;
  readonly failing: boolean;
}

interface Progress {
  readonly declared: DeclaredView;
  readonly id: ViewId;
  /** Up to where the store knows that it came; may lag behind `seen` while nothing of its concern happened. */
  saved: Position | undefined;
  seen: Position | undefined;
  /** Events that it has seen since its position was last saved. */
  unsaved: number;
  /** Every key that can have a row, when all of its rows were saved from here; `undefined` when that is not known. */
  keys: Set<string> | undefined;
  /** The version that queries read from: an older one while a new one is being built. */
  serving: ViewId;
  failing: boolean;
  /** The store may have come elsewhere than is known here: it is asked before anything else is done. */
  doubtful: boolean;
}

/**
 * The batch after the present one, read while that one is being saved: what comes after a position never changes. Its rows hold only as long as
 * this instance saves and nobody forgets.
 */
interface Ahead {
  readonly after: Position;
  readonly events: Promise<readonly StoredEvent[]>;
  /** For a view that goes alone; several use the time of one another. */
  readonly touched?: Promise<Touched>;
  /** What it changes after what the present batch changes, begun as soon as that is known. */
  changes?: Promise<readonly RowChange[]>;
}

/** What is to be applied now; `ready` when it was read ahead. `next` is what is being read ahead of it. */
interface Batch {
  readonly events: readonly StoredEvent[];
  readonly last: Position;
  readonly ready: Ahead | undefined;
  readonly next: Ahead | undefined;
}

const batchSize = 500;
/** Behind a full batch comes more: what a save costs besides its rows is then paid less often. */
const batchSizeBehind = 2_000;
/** Of a view that was begun here it is known which keys can have rows, up to so many; beyond that the store is asked. */
const keysKnown = 200_000;
/** A view that nothing happens to still notes its position now and then, so that a restart need not read far back. */
const notePositionEvery = 2_000;
/** A batch that is longer than this in traces is catching up; who looks at one trace does not look for it there. */
const mostLinks = 32;

export function createViewRunner(
  declared: readonly DeclaredView[],
  decode: (stored: StoredEvent) => { type: string },
  store: EventStore,
  views: ViewStore,
  onFailure: (view: string, error: unknown) => void = () => undefined,
  checkpoints: Checkpoints = noCheckpoints,
  telemetry: Telemetry = noTelemetry,
): ViewRunner {
  let progress: Promise<readonly Progress[]> | undefined;
  let loaded: readonly Progress[] = [];
  let busy: Promise<void> | undefined;
  let again = false;
  let building: Promise<void> | undefined;
  let forgotten = 0;

  views.onPerhapsForgotten(() => {
    forgotten++;
    for (const one of loaded) one.doubtful = true;
  });
  const load = (): Promise<readonly Progress[]> => {
    const before = forgotten;
    progress ??= Promise.all(
      declared.map(async (each): Promise<Progress> => {
        const id = { name: each.view.name, version: each.view.version };
        const saved = await views.position(id);
        // An older version that is still there is dropped only after this one caught up, so this one may be half built.
        const older = await olderVersion(id, views);
        const keys = saved === undefined ? new Set<string>() : undefined;
        const serving = older ?? id;
        return { declared: each, id, saved, seen: saved, unsaved: 0, keys, serving, failing: false, doubtful: false };
      }),
    ).then(
      (all) => {
        for (const one of all) one.doubtful = forgotten !== before;
        return (loaded = all);
      },
      (error: unknown) => {
        progress = undefined;
        throw error;
      },
    );
    return progress;
  };

  const lookAgain = async (one: Progress): Promise<void> => {
    one.doubtful = false;
    const position = await views.position(one.id).catch((error: unknown) => {
      one.doubtful = true;
      throw error;
    });
    if (position === one.saved) return;
    one.saved = one.seen = position;
    one.unsaved = 0;
    one.keys = undefined;
  };

  /** When another instance was faster, nothing of it is seen. */
  const apply = async (one: Progress, { events, last, ready, next }: Batch): Promise<void> => {
    const mine = events.filter((event) => comparePositions(event.position, one.seen) > 0);
    if (mine.length === 0) return;
    const changes = await (ready?.changes ??
      touchedBy(mine, one.declared, one.id, decode, views, one.keys).then((touched) =>
        changesOf(one.declared.view, touched),
      ));
    // While the rows were read the store forgot something: they may be of before that, or of after.
    if (one.doubtful) return;
    one.unsaved += mine.length;
    if (next) makeReady(next, one, changes);
    if (changes.length > 0 || one.unsaved >= notePositionEvery) {
      checkpoints.pass('view: before position');
      const saved = await views.save(one.id, one.saved, last, changes);
      checkpoints.pass('view: after position');
      if (!saved) {
        // Another instance was faster: go on from where it came to.
        one.doubtful = true;
        return;
      }
      for (const change of changes) if (change.kind === 'put') one.keys?.add(change.key);
      if (one.keys && one.keys.size > keysKnown) one.keys = undefined;
      one.saved = last;
      one.unsaved = 0;
    }
    one.seen = last;
  };
  /** While these changes are being saved, the next ones are made, to be saved in the moment in which these are. */
  const makeReady = (next: Ahead, { declared: { view } }: Progress, changes: readonly RowChange[]): void => {
    if (!next.touched) return;
    next.changes = next.touched.then((touched) => {
      const changed = changesOf(view, afterChanges(touched, changes));
      views.prepare(changed);
      return changed;
    });
    // Who uses it hears of a failure; perhaps nobody does.
    next.changes.catch(() => undefined);
  };
  const applyOrStandStill = async (one: Progress, batch: Batch): Promise<void> => {
    try {
      await apply(one, batch);
      one.failing = false;
    } catch (error) {
      if (!one.failing) onFailure(one.id.name, error);
      one.failing = true;
      // Whether the rows were saved is not known.
      one.doubtful = true;
    }
  };

  const readAhead = (after: Position, alone: Progress | undefined): Ahead => {
    const events = store.readAll(after, batchSizeBehind);
    const touched =
      alone && events.then((list) => touchedBy(list, alone.declared, alone.id, decode, views, alone.keys));
    // Who uses it hears of a failure; perhaps nobody does.
    for (const each of [events, touched]) each?.catch(() => undefined);
    return { after, events, ...(touched && { touched }) };
  };
  /** Reads on from the one that is furthest behind, and hands each what it has not seen. One that fails waits for the next call. */
  const catchUp = async (group: readonly Progress[], isFollowed: boolean): Promise<void> => {
    const going = new Set(group);
    let ahead: Ahead | undefined;
    while (going.size > 0) {
      const inDoubt = [...going].filter(({ doubtful }) => doubtful);
      // The rows that were read ahead may be of another moment than the store is in.
      if (inDoubt.length > 0) ahead = undefined;
      await Promise.all(inDoubt.map(lookAgain));
      const [first, ...others] = going;
      const from = others.reduce<Position | undefined>(
        (least, { seen }) => (comparePositions(seen, least) < 0 ? seen : least),
        first?.seen,
      );
      const ready = ahead?.after === from ? ahead : undefined;
      const events = await (ready ? ready.events : store.readAll(from, batchSize));
      const last = events.at(-1);
      const isFull = events.length >= (ready ? batchSizeBehind : batchSize);
      if (!last && !ready) return;
      // After a full batch more is likely to follow. What was read ahead and is empty may have been appended to since.
      const next: Ahead | undefined =
        last && isFull ? readAhead(last.position, others.length > 0 ? undefined : first) : undefined;
      ahead = next;
      if (!last) continue;
      const batch = { events, last: last.position, ready, next };
      const work = async (): Promise<void> => {
        await Promise.all([...going].map((one) => applyOrStandStill(one, batch)));
      };
      await (isFollowed ? inTheirTraces(events, work) : work());
      for (const one of going) if (one.failing) going.delete(one);
      // That was all there was; who appended since has called. One to whom another instance was faster is elsewhere now.
      if (!isFull && [...going].every(({ seen }) => comparePositions(seen, last.position) >= 0)) return;
    }
  };

  /** One span for the batch: in the trace of its first event, linked to the others. */
  const inTheirTraces = (events: readonly StoredEvent[], work: () => Promise<void>): Promise<void> => {
    const [first, ...others] = new Set(events.flatMap(({ meta: { traceparent } }) => traceparent ?? []));
    return first === undefined ? work() : telemetry.span('views', first, {}, work, others.slice(0, mostLinks));
  };

  const build = async (one: Progress): Promise<void> => {
    // What happened long ago is in nobody's trace any more.
    await catchUp([one], false);
    if (one.failing) return;
    // From here on a restart goes on with this version, even when nothing ever happened to it.
    if (one.seen !== undefined && one.saved !== one.seen) {
      if (await views.save(one.id, one.saved, one.seen, [])) one.saved = one.seen;
      else one.doubtful = true;
    }
    const old = one.serving;
    one.serving = one.id;
    await views.drop(old);
  };
  const advanceOnce = async (): Promise<void> => {
    const all = await load();
    const toBuild = all.filter(({ serving, id }) => serving !== id);
    if (toBuild.length > 0)
      building ??= Promise.all(toBuild.map(build))
        .then(() => undefined)
        .catch((error: unknown) => onFailure('building', error))
        .finally(() => {
          building = undefined;
        });
    do {
      again = false;
      await catchUp(
        all.filter(({ serving, id }) => serving === id),
        true,
      );
    } while (again);
  };
  const advance = (): Promise<void> => {
    if (busy) {
      again = true;
      return busy;
    }
    busy = advanceOnce()
      .finally(() => {
        busy = undefined;
      })
      // Somebody called between the last look and this moment.
      .then(() => (again ? advance() : undefined));
    return busy;
  };
  const serving = async (view: ViewId): Promise<ViewId> => {
    const one = (await load()).find(({ id }) => id.name === view.name);
    if (!one) throw new Error(`The view ${view.name} is not declared in this service.`);
    return one.serving;
  };

  return {
    advance,
    hasReached: (position) =>
      loaded.length === declared.length &&
      loaded.every((one) => one.serving !== one.id || (!one.doubtful && comparePositions(one.seen, position) >= 0)),
    failing: () => loaded.filter(({ failing }) => failing).map(({ id }) => id.name),
    standing: () => loaded.map(({ id: { name }, seen, failing }) => ({ name, seen, failing })),
    async get<Event extends { type: string }, Row extends object>(view: View<Event, Row>, key: string) {
      return (await views.get(await serving(view), key))?.row as Row | undefined;
    },
    async find<Event extends { type: string }, Row extends object>(
      view: View<Event, Row>,
      index: string,
      value: string,
      options?: FindOptions,
    ) {
      return (await views.find(await serving(view), index, value, options)) as unknown as readonly StoredRow<Row>[];
    },
  };
}

async function olderVersion({ name, version }: ViewId, views: ViewStore): Promise<ViewId | undefined> {
  for (let older = version - 1; older > 0; older--) {
    if ((await views.position({ name, version: older })) !== undefined) return { name, version: older };
  }
  return undefined;
}
