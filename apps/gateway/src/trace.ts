/** Carries one trace through gateway and subgraphs (W3C Trace Context). */
import { randomBytes } from 'node:crypto';

const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The caller's trace with a step of our own; a new trace when the header is absent or not well formed. */
export function continueTrace(header: string | undefined): string {
  const known = form.exec(header ?? '');
  return `00-${known?.[1] ?? randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${known?.[2] ?? '01'}`;
}

/** The header as it came, when it is well formed: what a span of ours hangs under. */
export const incomingTrace = (header: string | undefined): string | undefined =>
  form.test(header ?? '') ? header : undefined;

export const traceOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';
