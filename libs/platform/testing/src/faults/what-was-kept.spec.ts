/** That the count of the faults sees what is lost, doubled or out of turn, and nothing else: on the logs of a small world, whole and then damaged. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { vocationalProfileV1 } from '@convenant/contracts';
import type { StoredEvent } from '@convenant/kernel';
import { exampleService } from '../exchange/example-services.js';
import { anna, Client } from '../exchange/story.js';
import { HeldWire } from '../held-wire.js';
import { testWorld, type World } from '../world.js';
import { whatWasKept, type Kept } from './what-was-kept.js';

let world: World;
let wire: HeldWire;
let clients: readonly Client[];

const tell = async (wishes: readonly string[]): Promise<void> => {
  for (const workWish of wishes) {
    for (const her of clients)
      await her.note(vocationalProfileV1, { workWish, preferences: [], writtenOn: '2026-09-10' });
    await world.settle();
  }
};
const logOf = (id: string): Promise<readonly StoredEvent[]> =>
  world.organisation(id).ports.store.readAll(undefined, 10_000);
const count = async (change = (log: readonly StoredEvent[]) => log): Promise<Kept> =>
  whatWasKept(await logOf('ggz-amstel'), change(await logOf('uwv')), 'uwv');

beforeEach(async () => {
  world = await testWorld({
    organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
    wire: (direct) => (wire = new HeldWire(direct)),
  });
  const [ggz, uwv] = [world.organisation('ggz-amstel'), world.organisation('uwv')];
  clients = await Promise.all(
    ['Testpersoon A', 'Testpersoon B'].map(async (familyName, index) => {
      await new Client(world, uwv, `known-${index}`).register({ ...anna, familyName });
      const her = await new Client(world, ggz, `client-${index}`).register({ ...anna, familyName });
      await her.consents(`consent-${index}`, uwv, ['K1', 'K2', 'K3']);
      return her;
    }),
  );
  await world.settle();
  await tell(['first', 'second']);
});
afterEach(() => world.stop());

const isWish = ({ type }: StoredEvent): boolean => type === 'DisclosureReceived';
const idOf = (stored: StoredEvent | undefined): unknown => stored?.data['messageId'];

describe('what was kept, by the log', () => {
  it('is everything, once and in order, also when messages come twice, late and the wrong way round', async () => {
    wire.hold();
    await tell(['third', 'fourth', 'fifth']);
    expect((await count()).lost.length).toBeGreaterThan(0);
    await wire.release((held) => [...held, ...held].toReversed());
    await world.settle();
    const { told, ...amiss } = await count();
    // An introduction and five wishes of each.
    expect(told).toHaveLength(12);
    expect(amiss).toEqual({ lost: [], duplicated: [], outOfTurn: [] });
  });

  it('shows what is lost', async () => {
    const [gone] = (await logOf('uwv')).filter(isWish);
    const { lost, duplicated, outOfTurn } = await count((log) =>
      log.filter((stored) => stored !== gone && stored.id !== gone?.id),
    );
    expect({ lost, duplicated, outOfTurn }).toEqual({ lost: [idOf(gone)], duplicated: [], outOfTurn: [] });
  });

  it('shows what is doubled', async () => {
    const twice = (await logOf('uwv')).findLast(isWish);
    const { lost, duplicated, outOfTurn } = await count((log) => [...log, ...log.filter(({ id }) => id === twice?.id)]);
    expect({ lost, duplicated, outOfTurn }).toEqual({ lost: [], duplicated: [idOf(twice)], outOfTurn: [] });
  });

  it('shows what is out of turn in its lane, and lets lanes pass one another', async () => {
    const wishes = (await logOf('uwv')).filter(isWish);
    const [first] = wishes;
    const second = wishes.find(({ stream, id }) => stream === first?.stream && id !== first?.id);
    const exchanged = new Map([
      [first?.id, second],
      [second?.id, first],
    ]);
    const { lost, duplicated, outOfTurn } = await count((log) =>
      log.map((stored) => exchanged.get(stored.id) ?? stored),
    );
    expect({ lost, duplicated, outOfTurn }).toEqual({
      lost: [],
      duplicated: [],
      outOfTurn: [idOf(first), idOf(second)],
    });
    const byStream = await count((log) =>
      log.toSorted((a, b) => (a.stream < b.stream ? 1 : a.stream > b.stream ? -1 : 0)),
    );
    expect(byStream).toMatchObject({ lost: [], duplicated: [], outOfTurn: [] });
  });
});
