/** The page at `/`: everything it shows comes from this gateway, and nothing it knows is kept. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExampleWorld } from './example/world.js';
import { pageFiles } from './page-endpoint.js';

let world: ExampleWorld;
beforeAll(async () => {
  const people = [{ account: 'karin', name: 'Karin', role: 'caseManager' as const, subject: 's1' }];
  world = await ExampleWorld.start({
    introspection: true,
    graphiql: { organisations: [{ id: 'ggz-amstel', name: 'GGZ Amstel', clientId: 'convenant-ggz-amstel', people }] },
  });
});
afterAll(() => world.close());

/** Reads every answer to its end: one that is left unread would keep its connection, and the gateway with it, from closing. */
async function get(path: string) {
  const response = await fetch(`${world.gateway.url}${path}`);
  return { status: response.status, headers: response.headers, body: await response.text() };
}
const text = async (path: string): Promise<string> => (await get(path)).body;
const own = ['page.js', 'asking.js', 'story.js', 'sign-in.js', 'signed-in.js'];

describe('the page of the gateway', () => {
  it.each(['/', '/signed-in'])('loads at %s only what this gateway serves', async (path) => {
    const sources = [...(await text(path)).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    for (const source of sources.filter((each) => !each.startsWith('#') && each !== 'data:,')) {
      expect(source).toMatch(/^\/page\//);
      expect((await get(source)).status).toBe(200);
    }
    expect(sources.length).toBeGreaterThan(1);
  });

  it.each(Object.keys(pageFiles))('names in %s no other server to load from', async (name) => {
    const content = await text(`/page/${name}`);
    const addresses = [...content.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address);
    // Names of namespaces, and addresses that the packages print in their explanations; none is ever loaded.
    const said = [
      'www.w3.org',
      'reactjs.org',
      'radix-ui.com',
      'github.com',
      'en.wikipedia.org',
      'commonmark.org',
      'codemirror.net',
      'fb.me',
      'legacy.reactjs.org',
    ];
    expect(addresses.filter((address) => !said.includes(new URL(address).hostname))).toEqual([]);
    expect(content).not.toMatch(
      /@import\s|url\(["']?(?:https?:)?\/\/|(?:src|href)\s*=\s*["'](?:https?:)?\/\/|importScripts|\bimport\(["']/,
    );
  });

  it('lets the browser refuse whatever would still come from elsewhere', async () => {
    for (const path of ['/', '/signed-in', '/page/page.js']) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self';");
      expect(policy).toContain(`connect-src 'self' ${world.issuer.url};`);
      expect(policy).not.toMatch(/unsafe|\*/);
    }
  });

  it('keeps tokens in memory alone', async () => {
    for (const name of own)
      expect(await text(`/page/${name}`)).not.toMatch(/localStorage|sessionStorage|indexedDB|cookie/i);
    expect(await text('/page/page.js')).toMatch(/getItem: \(\) => null/);
  });

  it('serves its own files and no others', async () => {
    for (const path of [
      '/page/..%2fmain.js',
      '/page/..%2f..%2fpackage.json',
      '/page/constructor',
      '/page/index.html',
      '/page/',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  it('knows the demo people by organisation, with their roles in words, and nothing secret', async () => {
    expect(JSON.parse(await text('/settings.json'))).toEqual({
      organisations: [
        {
          id: 'ggz-amstel',
          name: 'GGZ Amstel',
          clientId: 'convenant-ggz-amstel',
          issuer: world.issuer.url,
          people: [
            {
              account: 'karin',
              name: 'Karin',
              role: 'caseManager',
              subject: 's1',
              roleName: { nl: expect.any(String), en: 'case manager' },
            },
          ],
        },
      ],
    });
  });

  it('has the steps of the story, each complete', async () => {
    const operations = JSON.parse(await text('/operations.json')) as Record<string, unknown>[];
    expect(operations.length).toBeGreaterThan(1);
    for (const operation of operations) {
      expect(operation).toMatchObject({
        step: expect.any(Number),
        title: expect.any(String),
        query: expect.any(String),
        who: expect.any(String),
      });
    }
  });

  it('is not there unless it was asked for', async () => {
    const plain = await ExampleWorld.start();
    for (const path of ['/', '/signed-in', '/settings.json', '/operations.json', '/page/page.js']) {
      expect((await fetch(`${plain.gateway.url}${path}`)).status).toBe(404);
    }
    await plain.close();
  });
});
