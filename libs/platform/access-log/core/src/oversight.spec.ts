/** A privacy officer can say who saw what, and is told of those who keep trying. */
import { describe, expect, it } from '@jest/globals';
import type { LoggedRecord } from './access-record.js';
import { exampleLogged } from './example-log.js';
import { answersWithoutRelation, suspiciousAttempts, whoSaw } from './oversight.js';

const minute = (count: number): string =>
  `2026-11-02T${String(8 + Math.floor(count / 60)).padStart(2, '0')}:${String(count % 60).padStart(2, '0')}:00.000Z`;
const refused = (at: number, changes: Partial<LoggedRecord> = {}): LoggedRecord =>
  exampleLogged({ at: minute(at), outcome: 8, relation: 'none', categories: [], refusal: 'no-relation', ...changes });
const curious = { person: 'person-dirk', role: 'clientManager', requestor: true };

describe('oversight', () => {
  it('peer 22: answers who saw this client, and who tried', () => {
    const records = [
      exampleLogged({ at: minute(1) }),
      exampleLogged({ at: minute(9), categories: ['K7'] }),
      exampleLogged({ at: minute(5), client: 'client-2' }),
      refused(7, { user: curious }),
    ];
    const { saw, tried } = whoSaw(records, { client: 'client-1' });
    expect(saw).toEqual([
      expect.objectContaining({
        person: 'person-noor',
        times: 2,
        first: minute(1),
        last: minute(9),
        categories: ['K3', 'K7'],
      }),
    ]);
    expect(tried).toEqual([expect.objectContaining({ person: 'person-dirk', role: 'clientManager', times: 1 })]);
  });

  it('peer 22: answers who saw this datum, by category and by the thing itself', () => {
    const records = [
      exampleLogged({
        categories: ['K5'],
        object: 'question-1',
        user: { person: 'person-vera', role: 'insurancePhysician', requestor: true },
      }),
      exampleLogged({ categories: ['K3'] }),
    ];
    const persons = (question: { category?: 'K5'; object?: string }): unknown =>
      whoSaw(records, { client: 'client-1', ...question }).saw.map(({ person }) => person);
    expect(persons({ category: 'K5' })).toEqual(['person-vera']);
    expect(persons({ object: 'question-1' })).toEqual(['person-vera']);
    expect(persons({ category: 'K5', object: 'question-2' })).toEqual([]);
  });

  it('peer 23: flags one person who is refused again and again', () => {
    const attempts = Array.from({ length: 10 }, (_, index) => refused(index, { user: curious }));
    expect(suspiciousAttempts([...attempts, refused(3)])).toEqual([
      {
        person: 'person-dirk',
        roles: ['clientManager'],
        refusals: 10,
        subjects: 1,
        from: minute(0),
        until: minute(9),
        why: 'many-refusals',
      },
    ]);
    expect(suspiciousAttempts(attempts.slice(1))).toEqual([]);
  });

  it('peer 23: flags one who looks for several people, also people who are no clients here', () => {
    const attempts = [
      refused(1, { user: curious }),
      refused(2, { user: curious, client: 'client-2' }),
      refused(3, { user: curious, client: undefined, askedFor: 'digest' }),
    ];
    expect(suspiciousAttempts(attempts)).toEqual([
      expect.objectContaining({ person: 'person-dirk', subjects: 3, why: 'many-subjects' }),
    ]);
  });

  it('does not add up refusals of different days, nor ordinary work', () => {
    const spread = Array.from({ length: 12 }, (_, day) =>
      refused(0, { user: curious, at: `2026-11-${day + 10}T10:00:00.000Z` }),
    );
    const work = Array.from({ length: 40 }, (_, index) =>
      exampleLogged({ at: minute(index), client: `client-${index}` }),
    );
    expect(suspiciousAttempts([...spread, ...work])).toEqual([]);
  });

  it('peer 23: finds any answer that was given without a relation', () => {
    const leak = exampleLogged({ relation: 'none' });
    expect(answersWithoutRelation([exampleLogged(), refused(1), leak])).toEqual([leak]);
  });
});
