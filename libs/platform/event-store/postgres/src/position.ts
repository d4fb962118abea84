/** A place in the log as text: restore epoch, transaction id and number at fixed width, so that order as text is order as row. */
import type { Position } from '@convenant/kernel';

export interface Place {
  readonly epoch: number;
  readonly tx: string;
  readonly seq: string;
}
const form = /^(\d{6})\.(\d{20})\.(\d{19})$/;

export const positionOf = ({ epoch, tx, seq }: Place): Position =>
  `${String(epoch).padStart(6, '0')}.${tx.padStart(20, '0')}.${seq.padStart(19, '0')}` as Position;

/** What `readAll` starts after; the place before everything for `undefined`. Throws for text that is no position of this store. */
export function placeOf(position: Position | undefined): Place {
  if (position === undefined) return { epoch: 0, tx: '0', seq: '0' };
  const [, epoch, tx, seq] = form.exec(position) ?? [];
  if (epoch === undefined || tx === undefined || seq === undefined)
    throw new Error('This is not a position of a PostgreSQL event store.');
  // PostgreSQL reads a transaction id with leading zeros as octal.
  return { epoch: Number(epoch), tx: BigInt(tx).toString(), seq: BigInt(seq).toString() };
}
