/** The address that several processes share in the deployed faults: each gets its part, and no question is asked twice. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chanceFrom } from '../faults/chance.js';
import { startFrontDoor, type FrontDoor } from './front-door.js';

interface Asked {
  readonly name: string;
  readonly body: string;
  readonly path: string | undefined;
  readonly position: string | undefined;
}

let frontDoor: FrontDoor;
let asked: Asked[];
let servers: Server[];
beforeEach(async () => {
  frontDoor = await startFrontDoor(chanceFrom(1));
  asked = [];
  servers = [];
});
afterEach(async () => {
  await frontDoor.close();
  for (const server of servers) await stop(server);
});

/** Answers everything with this, and without it breaks off after it has heard the question. */
async function behindIt(name: string, answer?: object): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.once('end', () => {
      asked.push({ name, body, path: request.url, position: request.headers['convenant-position'] as string });
      if (!answer) return response.destroy();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  servers.push(server);
  frontDoor.add(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return server;
}
const stop = (server: Server): Promise<void> =>
  new Promise((stopped) => {
    server.close(() => stopped());
    server.closeAllConnections();
  });
const send = (query: string): Promise<Response> =>
  fetch(`${frontDoor.url}/graphql`, {
    method: 'POST',
    headers: { 'convenant-position': 'here' },
    body: JSON.stringify({ query }),
  });

const done = { data: { referClient: { id: 'r', position: 'p' } } };
const refused = { data: { referClient: { id: '', position: null } } };

describe('the front door', () => {
  it('gives each process its part, and counts what each has carried out', async () => {
    await behindIt('one', done);
    await behindIt('two', done);
    for (let times = 0; times < 20; times++)
      expect(await (await send('mutation { referClient }')).json()).toEqual(done);
    const { one, two } = frontDoor.carriedOut();
    expect([one, two]).toEqual([expect.any(Number), 20 - Number(one)]);
    expect(Math.min(Number(one), Number(two))).toBeGreaterThan(4);
    expect(asked[0]).toMatchObject({
      path: '/graphql',
      position: 'here',
      body: '{"query":"mutation { referClient }"}',
    });
  });

  it('counts neither a question nor what was refused', async () => {
    const server = await behindIt('one', done);
    await send('query { referral { position } }');
    await stop(server);
    await behindIt('two', refused);
    await send('mutation { referClient }');
    expect(frontDoor.carriedOut()).toEqual({ one: 0, two: 0 });
  });

  it('passes over a process where nobody listens', async () => {
    await stop(await behindIt('one', done));
    await behindIt('two', done);
    for (let times = 0; times < 10; times++) expect((await send('mutation { referClient }')).status).toBe(200);
    expect(frontDoor.carriedOut()).toEqual({ one: 0, two: 10 });
  });

  it('asks nobody else what a process has heard and not answered, and says that the way broke', async () => {
    await behindIt('one');
    await behindIt('two');
    expect((await send('mutation { referClient }')).status).toBe(502);
    expect(asked).toHaveLength(1);
  });

  it('says so when nobody listens', async () => {
    await stop(await behindIt('one', done));
    expect((await send('mutation { referClient }')).status).toBe(502);
  });
});
