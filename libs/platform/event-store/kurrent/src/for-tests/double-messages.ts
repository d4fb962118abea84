/** What the KurrentDB double says on the wire: its answers, its refusals as the server words them, and what it makes of a request. */
import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import messages from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import streamErrors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
import type { AppendRequest } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import type { DoubleAppend, DoubleRecord } from './double-log.js';

/** `lose`: does what is asked and breaks the connection instead of answering. `silence`: never answers. Otherwise a refusal. */
export type DoubleFault = 'lose' | 'silence' | Refusal;
export interface Refusal {
  readonly code: status;
  readonly message: string;
  /** The last part of the name of the details, as they are named on the wire. */
  readonly details?: { readonly name: string; readonly bytes?: Uint8Array };
  readonly metadata?: Readonly<Record<string, string>>;
}
export const broken: Refusal = { code: status.UNAVAILABLE, message: 'The connection was lost.' };

export function toResponse(record: DoubleRecord): ReadResp {
  const id = new shared.UUID();
  id.setString(record.id);
  const name = new shared.StreamIdentifier();
  name.setStreamName(new TextEncoder().encode(record.stream));
  const recorded = new messages.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(name);
  recorded.setStreamRevision(String(record.revision));
  recorded.setCommitPosition(String(record.position));
  recorded.setPreparePosition(String(record.position));
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', 'application/json')
    .set('created', '17752968000000000');
  const event = new messages.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(record.position));
  const response = new messages.ReadResp();
  response.setEvent(event);
  return response;
}

export function checkpointAt({ position }: DoubleRecord): ReadResp {
  const checkpoint = new messages.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  const response = new messages.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

export function notFound(stream: string): ReadResp {
  const name = new shared.StreamIdentifier();
  name.setStreamName(new TextEncoder().encode(stream));
  const found = new messages.ReadResp.StreamNotFound();
  found.setStreamIdentifier(name);
  const response = new messages.ReadResp();
  response.setStreamNotFound(found);
  return response;
}

/** Properties come as values of text and are kept as one JSON object, which is how a reader gets them back. */
export function toAppend(request: AppendRequest): DoubleAppend {
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return {
    stream: request.getStream(),
    expected: Number(request.getExpectedRevision()),
    records: request.getRecordsList().map((record) => ({
      id: record.getRecordId() ?? '',
      type: record.getSchema()?.getName() ?? '',
      data: record.getData_asU8(),
      metadata: json(
        Object.fromEntries(
          record
            .getPropertiesMap()
            .getEntryList()
            .map(([key, value]) => [key, stringOf(value)]),
        ),
      ),
    })),
  };
}
// An entry of the list is a message or already its array of fields, the text being the third kind of value.
const stringOf = (value: unknown): unknown =>
  Array.isArray(value) ? (value as readonly unknown[])[2] : (value as { getStringValue(): string }).getStringValue();

/** What the server refuses before it looks at any stream. */
export function refusalOfRequest(requests: readonly AppendRequest[]): Refusal | undefined {
  const invalid = (message: string): Refusal => ({
    code: status.INVALID_ARGUMENT,
    message,
    details: { name: 'google.rpc.BadRequest' },
  });
  const names = requests.map((request) => request.getStream().toLowerCase());
  if (new Set(names).size < names.length)
    return {
      code: status.ABORTED,
      message: 'twice',
      details: { name: 'kurrentdb.protocol.v2.streams.errors.StreamAlreadyInAppendSessionErrorDetails' },
    };
  for (const request of requests) {
    if (['', '$$'].includes(request.getStream())) return invalid('Stream');
    if (Number(request.getExpectedRevision()) < -1)
      return { code: status.UNIMPLEMENTED, message: 'The double knows no such expectation.' };
    if (request.getRecordsList().length === 0) return invalid('Records');
    for (const record of request.getRecordsList()) {
      if (
        !/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(record.getRecordId() ?? '') ||
        /^[0-]+$/.test(record.getRecordId() ?? '')
      )
        return invalid('Record ID');
      if (!/^[\p{L}\p{N}_.$:-]+$/u.test(record.getSchema()?.getName() ?? '')) return invalid('Schema name');
    }
  }
  return undefined;
}

export function conflict({ stream, expected, actual }: { stream: string; expected: number; actual: number }): Refusal {
  const details = new streamErrors.StreamRevisionConflictErrorDetails();
  details.setStream(stream);
  details.setExpectedRevision(String(expected));
  details.setActualRevision(String(actual));
  const name = 'kurrentdb.protocol.v2.streams.errors.StreamRevisionConflictErrorDetails';
  return { code: status.FAILED_PRECONDITION, message: 'conflict', details: { name, bytes: details.serializeBinary() } };
}

export function refusalOf(fault: DoubleFault): ServiceError {
  const { code, message, details, metadata = {} } = typeof fault === 'string' ? broken : fault;
  const sent = new Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  if (details) sent.set('grpc-status-details-bin', statusDetails(code, message, details));
  return Object.assign(new Error(message), { code, details: message, metadata: sent });
}

/** google.rpc.Status as bytes; as from the server, a general piece of information goes before the details. */
function statusDetails(
  code: number,
  message: string,
  { name, bytes = new Uint8Array() }: NonNullable<Refusal['details']>,
): Buffer {
  const any = (type: string, value: Uint8Array): Buffer =>
    Buffer.concat([field(1, Buffer.from(`type.googleapis.com/${type}`)), field(2, value)]);
  return Buffer.concat([
    Buffer.from([0x08, code]),
    field(2, Buffer.from(message)),
    field(3, any('google.rpc.ErrorInfo', new Uint8Array())),
    field(3, any(name, bytes)),
  ]);
}
function field(number: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = bytes.byteLength; ; rest >>>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
