/** The event log in PostgreSQL: appends and readings that wait share a round trip, and a reader that never skips. */
import { EventStore, VersionConflict } from '@convenant/kernel';
import type { Appended, NewEvent, Position, StoredEvent } from '@convenant/kernel';
import type { Pool } from 'pg';
import { concernsContent } from './failures.js';
import { Flights } from './flights.js';
import { placeOf, positionOf } from './position.js';
import type { Place } from './position.js';
import { assertStorable, isStorable } from './storable.js';

interface Append {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
}
interface Reading {
  readonly stream: string;
  readonly after: number;
}
interface Outcome extends Place {
  readonly outcome: 'appended' | 'conflict' | 'partly-known' | 'known-elsewhere';
  readonly version: number;
}
interface EventRow extends Place {
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly type_version: number;
  readonly data: NewEvent['data'];
  readonly sealed: NewEvent['sealed'];
  readonly meta: NewEvent['meta'];
}

/** `tx` leaves as text, so an order by the bare name would be by text: order by `e.tx`. */
const columns = 'epoch, tx::text as tx, seq, stream, version, id, type, type_version, data, sealed, meta';
/** What no open transaction can still come before: everything of an earlier epoch, and of this one what lies below every open transaction. */
const settled = '(epoch, tx) < ((select epoch from convenant.log_state), pg_snapshot_xmin(pg_current_snapshot()))';

export class PostgresEventStore extends EventStore {
  readonly #listeners = new Set<() => void>();
  readonly #appends: Flights<Append, Outcome>;
  readonly #readings: Flights<Reading, readonly StoredEvent[]>;
  #closed = false;

  /** `described` rethrows what the driver says, in words for whoever runs the database. */
  constructor(
    private readonly pool: Pool,
    private readonly described: (error: unknown) => never,
  ) {
    super();
    this.#appends = new Flights((appends) => this.#append(appends), {
      atOnce: 1,
      tasksPerFlight: 128,
      concernsContent,
    });
    this.#readings = new Flights((readings) => this.#read(readings), {
      atOnce: 1,
      tasksPerFlight: 128,
      concernsContent,
    });
  }

  override async append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended> {
    if (this.#closed) throw new Error('This event store was closed.');
    assertStorable('stream', stream);
    for (const { id, type } of events) assertStorable('event id or type', id + type);
    if (events.length === 0) throw new Error('An append needs at least one event.');
    if (new Set(events.map(({ id }) => id)).size < events.length)
      throw new Error('An append holds the same event id twice.');
    const answer = await this.#appends.add({ stream, expectedVersion, events }).catch(this.described);
    switch (answer.outcome) {
      case 'appended':
        queueMicrotask(() => this.#listeners.forEach((listener) => listener()));
        return { version: answer.version, position: positionOf(answer) };
      case 'conflict':
        throw new VersionConflict(expectedVersion, answer.version);
      case 'partly-known':
        throw new Error('Only some of the event ids of this append are known.');
      case 'known-elsewhere':
        throw new Error('An event id of this append is known in another stream.');
    }
  }

  override async read(stream: string, after = 0): Promise<readonly StoredEvent[]> {
    if (!isStorable(stream)) return [];
    return this.#readings.add({ stream, after }).catch(this.described);
  }

  override async readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]> {
    const { epoch, tx, seq } = placeOf(after);
    return this.#events(
      'convenant-read-all',
      `select ${columns} from convenant.events e
       where (epoch, tx, seq) > ($1::int, $2::xid8, $3::bigint) and ${settled}
       order by e.epoch, e.tx, e.seq limit $4`,
      [epoch, tx, seq, limit],
    );
  }

  override async head(): Promise<Position | undefined> {
    const { rows } = await this.pool
      .query<Place>({
        name: 'convenant-head',
        text: `select epoch, tx::text, seq from convenant.events e where ${settled} order by e.epoch desc, e.tx desc, e.seq desc limit 1`,
      })
      .catch(this.described);
    return rows[0] && positionOf(rows[0]);
  }

  /** Told of what this process appends; what others append is met by polling. */
  override onAppended(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Waits for the appends that are under way. */
  override async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await Promise.all([this.#appends.idle(), this.#readings.idle()]);
  }

  async #events(name: string, text: string, values: unknown[]): Promise<StoredEvent[]> {
    const { rows } = await this.pool.query<EventRow>({ name, text, values }).catch(this.described);
    return rows.map(toStored);
  }

  async #read(readings: readonly Reading[]): Promise<readonly (readonly StoredEvent[])[]> {
    const { rows } = await this.pool.query<EventRow & { asked: string }>({
      name: 'convenant-read',
      // `offset 0` keeps the planner to one range of the index per stream, whatever it believes about their number.
      text: `select a.asked, e.* from unnest($1::text[], $2::int[]) with ordinality as a (stream, after, asked)
        cross join lateral (
          select ${columns} from convenant.events e where e.stream = a.stream and e.version > a.after offset 0
        ) e order by a.asked, e.version`,
      values: [readings.map(({ stream }) => stream), readings.map(({ after }) => after)],
    });
    const found = readings.map((): StoredEvent[] => []);
    for (const row of rows) found[Number(row.asked) - 1]?.push(toStored(row));
    return found;
  }

  async #append(batch: readonly Append[]): Promise<readonly Outcome[]> {
    const events = batch.flatMap((append) => append.events);
    const { rows } = await this.pool.query<Outcome>({
      name: 'convenant-append',
      text: 'select * from convenant.append($1, $2, $3, $4, $5, $6, $7::json[], $8::json[], $9::json[])',
      values: [
        batch.map(({ stream }) => stream),
        batch.map(({ expectedVersion }) => expectedVersion),
        batch.map((append) => append.events.length),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ version }) => version),
        events.map(({ data }) => JSON.stringify(data)),
        events.map(({ sealed }) => JSON.stringify(sealed)),
        events.map(({ meta }) => JSON.stringify(meta)),
      ],
    });
    return rows;
  }
}

const toStored = (row: EventRow): StoredEvent => ({
  id: row.id,
  type: row.type,
  version: row.type_version,
  data: row.data,
  sealed: row.sealed,
  meta: row.meta,
  stream: row.stream,
  streamVersion: row.version,
  position: positionOf(row),
});
