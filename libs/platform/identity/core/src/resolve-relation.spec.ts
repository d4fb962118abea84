/** Who reaches a client, and above all who does not: judged from events at the moment of reading. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { staffRoles, type Relation } from '@convenant/consent';
import { fold, type EventStore, type StoredEvent } from '@convenant/kernel';
import { clientRelations } from './client-relations.js';
import { gatherRelationFacts, streamsToLookUp } from './gather-relation-facts.js';
import { describeRelation } from './describe-relation.js';
import {
  relationEvents,
  relationsStream,
  staffEvents,
  staffStream,
  teamEvents,
  teamStream,
  type RelationEvent,
  type StaffEvent,
  type TeamEvent,
} from './relation-events.js';
import {
  handOverToConfirm,
  heldRelations,
  resolveRelation,
  type RelationFacts,
  type WorkingRelation,
} from './resolve-relation.js';
import type { Session } from './session.js';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T08:00:00.000Z`;
const personal = (
  person: string,
  change: Partial<Extract<RelationEvent, { type: 'RelationBegan' }>> = {},
): RelationEvent => ({
  type: 'RelationBegan',
  relationId: `r-${person}`,
  holder: { person, role: 'caseManager' },
  kind: 'personal',
  from: day(2),
  at: day(2),
  ...change,
});
const ofTeam: RelationEvent = {
  type: 'RelationBegan',
  relationId: 'r-team',
  holder: { team: 'west' },
  kind: 'team',
  from: day(2),
  at: day(2),
};
const joined = (person: string, on = 1): TeamEvent => ({
  type: 'TeamMemberJoined',
  team: 'west',
  person,
  role: 'caseManager',
  from: day(on),
  at: day(on),
});
const standsIn = (person: string, standIn: string, from: number, until: number, at = from): StaffEvent => ({
  type: 'StandInAppointed',
  standInId: `s-${standIn}-${from}`,
  person,
  standIn,
  from: day(from),
  until: day(until),
  by: person,
  at: day(at),
});
const handsOver = (person: string, to: string, on: number, clients = ['c-1']): StaffEvent => ({
  type: 'CaseloadHandedOver',
  handOverId: `h-${on}`,
  person,
  role: 'caseManager',
  to,
  clients,
  by: person,
  at: day(on),
});

interface World {
  readonly relations?: readonly RelationEvent[];
  readonly staff?: Readonly<Record<string, readonly StaffEvent[]>>;
  readonly teams?: Readonly<Record<string, readonly TeamEvent[]>>;
}
const factsOf = ({ relations = [], staff = {}, teams = {} }: World, client = 'c-1'): RelationFacts => ({
  client,
  clientRelations: relations,
  staff: new Map(Object.entries(staff)),
  teams: new Map(Object.entries(teams)),
});
const reach = (world: World, person: string, on: number, role = 'caseManager'): WorkingRelation | undefined =>
  resolveRelation(factsOf(world), { person, role, now: day(on) });

describe('a personal relation', () => {
  it('holds from its beginning until its end, in the role that it was given in', () => {
    const world = { relations: [personal('karin', { from: day(5), until: day(9) })] };
    expect(reach(world, 'karin', 4)).toBeUndefined();
    expect(reach(world, 'karin', 5)).toMatchObject({ kind: 'personal', confirmed: true, until: day(9) });
    expect(reach(world, 'karin', 8)).toBeDefined();
    expect(reach(world, 'karin', 9)).toBeUndefined();
    expect(reach(world, 'karin', 6, 'clinician')).toBeUndefined();
  });

  it('is over when it was ended', () => {
    const ended: RelationEvent = {
      type: 'RelationEnded',
      relationId: 'r-karin',
      reason: 'trajectory-ended',
      at: day(6),
    };
    expect(reach({ relations: [personal('karin'), ended] }, 'karin', 7)).toBeUndefined();
  });
});

describe('a team', () => {
  const world: World = { relations: [ofTeam], teams: { west: [joined('bram')] } };

  it('reaches its clients through whoever is in it now', () => {
    expect(reach(world, 'bram', 3)).toMatchObject({ kind: 'team', relationId: 'r-team' });
    expect(reach(world, 'bram', 3, 'clinician')).toBeUndefined();
    const after: World = {
      ...world,
      teams: { west: [joined('bram'), { type: 'TeamMemberLeft', team: 'west', person: 'bram', at: day(4) }] },
    };
    expect(reach(after, 'bram', 5)).toBeUndefined();
  });

  it('peer 6: gives nothing to who is a member of the organisation or of another team, and has no relation', () => {
    expect(reach(world, 'lieke', 3)).toBeUndefined();
    expect(reach({ relations: [], teams: { west: [joined('bram')] } }, 'bram', 3)).toBeUndefined();
    expect(reach({ relations: [ofTeam], teams: {} }, 'bram', 3)).toBeUndefined();
  });
});

describe('a stand-in', () => {
  const world: World = { relations: [personal('karin')], staff: { karin: [standsIn('karin', 'bram', 9, 16, 5)] } };

  it('has access from the first day, and a stand-in’s access ends with the term', () => {
    expect(reach(world, 'bram', 8)).toBeUndefined();
    expect(reach(world, 'bram', 9)).toMatchObject({ kind: 'stand-in', standsInFor: 'karin', until: day(16) });
    expect(reach(world, 'bram', 15)).toBeDefined();
    expect(reach(world, 'bram', 16)).toBeUndefined();
  });

  it('ends early when ended, and with the relation that she stands in for', () => {
    const early: World = {
      ...world,
      staff: {
        karin: [
          standsIn('karin', 'bram', 9, 16, 5),
          { type: 'StandInEnded', standInId: 's-bram-9', person: 'karin', at: day(10) },
        ],
      },
    };
    expect(reach(early, 'bram', 11)).toBeUndefined();
    expect(reach({ ...world, relations: [personal('karin', { until: day(12) })] }, 'bram', 11)).toMatchObject({
      until: day(12),
    });
    expect(reach({ ...world, relations: [personal('karin', { until: day(12) })] }, 'bram', 12)).toBeUndefined();
  });

  it('is of the same role, and has no stand-in of her own', () => {
    expect(reach(world, 'bram', 10, 'clinician')).toBeUndefined();
    const chain: World = { ...world, staff: { ...world.staff, bram: [standsIn('bram', 'lieke', 9, 16)] } };
    expect(reach(chain, 'lieke', 10)).toBeUndefined();
  });

  it('stands in for personal clients and not for cases under supervision', () => {
    const supervised: World = {
      ...world,
      relations: [personal('karin', { kind: 'supervisor', purpose: 'supervision', until: day(28) })],
    };
    expect(reach(supervised, 'bram', 10)).toBeUndefined();
  });
});

describe('a delegate', () => {
  const world: World = {
    relations: [personal('wouter', { holder: { person: 'wouter', role: 'insurancePhysician' } })],
    staff: {
      wouter: [
        {
          type: 'DelegateAppointed',
          delegateId: 'd-1',
          person: 'wouter',
          responsibleRole: 'insurancePhysician',
          delegate: 'tessa',
          role: 'physicianDelegate',
          from: day(3),
          at: day(3),
        },
      ],
    },
  };

  it('works under the name of the responsible professional, in her own role only', () => {
    expect(reach(world, 'tessa', 4, 'physicianDelegate')).toMatchObject({
      kind: 'delegate',
      responsible: 'wouter',
      holderRole: 'insurancePhysician',
    });
    expect(reach(world, 'tessa', 4, 'insurancePhysician')).toBeUndefined();
    expect(reach(world, 'tessa', 2, 'physicianDelegate')).toBeUndefined();
  });

  it('is a relation as the decision about reading takes it', () => {
    const relation: Relation = reach(world, 'tessa', 4, 'physicianDelegate');
    expect(relation?.responsible).toBe('wouter');
  });

  it('has no access to the clients of another professional', () => {
    const other: World = {
      ...world,
      relations: [personal('mirjam', { holder: { person: 'mirjam', role: 'insurancePhysician' } })],
    };
    expect(reach(other, 'tessa', 4, 'physicianDelegate')).toBeUndefined();
  });
});

describe('a supervisor', () => {
  const world: World = {
    relations: [
      personal('marieke', {
        holder: { person: 'marieke', role: 'ipsProjectLeader' },
        kind: 'supervisor',
        purpose: 'supervision',
        until: day(20),
      }),
    ],
  };
  const ask = (purpose?: string): WorkingRelation | undefined =>
    resolveRelation(factsOf(world), {
      person: 'marieke',
      role: 'ipsProjectLeader',
      now: day(10),
      ...(purpose ? { purpose } : {}),
    });

  it('reaches the named case for supervision and for nothing else', () => {
    expect(ask()).toMatchObject({ kind: 'supervisor', purpose: 'supervision' });
    expect(ask('supervision')).toMatchObject({ kind: 'supervisor' });
    expect(ask('support')).toBeUndefined();
  });
});

describe('a hand-over', () => {
  const world: World = { relations: [personal('karin')], staff: { karin: [handsOver('karin', 'bram', 16)] } };

  it('after a hand-over the predecessor has no relation, and the successor has one to confirm', () => {
    expect(reach(world, 'karin', 15)).toMatchObject({ kind: 'personal' });
    expect(reach(world, 'bram', 15)).toBeUndefined();
    expect(reach(world, 'karin', 16)).toBeUndefined();
    expect(reach(world, 'bram', 16)).toMatchObject({
      kind: 'personal',
      relationId: 'h-16/c-1',
      confirmed: false,
      from: day(16),
    });
  });

  it('is confirmed by the successor on the client’s own stream, once', () => {
    const asBram = { person: 'bram', role: 'caseManager', now: day(17) };
    const handOver = handOverToConfirm(factsOf(world), asBram);
    if (!handOver) throw new Error('There is nothing to confirm.');
    const command = { type: 'ConfirmRelation', handOver, by: 'bram', at: day(17) } as const;
    const decision = clientRelations.decide(command, fold(clientRelations, world.relations ?? []));
    const accepted = 'accepted' in decision ? decision.accepted : [];
    const confirmed: World = { ...world, relations: [personal('karin'), ...accepted] };
    expect(reach(confirmed, 'bram', 18)).toMatchObject({ confirmed: true, relationId: 'h-16/c-1', from: day(16) });
    expect(reach(confirmed, 'karin', 18)).toBeUndefined();
    expect(handOverToConfirm(factsOf(confirmed), asBram)).toBeUndefined();
    expect(handOverToConfirm(factsOf(world), { ...asBram, person: 'karin' })).toBeUndefined();
  });

  it('leaves other clients where they are', () => {
    const facts = factsOf({
      relations: [personal('karin')],
      staff: { karin: [handsOver('karin', 'bram', 16, ['c-2'])] },
    });
    expect(resolveRelation(facts, { person: 'karin', role: 'caseManager', now: day(17) })).toBeDefined();
    expect(resolveRelation(facts, { person: 'bram', role: 'caseManager', now: day(17) })).toBeUndefined();
  });

  it('goes on to the next successor, and back again, by new acts', () => {
    const chain: World = {
      relations: [personal('karin')],
      staff: { karin: [handsOver('karin', 'bram', 10)], bram: [handsOver('bram', 'lieke', 12)] },
    };
    expect(reach(chain, 'bram', 11)).toBeDefined();
    expect(reach(chain, 'bram', 13)).toBeUndefined();
    expect(reach(chain, 'lieke', 13)).toMatchObject({ relationId: 'h-12/c-1' });
    const back: World = {
      relations: [personal('karin')],
      staff: { karin: [handsOver('karin', 'bram', 10)], bram: [handsOver('bram', 'karin', 12)] },
    };
    expect(reach(back, 'karin', 13)).toMatchObject({ relationId: 'h-12/c-1', confirmed: false });
    expect(reach(back, 'bram', 13)).toBeUndefined();
  });

  it('does not come undone by a late confirmation of a hand-over before it', () => {
    const late: World = {
      relations: [
        personal('karin'),
        { type: 'RelationEnded', relationId: 'r-karin', reason: 'handed-over', at: day(14) },
        personal('bram', { relationId: 'h-10/c-1', from: day(10), handOverId: 'h-10', at: day(14) }),
        { type: 'RelationConfirmed', relationId: 'h-10/c-1', person: 'bram', at: day(14) },
      ],
      staff: { karin: [handsOver('karin', 'bram', 10)], bram: [handsOver('bram', 'lieke', 12)] },
    };
    expect(reach(late, 'bram', 15)).toBeUndefined();
    expect(reach(late, 'lieke', 15)).toMatchObject({ relationId: 'h-12/c-1' });
  });

  it('ends the way through the team and as stand-in too, until something new names the predecessor', () => {
    const through: World = {
      relations: [personal('karin'), ofTeam],
      staff: { karin: [handsOver('karin', 'bram', 16)], bram: [standsIn('bram', 'karin', 15, 28, 15)] },
      teams: { west: [joined('karin'), joined('bram')] },
    };
    expect(reach(through, 'karin', 17)).toBeUndefined();
    expect(
      reach({ ...through, staff: { ...through.staff, bram: [standsIn('bram', 'karin', 17, 28)] } }, 'karin', 18),
    ).toMatchObject({
      kind: 'stand-in',
      standsInFor: 'bram',
    });
    expect(
      reach(
        {
          ...through,
          relations: [
            ...(through.relations ?? []),
            personal('karin', { relationId: 'r-2', from: day(18), at: day(18) }),
          ],
        },
        'karin',
        19,
      ),
    ).toMatchObject({ relationId: 'r-2' });
  });

  it('takes what the successor’s stand-in needs along', () => {
    const away: World = { ...world, staff: { ...world.staff, bram: [standsIn('bram', 'lieke', 18, 25)] } };
    expect(reach(away, 'lieke', 19)).toMatchObject({ kind: 'stand-in', standsInFor: 'bram' });
  });

  it('gives nothing for a client whom the predecessor did not have', () => {
    expect(reach({ relations: [], staff: { karin: [handsOver('karin', 'bram', 16)] } }, 'bram', 17)).toBeUndefined();
    expect(
      reach({ relations: [personal('yusuf')], staff: { karin: [handsOver('karin', 'bram', 16)] } }, 'bram', 17),
    ).toBeUndefined();
  });

  it('ends together with the relation that it moved', () => {
    const ended: RelationEvent = {
      type: 'RelationEnded',
      relationId: 'r-karin',
      reason: 'trajectory-ended',
      at: day(18),
    };
    expect(reach({ ...world, relations: [personal('karin'), ended] }, 'bram', 19)).toBeUndefined();
  });

  it('in a ring at one moment comes to an end all the same', () => {
    const ring: World = {
      relations: [personal('karin')],
      staff: {
        karin: [handsOver('karin', 'bram', 16)],
        bram: [{ ...handsOver('bram', 'karin', 16), handOverId: 'h-16b' } as StaffEvent],
      },
    };
    expect(heldRelations(factsOf(ring), day(17))).toHaveLength(1);
  });
});

describe('judged at every reading', () => {
  it('peer 11: a session from before does not carry a relation that has ended since', () => {
    const session: Session = {
      organisation: 'ggz-amstel',
      person: 'karin',
      role: 'caseManager',
      tokenExpiresAt: day(28),
    };
    const world: World = { relations: [personal('karin')], staff: { karin: [handsOver('karin', 'bram', 16)] } };
    expect(reach(world, session.person, 15, session.role)).toBeDefined();
    expect(reach(world, session.person, 17, session.role)).toBeUndefined();
  });

  it('peer 23: whoever is named nowhere reaches nobody, whatever her role and whoever the client is', () => {
    const event = fc.constantFrom<RelationEvent>(
      personal('karin'),
      personal('bram', { relationId: 'r-b', until: day(20) }),
      ofTeam,
      personal('marieke', { kind: 'supervisor', purpose: 'supervision', until: day(28) }),
    );
    const role = fc.constantFrom(...staffRoles, 'client', 'representative', 'admin', '');
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), role, fc.integer({ min: 1, max: 28 }), (relations, asked, on) => {
        const world: World = {
          relations,
          staff: { karin: [standsIn('karin', 'bram', 3, 28), handsOver('karin', 'lieke', 16)] },
          teams: { west: [joined('bram'), joined('karin')] },
        };
        expect(reach(world, 'snoop', on, asked)).toBeUndefined();
      }),
    );
  });
});

describe('looking up', () => {
  const stored: Record<string, readonly Pick<StoredEvent, 'type' | 'version' | 'data' | 'sealed'>[]> = {
    [relationsStream('c-1')]: [personal('karin'), ofTeam].map((event) => relationEvents.encode(event)),
    [staffStream('karin')]: [handsOver('karin', 'bram', 10)].map((event) => staffEvents.encode(event)),
    [staffStream('bram')]: [standsIn('bram', 'lieke', 12, 20)].map((event) => staffEvents.encode(event)),
    [teamStream('west')]: [joined('yusuf')].map((event) => teamEvents.encode(event)),
  };

  it('asks for the streams of the asker, of every holder, of every successor and of the teams', async () => {
    const read: string[] = [];
    const store = {
      read: (stream: string) => {
        read.push(stream);
        return Promise.resolve((stored[stream] ?? []) as readonly StoredEvent[]);
      },
    } satisfies Pick<EventStore, 'read'>;
    const question = { person: 'lieke', role: 'caseManager', now: day(13) };
    const facts = await gatherRelationFacts(store, 'c-1', question);
    expect(read).toEqual(['relations-c-1', 'staff-lieke', 'staff-karin', 'team-west', 'staff-bram']);
    expect(resolveRelation(facts, question)).toMatchObject({ kind: 'stand-in', standsInFor: 'bram', confirmed: false });
    expect(streamsToLookUp(facts, question)).toEqual({ staff: [], teams: [] });
  });

  it('reads nothing more about a client with whom nobody works', async () => {
    const read: string[] = [];
    const store = {
      read: (stream: string) => {
        read.push(stream);
        return Promise.resolve([]);
      },
    };
    await gatherRelationFacts(store, 'c-9', { person: 'lieke', role: 'caseManager', now: day(13) });
    expect(read).toEqual(['relations-c-9']);
  });
});

describe('a relation in words for the client', () => {
  it.each([
    ['personal', true, 'uw casemanager', 'your case manager'],
    ['personal', false, 'uw nieuwe casemanager, na een overdracht', 'your new case manager, after a hand-over'],
    ['team', true, 'uw team (casemanager)', 'your team (case manager)'],
    ['stand-in', true, 'valt in voor uw casemanager', 'stands in for your case manager'],
    [
      'delegate',
      true,
      'werkt onder verantwoordelijkheid van uw casemanager',
      'works under the responsibility of your case manager',
    ],
    ['supervisor', true, 'kijkt mee als werkbegeleider (casemanager)', 'looks along as supervisor (case manager)'],
  ] as const)('says what a %s relation is (confirmed: %p)', (kind, confirmed, nl, en) => {
    expect(describeRelation({ kind, confirmed, holderRole: 'caseManager' })).toEqual({ nl, en });
  });
});
