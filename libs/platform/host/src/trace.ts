/** Traces by W3C Trace Context: continued from the caller, or begun here. */
import type { Trace } from '@convenant/access-log';
import type { Ids } from '@convenant/kernel';

const spanId = (ids: Ids): string => ids.fresh().replaceAll('-', '').slice(0, 16);

export const newTrace = (ids: Ids): Trace => ({ traceId: ids.fresh().replaceAll('-', ''), spanId: spanId(ids) });

/** Continues the caller's trace in a span of our own, or begins one. */
export function traceOf(traceparent: string | string[] | undefined, ids: Ids): Trace {
  const [, traceId, parentSpanId] =
    (typeof traceparent === 'string' && /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent)) || [];
  return traceId && parentSpanId ? { traceId, spanId: spanId(ids), parentSpanId } : newTrace(ids);
}
