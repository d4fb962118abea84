/**
 * Which event ids are in the log, and where. KurrentDB looks for an id in one stream only and not always, so every event id has a stream of
 * its own with one record, written in the same transaction as the event: a second event of that id finds that stream there and fails whole.
 */
import type { Position } from '@convenant/kernel';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import type { AppendStreamRequest, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { uuidOf, revisionOf } from './envelope.js';
import { positionOf } from './position.js';
import { recordsOf } from './reading.js';

export interface Known {
  readonly stream: string;
  readonly version: number;
}

const prefix = '_known-';
const type = '_known';

/** Names that belong to the server (`$`) or to this bookkeeping; capitals make no difference, as in the server's own comparison. */
export const isReserved = (stream: string): boolean =>
  stream.startsWith('$') || stream.toLowerCase().startsWith(prefix);

export const rememberAs = (id: string, { stream, version }: Known): AppendStreamRequest => ({
  streamName: prefix + uuidOf(id),
  expectedState: 'no_stream',
  events: [jsonEvent({ type, data: { stream, version }, metadata: {} })],
});

/** Undefined for an id that is not known, or not readable yet: of a write that conflicts already, others may have to hear first. */
export async function whereKnown(client: KurrentDBClient, id: string): Promise<Known | undefined> {
  const [known] = await recordsOf(client.readStream(prefix + uuidOf(id), { maxCount: 1, requiresLeader: true }));
  return known?.data as Known | undefined;
}

/** Where the event at this version of a stream stands; undefined when it is not readable yet. */
export async function positionIn(client: KurrentDBClient, { stream, version }: Known): Promise<Position | undefined> {
  const options = { fromRevision: revisionOf(version), maxCount: 1, requiresLeader: true };
  const [event] = await recordsOf(client.readStream(stream, options));
  return event?.position && positionOf(event.position);
}
