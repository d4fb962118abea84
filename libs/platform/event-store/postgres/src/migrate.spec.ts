/** That a step of a migration which cannot have its lock steps back for the running release, again and again, and not for ever. */
import { describe, expect, it } from '@jest/globals';
import type { ClientBase } from 'pg';
import { migrate } from './migrate.js';

/** A server on which the step has to wait for its lock so often. */
function server(timesHeldUp: number) {
  const statements: string[] = [];
  const pausesMs: number[] = [];
  let heldUp = 0;
  const query = async (sql: string) => {
    statements.push(sql);
    if (sql === 'the step' && heldUp++ < timesHeldUp)
      throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    return { rows: [] };
  };
  const owner = { query, escapeIdentifier: (name: string) => `"${name}"` } as unknown as ClientBase;
  const migrating = migrate(owner, 'application', [{ component: 'sample', steps: ['the step'] }], {
    pause: async (delayMs) => void pausesMs.push(delayMs),
  });
  const of = (...wanted: string[]): string[] => statements.filter((sql) => wanted.some((each) => sql.startsWith(each)));
  return { migrating, pausesMs, of };
}
const oneAttempt = ['begin', 'set local lock_timeout = 2000', 'the step'];

describe('a step that waits for a lock', () => {
  it('gives up after two seconds, lets everybody pass, and tries again', async () => {
    const { migrating, pausesMs, of } = server(2);
    await migrating;
    expect(of('begin', 'set local', 'the step', 'commit', 'rollback')).toEqual([
      ...[...oneAttempt, 'rollback'],
      ...[...oneAttempt, 'rollback'],
      ...[...oneAttempt, 'commit'],
    ]);
    expect(pausesMs).toEqual([1_000, 2_000]);
  });

  it('ends after a few minutes with nothing of it done, and lets the next process try', async () => {
    const { migrating, pausesMs, of } = server(Infinity);
    await expect(migrating).rejects.toMatchObject({ code: '55P03' });
    expect(of('the step')).toHaveLength(20);
    expect(of('commit')).toEqual([]);
    expect(of('rollback')).toHaveLength(20);
    expect(of('select pg_advisory_unlock')).toHaveLength(1);
    expect(Math.max(...pausesMs)).toBe(10_000);
    expect(pausesMs.reduce((sum, each) => sum + each)).toBeLessThan(180_000);
  });
});
