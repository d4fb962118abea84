/**
 * A double of a KurrentDB server, for tests: it speaks gRPC with the driver's own definitions and keeps events in memory. It answers what the
 * adapter asks (features, gossip, appends to several streams, reads and subscriptions) as the server's source says that the server does, and
 * nothing else. What it answers wrongly, no test here finds: only a run against a server can.
 */
import { randomUUID } from 'node:crypto';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerReadableStream, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import featuresMessages from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import gossipMessages from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import reading from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import messages from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import appending from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import appended from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import type {
  AppendRequest,
  AppendSessionResponse,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import { DoubleLog } from './double-log.js';
import type { DoubleRecord } from './double-log.js';
import {
  broken,
  checkpointAt,
  conflict,
  notFound,
  refusalOf,
  refusalOfRequest,
  toAppend,
  toResponse,
} from './double-messages.js';
import type { DoubleFault } from './double-messages.js';

export type DoubleCall = 'features' | 'gossip' | 'append' | 'read' | 'subscribe';
export interface DoubleOptions {
  /** Of the node that this double says is the leader; its own when left out. */
  readonly leaderPort?: () => number;
  /** A server from before 25.1 knows no appends to several streams. */
  readonly old?: boolean;
  readonly log?: DoubleLog;
  /** How long what was written stays unreadable, and its writer without an answer. */
  readonly settlesAfterMs?: number;
}

export class KurrentDouble {
  readonly log: DoubleLog;
  readonly #server = new Server({ 'grpc.max_receive_message_length': -1 });
  readonly #faults: { readonly call: DoubleCall; readonly fault: DoubleFault }[] = [];
  readonly #ending = new Set<() => void>();
  /** How often each kind of call was made. */
  readonly calls: Record<DoubleCall, number> = { features: 0, gossip: 0, append: 0, read: 0, subscribe: 0 };
  #port = 0;

  private constructor(private readonly options: DoubleOptions) {
    this.log = options.log ?? new DoubleLog();
    this.#server.addService(features.ServerFeaturesService, { getSupportedMethods: this.#features });
    this.#server.addService(gossip.GossipService, { read: this.#gossip });
    this.#server.addService(reading.StreamsService, {
      read: this.#read,
      append: unknownCall,
      batchAppend: unknownCall,
      delete: unknownCall,
      tombstone: unknownCall,
    });
    if (!options.old)
      this.#server.addService(appending.StreamsServiceService, {
        appendSession: this.#append,
        appendRecords: unknownCall,
      });
  }

  /** On any free port of this machine, or on `port`, without TLS. */
  static async start(options: DoubleOptions = {}, port = 0): Promise<KurrentDouble> {
    const double = new KurrentDouble(options);
    double.#port = await new Promise<number>((resolve, reject) => {
      double.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return double;
  }

  get port(): number {
    return this.#port;
  }
  get address(): string {
    return `kurrentdb://127.0.0.1:${this.#port}?tls=false&discoveryInterval=5`;
  }

  /** The next calls of this kind meet these faults, one each. */
  failNext(call: DoubleCall, ...faults: readonly DoubleFault[]): void {
    this.#faults.push(...faults.map((fault) => ({ call, fault })));
  }

  /** Ends every subscription as a server does that goes away. */
  endSubscriptions(): void {
    this.#ending.forEach((end) => end());
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #faultOf(call: DoubleCall): DoubleFault | undefined {
    this.calls[call]++;
    const at = this.#faults.findIndex((each) => each.call === call);
    return at < 0 ? undefined : this.#faults.splice(at, 1)[0]?.fault;
  }

  readonly #features = (
    _: ServerUnaryCall<unknown, unknown>,
    answer: sendUnaryData<InstanceType<typeof featuresMessages.SupportedMethods>>,
  ): void => {
    const fault = this.#faultOf('features');
    if (fault === 'silence') return;
    if (fault) return answer(refusalOf(fault));
    const methods = new featuresMessages.SupportedMethods();
    methods.setEventStoreServerVersion(this.options.old ? '24.10.0' : '26.1.0');
    const offered: [string, string, string[]][] = [
      ['event_store.client.streams.streams', 'read', ['position', 'events']],
      ['event_store.client.streams.streams', 'append', []],
      ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
      ...(this.options.old
        ? []
        : ([['kurrentdb.protocol.v2.streams.streamsservice', 'appendsession', []]] as [string, string, string[]][])),
    ];
    for (const [service, name, list] of offered) {
      const method = new featuresMessages.SupportedMethod();
      method.setServiceName(service);
      method.setMethodName(name);
      method.setFeaturesList(list);
      methods.addMethods(method);
    }
    answer(null, methods);
  };

  readonly #gossip = (
    _: ServerUnaryCall<unknown, unknown>,
    answer: sendUnaryData<InstanceType<typeof gossipMessages.ClusterInfo>>,
  ): void => {
    const fault = this.#faultOf('gossip');
    if (fault === 'silence') return;
    if (fault) return answer(refusalOf(fault));
    const leader = this.options.leaderPort?.() ?? this.#port;
    const states = gossipMessages.MemberInfo.VNodeState;
    const cluster = new gossipMessages.ClusterInfo();
    for (const port of new Set([this.#port, leader])) {
      const id = new shared.UUID();
      id.setString(randomUUID());
      const place = new gossipMessages.EndPoint();
      place.setAddress('127.0.0.1');
      place.setPort(port);
      const member = new gossipMessages.MemberInfo();
      member.setInstanceId(id);
      member.setTimeStamp('0');
      member.setIsAlive(true);
      member.setState(port === leader ? states.LEADER : states.FOLLOWER);
      member.setHttpEndPoint(place);
      cluster.addMembers(member);
    }
    answer(null, cluster);
  };

  readonly #append = (
    call: ServerReadableStream<AppendRequest, AppendSessionResponse>,
    answer: sendUnaryData<AppendSessionResponse>,
  ): void => {
    const requests: AppendRequest[] = [];
    call.on('data', (request: AppendRequest) => requests.push(request));
    call.on('end', () => {
      const fault = this.#faultOf('append');
      if (fault === 'silence') return;
      if (fault && fault !== 'lose') return answer(refusalOf(fault));
      const refusal = refusalOfRequest(requests);
      if (refusal) return answer(refusalOf(refusal));
      const given = this.log.append(requests.map(toAppend));
      if (given.outcome === 'dropped') return;
      if (given.outcome === 'confused') return answer(refusalOf({ code: status.UNKNOWN, message: 'confused' }));
      if (given.outcome === 'conflict') return answer(refusalOf(conflict(given)));
      setTimeout(() => {
        this.log.settle();
        if (fault === 'lose') return answer(refusalOf(broken));
        const response = new appended.AppendSessionResponse();
        response.setPosition(String(given.position));
        requests.forEach((request, index) => {
          const one = new appended.AppendResponse();
          one.setStream(request.getStream());
          one.setStreamRevision(String(given.last[index]));
          response.addOutput(one);
        });
        answer(null, response);
      }, this.options.settlesAfterMs ?? 1);
    });
  };

  readonly #read = (call: ServerWritableStream<ReadReq, ReadResp>): void => {
    const options = call.request.getOptions();
    if (!options?.hasUuidOption())
      return void call.emit('error', refusalOf({ code: status.INVALID_ARGUMENT, message: 'uuid' }));
    const fault = this.#faultOf(options.hasSubscription() ? 'subscribe' : 'read');
    if (fault === 'silence') return;
    if (fault) return void call.emit('error', refusalOf(fault));
    if (options.hasSubscription()) return this.#subscribe(call, options);
    const count = Number(options.getCount());
    const stream = options.getStream();
    if (stream) {
      const name = Buffer.from(stream.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
      const records = this.log.stream(name);
      const from = stream.hasRevision() ? Number(stream.getRevision()) : 0;
      if (!records) call.write(notFound(name));
      else for (const record of records.slice(from, from + count)) call.write(toResponse(record));
    } else for (const record of allOf(this.log.all(), options).slice(0, count)) call.write(toResponse(record));
    call.end();
  };

  #subscribe(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): void {
    const matches = filterOf(options);
    const all = options.getAll();
    let after = all?.hasPosition() ? BigInt(all.getPosition()?.getCommitPosition() ?? 0) : -1n;
    if (all?.hasEnd()) after = this.log.all().at(-1)?.position ?? -1n;
    const confirmation = new messages.ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId(randomUUID());
    const confirmed = new messages.ReadResp();
    confirmed.setConfirmation(confirmation);
    call.write(confirmed);
    const send = (): void => {
      for (const record of this.log.all()) {
        if (record.position <= after) continue;
        after = record.position;
        call.write(matches(record) ? toResponse(record) : checkpointAt(record));
      }
    };
    const stopWatching = this.log.watch(send);
    const end = (): void => {
      this.#ending.delete(end);
      call.emit('error', refusalOf(broken));
    };
    this.#ending.add(end);
    call.on('cancelled', () => {
      stopWatching();
      this.#ending.delete(end);
    });
    call.on('close', stopWatching);
    send();
  }
}

/** Positions are inclusive forwards; backwards only the end is ever asked for here. */
function allOf(log: readonly DoubleRecord[], options: ReadReq.Options): readonly DoubleRecord[] {
  const matching = log.filter(filterOf(options));
  if (options.getReadDirection() === messages.ReadReq.Options.ReadDirection.BACKWARDS) return matching.toReversed();
  const from = BigInt(options.getAll()?.getPosition()?.getCommitPosition() ?? 0);
  return matching.filter(({ position }) => position >= from);
}

function filterOf(options: ReadReq.Options): (record: DoubleRecord) => boolean {
  const filter = options.getFilter();
  const [expression, part] = filter?.hasEventType()
    ? ([filter.getEventType(), 'type'] as const)
    : ([filter?.getStreamIdentifier(), 'stream'] as const);
  if (!expression) return () => true;
  const regex = expression.getRegex();
  if (regex) return (record) => new RegExp(regex, 'u').test(record[part]);
  return (record) => expression.getPrefixList().some((prefix) => record[part].startsWith(prefix));
}

function unknownCall(...[, answer]: readonly unknown[]): void {
  if (typeof answer === 'function')
    answer(refusalOf({ code: status.UNIMPLEMENTED, message: 'The double does not know this call.' }));
}
