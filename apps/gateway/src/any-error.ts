/** The last word on anything thrown outside the graph: a body too large, a path that is not there, a bug. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IssuerUnreachable } from '@convenant/identity-oidc';
import { refusalBody, type GatewayRefusal } from './refusals.js';

@Catch()
export class AnyError implements ExceptionFilter {
  constructor(private readonly onBroken: (error: unknown) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = statusOf(error);
    const code =
      error instanceof IssuerUnreachable
        ? 'sign-in-unreachable'
        : (codes[status] ?? (status < 500 ? 'not-understood' : 'broken'));
    if (code === 'broken') this.onBroken(error);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!reply.sent) void reply.code(status).header('cache-control', 'no-store').send(refusalBody(code));
  }
}

const codes: Readonly<Record<number, GatewayRefusal>> = { 404: 'not-found', 413: 'too-large' };

/** Fastify's own errors (a body that is no JSON, a content type it does not take) carry a `statusCode`. */
function statusOf(error: unknown): number {
  if (error instanceof IssuerUnreachable) return 503;
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
