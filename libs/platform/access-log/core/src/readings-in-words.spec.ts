/** A client reads who looked in her own words; nothing in it names an employee, a third party or a restriction. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoggedRecord } from './access-record.js';
import { exampleLogged } from './example-log.js';
import { readingsInWords } from './readings-in-words.js';

const physician = (changes: Partial<LoggedRecord> = {}): LoggedRecord =>
  exampleLogged({
    operation: 'progressView',
    user: { person: 'person-vera', role: 'insurancePhysician', requestor: true },
    ...changes,
  });
const refused = (changes: Partial<LoggedRecord> = {}): LoggedRecord =>
  exampleLogged({ outcome: 8, relation: 'none', categories: [], refusal: 'no-relation', ...changes });
const reasons = { progressView: { nl: 'beoordelen van voortgang', en: 'judging progress' } };
const sentences = (...given: Parameters<typeof readingsInWords>): string[] =>
  readingsInWords(...given).map(({ sentence }) => sentence);

describe('readings in words (U20)', () => {
  it('says role and reason', () => {
    expect(sentences([physician()], 'nl', { reasons })).toEqual([
      'uw verzekeringsarts bij UWV, beoordelen van voortgang',
    ]);
    expect(sentences([physician()], 'en', { reasons })).toEqual(['your insurance physician at UWV, judging progress']);
    expect(sentences([exampleLogged()], 'nl')).toEqual(['uw IPS-trajectbegeleider, begeleiding naar en in werk']);
  });

  it('folds repeated looks, looks by a team and lists into one line per day', () => {
    const colleague = { person: 'person-wim', role: 'employmentSpecialist', requestor: true };
    const day = [
      exampleLogged(),
      exampleLogged({ at: '2026-11-02T16:00:00.000Z', categories: ['K7'] }),
      exampleLogged({ user: colleague, relation: 'team' }),
      exampleLogged({ event: 'list', operation: 'caseload' }),
    ];
    const [line, ...more] = readingsInWords(day, 'nl');
    expect(more).toEqual([]);
    expect(line!.what).toEqual(['werkprofiel en voorkeuren', 'baan en contract']);
    expect(
      readingsInWords([...day, exampleLogged({ at: '2026-11-03T09:00:00.000Z' })], 'nl').map(({ day: on }) => on),
    ).toEqual(['2026-11-03', '2026-11-02']);
  });

  it('tells changing and sending apart from reading', () => {
    expect(
      sentences(
        [exampleLogged({ action: 'U', event: 'enter' }), exampleLogged({ event: 'export', action: 'R' })],
        'en',
      ),
    ).toEqual([
      'your employment specialist, support towards and in work (recorded or changed)',
      'your employment specialist, support towards and in work (sent or taken as a file)',
    ]);
  });

  it('peer 16: names nobody and no trace, whoever looked', () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{8,14}$/);
    fc.assert(
      fc.property(name, name, fc.constantFrom(0 as const, 8 as const), (person, responsible, outcome) => {
        const record = exampleLogged({
          outcome,
          user: { person, responsible, role: 'physicianDelegate', requestor: true },
          trace: { traceId: `${person}trace`, spanId: responsible },
          refusal: `refusal-${person}`,
        });
        const text = JSON.stringify(readingsInWords([record], 'nl'));
        for (const each of [person, responsible]) expect(text).not.toContain(each);
      }),
    );
  });

  it('peer 16: words every stopped attempt alike, whoever it was, why and how often', () => {
    const stranger = readingsInWords([refused()], 'nl');
    const ownClinicianAtARestriction = readingsInWords(
      [
        refused({
          refusal: 'objection',
          relation: 'personal',
          user: { person: 'p', role: 'clinician', requestor: true },
        }),
        refused({
          refusal: 'withdrawn',
          relation: 'personal',
          operation: 'other',
          purpose: 'support',
          consents: ['consent-1'],
        }),
      ],
      'nl',
    );
    expect(ownClinicianAtARestriction).toEqual(stranger);
    expect(stranger).toHaveLength(1);
  });

  it('peer 16: tells a representative of no attempts, lest he learn of an objection against him', () => {
    const his = refused({ relation: 'representative', user: { person: 'p', role: 'representative', requestor: true } });
    expect(readingsInWords([his, refused()], 'nl', { reader: 'representative' })).toEqual([]);
  });

  it('leaves out what showed nobody anything: faulty input, broken machines, her own refused questions', () => {
    expect(
      readingsInWords([refused({ outcome: 4 }), refused({ outcome: 12 }), refused({ relation: 'self' })], 'nl'),
    ).toEqual([]);
  });
});
