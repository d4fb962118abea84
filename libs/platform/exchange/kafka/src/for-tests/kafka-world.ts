/** For tests: fresh topics on a running broker, a transport per organisation as in processes of their own, and what operators were told. */
import type { Scheduler } from '@convenant/kernel';
import { applyTopology } from '../apply-topology.js';
import { connectTo, type KafkaConnection } from '../connection.js';
import { KafkaTransport, type KafkaTransportOptions } from '../kafka-transport.js';
import { laneKey, topicsOf, type Place } from '../message-form.js';
import { expandTopology, type Topology } from '../topology.js';

export const organisations = ['ggz-amstel', 'uwv', 'gemeente-amstelveld'];
export const realTime: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
export const pass = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export interface Note {
  readonly level: string;
  readonly code: string;
  readonly facts?: Readonly<Record<string, string | number>> | undefined;
}
export interface KafkaWorld {
  readonly prefix: string;
  readonly topology: Topology;
  readonly notes: readonly Note[];
  /** A new transport each time: another instance. Closed with the world. */
  instance(options?: Partial<KafkaTransportOptions>): KafkaTransport;
  /** Declares the topics, also after they were removed. */
  declare(): Promise<void>;
  close(): Promise<void>;
}

let worlds = 0;

/** `settings` of the topics, on top of those that every test has. */
export async function kafkaWorld(
  connection: KafkaConnection,
  settings: Readonly<Record<string, string>> = {},
): Promise<KafkaWorld> {
  const prefix = `test${process.pid}.world${++worlds}`;
  const topology = topologyOf(prefix, organisations, settings);
  const notes: Note[] = [];
  const transports: KafkaTransport[] = [];
  const declare = async (): Promise<void> => {
    await applyTopology(connection, { ...expandTopology(topology), rights: [] }, { topicPrefix: prefix });
    await ledByAll(connection, prefix);
  };
  await declare();
  return {
    prefix,
    topology,
    notes,
    declare,
    instance(options = {}) {
      const transport = new KafkaTransport({
        connection,
        topicPrefix: prefix,
        note: (level, code, facts) => void notes.push({ level, code, facts }),
        placeOf: placeOfNumbered,
        firstRetryMs: 20,
        lastRetryMs: 200,
        requestTimeoutMs: 3_000,
        sessionTimeoutMs: 6_000,
        ...options,
      });
      transports.push(transport);
      return transport;
    },
    async close() {
      for (const transport of transports) await transport.close();
      await removeTopics(connection, prefix);
    },
  };
}

export function topologyOf(
  topicPrefix: string,
  names: readonly string[] = organisations,
  settings: Readonly<Record<string, string>> = {},
): Topology {
  const kind = { replicas: 1, settings: { 'min.insync.replicas': '1', 'retention.ms': '3600000', ...settings } };
  return {
    about: 'for a test',
    topicPrefix,
    lanes: { partitions: 3, ...kind },
    urgent: { partitions: 2, ...kind },
    organisations: names.map((id) => ({
      id,
      principal: `User:${id}`,
      receivesFrom: names.filter((other) => other !== id),
    })),
  };
}

/** Their names are known before anybody leads every partition; whoever leads one knows its offsets. */
async function ledByAll(connection: KafkaConnection, prefix: string): Promise<void> {
  await withAdmin(connection, async (admin) => {
    for (const topic of (await admin.listTopics()).filter((each) => each.startsWith(`${prefix}.`)))
      await admin.fetchTopicOffsets(topic);
  });
}

/** Removes both topics of an organisation, with everything in them. */
export async function removeTopicsOf(connection: KafkaConnection, organisation: string, prefix: string): Promise<void> {
  await withAdmin(connection, (admin) => admin.deleteTopics({ topics: Object.values(topicsOf(organisation, prefix)) }));
}

/** What retention does after a while, at once: everything that is in the topics of an organisation is gone. */
export async function expireTopicsOf(
  connection: KafkaConnection,
  organisation: string,
  prefix: string,
): Promise<number> {
  return withAdmin(connection, async (admin) => {
    let expired = 0;
    for (const topic of Object.values(topicsOf(organisation, prefix))) {
      const offsets = await admin.fetchTopicOffsets(topic);
      expired += offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
      await admin.deleteTopicRecords({
        topic,
        partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
      });
    }
    return expired;
  });
}

/**
 * How many messages are kept in the lanes of an organisation. It may be more than were sent: when one partition refuses its part of a
 * request, as a partition of a new topic may for a moment, the driver sends the whole request again.
 */
export async function keptIn(connection: KafkaConnection, organisation: string, prefix: string): Promise<number> {
  const topic = topicsOf(organisation, prefix).lanes;
  const offsets = await withAdmin(connection, (admin) => admin.fetchTopicOffsets(topic));
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}

/** Of both topics of an organisation: the first offset that is still kept in each partition, and the one behind the last. */
export async function placesIn(
  connection: KafkaConnection,
  organisation: string,
  prefix: string,
): Promise<
  readonly { readonly topic: string; readonly partition: number; readonly low: number; readonly high: number }[]
> {
  return withAdmin(connection, async (admin) => {
    const found = [];
    for (const topic of Object.values(topicsOf(organisation, prefix)))
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        found.push({ topic, partition, low: Number(low), high: Number(high) });
    return found;
  });
}

/** How many messages of the lanes of an organisation its group has committed. */
export async function committedOf(connection: KafkaConnection, organisation: string, prefix: string): Promise<number> {
  const topic = topicsOf(organisation, prefix).lanes;
  return withAdmin(connection, async (admin) => {
    const [found] = await admin.fetchOffsets({ groupId: `${prefix}.${organisation}`, topics: [topic] });
    return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  });
}

type Admin = ReturnType<ReturnType<typeof connectTo>['admin']>;
async function withAdmin<T>(connection: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connectTo(connection, { retries: 5 }).admin();
  await admin.connect();
  try {
    // A broker that has just come back answers before it leads its partitions.
    for (let attempt = 1; attempt < 20; attempt++) {
      const done = await work(admin).then(
        (value) => ({ value }),
        () => undefined,
      );
      if (done) return done.value;
      await pass(250);
    }
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function removeTopics(connection: KafkaConnection, prefix: string): Promise<void> {
  await withAdmin(connection, async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

/** Sender and receiver of the contract suite number by lane, in JSON; everything else is keyed as messages are. */
function placeOfNumbered(text: string): Place {
  try {
    const { lane } = JSON.parse(text) as { lane?: string };
    if (typeof lane === 'string') return { key: lane, urgent: lane.startsWith('urgent/') };
  } catch {
    return laneKey(text);
  }
  return laneKey(text);
}
