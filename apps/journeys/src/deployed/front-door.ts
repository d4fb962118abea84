/** One address in front of several processes of one organisation, as a balancer in front of them is: each question goes to one of them. */
import { createServer, request as askOver, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FrontDoor {
  readonly url: string;
  /** From now on this process gets its share, and still has its place after it was killed and started again there. */
  add(name: string, url: string): void;
  /** How many commands each process has carried out that were asked here, by the name of the process. */
  carriedOut(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}
interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Who answers is drawn, not in turn: somebody who tells and asks in turn would tell one process only. A process where nobody listens is passed
 * over; a question that a process may have heard is never asked of another, and its asker hears that the way was broken.
 */
export async function startFrontDoor(chance: () => number): Promise<FrontDoor> {
  const processes: { readonly name: string; readonly url: string; carriedOut: number }[] = [];

  const answer = async (question: Question): Promise<Answer | undefined> => {
    for (const left = [...processes]; left.length > 0;) {
      const [process] = left.splice(Math.floor(chance() * left.length), 1);
      if (!process) break;
      try {
        const given = await ask(process.url, question);
        if (isCarriedOut(question, given)) process.carriedOut++;
        return given;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') return undefined;
      }
    }
    return undefined;
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => response.destroy());
    request.once('end', () => {
      const { method = 'GET', url: path = '/', headers } = request;
      void answer({ method, path, headers, body: Buffer.concat(parts) }).then((given) => {
        if (!given) return response.writeHead(502).end();
        return response.writeHead(given.status, endToEnd(given.headers)).end(given.body);
      });
    });
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await listening;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (name, url) => void processes.push({ name, url, carriedOut: 0 }),
    carriedOut: () => Object.fromEntries(processes.map(({ name, carriedOut }) => [name, carriedOut])),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Over a connection of its own: one that was kept might be to a process that is gone. */
function ask(url: string, { method, path, headers, body }: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asked = askOver(new URL(path, url), { method, headers: endToEnd(headers), agent: false }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.once('error', reject);
    response.once('end', () =>
      resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(parts) }),
    );
  });
  asked.once('error', reject).end(body);
  return promise;
}

const betweenTwo = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect']);
/** What is meant for whoever asks or answers, not for the one connection; the length is that of the body, which is sent whole. */
const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !betweenTwo.has(name)));

/** As for the people of the story: who is told a position was told that it stands in the log. */
function isCarriedOut({ body: asked }: Question, { status, body: given }: Answer): boolean {
  if (status !== 200) return false;
  const { query = '' } = parsed<{ query?: string }>(asked);
  const { data } = parsed<{ data?: Record<string, { position?: unknown } | null> | null }>(given);
  return /^\s*mutation\b/.test(query) && Object.values(data ?? {}).some((told) => typeof told?.position === 'string');
}
function parsed<T extends object>(text: Buffer): Partial<T> {
  try {
    return JSON.parse(text.toString()) as T;
  } catch {
    return {};
  }
}
