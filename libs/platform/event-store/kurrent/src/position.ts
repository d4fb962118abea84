/** A place in KurrentDB's log as text: commit and prepare position at fixed width, so that order as text is the order of the log. */
import type { Position } from '@convenant/kernel';

/** Bytes from the beginning of the log. What one append writes to several streams has equal halves for each record. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}
const form = /^(\d{20})\.(\d{20})$/;
const width = 20; // digits of the largest unsigned number of 64 bits

export const positionOf = ({ commit, prepare }: LogPosition): Position =>
  `${String(commit).padStart(width, '0')}.${String(prepare).padStart(width, '0')}` as Position;

/** Throws for text that is no position of this store. */
export function logPositionOf(position: Position): LogPosition {
  const [, commit, prepare] = form.exec(position) ?? [];
  if (commit === undefined || prepare === undefined)
    throw new Error('This is not a position of a KurrentDB event store.');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
