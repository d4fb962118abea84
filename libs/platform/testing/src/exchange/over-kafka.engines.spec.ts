/** One client, an agency and UWV over a real Kafka: door and inbox keep their promises when the broker dies, forgets and comes back. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import {
  applyTopology,
  connectTo,
  expandTopology,
  KafkaTransport,
  topicsOf,
  type Topology,
} from '@convenant/exchange-kafka';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
import { Client, keptBy, shownBy, traceOfHers } from './story.js';

const status = { state: 'active', referredOn: '2026-09-01' };
const profile = { workWish: 'tuinieren', preferences: ['buiten'], writtenOn: '2026-09-10' };
const total = { lost: 0, duplicated: 0 };
const kind = { partitions: 3, replicas: 1, settings: { 'min.insync.replicas': '1' } };
const ids = ['ggz-amstel', 'uwv'];

let kafka: RunningKafka;
let world: World;
let ggz: OrganisationInWorld;
let uwv: OrganisationInWorld;
let her: Client;
let topicPrefix: string;
let worlds = 0;

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await kafka.stop();
});
beforeEach(async () => {
  topicPrefix = `story.world${++worlds}`;
  const topology: Topology = {
    about: 'a story',
    topicPrefix,
    lanes: kind,
    urgent: kind,
    organisations: ids.map((id) => ({ id, principal: `User:${id}`, receivesFrom: [] })),
  };
  const connection = { brokers: kafka.brokers };
  await applyTopology(connection, { ...expandTopology(topology), rights: [] }, { topicPrefix });
  world = await testWorld({
    organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
    wire: () =>
      new KafkaTransport({
        connection,
        topicPrefix,
        firstRetryMs: 20,
        requestTimeoutMs: 3_000,
        sessionTimeoutMs: 6_000,
      }),
  });
  ggz = world.organisation('ggz-amstel');
  uwv = world.organisation('uwv');
  her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  await her.note(trajectoryStatusV1, status);
  await her.note(vocationalProfileV1, profile);
});
afterEach(async () => {
  await countEffects();
  await world.stop();
});

/** Messages travel in real time; what they set off is looked after by the world. */
async function until(enough: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end && !(await enough());) {
    await world.settle();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await enough()).toBe(true);
}
const shown = (): Promise<Record<string, unknown>> => shownBy(world, uwv, 'client-7');
const proofs = async (): Promise<number> => (await her.happened('ClosingAcknowledged')).length;
const isTold = async (): Promise<boolean> => Object.keys(await shown()).length === 2;

/** Whatever was told had its effect at the partner, and had it once. */
async function countEffects(): Promise<void> {
  const told = (await her.happened('Disclosed')).map(({ messageId }) => messageId);
  const effects = (await keptBy(uwv)).flatMap((event) =>
    event.type === 'DisclosureReceived' || event.type === 'IntroductionReceived' ? [event.messageId] : [],
  );
  total.duplicated += effects.length - new Set(effects).size;
  total.lost += told.filter((each) => !effects.includes(each)).length;
  expect(new Set(effects).size).toBe(effects.length);
}

describe('over Kafka', () => {
  it('a consent introduces her and tells what was so, and a withdrawal closes it with a proof', async () => {
    await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
    await until(isTold);
    expect(await shown()).toEqual({ 'trajectory-status.v1': status, 'vocational-profile.v1': profile });
    await her.withdraws('consent-1');
    await until(async () => (await proofs()) === 1);
    expect(await shown()).toEqual({});
    await until(async () => (await ggz.ports.ledger.waitingLanes()).length === 0);
  });

  it('what she has noted here is recorded there under the trace of her act, by the number that it has for that partner', async () => {
    await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
    await until(isTold);
    const before = (await her.happened('Disclosed')).map(({ messageId }) => messageId);
    await her.note(trajectoryStatusV1, { ...status, state: 'paused' });
    await until(async () => JSON.stringify(await shown()).includes('paused'));
    const newest = (await her.happened('Disclosed')).filter(({ messageId }) => !before.includes(messageId));
    expect(newest).toHaveLength(1);
    const tracesOf = async ({ ports }: OrganisationInWorld, type: string): Promise<readonly unknown[]> =>
      (await ports.store.readAll(undefined, 10_000)).flatMap((stored) =>
        stored.type === type && stored.data['messageId'] === newest[0]?.messageId
          ? [stored.meta.traceparent?.split('-')[1]]
          : [],
      );
    expect(await tracesOf(ggz, 'Disclosed')).toEqual([traceOfHers]);
    // Another number for each partner, so that two of them cannot compare what they keep; here it leads back to her act.
    const atUwv = ggz.ports.ids.derive('trace', uwv.id, traceOfHers).replaceAll('-', '');
    expect(atUwv).not.toBe(traceOfHers);
    expect(await tracesOf(uwv, 'DisclosureReceived')).toEqual([atUwv]);
  });

  it('a consent that is given while the broker is dead is told when it is back', async () => {
    await kafka.kill();
    await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
    await world.settle();
    expect(await shown()).toEqual({});
    await kafka.restart();
    await until(isTold);
  });

  it('a withdrawal whose message expired before anybody read it closes all the same', async () => {
    await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
    await until(isTold);
    await uwv.service.stop();
    await her.withdraws('consent-1');
    await world.settle();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await expire('uwv');
    await uwv.restart();
    await until(async () => (await proofs()) === 1);
    expect(await shown()).toEqual({});
  });
});

async function expire(organisation: string): Promise<void> {
  const admin = connectTo({ brokers: kafka.brokers }, { retries: 5 }).admin();
  await admin.connect();
  for (const topic of Object.values(topicsOf(organisation, topicPrefix))) {
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    });
  }
  await admin.disconnect();
}
