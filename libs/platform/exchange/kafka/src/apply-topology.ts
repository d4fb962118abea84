/** Brings a cluster to the declared topics and rights; done twice, the second time changes nothing. */
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { connectTo, type KafkaConnection } from './connection.js';
import { compareTopology, type Change, type Expected, type Found, type Right } from './topology.js';
import { explain, troubleOf } from './trouble.js';

// Node sees only the first names of this CommonJS package.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs;

export interface ApplyOptions {
  /** Only says what would change. */
  readonly dryRun?: boolean;
  /** Names of other topics and groups are left alone. */
  readonly topicPrefix: string;
}

/** The changes, made or to be made. Throws one sentence that says what to mend when the cluster cannot be asked or refuses. */
export async function applyTopology(
  connection: KafkaConnection,
  expected: Expected,
  { dryRun = false, topicPrefix }: ApplyOptions,
): Promise<readonly Change[]> {
  const admin = connectTo({ clientId: 'convenant-apply', ...connection }, { retries: 3 }).admin();
  try {
    await admin.connect();
    const changes = compareTopology(expected, await lookAt(admin, expected, topicPrefix));
    if (!dryRun && changes.length > 0) {
      await make(admin, changes);
      await untilSeen(() => lookAt(admin, expected, topicPrefix), expected);
    }
    return changes;
  } catch (error) {
    if (error instanceof NotApplied) throw error;
    throw new Error(explain(troubleOf(error)), { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** A broker shows what it accepted a moment later. */
async function untilSeen(look: () => Promise<Found>, expected: Expected): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = await look().catch(() => undefined);
    if (found && compareTopology(expected, found).every(({ change }) => change === 'none-possible')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new NotApplied(
    'Kafka accepted the changes and does not show them: run this again, with --dry-run, to see what is left.',
  );
}
class NotApplied extends Error {}

async function lookAt(admin: Admin, { topics }: Expected, prefix: string): Promise<Found> {
  const there = new Set(await admin.listTopics());
  const known = topics.filter(({ topic }) => there.has(topic));
  return {
    topics:
      known.length > 0
        ? await describe(
            admin,
            known.map(({ topic }) => topic),
          )
        : [],
    rights: await rightsUnder(admin, prefix),
  };
}

async function describe(admin: Admin, names: string[]): Promise<Found['topics']> {
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((each) => ({ type: ConfigResourceTypes.TOPIC, name: each })),
  });
  return topics.map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions.length,
    settings: Object.fromEntries(
      resources
        .filter((each) => each.resourceName === name)
        .flatMap(({ configEntries }) => configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ),
  }));
}

const operations = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  describe: AclOperationTypes.DESCRIBE,
} as const;

async function rightsUnder(admin: Admin, prefix: string): Promise<readonly Right[]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ALLOW,
  });
  return resources.flatMap(({ resourceType, resourceName, acls }) => {
    const on =
      resourceType === AclResourceTypes.TOPIC ? 'topic' : resourceType === AclResourceTypes.GROUP ? 'group' : undefined;
    if (!on || !`${resourceName}.`.startsWith(`${prefix}.`)) return [];
    return acls.flatMap(({ principal, operation }): Right[] => {
      const may = (['read', 'write', 'describe'] as const).find((each) => operations[each] === operation);
      return may ? [{ on, name: resourceName, principal, may }] : [];
    });
  });
}

async function make(admin: Admin, changes: readonly Change[]): Promise<void> {
  const made = changes.flatMap((each) => (each.change === 'make-topic' ? [each.topic] : []));
  if (made.length > 0)
    await admin.createTopics({
      waitForLeaders: false,
      topics: made.map(({ topic, partitions, replicas, settings }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      })),
    });
  for (const each of changes) {
    if (each.change === 'add-partitions')
      await admin.createPartitions({ topicPartitions: [{ topic: each.topic, count: each.to }] });
    if (each.change === 'set') await set(admin, each.topic, each.settings);
    if (each.change === 'forbid') await admin.deleteAcls({ filters: [entryOf(each.right)] });
  }
  const allowed = changes.flatMap((each) => (each.change === 'allow' ? [entryOf(each.right)] : []));
  if (allowed.length > 0) await admin.createAcls({ acl: allowed });
}

async function set(admin: Admin, topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
}

const entryOf = ({ on, name, principal, may }: Right): AclEntry => ({
  resourceType: on === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
  resourceName: name,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal,
  host: '*',
  operation: operations[may],
  permissionType: AclPermissionTypes.ALLOW,
});
