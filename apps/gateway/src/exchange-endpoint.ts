/** POST /exchange/:organisation: passes a partner's sealed and signed message on, unread; only where all partners share one machine. */
import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defaultLimits, type Limits } from './limits.js';
import { Organisations } from './organisations.js';
import { refusalBody } from './refusals.js';
import { withSlash } from './subgraph-call.js';

export const limitsToken = Symbol('limits');

@Controller('exchange')
export class ExchangeEndpoint {
  constructor(
    @Inject(Organisations) private readonly organisations: Organisations,
    @Inject(limitsToken) private readonly limits: Limits = defaultLimits,
  ) {}

  /** The signature inside the message says who sent it; nothing of the caller is passed on. */
  @Post(':organisation')
  async pass(
    @Param('organisation') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const organisation = this.organisations.get(id);
    if (!organisation) return void reply.code(404).send(refusalBody('unknown-organisation'));
    if (typeof request.body !== 'string') return void reply.code(415).send(refusalBody('not-understood'));
    try {
      const answer = await fetch(new URL('exchange', withSlash(organisation.url)), {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/jose' },
        body: request.body,
        signal: AbortSignal.timeout(this.limits.upstreamTimeoutMs),
      });
      const body = await answer.text();
      void reply
        .code(answer.status)
        .header('content-type', answer.headers.get('content-type') ?? 'text/plain')
        .header('cache-control', 'no-store')
        .send(body);
    } catch {
      void reply.code(503).send(refusalBody('organisation-unreachable'));
    }
  }
}
