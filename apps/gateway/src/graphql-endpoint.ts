/** POST /graphql: recognise the caller, count the request, answer; whoever is turned away is told to the organisation that she named. */
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Callers, SubgraphHeaders } from './caller.js';
import { limitsToken } from './exchange-endpoint.js';
import { Graph } from './graph.js';
import { defaultLimits, type Limits } from './limits.js';
import { Rates } from './rates.js';
import { refusalBody, type GatewayRefusal } from './refusals.js';
import { tellTurnedAway } from './turned-away.js';

const statusOf = {
  'not-signed-in': 401,
  'another-organisation': 403,
  'too-many-requests': 429,
} as const satisfies Partial<Record<GatewayRefusal, number>>;

@Controller()
export class GraphqlEndpoint {
  constructor(
    @Inject(Callers) private readonly callers: Callers,
    @Inject(Rates) private readonly rates: Rates,
    @Inject(Graph) private readonly graph: Graph,
    @Inject(SubgraphHeaders) private readonly headers: SubgraphHeaders,
    @Inject(limitsToken) private readonly limits: Limits = defaultLimits,
  ) {}

  @Post('graphql')
  @HttpCode(200)
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const recognised = await this.callers.recognise(request.headers);
    const counted =
      'caller' in recognised
        ? await this.rates.ofPerson(request, recognised.caller)
        : await this.rates.ofRefused(request);
    if (!counted.allowed) return refuse(reply.header('retry-after', counted.retryAfterSeconds), 'too-many-requests');
    if ('refused' in recognised) {
      await tellTurnedAway(recognised, this.headers, this.limits.upstreamTimeoutMs);
      return refuse(reply, recognised.refused);
    }
    const { status, headers, body } = await this.graph.answer(recognised.caller, request.headers, request.body);
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status).send(body);
  }
}

function refuse(reply: FastifyReply, code: keyof typeof statusOf): void {
  if (code === 'not-signed-in') void reply.header('www-authenticate', 'Bearer');
  void reply.code(statusOf[code]).header('cache-control', 'no-store').send(refusalBody(code));
}
