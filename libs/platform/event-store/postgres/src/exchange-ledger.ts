/**
 * The bookkeeping of door and inbox in PostgreSQL. What many lanes ask at once shares a round trip; every statement is one transaction.
 * Rows are looked up by key in subqueries that the planner may not take apart (`offset 0`): whatever it believes about the tables, a message
 * costs no more for all that went before it.
 */
import { ExchangeLedger } from '@convenant/exchange';
import type { AfterRestore, Enqueued, OutboxItem, ParkedMessage, WaitingLane } from '@convenant/exchange';
import type { Pool } from 'pg';
import { withoutWaitingForTheDisk } from './durability.js';
import { concernsContent } from './failures.js';
import { Flights } from './flights.js';
import { assertStorable } from './storable.js';

const item = `lane, number, message_id as "messageId", recipient, stream, stream_version as "streamVersion", index`;

interface Receipt {
  readonly lane: string;
  readonly upTo: number;
  readonly recipient: string;
}

export class PostgresExchangeLedger extends ExchangeLedger {
  #released: AfterRestore | undefined;
  readonly #enqueuing = this.#flights((items: readonly Omit<OutboxItem, 'number'>[]) =>
    this.#query<Enqueued>(
      'enqueue',
      // The lanes as they were before this statement.
      `select o.*, o.number = coalesce(l.last_number, 0) + 1 and (l.lane is null or l.receipt = l.last_number and l.again is null) as "isNext"
       from (select ${item} from convenant.enqueue_all($1, $2, $3, $4, $5, $6)) o
       left join lateral (select * from convenant.lanes l where l.lane = o.lane offset 0) l on true`,
      [
        items.map(({ lane }) => lane),
        items.map(({ messageId }) => messageId),
        items.map(({ recipient }) => recipient),
        items.map(({ stream }) => stream),
        items.map(({ streamVersion }) => streamVersion),
        items.map(({ index }) => index),
      ],
    ),
  );
  readonly #looking = this.#flights(async (asked: readonly { lane: string; limit: number }[]) => {
    const rows = await this.#query<OutboxItem & { asked: string; received: boolean }>(
      'waiting',
      `select a.asked, o.* from unnest($1::text[], $2::int[]) with ordinality as a (lane, most, asked)
       cross join lateral (select * from convenant.lanes l where l.lane = a.lane offset 0) l
       cross join lateral (
         select ${item}, number <= l.receipt as received from convenant.outbox
         where lane = a.lane and number > coalesce(l.again, l.receipt) order by number limit a.most
       ) o order by a.asked, o.number`,
      [asked.map(({ lane }) => lane), asked.map(({ limit }) => limit)],
    );
    const found = asked.map((): OutboxItem[] => []);
    for (const { asked: place, received, ...waiting } of rows)
      found[Number(place) - 1]?.push(received ? { ...waiting, again: true } : waiting);
    return found;
  });
  readonly #receipting = this.#flights(async (receipts: readonly Receipt[]) => {
    const rows = await this.#query<{ place: string; waiting: number }>(
      'note-receipts',
      // What it was for is then sent once more, and gets its receipt again.
      `select place, waiting, ${withoutWaitingForTheDisk} from convenant.note_receipts($1, $2, $3)`,
      [receipts.map(({ lane }) => lane), receipts.map(({ upTo }) => upTo), receipts.map(({ recipient }) => recipient)],
    );
    const byPlace = new Map(rows.map(({ place, waiting }) => [Number(place), waiting]));
    return receipts.map((_, index) => byPlace.get(index + 1));
  });
  readonly #handingOver = this.#flights(async (ids: readonly string[]) => {
    const rows = await this.#query<{ messageId: string; number: number }>(
      'hand-over',
      'select message_id as "messageId", number from convenant.hand_over_all($1)',
      [ids],
    );
    const byId = new Map(rows.map(({ messageId, number }) => [messageId, number]));
    return ids.map((id) => byId.get(id));
  });
  readonly #reached = this.#flights(async (lanes: readonly string[]) => {
    const rows = await this.#query<{ lane: string; upTo: number }>(
      'received-up-to',
      'select lane, up_to as "upTo" from convenant.received_lanes where lane = any ($1)',
      [lanes],
    );
    const byLane = new Map(rows.map(({ lane, upTo }) => [lane, upTo]));
    return lanes.map((lane) => byLane.get(lane) ?? 0);
  });
  readonly #reaching = this.#flights(async (reached: readonly { lane: string; upTo: number }[]) => {
    // In the order of their names, so that two of these never wait for each other in a circle.
    await this.#query(
      'note-received',
      `insert into convenant.received_lanes as r
       select lane, max(up_to) from unnest($1::text[], $2::int[]) as a (lane, up_to) group by lane order by lane
       on conflict (lane) do update set up_to = excluded.up_to where r.up_to < excluded.up_to`,
      [reached.map(({ lane }) => lane), reached.map(({ upTo }) => upTo)],
    );
    return reached.map(() => undefined);
  });

  /** `described` rethrows what the driver says, in words for whoever runs the database. */
  constructor(
    private readonly pool: Pool,
    private readonly described: (error: unknown) => never,
  ) {
    super();
  }

  override async enqueue({ lane, messageId, recipient, stream, streamVersion, index }: Omit<OutboxItem, 'number'>) {
    for (const text of [lane, messageId, recipient, stream]) assertStorable('message for a lane', text);
    return this.#enqueuing.add({ lane, messageId, recipient, stream, streamVersion, index });
  }

  override async waiting(lane: string, limit: number): Promise<readonly OutboxItem[]> {
    assertStorable('lane', lane);
    return this.#looking.add({ lane, limit });
  }

  override waitingLanes(): Promise<readonly WaitingLane[]> {
    return this.#query(
      'waiting-lanes',
      `select l.lane, o.recipient, o.stream, o.stream_version as "streamVersion", l.last_number - coalesce(l.again, l.receipt) as waiting
       from convenant.lanes l
       cross join lateral (
         select * from convenant.outbox where lane = l.lane and number = coalesce(l.again, l.receipt) + 1 offset 0
       ) o
       where coalesce(l.again, l.receipt) < l.last_number order by l.lane`,
    );
  }

  override async noteReceipt(lane: string, upTo: number, recipient: string): Promise<number | undefined> {
    for (const text of [lane, recipient]) assertStorable('receipt', text);
    return this.#receipting.add({ lane, upTo, recipient });
  }

  override async sendAgain(recipient: string): Promise<number> {
    const lanes = await this.#query(
      'send-again',
      `update convenant.lanes l set again = 0
       where receipt > 0 and exists (select from convenant.outbox o where o.lane = l.lane and o.recipient = $1) returning 1`,
      [recipient],
    );
    return lanes.length;
  }

  override async takeOut(messageId: string): Promise<boolean> {
    const [row] = await this.#query<{ taken: boolean }>('take-out', 'select convenant.take_out($1) as taken', [
      messageId,
    ]);
    return row?.taken === true;
  }

  override async markHandedOver(messageId: string): Promise<number | undefined> {
    assertStorable('message id', messageId);
    return this.#handingOver.add(messageId);
  }

  override async receivedUpTo(lane: string): Promise<number> {
    assertStorable('lane', lane);
    return this.#reached.add(lane);
  }

  override async noteReceived(lane: string, upTo: number): Promise<void> {
    assertStorable('lane', lane);
    await this.#reaching.add({ lane, upTo });
  }

  override async park({ messageId, sender, lane, number, type, reason, signed, at }: ParkedMessage): Promise<void> {
    await this.#query(
      'park',
      `insert into convenant.parked (message_id, sender, lane, number, type, reason, signed, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (message_id) do update set sender = excluded.sender, lane = excluded.lane, number = excluded.number,
         type = excluded.type, reason = excluded.reason, signed = excluded.signed, at = excluded.at`,
      [messageId, sender, lane, number, type, reason, signed, at],
    );
  }

  override async unpark(messageId: string): Promise<void> {
    await this.#query('unpark', 'delete from convenant.parked where message_id = $1', [messageId]);
  }

  override parked(): Promise<readonly ParkedMessage[]> {
    return this.#query(
      'parked',
      `select message_id as "messageId", sender, lane, number, type, reason, signed, at from convenant.parked order by at, message_id`,
    );
  }

  override async askRedrive(messageId: string): Promise<boolean> {
    const asked = await this.#query(
      'ask-redrive',
      'update convenant.parked set redrive_asked = true where message_id = $1 returning 1',
      [messageId],
    );
    return asked.length > 0;
  }

  override async redrivesAsked(): Promise<readonly string[]> {
    const asked = await this.#query<{ messageId: string }>(
      'redrives-asked',
      'select message_id as "messageId" from convenant.parked where redrive_asked order by message_id',
    );
    return asked.map(({ messageId }) => messageId);
  }

  override async redriveTried(messageId: string): Promise<void> {
    await this.#query('redrive-tried', 'update convenant.parked set redrive_asked = false where message_id = $1', [
      messageId,
    ]);
  }

  override async afterRestore(): Promise<AfterRestore> {
    if (this.#released) return this.#released;
    const [row] = await this.#query<AfterRestore & { series: string | null }>(
      'after-restore',
      `select series, released_at is null as held from convenant.restores order by number desc limit 1`,
    );
    const found = { series: row?.series ?? undefined, held: row?.held ?? false };
    // A restore needs an empty database, so nothing changes under a process but that the door is released.
    if (!found.held) this.#released = found;
    return found;
  }

  override async checkpoint(reader: string): Promise<string | undefined> {
    const [row] = await this.#query<{ position: string }>(
      'checkpoint',
      'select position from convenant.checkpoints where reader = $1',
      [reader],
    );
    return row?.position;
  }

  override async saveCheckpoint(reader: string, expected: string | undefined, next: string): Promise<boolean> {
    const saved =
      expected === undefined
        ? await this.#query(
            'checkpoint-first',
            'insert into convenant.checkpoints (reader, position) values ($1, $2) on conflict do nothing returning 1',
            [reader, next],
          )
        : await this.#query(
            'checkpoint-next',
            // What was read since is then read once more.
            `update convenant.checkpoints set position = $2 where reader = $1 and position = $3 returning ${withoutWaitingForTheDisk}`,
            [reader, next, expected],
          );
    return saved.length > 0;
  }

  #flights<Task, Answer>(send: (tasks: readonly Task[]) => Promise<readonly Answer[]>): Flights<Task, Answer> {
    return new Flights(send, { atOnce: 1, tasksPerFlight: 128, concernsContent });
  }

  async #query<Row extends object>(name: string, text: string, values: unknown[] = []): Promise<Row[]> {
    for (const value of values) if (typeof value === 'string') assertStorable('value of the ledger', value);
    const { rows } = await this.pool.query<Row>({ name: `convenant-${name}`, text, values }).catch(this.described);
    return rows;
  }
}
