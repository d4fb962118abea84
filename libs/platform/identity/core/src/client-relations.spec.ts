/** The rules of who works with a client. */
import { describe, expect, it } from '@jest/globals';
import { fold } from '@convenant/kernel';
import fc from 'fast-check';
import { clientRelationRefusals, clientRelations, type ClientRelationsCommand } from './client-relations.js';
import type { RelationEvent } from './relation-events.js';

const at = '2026-11-02T08:00:00.000Z';
const karin = { person: 'p-karin', role: 'caseManager' } as const;
const bram = { person: 'p-bram', role: 'caseManager' } as const;
const begin: Extract<ClientRelationsCommand, { type: 'BeginRelation' }> = {
  type: 'BeginRelation',
  relationId: 'r-1',
  holder: karin,
  kind: 'personal',
  from: at,
  at,
};
const began: RelationEvent = {
  type: 'RelationBegan',
  relationId: 'r-1',
  holder: karin,
  kind: 'personal',
  from: at,
  at,
};
const ended: RelationEvent = { type: 'RelationEnded', relationId: 'r-1', reason: 'ended', at };
const confirm: Extract<ClientRelationsCommand, { type: 'ConfirmRelation' }> = {
  type: 'ConfirmRelation',
  handOver: {
    handOverId: 'h-1',
    relationId: 'h-1/c-1',
    origin: 'r-1',
    successor: bram,
    handedOverAt: '2026-11-16T08:00:00.000Z',
  },
  by: 'p-bram',
  at: '2026-11-17T08:00:00.000Z',
};

const given = (...events: RelationEvent[]) => ({
  when: (command: ClientRelationsCommand) => clientRelations.decide(command, fold(clientRelations, events)),
});

describe('beginning a working relation', () => {
  it('records who, in which role, from when', () => {
    expect(given().when(begin)).toEqual({ accepted: [began] });
  });

  it('marks supervision as such and asks when it ends', () => {
    const supervise = { ...begin, kind: 'supervisor' as const };
    expect(given().when(supervise)).toEqual({ refused: 'supervision-needs-an-end' });
    expect(given().when({ ...supervise, until: '2026-12-02T08:00:00.000Z' })).toMatchObject({
      accepted: [{ purpose: 'supervision', until: '2026-12-02T08:00:00.000Z' }],
    });
  });

  it('lets a lead supervise named cases and nothing more', () => {
    const lead = { person: 'p-marieke', role: 'ipsProjectLeader' } as const;
    expect(given().when({ ...begin, holder: lead })).toEqual({ refused: 'lead-only-supervises' });
    const until = '2026-12-02T08:00:00.000Z';
    expect(given().when({ ...begin, holder: lead, kind: 'supervisor', until })).toHaveProperty('accepted.length', 1);
  });

  it('refuses an end before the beginning', () => {
    expect(given().when({ ...begin, until: at })).toEqual({ refused: 'ends-before-it-begins' });
  });

  it('refuses a second one for the same person, and allows it after the first ended', () => {
    expect(given(began).when({ ...begin, relationId: 'r-2' })).toEqual({ refused: 'already-related' });
    expect(given(began, ended).when({ ...begin, relationId: 'r-2' })).toHaveProperty('accepted.length', 1);
  });

  it('refuses a team as a personal holder and a person as a team', () => {
    expect(given().when({ ...begin, holder: { team: 't-west' } })).toEqual({ refused: 'holder-does-not-fit' });
    expect(given().when({ ...begin, kind: 'team' })).toEqual({ refused: 'holder-does-not-fit' });
  });

  it('refuses an id that was used for somebody else', () => {
    expect(given(began).when({ ...begin, holder: bram })).toEqual({ refused: 'id-in-use' });
  });
});

describe('ending a working relation', () => {
  it('refuses one that was never there', () => {
    expect(given().when({ type: 'EndRelation', relationId: 'r-9', reason: 'ended', at })).toEqual({
      refused: 'unknown-relation',
    });
  });
});

describe('confirming a client after a hand-over', () => {
  it('puts the successor in the place of the predecessor, from the moment of the hand-over', () => {
    expect(given(began).when(confirm)).toEqual({
      accepted: [
        { type: 'RelationEnded', relationId: 'r-1', reason: 'handed-over', at: confirm.at },
        {
          type: 'RelationBegan',
          relationId: 'h-1/c-1',
          holder: bram,
          kind: 'personal',
          from: '2026-11-16T08:00:00.000Z',
          handOverId: 'h-1',
          at: confirm.at,
        },
        { type: 'RelationConfirmed', relationId: 'h-1/c-1', person: 'p-bram', at: confirm.at },
      ],
    });
  });

  it('refuses anybody but the successor', () => {
    expect(given(began).when({ ...confirm, by: 'p-karin' })).toEqual({ refused: 'not-the-successor' });
  });

  it('refuses when the relation is unknown or has ended', () => {
    expect(given().when(confirm)).toEqual({ refused: 'unknown-relation' });
    expect(given(began, ended).when(confirm)).toEqual({ refused: 'relation-ended' });
  });
});

describe('every rule', () => {
  it('has a sentence in Dutch and in English', () => {
    for (const { nl, en } of Object.values(clientRelationRefusals))
      expect([nl, en].every((each) => each.endsWith('.'))).toBe(true);
  });

  it('changes nothing when the same command comes twice', () => {
    const id = fc.constantFrom('r-1', 'r-2', 'h-1');
    const person = fc.constantFrom(karin, bram);
    const moment = fc.constantFrom(at, '2026-11-16T08:00:00.000Z', '2026-12-01T08:00:00.000Z');
    const command = fc.oneof(
      fc.record({
        type: fc.constant('BeginRelation' as const),
        relationId: id,
        holder: fc.oneof(person, fc.constant({ team: 't-west' })),
        kind: fc.constantFrom('personal' as const, 'team' as const, 'supervisor' as const),
        from: moment,
        at: moment,
      }),
      fc.record({
        type: fc.constant('EndRelation' as const),
        relationId: id,
        reason: fc.constant('ended' as const),
        at: moment,
      }),
      fc.record({
        type: fc.constant('ConfirmRelation' as const),
        handOver: fc.record({
          handOverId: fc.constant('h-1'),
          relationId: fc.constant('h-1'),
          origin: id,
          successor: person,
          handedOverAt: moment,
        }),
        by: fc.constantFrom('p-karin', 'p-bram'),
        at: moment,
      }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        let state = clientRelations.initial;
        for (const each of commands) {
          const decision = clientRelations.decide(each, state);
          if ('refused' in decision) continue;
          state = decision.accepted.reduce((before, event) => clientRelations.evolve(before, event), state);
          expect(clientRelations.decide(each, state)).toEqual({ accepted: [] });
        }
      }),
    );
  });
});
