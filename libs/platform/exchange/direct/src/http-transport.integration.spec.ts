/** Delivery over HTTP keeps the contract of a transport between processes, and takes nothing but what it should. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seeded, transportContract, unreliable } from '@convenant/exchange-contract';
import type { Transport } from '@convenant/exchange';
import type { Scheduler } from '@convenant/kernel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpTransport } from './http-transport.js';

const realTime: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
const pass = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
const organisations = ['ggz-amstel', 'uwv', 'gemeente-amstelveld'];

/** One transport per organisation, as in processes of their own. */
async function world(around: (transport: HttpTransport) => Transport) {
  const addresses = new Map<string, string>();
  const transports = new Map<string, Transport>();
  for (const organisation of organisations) {
    const transport = new HttpTransport({ addressOf: (other) => addresses.get(other) });
    addresses.set(organisation, await transport.listen(organisation));
    transports.set(organisation, around(transport));
  }
  return {
    of: (organisation: string) => transports.get(organisation) as Transport,
    scheduler: realTime,
    pass,
    resendAfterMs: 4,
    realPatienceMs: 30_000,
    close: async () => {
      for (const transport of transports.values()) await transport.close();
    },
  };
}

transportContract('HttpTransport', () => world((transport) => transport));
transportContract('HttpTransport behind a bad network', () => {
  const trouble = { refused: 0.1, forgotten: 0.2, repeated: 0.2, redelivered: 0.5, delayMsMax: 8 };
  return world((transport) => unreliable(transport, seeded(7), realTime, trouble));
});

describe('an HTTP sender', () => {
  let server: Server;
  let answer: { status: number; headers?: Record<string, string> } | 'never' | 'break';
  let requests: { method: string | undefined; url: string | undefined; type: string | undefined }[];
  let transport: HttpTransport;
  let impatient: HttpTransport;
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push({ method: request.method, url: request.url, type: request.headers['content-type'] });
      request.resume();
      if (answer === 'break') request.socket.destroy();
      else if (answer !== 'never') response.writeHead(answer.status, answer.headers).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/uwv/`;
    transport = new HttpTransport({
      addressOf: (organisation) => (organisation === 'uwv' ? address : undefined),
    });
    impatient = new HttpTransport({ addressOf: () => address, timeoutMs: 200 });
  });
  afterEach(async () => {
    await transport.close();
    await impatient.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('posts to the address of the recipient', async () => {
    answer = { status: 202 };
    await transport.send('uwv', 'a.b.c');
    expect(requests).toEqual([{ method: 'POST', url: '/uwv/exchange', type: 'application/jose' }]);
  });

  it('rejects when the recipient has no address, does not answer the door, or says that it did not take the message', async () => {
    await expect(transport.send('gemeente-amstelveld', 'a.b.c')).rejects.toThrow(/no way/);
    for (const status of [302, 307, 404, 413, 415, 429]) {
      answer = { status, headers: { location: '/elsewhere' } };
      await expect(transport.send('uwv', 'a.b.c')).rejects.toThrow(new RegExp(`HTTP ${status}`));
    }
    expect(requests.map(({ url }) => url)).not.toContain('/elsewhere');
    const left = new HttpTransport({ addressOf: () => undefined });
    const addressWithoutListener = await left.listen('uwv');
    await left.close();
    const nobodyThere = new HttpTransport({ addressOf: () => addressWithoutListener });
    await expect(nobodyThere.send('uwv', 'private text')).rejects.toThrow(/^uwv cannot be reached \(ECONNREFUSED\)\.$/);
    const nonsense = new HttpTransport({ addressOf: () => 'not an address' });
    await expect(nonsense.send('uwv', 'private text')).rejects.toThrow('The address of uwv is not an address.');
  });

  it('gives up without rejecting when the message may have arrived: no answer in time, a broken connection, a failure there', async () => {
    for (const each of ['never', 'break', { status: 500 }, { status: 502 }, { status: 504 }] as const) {
      answer = each;
      await expect((each === 'never' ? impatient : transport).send('uwv', 'a.b.c')).resolves.toBeUndefined();
    }
  });
});

describe('an HTTP receiver', () => {
  let transport: HttpTransport;
  let address: string;
  let received: string[];
  beforeEach(async () => {
    received = [];
    transport = new HttpTransport({ addressOf: () => undefined, messageBytesMax: 1_000 });
    address = await transport.listen('uwv');
  });
  afterEach(() => transport.close());

  const post = async (path: string, type: string, body: string, method = 'POST'): Promise<number> =>
    (
      await fetch(`${address}${path}`, {
        method,
        headers: { 'content-type': type },
        ...(method === 'POST' ? { body } : {}),
      })
    ).status;

  it('takes a signed message at /exchange and nothing else', async () => {
    transport.subscribe('uwv', async (text) => {
      received.push(text);
    });
    expect(await post('/exchange', 'application/jose', 'a.b.c')).toBe(202);
    expect(await post('/other', 'application/jose', 'a.b.c')).toBe(404);
    expect(await post('/exchange', 'application/json', '{}')).toBe(415);
    expect(await post('/exchange', 'application/jose', '', 'GET')).toBe(405);
    expect(await post('/exchange', 'application/jose', 'x'.repeat(1_001))).toBe(413);
    expect(received).toEqual(['a.b.c']);
  });

  it('says that it did not take a message when nobody is subscribed, and nothing about why a handler failed', async () => {
    expect(await post('/exchange', 'application/jose', 'a.b.c')).toBe(404);
    transport.subscribe('uwv', async () => {
      throw new Error('inner matters');
    });
    const response = await fetch(`${address}/exchange`, {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body: 'a',
    });
    expect([response.status, await response.text()]).toEqual([500, '']);
  });
});
