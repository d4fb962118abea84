/** The deployed demonstration while its parts are killed: every service, each of two instances, PostgreSQL and the broker. Nothing acknowledged is lost, nothing happens twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine } from '@convenant/engines';
import { chanceFrom, roundsOf } from '../faults/chance.js';
import { pause, type CarriedOut } from '../story/person.js';
import { messagesKept } from './messages-kept.js';
import type { ServiceProcess } from './service-process.js';
import { startDeployed, type Deployed } from './start-deployed.js';
import { leastCommandsPerClient, nothing, playUnder, whatIsAmiss } from './under-trouble.js';

/** Who gets a second process, at the same address as the first. */
const doubled = ['ggz-amstel', 'uwv'];

let deployed: Deployed;
let folder: string;
const carriedOut: CarriedOut[] = [];
/** As it was looked for last, over everything since the start. */
const found = { lost: 0, duplicated: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-deployed-'));
  deployed = await startDeployed({
    dataFolder: folder,
    mayBeKilled: true,
    frontDoors: doubled,
    environment: { ORGANISATION_METRICS_PORT: '0' },
  });
});
afterAll(async () => {
  for (const [engine, version] of [
    ['Apache Kafka', deployed?.kafka?.version],
    ['PostgreSQL', deployed?.postgres?.version],
  ])
    if (version) reportEngine({ engine: engine as string, version, ...found });
  await deployed?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The story is whole, and so is everything behind it; the trouble happened at least so often while people were told that what they asked was done. */
async function goesOn(
  { clients, seed, least }: { readonly clients: number; readonly seed: number; readonly least: number },
  happens: () => Promise<void>,
): Promise<void> {
  const before = carriedOut.length;
  const { violations, troubles } = await playUnder(deployed, { clients, seed, happens, carriedOut });
  const amiss = await whatIsAmiss(deployed, folder, carriedOut);
  found.lost = amiss.lost.length;
  found.duplicated = amiss.duplicated.length;
  expect(violations).toEqual([]);
  expect(amiss).toEqual(nothing);
  expect(carriedOut.length - before).toBeGreaterThanOrEqual(clients * leastCommandsPerClient);
  expect(troubles).toBeGreaterThanOrEqual(least);
}

describe('the deployed story goes on', () => {
  it('for fifty clients while every service and the gateway are killed with kill -9 again and again', async () => {
    const parts = [...deployed.services.values(), deployed.gateway];
    const next = roundsOf(chanceFrom(1), parts);
    const killed = new Set<string>();
    await goesOn({ clients: 50, seed: 1, least: parts.length }, async () => {
      const { value: part } = next.next();
      await part.kill();
      killed.add(part.name);
      await part.start();
    });
    expect([...killed].sort()).toEqual(parts.map(({ name }) => name).sort());
  }, 1_800_000);

  it('with two processes of one organisation that share its work, each of which is killed and comes back', async () => {
    const pairs: [ServiceProcess, ServiceProcess][] = [];
    for (const id of doubled) {
      const first = deployed.services.get(id);
      if (first) pairs.push([first, await deployed.another(id)]);
    }
    const commands = (): Readonly<Record<string, number>> =>
      Object.assign({}, ...[...deployed.frontDoors.values()].map((frontDoor) => frontDoor.carriedOut()));
    const commandsBefore = commands();
    // What a process has counted goes with it, so it is asked before it is killed; what it did for another test does not count.
    const messages = new Map<string, number>();
    const count = async (process: ServiceProcess, times = 1): Promise<void> =>
      void messages.set(process.name, (messages.get(process.name) ?? 0) + times * (await messagesKept(process)));
    for (const process of pairs.flat()) await count(process, -1);
    const killed = new Set<string>();
    let turn = 0;
    // Of one organisation the first and of the other the second, and the next time the other way round.
    await goesOn({ clients: 16, seed: 2, least: 2 }, async () => {
      const dying = pairs.flatMap((pair, at) => pair[(turn + at) % 2] ?? []);
      turn++;
      for (const process of dying) {
        await count(process);
        await process.kill();
        killed.add(process.name);
      }
      // Long enough for the broker to notice: until then nobody gets the messages that the dead process was to have.
      await pause(12_000);
      for (const process of dying) await process.start();
    });
    for (const process of pairs.flat()) await count(process);
    const names = pairs.flat().map(({ name }) => name);
    const commandsOf = (name: string): number => (commands()[name] ?? 0) - (commandsBefore[name] ?? 0);
    process.stderr.write(
      `  ${names.map((name) => `${name}: ${commandsOf(name)} commands, ${messages.get(name)} messages`).join('; ')}\n`,
    );
    expect([...killed].sort()).toEqual([...names].sort());
    expect(names.filter((name) => commandsOf(name) === 0 || (messages.get(name) ?? 0) === 0)).toEqual([]);
    for (const [, another] of pairs) await another.stop();
  }, 1_200_000);

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
