/** What one telling reads and when it decides anew: each stream once, in one round, unless a name was drawn or somebody wrote first. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { disclosureStream, policy } from '@convenant/consent';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { tellWhatMayBeTold, type DoorPorts, type DoorRules } from '@convenant/exchange';
import { joinCatalogues } from '@convenant/kernel';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService, factStream } from './example-services.js';
import { Client } from './story.js';

let world: World;
let ggz: OrganisationInWorld;
let her: Client;
let rules: DoorRules;
let read: string[];
let appended: number;
let beforeAppend: () => Promise<void>;

beforeEach(async () => {
  world = await testWorld({
    organisations: {
      'ggz-amstel': exampleService('mental-health'),
      uwv: exampleService('uwv'),
      'gemeente-amstelveld': exampleService('municipality'),
    },
  });
  ggz = world.organisation('ggz-amstel');
  her = await new Client(world, ggz, 'anna').register();
  const { definition, organisation } = ggz.service;
  const { compositions, sends } = definition;
  const all = joinCatalogues(...definition.catalogues);
  rules = { organisation, policy, compositions, sends, decode: (stored) => all.decode(stored) };
  for (const place of ['uwv', 'gemeente-amstelveld'])
    await new Client(world, world.organisation(place), 'client-7').register();
  await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
  await her.note(vocationalProfileV1, { workWish: 'tuinieren', preferences: [], writtenOn: '2026-09-10' });
});
afterEach(() => world.stop());

const share = async (): Promise<void> => {
  await her.consents('consent-1', world.organisation('uwv'), ['K1', 'K2', 'K3']);
  await her.consents('consent-2', world.organisation('gemeente-amstelveld'), ['K1', 'K2']);
};
/** Tells by hand, while the organisation itself stands still, and counts what that reads and writes. */
const tell = async (): Promise<void> => {
  read = [];
  appended = 0;
  const { store } = ggz.ports;
  const counting = Object.create(store) as DoorPorts['store'];
  counting.read = (stream, after) => (read.push(stream), store.read(stream, after));
  counting.append = async (stream, version, events) => {
    await beforeAppend();
    const done = await store.append(stream, version, events);
    appended += events.length;
    return done;
  };
  await tellWhatMayBeTold('anna', rules, { ...ggz.ports, store: counting });
};
const newFact = async (): Promise<void> => {
  beforeAppend = () => Promise.resolve();
  await world.settle();
  await ggz.service.stop();
  await her.note(trajectoryStatusV1, { state: 'paused', referredOn: '2026-09-01' });
};
const reads = (stream: string): number => read.filter((each) => each === stream).length;

describe('a telling', () => {
  it('reads each stream once for all contracts and recipients, and comes to rest in one round', async () => {
    await share();
    await newFact();
    const before = (await her.happened('Disclosed')).length;
    await tell();
    expect((await her.happened('Disclosed')).slice(before).map(({ recipient }) => recipient)).toEqual([
      'uwv',
      'gemeente-amstelveld',
    ]);
    expect(read.toSorted()).toEqual([disclosureStream('anna'), factStream('anna')].toSorted());
  });
  it('repeated at once adds nothing to what it came to', async () => {
    await share();
    await newFact();
    await tell();
    expect(appended).toBeGreaterThan(0);
    await tell();
    expect(appended).toBe(0);
  });
  it('that draws a name decides once more with it, and not a third time', async () => {
    await newFact();
    await share();
    await tell();
    expect(await her.happened('PseudonymDrawn')).toHaveLength(2);
    expect(reads(disclosureStream('anna'))).toBe(2);
    await tell();
    expect(appended).toBe(0);
  });
  it('is decided again on what somebody wrote first', async () => {
    await share();
    await newFact();
    const before = await her.happened('Disclosed');
    let first = true;
    beforeAppend = async () => {
      if (first) await her.withdraws('consent-1');
      first = false;
    };
    await tell();
    expect((await her.happened('Disclosed')).slice(before.length).map(({ recipient }) => recipient)).toEqual([
      'gemeente-amstelveld',
    ]);
    expect(reads(disclosureStream('anna'))).toBe(2);
    expect(reads(factStream('anna'))).toBe(2);
  });
  it('tells nothing older when another instance told something newer first', async () => {
    await share();
    await newFact();
    let first = true;
    beforeAppend = async () => {
      if (first) {
        await her.withdraws('consent-2');
        await her.note(trajectoryStatusV1, { state: 'ended', referredOn: '2026-09-01' });
        await tellWhatMayBeTold('anna', rules, ggz.ports);
      }
      first = false;
    };
    await tell();
    expect(appended).toBe(0);
    expect(reads(disclosureStream('anna'))).toBe(2);
  });
});
