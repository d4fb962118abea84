/** A subgraph takes calls from its own gateway only. */
import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { GatewayCredential } from './gateway-credential.js';

const secret = new Uint8Array(32).fill(7);
const at = (now: string, organisation = 'uwv', key = secret): GatewayCredential =>
  new GatewayCredential({ organisation, secret: key, clock: { now: () => now } });

describe('the credential of the gateway', () => {
  it('is accepted by the subgraph that shares the secret', async () => {
    const text = await at('2026-11-10T09:00:00.000Z').issue();
    expect(await at('2026-11-10T09:00:30.000Z').accepts(text)).toBe(true);
  });

  it('is not accepted after a minute, nor long before its time', async () => {
    const text = await at('2026-11-10T09:00:00.000Z').issue();
    expect(await at('2026-11-10T09:01:03.000Z').accepts(text)).toBe(false);
    expect(await at('2026-11-10T08:59:00.000Z').accepts(text)).toBe(false);
  });

  it('is not accepted by another organisation, even under the same secret', async () => {
    const text = await at('2026-11-10T09:00:00.000Z').issue();
    expect(await at('2026-11-10T09:00:00.000Z', 'ggz-duin').accepts(text)).toBe(false);
  });

  it('is not accepted when made with another secret', async () => {
    const text = await at('2026-11-10T09:00:00.000Z', 'uwv', new Uint8Array(32).fill(8)).issue();
    expect(await at('2026-11-10T09:00:00.000Z').accepts(text)).toBe(false);
  });

  it.each([undefined, '', 'yes', ['a', 'b'], 'a.b.c', 'x'.repeat(5000)])('is not %p', async (header) => {
    expect(await at('2026-11-10T09:00:00.000Z').accepts(header)).toBe(false);
  });

  it('is no token of another type under the same secret, and lives no longer than a minute whatever it says', async () => {
    const make = (typ: string, life: number): Promise<string> =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer('urn:convenant:gateway')
        .setAudience('urn:convenant:subgraph:uwv')
        .setIssuedAt(Date.parse('2026-11-10T08:50:00Z') / 1000)
        .setExpirationTime(Date.parse('2026-11-10T08:50:00Z') / 1000 + life)
        .sign(secret);
    expect(await at('2026-11-10T08:50:10.000Z').accepts(await make('gateway+jwt', 60))).toBe(true);
    expect(await at('2026-11-10T08:50:10.000Z').accepts(await make('JWT', 60))).toBe(false);
    expect(await at('2026-11-10T09:00:00.000Z').accepts(await make('gateway+jwt', 86_400))).toBe(false);
  });

  it('is made once for many calls, and anew before it gets old', async () => {
    let now = '2026-11-10T09:00:00.000Z';
    const gateway = new GatewayCredential({ organisation: 'uwv', secret, clock: { now: () => now } });
    const first = await gateway.issue();
    now = '2026-11-10T09:00:20.000Z';
    expect(await gateway.issue()).toBe(first);
    now = '2026-11-10T09:00:40.000Z';
    expect(await gateway.issue()).not.toBe(first);
  });

  it('needs a secret that cannot be guessed', () => {
    expect(() => at('2026-11-10T09:00:00.000Z', 'uwv', new Uint8Array(16))).toThrow('32 bytes');
  });
});
