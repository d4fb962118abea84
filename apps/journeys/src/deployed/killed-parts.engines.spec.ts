/** The deployed demonstration while its parts are killed: services, one of two instances, PostgreSQL and the broker. Nothing acknowledged is lost, nothing happens twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine } from '@convenant/engines';
import { pause, type CarriedOut } from '../story/person.js';
import { startDeployed, type Deployed } from './start-deployed.js';
import { nothing, playUnder, whatIsAmiss } from './under-trouble.js';

let deployed: Deployed;
let folder: string;
const carriedOut: CarriedOut[] = [];
const found = { lost: 0, duplicated: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-deployed-'));
  deployed = await startDeployed({ dataFolder: folder, mayBeKilled: true });
}, 180_000);
afterAll(async () => {
  for (const [engine, version] of [
    ['Apache Kafka', deployed?.kafka?.version],
    ['PostgreSQL', deployed?.postgres?.version],
  ])
    if (version) reportEngine({ engine: engine as string, version, ...found });
  await deployed?.stop();
  await rm(folder, { recursive: true, force: true });
});

const oneOf = <T>(chance: () => number, from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;

/** The story is whole, and so is everything behind it; the trouble happened at least so often. */
async function goesOn(
  { clients, seed, least }: { readonly clients: number; readonly seed: number; readonly least: number },
  happens: (chance: () => number) => Promise<void>,
): Promise<void> {
  const { violations, troubles } = await playUnder(deployed, { clients, seed, happens, carriedOut });
  const amiss = await whatIsAmiss(deployed, folder, carriedOut);
  found.lost += amiss.lost.length;
  found.duplicated += amiss.duplicated.length;
  expect(violations).toEqual([]);
  expect(amiss).toEqual(nothing);
  expect(carriedOut.length).toBeGreaterThan(100);
  expect(troubles).toBeGreaterThanOrEqual(least);
}

describe('the deployed story goes on', () => {
  it(
    'for fifty clients while any service and the gateway are killed with kill -9 again and again',
    () =>
      goesOn({ clients: 50, seed: 1, least: 10 }, async (chance) => {
        const process = oneOf(chance, [...deployed.services.values(), deployed.gateway]);
        await process.kill();
        await process.start();
      }),
    900_000,
  );

  it('with two processes of one organisation, one of which is killed and comes back', async () => {
    const others = [await deployed.another('ggz-amstel'), await deployed.another('uwv')];
    await goesOn({ clients: 12, seed: 2, least: 1 }, async (chance) => {
      const process = oneOf(chance, others);
      await process.kill();
      // Long enough for the broker to notice: until then nobody gets the messages that the dead process was to have.
      await pause(12_000);
      await process.start();
    });
    for (const process of others) await process.stop();
  }, 600_000);

  it(
    'while PostgreSQL is killed with kill -9 and recovers',
    () =>
      goesOn({ clients: 8, seed: 3, least: 1 }, async () => {
        await deployed.postgres?.kill();
        await deployed.postgres?.restart();
      }),
    600_000,
  );

  it(
    'while the broker is killed with kill -9 and comes back',
    () =>
      goesOn({ clients: 8, seed: 4, least: 1 }, async () => {
        await deployed.kafka?.kill();
        await pause(1_000);
        await deployed.kafka?.restart();
        // Until everybody has found it again.
        await pause(15_000);
      }),
    600_000,
  );
});
