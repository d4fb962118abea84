/** The declared topics and rights on a real broker, and what a service hears that has the wrong address, password, topic or rights. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type RunningKafka } from '@convenant/engines';
import { applyTopology } from './apply-topology.js';
import { connectTo } from './connection.js';
import { pass, topologyOf, type Note } from './for-tests/kafka-world.js';
import { KafkaTransport } from './kafka-transport.js';
import { expandTopology, type Change } from './topology.js';

const prefix = 'test.rights';
const names = ['ggz-amstel', 'uwv', 'gemeente-amstelveld'];
const full = topologyOf(prefix, names);
/** The municipality may send to nobody. */
const topology = {
  ...full,
  organisations: full.organisations.map((each) => ({
    ...each,
    receivesFrom: each.receivesFrom.filter((sender) => sender !== 'gemeente-amstelveld'),
  })),
};
let kafka: RunningKafka;
let opened: KafkaTransport[] = [];
let notes: Note[] = [];

const connection = (): { brokers: readonly string[] } => ({ brokers: kafka.brokers });
const apply = (dryRun = false, declared = topology): Promise<readonly Change[]> =>
  applyTopology(connection(), expandTopology(declared), { topicPrefix: prefix, dryRun });
const as = (username: string, password = `${username}-secret`, brokers = kafka.guardedBrokers): KafkaTransport => {
  const transport = new KafkaTransport({
    connection: { brokers, sasl: { mechanism: 'plain', username, password } },
    topicPrefix: prefix,
    sessionTimeoutMs: 6_000,
    note: (level, code, facts) => void notes.push({ level, code, facts }),
  });
  opened.push(transport);
  return transport;
};
const until = async (enough: () => boolean): Promise<void> => {
  for (let round = 0; round < 1_200 && !enough(); round++) await pass(50);
  expect(enough()).toBe(true);
};
const noted = (code: string): Note[] => notes.filter((note) => note.code === code);

beforeAll(async () => {
  kafka = await startKafka({ users: Object.fromEntries(names.map((name) => [name, `${name}-secret`])) });
});
afterEach(async () => {
  for (const transport of opened) await transport.close();
  [opened, notes] = [[], []];
});
afterAll(() => kafka?.stop());

describe('the declaration', () => {
  it('is only looked at in a dry run, is applied once, and changes nothing the second time', async () => {
    const planned = await apply(true);
    expect(planned.length).toBe(expandTopology(topology).topics.length + expandTopology(topology).rights.length);
    expect(await apply(true)).toEqual(planned);
    expect(await apply()).toEqual(planned);
    expect(await apply()).toEqual([]);
  });
  it('mends a setting that was changed by hand, adds partitions, and takes away a right that is not declared', async () => {
    const changed = {
      ...topology,
      lanes: { ...topology.lanes, partitions: 4, settings: { ...topology.lanes.settings, 'retention.ms': '60000' } },
    };
    expect(new Set((await apply(false, changed)).map(({ change }) => change))).toEqual(
      new Set(['add-partitions', 'set']),
    );
    const back = await apply();
    expect(new Set(back.map(({ change }) => change))).toEqual(new Set(['none-possible', 'set']));
    const fewer = { ...topology, organisations: topology.organisations.map((each) => ({ ...each, receivesFrom: [] })) };
    expect(new Set((await apply(false, fewer)).map(({ change }) => change))).toEqual(
      new Set(['none-possible', 'forbid']),
    );
    expect((await apply()).filter(({ change }) => change === 'allow').length).toBeGreaterThan(0);
  });
  it('leaves other topics alone', async () => {
    const admin = connectTo(connection(), { retries: 3 }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'somebody.elses', numPartitions: 1 }] });
    expect((await apply()).filter(({ change }) => change !== 'none-possible')).toEqual([]);
    expect(await admin.listTopics()).toContain('somebody.elses');
    await admin.disconnect();
  });
  it('says what to mend when the cluster is not there', async () => {
    await expect(
      applyTopology({ brokers: ['127.0.0.1:1'] }, expandTopology(topology), { topicPrefix: prefix }),
    ).rejects.toThrow(/ORGANISATION_KAFKA_BROKERS \(ECONNREFUSED\)/);
  });
});

describe('an organisation that signs in', () => {
  it('sends to whom it may, and receives its own', async () => {
    const received: string[] = [];
    as('uwv').subscribe('uwv', async (text) => void received.push(text));
    await as('ggz-amstel').send('uwv', 'for uwv');
    await until(() => received.length > 0);
    expect(received).toEqual(['for uwv']);
  });
  it('is refused when it sends to whom it may not, and hears which declaration says so', async () => {
    await expect(as('gemeente-amstelveld').send('uwv', 'not allowed')).rejects.toThrow(/infra\/kafka\/topics\.json/);
    expect(noted('kafka-not-allowed')).toHaveLength(1);
  });
  it('gets nothing of another organisation', async () => {
    const received: string[] = [];
    as('gemeente-amstelveld').subscribe('uwv', async (text) => void received.push(text));
    await as('ggz-amstel').send('uwv', 'for uwv alone');
    await until(() => noted('kafka-not-allowed').length > 0);
    await pass(1_000);
    expect(received).toEqual([]);
  });
  it('with the wrong password is told which settings to mend, once for each of what it does, however often it tries', async () => {
    const transport = as('uwv', 'wrong');
    transport.subscribe('uwv', async () => undefined);
    await expect(transport.send('ggz-amstel', 'text')).rejects.toThrow(
      /ORGANISATION_KAFKA_USERNAME.*ORGANISATION_KAFKA_PASSWORD/,
    );
    await until(() => noted('kafka-credentials').length === 3);
    await pass(1_000);
    expect(noted('kafka-credentials')).toHaveLength(3);
    expect(JSON.stringify(notes)).not.toContain('wrong');
    expect([...transport.troubles.values()].map(({ code }) => code)).toEqual(
      Array<string>(3).fill('kafka-credentials'),
    );
  });
});

describe('a service', () => {
  it('without a broker is told which setting to mend, at once, and does not fall over', async () => {
    const transport = as('uwv', 'uwv-secret', ['127.0.0.1:1']);
    transport.subscribe('uwv', async () => undefined);
    for (let attempt = 0; attempt < 5; attempt++)
      await expect(transport.send('ggz-amstel', 'text')).rejects.toThrow(/ORGANISATION_KAFKA_BROKERS/);
    await until(() => noted('kafka-unreachable').length === 3);
  });
  it('that talks plainly to a broker that wants a name, or encrypted to one that does not encrypt, is told so', async () => {
    const plain = new KafkaTransport({
      connection: { brokers: kafka.guardedBrokers },
      topicPrefix: prefix,
      requestTimeoutMs: 3_000,
    });
    const encrypted = new KafkaTransport({ connection: { brokers: kafka.brokers, tls: true }, topicPrefix: prefix });
    opened.push(plain, encrypted);
    await expect(plain.send('uwv', 'text')).rejects.toThrow(/ORGANISATION_KAFKA_/);
    await expect(encrypted.send('uwv', 'text')).rejects.toThrow(/ORGANISATION_KAFKA_/);
  });
  it('whose recipient has no topic is told to declare it, and its other recipients are not kept waiting', async () => {
    const transport = new KafkaTransport({ connection: connection(), topicPrefix: prefix });
    opened.push(transport);
    await expect(transport.send('verzekeraar-zilver', 'text')).rejects.toThrow(
      /npm run kafka:apply \(UNKNOWN_TOPIC_OR_PARTITION\)/,
    );
    await expect(transport.send('uwv', 'text')).resolves.toBeUndefined();
  });
});
