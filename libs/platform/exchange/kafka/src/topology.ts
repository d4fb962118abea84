/** Topics and rights as declared in infra/kafka/topics.json, and what has to change for a cluster to have them. */
import { z } from 'zod';
import { groupOf, topicsOf } from './message-form.js';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);
const topicKind = z.strictObject({
  partitions: z.int().min(1),
  replicas: z.int().min(1),
  /** As Kafka names and writes them. */
  settings: z.record(z.string(), z.string()),
});
export const topologySchema = z.strictObject({
  about: z.string(),
  topicPrefix: z.string().regex(/^[a-z][a-z0-9.-]*$/),
  lanes: topicKind,
  urgent: topicKind,
  organisations: z.array(
    z.strictObject({ id: name, principal: z.string().startsWith('User:'), receivesFrom: z.array(name) }),
  ),
});
export type Topology = z.infer<typeof topologySchema>;

export interface ExpectedTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: Readonly<Record<string, string>>;
}
export interface Right {
  readonly on: 'topic' | 'group';
  readonly name: string;
  readonly principal: string;
  readonly may: 'read' | 'write' | 'describe';
}
export interface Expected {
  readonly topics: readonly ExpectedTopic[];
  readonly rights: readonly Right[];
}
/** What a cluster has of it now. */
export interface Found {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: number;
    readonly settings: Readonly<Record<string, string>>;
  }[];
  /** Everything that is allowed on names that begin with the prefix. */
  readonly rights: readonly Right[];
}
export type Change =
  | { readonly change: 'make-topic'; readonly topic: ExpectedTopic }
  | { readonly change: 'add-partitions'; readonly topic: string; readonly from: number; readonly to: number }
  | {
      readonly change: 'set';
      readonly topic: string;
      readonly settings: Readonly<Record<string, string>>;
      readonly was: Readonly<Record<string, string>>;
    }
  | { readonly change: 'allow'; readonly right: Right }
  | { readonly change: 'forbid'; readonly right: Right }
  /** For a person: partitions cannot be taken away without losing messages. */
  | { readonly change: 'none-possible'; readonly topic: string; readonly sentence: string };

/** `replicas` is for a cluster with fewer brokers than the declaration counts on: a developer's. */
export function expandTopology(
  { topicPrefix, lanes, urgent, organisations }: Topology,
  { replicas }: { readonly replicas?: number } = {},
): Expected {
  const kind = (topic: string, { partitions, replicas: declared, settings }: Topology['lanes']): ExpectedTopic => {
    const count = Math.min(declared, replicas ?? declared);
    const inStep = settings['min.insync.replicas'];
    return {
      topic,
      partitions,
      replicas: count,
      settings:
        inStep === undefined
          ? settings
          : { ...settings, 'min.insync.replicas': String(Math.min(Number(inStep), count)) },
    };
  };
  const principals = new Map(organisations.map(({ id, principal }) => [id, principal]));
  const topics = organisations.flatMap(({ id }) => {
    const names = topicsOf(id, topicPrefix);
    return [kind(names.lanes, lanes), kind(names.urgent, urgent)];
  });
  const rights = organisations.flatMap(({ id, principal, receivesFrom }): Right[] => {
    const own = Object.values(topicsOf(id, topicPrefix));
    const group = groupOf(id, topicPrefix);
    const senders = receivesFrom.map((sender) => principals.get(sender) ?? unknown(sender, id));
    return [
      ...own.flatMap((topic): Right[] => [
        ...(['read', 'describe'] as const).map((may): Right => ({ on: 'topic', name: topic, principal, may })),
        ...senders.flatMap((sender) =>
          (['write', 'describe'] as const).map((may): Right => ({ on: 'topic', name: topic, principal: sender, may })),
        ),
      ]),
      ...[group, `${group}.urgent`].map((each): Right => ({ on: 'group', name: each, principal, may: 'read' })),
    ];
  });
  return { topics, rights };
}

/** Nothing when the cluster has what is declared. The order is the order in which to do it. */
export function compareTopology(expected: Expected, found: Found): readonly Change[] {
  const there = new Map(found.topics.map((each) => [each.topic, each]));
  const topicChanges = expected.topics.flatMap((topic): Change[] => {
    const now = there.get(topic.topic);
    if (!now) return [{ change: 'make-topic', topic }];
    const different = Object.keys(topic.settings).filter(
      (setting) => now.settings[setting] !== topic.settings[setting],
    );
    const was = Object.fromEntries(different.map((setting) => [setting, now.settings[setting] ?? '']));
    return [
      ...(now.partitions < topic.partitions
        ? [{ change: 'add-partitions', topic: topic.topic, from: now.partitions, to: topic.partitions } as const]
        : []),
      ...(now.partitions > topic.partitions
        ? [
            {
              change: 'none-possible',
              topic: topic.topic,
              sentence: `has ${now.partitions} partitions, ${topic.partitions} are declared; partitions cannot be taken away`,
            } as const,
          ]
        : []),
      ...(different.length > 0 ? [{ change: 'set', topic: topic.topic, settings: topic.settings, was } as const] : []),
    ];
  });
  const has = new Set(found.rights.map(textOf));
  const wanted = new Set(expected.rights.map(textOf));
  return [
    ...topicChanges,
    ...expected.rights.filter((right) => !has.has(textOf(right))).map((right): Change => ({ change: 'allow', right })),
    ...found.rights.filter((right) => !wanted.has(textOf(right))).map((right): Change => ({ change: 'forbid', right })),
  ];
}

const textOf = ({ on, name, principal, may }: Right): string => `${on} ${name} ${principal} ${may}`;
const unknown = (sender: string, recipient: string): never => {
  throw new Error(`${recipient} receives from ${sender}, which is not declared.`);
};
