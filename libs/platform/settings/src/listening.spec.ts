/** That whoever cannot listen names the setting, as the machine really refuses it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { whyNotListening, type ListensAt } from './listening.js';

let other: Server;
let taken: number;
beforeAll(async () => {
  other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  taken = (other.address() as AddressInfo).port;
});
afterAll(() => void other.close());

const listen = (host: string, port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const server = createServer().once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve('it listens')));
  });
const people = (host: string, port: number): ListensAt => ({
  host,
  port,
  hostSetting: 'A_HOST',
  portSetting: 'A_PORT',
});
const operators = (host: string, port: number): ListensAt => ({
  host,
  port,
  hostSetting: 'A_METRICS_HOST',
  portSetting: 'A_METRICS_PORT',
});

describe('a place where nobody may listen', () => {
  it('is a port that another program has: the setting of that port is named', async () => {
    const error = await listen('127.0.0.1', taken);
    expect(whyNotListening(error, [people('127.0.0.1', 1), operators('127.0.0.1', taken)])).toBe(
      `Port ${taken} is in use by another program. Choose another one with A_METRICS_PORT, or stop that program.`,
    );
  });
  it('is the same port given twice: both settings are named', async () => {
    const error = await listen('127.0.0.1', taken);
    expect(whyNotListening(error, [people('127.0.0.1', taken), operators('127.0.0.1', taken)])).toMatch(
      /with A_PORT or A_METRICS_PORT, or stop/,
    );
  });
  it.each(['any', 'a certain'])('is an address (RFC 5737) that is not of this machine, at %s port', async (which) => {
    const port = which === 'any' ? 0 : taken;
    const error = await listen('203.0.113.7', port);
    expect(whyNotListening(error, [people('203.0.113.7', port), operators('127.0.0.1', port)])).toBe(
      'A_HOST names no address of this machine.',
    );
  });
  it('is a name that nobody knows, or that could not be looked up', () => {
    const unknown = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' };
    const places = [people('nowhere.invalid', 1), operators('127.0.0.1', 1)];
    expect(whyNotListening(Object.assign(new Error(), unknown), places)).toBe(
      'A_HOST names no address of this machine.',
    );
    expect(whyNotListening(Object.assign(new Error(), unknown, { code: 'EAI_AGAIN' }), places)).toBe(
      'What A_HOST names could not be looked up.',
    );
  });
  it('is a port that asks for a right which the program has not', () => {
    const error = Object.assign(new Error('no'), { code: 'EACCES', syscall: 'listen', port: 80 });
    expect(whyNotListening(error, [people('127.0.0.1', 80)])).toMatch(/port 80\. Choose one above 1023 with A_PORT/);
  });
  it.each([
    new Error('something else'),
    Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect', port: 4100 }),
    Object.assign(new Error(), { code: 'EADDRINUSE', syscall: 'listen', port: 9 }),
    Object.assign(new Error(), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'login.example' }),
    'no error at all',
  ])('is not made of what has another cause', (error) => {
    expect(whyNotListening(error, [people('127.0.0.1', 4100)])).toBeUndefined();
  });
});
