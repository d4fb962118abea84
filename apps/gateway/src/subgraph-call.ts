/** One call to one organisation's subgraph, and what is made of an answer that is not one. */
import type { ExecutionResult } from 'graphql';
import type { Caller, SubgraphHeaders } from './caller.js';
import type { Organisation } from './organisations.js';
import { said, type GatewayRefusal } from './refusals.js';

export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Answers always, and never throws: an organisation that is down, slow or out of order becomes an error in words.
 * Never repeats a call by itself, and never shares one between callers.
 */
export async function callSubgraph(
  to: Organisation | undefined,
  question: Question,
  caller: Caller,
  headers: SubgraphHeaders,
  timeoutMs: number,
): Promise<ExecutionResult> {
  if (!to) return failed('organisation-unreachable');
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(new URL('graphql', withSlash(to.url)), {
      method: 'POST',
      redirect: 'error',
      headers: {
        ...(await headers.of(caller, to)),
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(timeoutMs),
    });
    body = await response.json().catch(() => undefined);
  } catch {
    return failed('organisation-unreachable');
  }
  if (isResult(body)) return body;
  return failed([502, 503, 504].includes(response.status) ? 'organisation-unreachable' : 'broken');
}

/** Also of an answer with another status than 200: its errors say what happened, when they have codes. */
const isResult = (body: unknown): body is ExecutionResult =>
  typeof body === 'object' &&
  body !== null &&
  (('data' in body && typeof body.data === 'object') ||
    ('errors' in body && Array.isArray(body.errors) && body.errors.length > 0));

const failed = (code: GatewayRefusal): ExecutionResult => ({ data: null, errors: [said(code) as never] });

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
