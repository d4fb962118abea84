/** POST /graphql: recognise the caller, count the request, answer; whoever is turned away is told to the organisation that she named. */
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, OpenSpan, Telemetry } from '@convenant/kernel';
import { Callers, SubgraphHeaders, traceparentIn } from './caller.js';
import { limitsToken } from './exchange-endpoint.js';
import { Graph } from './graph.js';
import { inSpan } from './observed.js';
import { defaultLimits, type Limits } from './limits.js';
import { Rates } from './rates.js';
import { refusalBody, type GatewayRefusal } from './refusals.js';
import { tellTurnedAway } from './turned-away.js';

export const followedToken = Symbol('followed');
/** What follows requests, and the clock that it goes by. */
export interface Followed {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

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
    @Inject(followedToken) private readonly followed: Followed,
    @Inject(limitsToken) private readonly limits: Limits = defaultLimits,
  ) {}

  @Post('graphql')
  @HttpCode(200)
  answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { telemetry, clock } = this.followed;
    return inSpan(telemetry, clock, traceparentIn(request.headers), (span) => this.answerWithin(span, request, reply));
  }

  private async answerWithin(span: OpenSpan, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const recognised = await this.callers.recognise(request.headers, span);
    const organisation = 'caller' in recognised ? recognised.caller.organisation : recognised.from?.organisation;
    if (organisation) span.set({ organisation: organisation.id });
    const counted =
      'caller' in recognised
        ? await this.rates.ofPerson(request, recognised.caller)
        : await this.rates.ofRefused(request);
    if (!counted.allowed)
      return refuse(reply.header('retry-after', counted.retryAfterSeconds), 'too-many-requests', span);
    if ('refused' in recognised) {
      await tellTurnedAway(recognised, this.headers, this.limits.upstreamTimeoutMs);
      return refuse(reply, recognised.refused, span);
    }
    const { status, headers, body } = await this.graph.answer(recognised.caller, request.headers, request.body);
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status).send(body);
  }
}

function refuse(reply: FastifyReply, code: keyof typeof statusOf, span: OpenSpan): void {
  span.set({ outcome: code });
  if (code === 'not-signed-in') void reply.header('www-authenticate', 'Bearer');
  void reply.code(statusOf[code]).header('cache-control', 'no-store').send(refusalBody(code));
}
