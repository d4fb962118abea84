/** How an event lies in KurrentDB: its data as JSON and everything else as metadata, its id included. */
import { createHash } from 'node:crypto';
import type { NewEvent, Position, StoredEvent } from '@convenant/kernel';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import type { EventData, RecordedEvent } from '@kurrent/kurrentdb-client';
import { positionOf } from './position.js';

/** The server takes letters, digits and these signs in a type; `$` marks its own events and `_` ours that are no events. */
const typeForm = /^[\p{L}\p{N}][\p{L}\p{N}_.:-]*$/u;
/** What a filter on types lets through: every event, nothing of the server's and nothing of our own bookkeeping. */
export const typesOfEvents = '^[^$_]';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const nil = '00000000-0000-0000-0000-000000000000';

/** A name for an event id: the id itself where it is a UUID as it is written everywhere here, and otherwise one that follows from it. */
export function uuidOf(id: string): string {
  if (uuid.test(id) && id !== nil) return id;
  const bytes = createHash('sha256').update('convenant event id').update(id).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = bytes.toString('hex');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** Throws when the server would refuse it. */
export function assertType(type: string): void {
  if (!typeForm.test(type) || type.normalize('NFC') !== type)
    throw new Error('This event type has signs that KurrentDB does not take.');
}

/**
 * The server takes only text as values of metadata, so what has structure is JSON in there. The record gets an id of its own each time: where a
 * server meets one that it knows, it may leave the writer without an answer until its cluster has it. What keeps ids apart is `known-ids.ts`.
 */
export function toRecord({ id, type, version, data, sealed, meta }: NewEvent): EventData {
  return jsonEvent({
    type,
    data,
    metadata: {
      id,
      version: String(version),
      sealed: JSON.stringify(sealed),
      meta: JSON.stringify(meta),
    },
  });
}

/** Throws for a record that this adapter did not write; says where it stands and nothing of what it holds. */
export function toStored(record: RecordedEvent): StoredEvent {
  const { metadata, position, data } = record;
  const { id, version, sealed, meta } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  if (
    !position ||
    typeof data !== 'object' ||
    typeof id !== 'string' ||
    typeof version !== 'string' ||
    typeof sealed !== 'string' ||
    typeof meta !== 'string'
  )
    throw new Error(
      `The event at ${placeOf(record)} of KurrentDB was not written by Convenant: this log must be used by one organisation alone.`,
    );
  return {
    id,
    type: record.type,
    version: Number(version),
    data: data as NewEvent['data'],
    sealed: JSON.parse(sealed) as NewEvent['sealed'],
    meta: JSON.parse(meta) as NewEvent['meta'],
    stream: record.streamId,
    streamVersion: versionOf(record.revision),
    position: positionOf(position),
  };
}

/** Streams count from 1 here and from 0 there. */
export const versionOf = (revision: bigint): number => Number(revision) + 1;
export const revisionOf = (version: number): bigint => BigInt(version - 1);

const placeOf = ({ position }: RecordedEvent): Position | 'an unknown place' =>
  position ? positionOf(position) : 'an unknown place';
