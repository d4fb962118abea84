/** How often somebody may ask: per person at an organisation, and per network address for tokens that are no good. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import type { Limits } from './limits.js';

export interface Counted {
  readonly allowed: boolean;
  readonly retryAfterSeconds: number;
}

export class Rates {
  private readonly person: Limiter;
  private readonly address: Limiter;

  /** `fastify` has @fastify/rate-limit registered. */
  constructor(fastify: FastifyInstance, limits: Limits) {
    this.person = fastify.createRateLimit({
      max: limits.requestsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request) => persons.get(request) ?? request.ip,
    });
    this.address = fastify.createRateLimit({ max: limits.refusedTokensPerMinute, timeWindow: 60_000 });
  }

  /** A person is counted by the verified subject, so that many people behind one address do not hinder each other. */
  ofPerson(request: FastifyRequest, { organisation, session }: Caller): Promise<Counted> {
    persons.set(request, `${organisation.id} ${session.person}`);
    return counted(this.person(request));
  }

  ofRefused(request: FastifyRequest): Promise<Counted> {
    return counted(this.address(request));
  }
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

const persons = new WeakMap<FastifyRequest, string>();

async function counted(answer: ReturnType<Limiter>): Promise<Counted> {
  const result = await answer;
  if (result.isAllowed) return { allowed: true, retryAfterSeconds: 0 };
  return { allowed: !result.isExceeded, retryAfterSeconds: result.ttlInSeconds };
}
