/** The declaration of topics and rights in infra/kafka, and the difference with what a cluster has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compareTopology, expandTopology, topologySchema } from './topology.js';

const declared = topologySchema.parse(
  JSON.parse(readFileSync(new URL('../../../../../infra/kafka/topics.json', import.meta.url), 'utf8')),
);
const expected = expandTopology(declared);
const found = {
  topics: expected.topics.map(({ topic, partitions, settings }) => ({
    topic,
    partitions,
    settings: { ...settings, 'segment.bytes': '1' },
  })),
  rights: expected.rights,
};

describe('the declared topics', () => {
  it('are two for every organisation, and lose nothing that was acknowledged when one broker is lost', () => {
    expect(expected.topics).toHaveLength(declared.organisations.length * 2);
    for (const { replicas, settings } of expected.topics) {
      expect(replicas).toBeGreaterThan(Number(settings['min.insync.replicas']));
      expect(Number(settings['min.insync.replicas'])).toBeGreaterThan(1);
      expect(settings['unclean.leader.election.enable']).toBe('false');
    }
  });
  it('are read by their own organisation and by nobody else', () => {
    for (const { id, principal } of declared.organisations) {
      const readers = expected.rights.filter(
        ({ may, name }) =>
          may === 'read' && (name === `convenant.exchange.${id}` || name === `convenant.exchange.${id}.urgent`),
      );
      expect(new Set(readers.map((right) => right.principal))).toEqual(new Set([principal]));
    }
  });
  it('are written by those whom the organisation receives from, and never by itself', () => {
    for (const { id, principal, receivesFrom } of declared.organisations) {
      const writers = expected.rights
        .filter(({ may, name }) => may === 'write' && name === `convenant.exchange.${id}`)
        .map((right) => right.principal);
      expect(writers).toEqual(receivesFrom.map((sender) => `User:${sender}`));
      expect(writers).not.toContain(principal);
    }
  });
  it('name no sender that is not declared', () => {
    const one = { ...declared, organisations: [{ id: 'uwv', principal: 'User:uwv', receivesFrom: ['nobody'] }] };
    expect(() => expandTopology(one)).toThrow('uwv receives from nobody, which is not declared.');
  });
  it('fit on a developer’s one broker', () => {
    const { topics } = expandTopology(declared, { replicas: 1 });
    expect(new Set(topics.map(({ replicas, settings }) => `${replicas} ${settings['min.insync.replicas']}`))).toEqual(
      new Set(['1 1']),
    );
  });
});

describe('the difference with a cluster', () => {
  it('is nothing when everything is as declared', () => expect(compareTopology(expected, found)).toEqual([]));
  it('is everything for an empty cluster', () => {
    expect(compareTopology(expected, { topics: [], rights: [] })).toHaveLength(
      expected.topics.length + expected.rights.length,
    );
  });
  it('names a setting that was changed by hand, more partitions, and rights that are missing or too many', () => {
    const [first, second, third, ...rest] = found.topics;
    if (!first || !second || !third) throw new Error('Too few topics.');
    const other = {
      topics: [
        { ...first, settings: { ...first.settings, 'retention.ms': '1' } },
        { ...second, partitions: 1 },
        { ...third, partitions: 99 },
        ...rest,
      ],
      rights: [
        ...found.rights.slice(1),
        { on: 'topic', name: first.topic, principal: 'User:stranger', may: 'read' } as const,
      ],
    };
    expect(compareTopology(expected, other).map(({ change }) => change)).toEqual([
      'set',
      'add-partitions',
      'none-possible',
      'allow',
      'forbid',
    ]);
  });
});
