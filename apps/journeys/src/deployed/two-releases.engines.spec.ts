/** The release before this one and this one side by side on one log, as they are while an organisation upgrades: one process after the other. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine } from '@convenant/engines';
import { localOrganisations } from '@convenant/identity-local-provider';
import type { CarriedOut } from '../story/person.js';
import { buildPreviousRelease } from './previous-release.js';
import type { ServiceProcess } from './service-process.js';
import { startDeployed, thisRelease, type Deployed } from './start-deployed.js';
import { leastCommandsPerClient, nothing, playUnder, whatIsAmiss } from './under-trouble.js';

describe('an upgrade while people work', () => {
  let release: string;
  let folder: string;
  let deployed: Deployed;
  const fresh: ServiceProcess[] = [];
  const carriedOut: CarriedOut[] = [];
  /** As it was looked for last, over everything since the start. */
  const found = { lost: 0, duplicated: 0 };

  beforeAll(async () => {
    release = await mkdtemp(join(tmpdir(), 'convenant-release-'));
    folder = await mkdtemp(join(tmpdir(), 'convenant-deployed-'));
    buildPreviousRelease(release);
    deployed = await startDeployed({
      dataFolder: folder,
      release,
      // So that people tell both releases, and each reads what the other recorded.
      frontDoors: localOrganisations.map(({ id }) => id),
    });
  }, 1_200_000);
  afterAll(async () => {
    for (const [engine, version] of [
      ['Apache Kafka', deployed?.kafka?.version],
      ['PostgreSQL', deployed?.postgres?.version],
    ])
      if (version) reportEngine({ engine: engine as string, version, ...found });
    await deployed?.stop();
    for (const each of [release, folder]) await rm(each, { recursive: true, force: true });
  });

  const play = async (clients: number, seed: number): Promise<void> => {
    const before = carriedOut.length;
    const { violations } = await playUnder(deployed, { clients, seed, carriedOut });
    expect(violations).toEqual([]);
    expect(carriedOut.length - before).toBeGreaterThanOrEqual(clients * leastCommandsPerClient);
  };
  const nothingIsAmiss = async (): Promise<void> => {
    const amiss = await whatIsAmiss(deployed, folder, carriedOut);
    found.lost = amiss.lost.length;
    found.duplicated = amiss.duplicated.length;
    expect(amiss).toEqual(nothing);
  };
  /** At organisation after organisation, by the process that did it. */
  const commands = (): readonly (readonly [
    organisation: string,
    byProcess: readonly (readonly [string, number])[],
  ])[] =>
    [...deployed.frontDoors].map(([organisation, frontDoor]) => [organisation, Object.entries(frontDoor.carriedOut())]);

  // What stands behind it is looked at by this release, whose schema is not there yet.
  it('begins with everybody on the release before', () => play(3, 11), 300_000);

  it('goes on with a process of each release at every organisation, and people tell both', async () => {
    for (const id of deployed.services.keys()) fresh.push(await deployed.another(id, thisRelease));
    const before = new Map(commands().flatMap(([, byProcess]) => byProcess));
    await play(4, 12);
    await nothingIsAmiss();
    const since = commands().map(([organisation, byProcess]) => ({
      organisation,
      commands: byProcess.map(([name, count]) => count - (before.get(name) ?? 0)),
    }));
    process.stderr.write(
      `  ${since.map((each) => `${each.organisation} ${each.commands.join(' and ')}`).join(', ')}\n`,
    );
    // Who is told little may by chance have told one of the two everything.
    const busy = since.filter((each) => each.commands.reduce((sum, count) => sum + count, 0) >= 20);
    expect(busy.map(({ organisation }) => organisation)).toEqual(expect.arrayContaining(['ggz-amstel', 'uwv']));
    expect(busy.filter((each) => each.commands.length !== 2 || Math.min(...each.commands) === 0)).toEqual([]);
  }, 1_800_000);

  it('leaves this release alone when a process of the one before is killed, which refuses the newer database in words', async () => {
    const before = deployed.services.get('uwv');
    await before?.kill();
    await expect(before?.start()).rejects.toThrow(
      /The database is at step \d+ of [a-z-]+; this release knows \d+\. Install the release that made it/,
    );
    await play(1, 14);
    await nothingIsAmiss();
  });

  it('ends with everybody on this one, and nothing was lost on the way', async () => {
    for (const process of fresh) await process.stop();
    for (const service of deployed.services.values()) await service.replaceBy(thisRelease);
    await play(3, 13);
    await nothingIsAmiss();
  });
});
