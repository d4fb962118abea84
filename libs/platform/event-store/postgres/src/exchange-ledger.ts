/** The bookkeeping of door and inbox in PostgreSQL; every method is one statement, and so one transaction. */
import { ExchangeLedger } from '@convenant/exchange';
import type { AfterRestore, OutboxItem, ParkedMessage, WaitingLane } from '@convenant/exchange';
import type { Pool } from 'pg';
import { described } from './failures.js';
import { assertStorable } from './storable.js';

const item = `lane, number, message_id as "messageId", recipient, stream, stream_version as "streamVersion", index`;

export class PostgresExchangeLedger extends ExchangeLedger {
  #released: AfterRestore | undefined;

  constructor(private readonly pool: Pool) {
    super();
  }

  override async enqueue({
    lane,
    messageId,
    recipient,
    stream,
    streamVersion,
    index,
  }: Omit<OutboxItem, 'number'>): Promise<OutboxItem> {
    const [stored] = await this.#query<OutboxItem>(
      'enqueue',
      `select ${item} from convenant.enqueue($1, $2, $3, $4, $5, $6)`,
      [lane, messageId, recipient, stream, streamVersion, index],
    );
    if (!stored) throw new Error('The ledger did not answer with the message that it took.');
    return stored;
  }

  override async waiting(lane: string, limit: number): Promise<readonly OutboxItem[]> {
    const rows = await this.#query<OutboxItem & { received: boolean }>(
      'waiting',
      `select ${item}, number <= (select receipt from convenant.lanes where lane = $1) as received from convenant.outbox
       where lane = $1 and number > (select coalesce(again, receipt) from convenant.lanes where lane = $1) order by number limit $2`,
      [lane, limit],
    );
    return rows.map(({ received, ...waiting }) => (received ? { ...waiting, again: true } : waiting));
  }

  override waitingLanes(): Promise<readonly WaitingLane[]> {
    return this.#query(
      'waiting-lanes',
      `select l.lane, o.recipient, o.stream, o.stream_version as "streamVersion", l.last_number - coalesce(l.again, l.receipt) as waiting
       from convenant.lanes l join convenant.outbox o on o.lane = l.lane and o.number = coalesce(l.again, l.receipt) + 1
       where coalesce(l.again, l.receipt) < l.last_number order by l.lane`,
    );
  }

  override async noteReceipt(lane: string, upTo: number): Promise<void> {
    // A receipt for what does not exist yet must not swallow the messages that get those numbers later.
    await this.#query(
      'note-receipt',
      `update convenant.lanes set receipt = greatest(receipt, least($2, last_number)),
         again = case when least($2, last_number) < receipt then greatest(again, least($2, last_number)) end
       where lane = $1 and coalesce(again, receipt) < least($2, last_number)`,
      [lane, upTo],
    );
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
    const [row] = await this.#query<{ number: number | null }>(
      'mark-handed-over',
      'select convenant.hand_over($1) as number',
      [messageId],
    );
    return row?.number ?? undefined;
  }

  override async receivedUpTo(lane: string): Promise<number> {
    const [row] = await this.#query<{ upTo: number }>(
      'received-up-to',
      'select up_to as "upTo" from convenant.received_lanes where lane = $1',
      [lane],
    );
    return row?.upTo ?? 0;
  }

  override async noteReceived(lane: string, upTo: number): Promise<void> {
    await this.#query(
      'note-received',
      `insert into convenant.received_lanes as r values ($1, $2)
       on conflict (lane) do update set up_to = excluded.up_to where r.up_to < excluded.up_to`,
      [lane, upTo],
    );
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
            'update convenant.checkpoints set position = $2 where reader = $1 and position = $3 returning 1',
            [reader, next, expected],
          );
    return saved.length > 0;
  }

  async #query<Row extends object>(name: string, text: string, values: unknown[] = []): Promise<Row[]> {
    for (const value of values) if (typeof value === 'string') assertStorable('value of the ledger', value);
    const { rows } = await this.pool.query<Row>({ name: `convenant-${name}`, text, values }).catch(described);
    return rows;
  }
}
