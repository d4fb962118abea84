/** What operators see of a gateway: its figures, its traces, and whether it lives and is ready. */
import { secondsBetween, type Clock, type OpenSpan, type Telemetry } from '@convenant/kernel';
import {
  createTelemetry,
  nothingKnown,
  spansTo,
  startListener,
  type Listener,
  type ObserveSettings,
  type RunningTelemetry,
} from '@convenant/telemetry';
import { severalOperations, type Graph } from './graph.js';
import { isReady } from './health-endpoint.js';
import type { Organisations } from './organisations.js';

/** Under this name the time is kept that a whole request takes. */
const wholeRequest = 'graphql';
const refusals = ['refused', 'not-signed-in', 'another-organisation', 'too-many-requests'];

/** `undefined` when nobody listens and nothing collects. */
export function telemetryOf(
  organisations: Organisations,
  graph: Graph,
  { listen, collector, spans = collector === undefined ? undefined : spansTo(collector) }: ObserveSettings,
): RunningTelemetry | undefined {
  if (!listen && !spans) return undefined;
  return createTelemetry({
    service: 'convenant-gateway',
    known: {
      ...nothingKnown,
      organisations: new Set(organisations.all.map(({ id }) => id)),
      operations: new Set([...graph.operations, severalOperations, wholeRequest]),
      outcomes: new Set(refusals),
    },
    ofProcess: true,
    ...(spans ? { spans } : {}),
  });
}

/** Rejects when the port is taken. A covenant that is away keeps nobody from her own organisation. */
export async function listenFor(
  organisations: Organisations,
  { metrics }: RunningTelemetry,
  { listen }: ObserveSettings,
): Promise<Listener | undefined> {
  if (!listen) return undefined;
  return startListener({
    ...listen,
    metrics,
    readiness: async () => {
      const answers = await Promise.all(
        organisations.all.map(async (each) => ({ kind: each.kind, ready: await isReady(each) })),
      );
      const missing = answers.filter(({ ready }) => !ready).map(({ kind }) => kind);
      return {
        codes: missing.some((kind) => kind !== 'covenant') ? ['organisation-not-ready'] : [],
        told: missing.includes('covenant') ? ['covenant-not-ready'] : [],
      };
    },
  });
}

/** One request in a span of its own, under the caller's when she sent one, with the time that it took. */
export async function inSpan<T>(
  telemetry: Telemetry,
  clock: Clock,
  traceparent: string | undefined,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const startedAt = clock.now();
  try {
    return await telemetry.span('gateway', traceparent, { outcome: 'done' }, work);
  } finally {
    const seconds = secondsBetween(startedAt, clock.now());
    telemetry.observe('convenant_operation_seconds', seconds, { operation: wholeRequest });
  }
}
