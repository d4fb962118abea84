/** Traces by W3C Trace Context: continued from the caller, or begun here. */
import type { Trace } from '@convenant/access-log';
import type { Ids } from '@convenant/kernel';

const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const spanId = (ids: Ids): string => ids.fresh().replaceAll('-', '').slice(0, 16);

export const newTrace = (ids: Ids): Trace => ({ traceId: ids.fresh().replaceAll('-', ''), spanId: spanId(ids) });

export const traceparentOf = (traceId: string, spanId: string): string => `00-${traceId}-${spanId}-01`;

/** The step that a span stands for, in place of the one that was made up before there was a span. The same when spans are not kept. */
export function traceWithin(trace: Trace, traceparent: string | undefined): Trace {
  const [, traceId, ownSpanId] = form.exec(traceparent ?? '') ?? [];
  if (!traceId || !ownSpanId || ownSpanId === trace.parentSpanId) return trace;
  return { traceId, spanId: ownSpanId, ...(trace.parentSpanId ? { parentSpanId: trace.parentSpanId } : {}) };
}

/** Continues the caller's trace in a span of our own, or begins one. */
export function traceOf(traceparent: string | string[] | undefined, ids: Ids): Trace {
  const [, traceId, parentSpanId] = (typeof traceparent === 'string' && form.exec(traceparent)) || [];
  return traceId && parentSpanId ? { traceId, spanId: spanId(ids), parentSpanId } : newTrace(ids);
}
