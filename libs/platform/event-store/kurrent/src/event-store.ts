/** The event log in KurrentDB: every append one transaction over the stream and its event ids, every read asked of the leader. */
import { comparePositions, EventStore, VersionConflict } from '@convenant/kernel';
import type { Appended, NewEvent, Position, StoredEvent } from '@convenant/kernel';
import { BACKWARDS, END, eventTypeFilter, START, WrongExpectedVersionError } from '@kurrent/kurrentdb-client';
import type { KurrentDBClient, RegexFilter } from '@kurrent/kurrentdb-client';
import { assertType, toRecord, toStored, typesOfEvents } from './envelope.js';
import { onAppendedAnywhere } from './hints.js';
import { isReserved, positionIn, rememberAs, whereKnown } from './known-ids.js';
import { Leader, pause } from './leader.js';
import type { LeaderSettings, Progress } from './leader.js';
import { logPositionOf, positionOf } from './position.js';
import { recordsOf } from './reading.js';
import type { Reading } from './reading.js';

export type KurrentOptions = Pick<LeaderSettings, 'address'> & Partial<LeaderSettings>;

/** How often an id that is there is looked for until it can be read; what was acknowledged can be read at once. */
const looks = 8;
const firstLookMs = 5;

interface Append {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
}

/**
 * A stream may have any name of well-formed text without the zero character that does not begin with `$` or `_known-`. An event type has
 * letters, digits, `_`, `.`, `:` and `-`, and begins with a letter or digit. One organisation has a cluster, or a log, for itself.
 */
export class KurrentEventStore extends EventStore {
  readonly #leader: Leader;
  readonly #listeners = new Set<() => void>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #retryMs: number;
  #stopHints: (() => Promise<void>) | undefined;
  #isClosed = false;

  /** Throws when the address is wrong; whether anything answers there shows at the first call. */
  constructor({
    setting = 'ORGANISATION_EVENT_LOG',
    patienceMs = 10_000,
    attempts = 4,
    firstWaitMs = 250,
    address,
  }: KurrentOptions) {
    super();
    this.#leader = new Leader({ address, setting, patienceMs, attempts, firstWaitMs });
    this.#retryMs = firstWaitMs * 4;
  }

  override async append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended> {
    this.#assertOpen();
    assertAppendable(stream, events);
    const append = { stream, expectedVersion, events };
    const under = this.#leader.ask((client, progress) => writeOrExplain(client, append, progress));
    this.#underWay.add(under);
    try {
      const answer = await under;
      queueMicrotask(() => this.#hint());
      return answer;
    } finally {
      this.#underWay.delete(under);
    }
  }

  override async read(stream: string, after = 0): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    if (!isText(stream) || isReserved(stream)) return [];
    return this.#collect((client) => client.readStream(stream, { fromRevision: BigInt(after), requiresLeader: true }));
  }

  override async readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    const fromPosition = after === undefined ? START : logPositionOf(after);
    // The server begins with the event at this very position, which was read before.
    const asked = after === undefined ? limit : limit + 1;
    const found = await this.#collect((client) =>
      client.readAll({ fromPosition, maxCount: asked, filter: onlyEvents(), requiresLeader: true }),
    );
    return found.filter(({ position }) => comparePositions(after, position) < 0).slice(0, limit);
  }

  override async head(): Promise<Position | undefined> {
    this.#assertOpen();
    const [last] = await this.#collect((client) =>
      client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
        filter: onlyEvents(),
        requiresLeader: true,
      }),
    );
    return last?.position;
  }

  override onAppended(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    if (!this.#isClosed) this.#stopHints ??= onAppendedAnywhere(this.#leader, this.#retryMs, () => this.#hint());
    return () => void this.#listeners.delete(own);
  }

  /** Waits for the appends that are under way. */
  override async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await this.#stopHints?.();
    await Promise.allSettled(this.#underWay);
    await this.#leader.close();
  }

  #hint(): void {
    this.#listeners.forEach((listener) => listener());
  }

  #collect(open: (client: KurrentDBClient) => Reading): Promise<StoredEvent[]> {
    return this.#leader.ask(async (client, progress) => {
      return (await recordsOf(open(client), progress)).map(toStored);
    });
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new Error('This event store was closed.');
  }
}

const onlyEvents = (): RegexFilter => eventTypeFilter({ regex: typesOfEvents });

/**
 * The ids come before the events, for two reasons: of several streams that are not as expected the server names the first, so a conflict about
 * the stream itself means that no id is known; and the position that it answers is that of the last record, which is the last event.
 */
async function writeOrExplain(client: KurrentDBClient, append: Append, progress: Progress): Promise<Appended> {
  const { stream, expectedVersion, events } = append;
  const ids = events.map(({ id }, index) => rememberAs(id, { stream, version: expectedVersion + index + 1 }));
  const expectedState = expectedVersion === 0 ? 'no_stream' : BigInt(expectedVersion - 1);
  for (let look = 1; ; look++) {
    try {
      const { position } = await client.multiStreamAppend([
        ...ids,
        { streamName: stream, expectedState, events: events.map(toRecord) },
      ]);
      return {
        version: expectedVersion + events.length,
        position: positionOf({ commit: position, prepare: position }),
      };
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      progress();
      const before = await answerBefore(client, append, look >= looks);
      if (before) return before;
      if (error.streamName === stream) throw new VersionConflict(expectedVersion, versionIn(error));
      // Another append of these ids was written and cannot be read yet, or was lost with a node that led.
      if (look >= looks) throw Object.assign(new Error('not readable'), { type: 'deadline-exceeded' });
      await pause(firstLookMs * 2 ** look);
    }
  }
}

/** The first answer to an append that is repeated; undefined when no id is known. Throws when the ids are known otherwise. */
async function answerBefore(
  client: KurrentDBClient,
  { stream, events }: Append,
  isLastLook: boolean,
): Promise<Appended | undefined> {
  const known = (await Promise.all(events.map(({ id }) => whereKnown(client, id)))).filter(
    (each) => each !== undefined,
  );
  if (known.some((each) => each.stream !== stream))
    throw new Error('An event id of this append is known in another stream.');
  if (known.length === 0) return undefined;
  // Ids of one append become readable one by one.
  if (known.length < events.length) {
    if (!isLastLook) return undefined;
    throw new Error('Only some of the event ids of this append are known.');
  }
  const last = known.reduce((a, b) => (a.version > b.version ? a : b));
  const position = await positionIn(client, last);
  return position && { version: last.version, position };
}

/** The driver says `no_stream` for a stream without events, and otherwise the number of the last one, from 0. */
function versionIn({ actualState }: WrongExpectedVersionError): number {
  return typeof actualState === 'bigint' ? Number(actualState) + 1 : 0;
}

function assertAppendable(stream: string, events: readonly NewEvent[]): void {
  if (!isText(stream) || stream === '') throw new Error('This stream is not valid text.');
  if (isReserved(stream)) throw new Error('A stream in KurrentDB may not have a name that begins with $ or _known-.');
  for (const { id, type } of events) {
    if (!isText(id)) throw new Error('This event id is not valid text.');
    assertType(type);
  }
  if (events.length === 0) throw new Error('An append needs at least one event.');
  if (new Set(events.map(({ id }) => id)).size < events.length)
    throw new Error('An append holds the same event id twice.');
}

/** Unicode text without the zero character, as in the other stores. */
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
