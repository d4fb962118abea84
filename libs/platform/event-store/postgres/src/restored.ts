/** What a restored database needs before a service may open it: an epoch that rose, numbers of its own, and a door that waits for an operator. */
import type { ClientBase } from 'pg';

export interface Restored {
  /** Twelve hexadecimal digits, drawn at random: two restores of one backup must not share a series either. */
  readonly series: string;
  /** The epoch that the log had reached when the backup was made. */
  readonly epoch: number;
  readonly backedUpAt: string;
  readonly restoredAt: string;
}

/**
 * Run as the owner, in the transaction in which the rows were loaded, with the schema of this release. Answers the epoch in which the log
 * goes on. The door is held from here on, until `releaseDoor`.
 *
 * Whatever has no receipt goes to lanes of a new series. Under its old number a partner may hold something else, of which this database
 * does not know; and it may be there already, which changes nothing: a message is known by its id.
 */
export async function settleRestored(owner: ClientBase, restored: Restored): Promise<number> {
  const { series, epoch, backedUpAt, restoredAt } = restored;
  await continueNumbers(owner);
  await owner.query(
    `update convenant.log_state set server = 'restored',
       epoch = greatest($1, epoch, (select coalesce(max(e.epoch), 1) from convenant.events e))`,
    [epoch],
  );
  await owner.query('insert into convenant.restores (series, backed_up_at, restored_at) values ($1, $2, $3)', [
    series,
    backedUpAt,
    restoredAt,
  ]);
  await owner.query(
    `with waiting as (
       select o.message_id, split_part(o.lane, '#', 1) || '#' || $1 as lane,
         row_number() over (partition by split_part(o.lane, '#', 1) order by o.lane, o.number) as number
       from convenant.outbox o join convenant.lanes l using (lane) where o.number > l.receipt and o.lane not like 'urgent/%'
     ), moved as (
       update convenant.outbox o set lane = w.lane, number = w.number, handed_over = false
       from waiting w where w.message_id = o.message_id
     ), made as (
       insert into convenant.lanes (lane, last_number) select lane, count(*) from waiting group by lane
     )
     update convenant.lanes set last_number = receipt, again = null where lane not like 'urgent/%'`,
    [series],
  );
  const { rows } = await owner.query<{ epoch: number }>('select convenant.settle_epoch() as epoch');
  if (!rows[0]) throw new Error('The restored log has no epoch.');
  return rows[0].epoch;
}

/** Loading rows does not move the counters that number them. */
async function continueNumbers(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'convenant' and is_identity = 'YES'`,
  );
  for (const { table, column } of rows) {
    const [name, counted] = [table, column].map((each) => owner.escapeIdentifier(each));
    await owner.query(
      `select setval(pg_get_serial_sequence('convenant.' || $1, $2), greatest((select max(${counted}) from convenant.${name}), 1),
         exists (select from convenant.${name}))`,
      [table, column],
    );
  }
}

/**
 * Run as the owner. The door then goes through the whole log once more, and tells what may be told now: a released door notes its place
 * under the series of the restore. False when it was not held; a database that was never restored is not.
 */
export async function releaseDoor(owner: ClientBase, releasedAt: string): Promise<boolean> {
  await owner.query('begin');
  try {
    const { rowCount } = await owner.query(
      `update convenant.restores set released_at = $1
       where released_at is null and number = (select max(number) from convenant.restores)`,
      [releasedAt],
    );
    // A service of an earlier release notes it under this name, released or not.
    if (rowCount) await owner.query(`delete from convenant.checkpoints where reader = 'door'`);
    await owner.query('commit');
    return Boolean(rowCount);
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}
