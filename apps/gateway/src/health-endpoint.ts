/** GET /health: this process answers. GET /ready: so do the organisations behind it. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Organisations, type Organisation } from './organisations.js';
import { withSlash } from './subgraph-call.js';

@Controller()
export class HealthEndpoint {
  constructor(@Inject(Organisations) private readonly organisations: Organisations) {}

  @Get('health')
  health(@Res() reply: FastifyReply): void {
    void reply.header('cache-control', 'no-store').send({ status: 'ok' });
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const answers = await Promise.all(
      this.organisations.all.map(async (each) => ({ organisation: each.id, ready: await isReady(each) })),
    );
    const ready = answers.every((each) => each.ready);
    void reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'waiting', organisations: answers });
  }
}

/** Whether its own `/ready` says so, within two seconds. */
export const isReady = ({ url }: Organisation): Promise<boolean> =>
  fetch(new URL('ready', withSlash(url)), { redirect: 'error', signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
