/** A small HTTP listener of its own for whoever runs a service: its metrics and whether it lives and is ready. Never reached through the gateway. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** Codes only: what is wrong, in words from closed lists, and nothing of the inside. */
export interface Readiness {
  /** Why no work should come here now; ready when there are none. */
  readonly codes: readonly string[];
  /** What is not well and does not make it unready: a broker that is away keeps nobody from working. */
  readonly told: readonly string[];
}
export interface ListenerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly metrics: Metrics;
  /** A rejection counts as not ready. */
  readiness(): Promise<Readiness>;
}
export interface Listener {
  readonly url: string;
  close(): Promise<void>;
}
interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

/** Resolves once it listens. Rejects when the port is taken. */
export async function startListener({ host, port, metrics, readiness }: ListenerOptions): Promise<Listener> {
  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.exposition() }),
    '/health/live': async () => json(200, { live: true }),
    '/health/ready': async () => {
      const { codes, told } = await readiness().catch((): Readiness => ({ codes: ['not-known'], told: [] }));
      return json(codes.length === 0 ? 200 : 503, { ready: codes.length === 0, codes, told });
    },
  };
  const answer = async (method: string, url: string): Promise<Answer> => {
    const path = url.split('?')[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (!page) return json(404, { code: 'not-found' });
    if (method !== 'GET' && method !== 'HEAD') return json(405, { code: 'only-get' });
    return page().catch(() => json(500, { code: 'broken' }));
  };
  const server = createServer((request, response) => {
    request.resume();
    void answer(request.method ?? '', request.url ?? '').then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  server.requestTimeout = 10_000;
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await listening;
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
