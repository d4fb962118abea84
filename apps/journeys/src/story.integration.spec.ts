/** The story as `npm run story` plays it, the same story as the page offers it, and the access logs that it leaves behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAccessLogs, startLocal, type Local } from '@convenant/app-local';
import { runVerifyCommand } from '@convenant/access-log-postgres';
import { removeEmbeddedPostgres } from '@convenant/event-store-postgres';
import { defaultSettings } from '@convenant/host';
import pg from 'pg';
import { playPage } from './story/play-page.js';
import { Installation } from './story/installation.js';
import { playStory, type StoryResult } from './story/play.js';

let folder: string;
let local: Local;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'convenant-')), 'story');
  const free = { host: '127.0.0.1', gatewayPort: 0, identityPort: 0, organisationPort: 0, postgresPort: 0 };
  local = await startLocal(
    { ...free, dataFolder: folder },
    {
      onNote: () => undefined,
      service: { ...defaultSettings, waitForViewsMs: 20_000 },
    },
  );
});
afterAll(async () => {
  await local.stop();
  await removeEmbeddedPostgres(folder);
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function play(
  clients: number,
  seed: number,
): Promise<{ result: StoryResult; violations: readonly string[]; told: string }> {
  const lines: string[] = [];
  const installation = await Installation.at(local.gatewayUrl);
  const result = await playStory({ installation, clients, seed, shared: false, say: (line) => lines.push(line) });
  return { result, violations: lines.filter((line) => line.includes('VIOLATION')), told: lines.join('\n') };
}

describe('the story', () => {
  it('holds every claim for one client, and tells all eight steps', async () => {
    const { result, violations, told } = await play(1, 11);
    expect(violations).toEqual([]);
    expect(result).toMatchObject({ clients: 1, violations: 0 });
    for (let step = 1; step <= 8; step++) expect(told).toMatch(new RegExp(`^${step}\\. `, 'm'));
    for (const counted of [result.steps, result.disclosed, result.withheld, result.refused])
      expect(counted).toBeGreaterThan(10);
  });

  it('holds every claim for three clients side by side', async () => {
    const { result, violations } = await play(3, 12);
    expect(violations).toEqual([]);
    expect(result).toMatchObject({ clients: 3, violations: 0 });
  });

  it('can be played on the page, operation by operation: refused is only what says so', async () => {
    expect(await playPage(await Installation.at(local.gatewayUrl))).toEqual([]);
  });

  it('leaves access logs that verify, and names the record after one byte of it was changed', async () => {
    const verify = async (): Promise<{ code: number; said: string }> => {
      const opened = await openAccessLogs({ dataFolder: folder });
      const said: string[] = [];
      const code = await runVerifyCommand({
        args: [],
        organisations: opened.organisations,
        print: (text) => said.push(text),
        complain: (text) => said.push(text),
      });
      await opened.close();
      return { code, said: said.join('\n') };
    };
    expect(await verify()).toMatchObject({ code: 0, said: expect.stringMatching(/^uwv: ok, \d{2,} records/m) });
    const owner = new pg.Client({ connectionString: local.databases['uwv']?.owner });
    await owner.connect();
    const where = 'where number = 7';
    const { rows } = await owner.query<{ line: string }>(`select line from convenant.access_record ${where}`);
    await owner.query(`update convenant.access_record set line = regexp_replace(line, '2', '3') ${where}`);
    const broken = await verify();
    await owner.query(`update convenant.access_record set line = $1 ${where}`, [rows[0]?.line]);
    await owner.end();
    expect(broken).toMatchObject({ code: 1, said: expect.stringMatching(/^uwv: WRONG at record 7/m) });
    expect((await verify()).code).toBe(0);
  });
});
