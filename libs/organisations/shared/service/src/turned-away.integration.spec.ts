/** Whoever is refused before a question is looked at stands in the log too: by the role alone, or already at the gateway. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { agencyOverHttp, organisationsOverHttp } from './example/agency-over-http.js';
import { exampleWorld, type ExampleWorld } from './example/example-world.js';

let w: ExampleWorld<World>;
let application: Awaited<ReturnType<typeof agencyOverHttp>> | undefined;
beforeAll(async () => {
  w = await exampleWorld(await testWorld({ organisations: organisationsOverHttp }));
  application = await agencyOverHttp(w.ggz);
});
afterAll(() => application?.close());

const tell = async (headers: Record<string, string>): Promise<number> =>
  (await application!.inject({ method: 'POST', url: '/turned-away', headers })).statusCode;
const logged = async () =>
  (await w.ggz.ports.accessLog.during({ limit: 1000 })).filter(({ operation }) => operation === 'sign-in');

describe('whoever is turned away', () => {
  it('stands in the log with why, and without a name when nobody was recognised', async () => {
    expect(await tell({ 'convenant-gateway': 'our own', authorization: 'Bearer forged' })).toBe(204);
    expect(await tell({ 'convenant-gateway': 'our own', authorization: 'Bearer token-of-karin' })).toBe(204);
    expect((await logged()).map(({ user, outcome, refusal }) => [user.person, outcome, refusal])).toEqual([
      [undefined, 8, 'forged'],
      ['karin', 8, 'another-organisation'],
    ]);
  });

  it('is written down for our own gateway alone', async () => {
    const before = (await logged()).length;
    expect(await tell({ 'convenant-gateway': 'another', authorization: 'Bearer forged' })).toBe(401);
    expect(await logged()).toHaveLength(before);
  });

  it('by the role alone, is found by the privacy officer under the client whom it was about', async () => {
    const officer = w.ggz.as('fatima', 'privacyOfficer');
    await officer.isRefused('clientIdentity', { clientId: w.clientId });
    const { saw, tried } = await officer.reads<{
      saw: { person?: string }[];
      tried: { person?: string; operations: string[] }[];
    }>('whoSaw', { clientId: w.clientId });
    expect(tried).toContainEqual(expect.objectContaining({ person: 'fatima', operations: ['clientIdentity'] }));
    expect(saw.map(({ person }) => person)).not.toContain('fatima');
  });
});
