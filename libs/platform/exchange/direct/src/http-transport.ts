/** Delivery between processes: one POST per message to the address of the recipient. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Transport } from '@convenant/exchange';

export interface HttpTransportOptions {
  /** The base address of an organisation, without `/exchange`; undefined for one that has none. */
  readonly addressOf: (organisation: string) => string | undefined;
  readonly timeoutMs?: number;
  /** Longer messages are refused at both ends. */
  readonly messageBytesMax?: number;
}

const contentType = 'application/jose';

/**
 * Keeps nothing, repeats nothing and follows no redirect. It does not say who sent a message: the signature does.
 * Put a proxy with TLS before it when the way leads outside one machine.
 */
export class HttpTransport implements Transport {
  readonly #addressOf: (organisation: string) => string | undefined;
  readonly #timeoutMs: number;
  readonly #messageBytesMax: number;
  readonly #handlers = new Map<string, (signed: string) => Promise<void>>();
  readonly #servers = new Set<Server>();
  readonly #underway = new Set<Promise<unknown>>();
  #closed = false;

  constructor({ addressOf, timeoutMs = 10_000, messageBytesMax = 1_048_576 }: HttpTransportOptions) {
    this.#addressOf = addressOf;
    this.#timeoutMs = timeoutMs;
    this.#messageBytesMax = messageBytesMax;
  }

  /**
   * Rejects when the recipient surely has not got it: no address, no connection, or an answer that says so. Resolves when it was
   * handled and when that cannot be known (time-out, a broken connection, a failure at the other end).
   */
  async send(recipient: string, signed: string): Promise<void> {
    const address = this.#addressOf(recipient);
    if (this.#closed || address === undefined) throw new Error(`There is no way to ${recipient} at the moment.`);
    const url = `${address.replace(/\/$/, '')}/exchange`;
    if (!URL.canParse(url)) throw new Error(`The address of ${recipient} is not an address.`);
    const status = await this.#post(url, signed, recipient);
    if (status >= 300 && status < 500) throw new Error(`${recipient} did not take the message (HTTP ${status}).`);
  }

  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    if (this.#handlers.has(organisation)) throw new Error(`${organisation} is subscribed already.`);
    this.#handlers.set(organisation, handler);
    return () => {
      if (this.#handlers.get(organisation) === handler) this.#handlers.delete(organisation);
    };
  }

  /** Receives for one organisation on a port of its own; 0 takes a free one. Returns the base address that senders need. */
  async listen(organisation: string, port = 0, host = '127.0.0.1'): Promise<string> {
    const server = createServer({ requestTimeout: this.#timeoutMs }, (request, response) => {
      const answered = this.#answer(organisation, request, response).catch(() => response.destroy());
      this.#underway.add(answered);
      void answered.then(() => this.#underway.delete(answered));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
    this.#servers.add(server);
    const { port: taken } = server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  }

  /** Takes and sends nothing more, and resolves when every handler that is at work has finished. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#handlers.clear();
    await Promise.all(this.#underway);
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    this.#servers.clear();
  }

  /** The status of the answer, or 0 when the message may or may not have arrived. */
  async #post(url: string, body: string, recipient: string): Promise<number> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      const code = connectionFailure(error);
      if (code === undefined) return 0;
      throw new Error(`${recipient} cannot be reached (${code}).`, { cause: code });
    }
  }

  async #answer(organisation: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = this.#refusal(organisation, request);
    const signed = refused ?? (await readBody(request, this.#messageBytesMax));
    const handler = this.#handlers.get(organisation);
    if (typeof signed === 'number') return end(response, signed);
    if (!handler) return end(response, 404);
    // A failure of the handler is not told apart from a lost answer: the sender waits for the receipt in either case.
    const status = await handler(signed).then(
      () => 202,
      () => 500,
    );
    end(response, status);
  }

  #refusal(organisation: string, { method, url, headers }: IncomingMessage): number | undefined {
    if (url !== '/exchange' || !this.#handlers.has(organisation)) return 404;
    if (method !== 'POST') return 405;
    if (headers['content-type'] !== contentType) return 415;
    return undefined;
  }
}

function end(response: ServerResponse, status: number): void {
  // What was not read of a refused request would be taken for the next one.
  if (status !== 202) response.setHeader('connection', 'close');
  response.writeHead(status).end();
}

/** The text, or the status that refuses it. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | number> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return 413;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const neverConnected = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Why no connection was made; undefined for every other failure, and after all of those the message may have arrived. */
function connectionFailure(error: unknown): string | undefined {
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && neverConnected.includes(code) ? code : undefined;
}
