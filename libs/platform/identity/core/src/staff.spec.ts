/** The rules of standing in, delegating and handing over. */
import { describe, expect, it } from '@jest/globals';
import { fold } from '@convenant/kernel';
import fc from 'fast-check';
import { staff, staffRefusals, type StaffCommand } from './staff.js';
import type { StaffEvent } from './relation-events.js';

const at = '2026-11-05T08:00:00.000Z';
const karin = { person: 'p-karin', role: 'caseManager' };
const lead = { person: 'p-marieke', role: 'ipsProjectLeader' };
const colleague = { person: 'p-yusuf', role: 'clinician' };
const standIn: Extract<StaffCommand, { type: 'AppointStandIn' }> = {
  type: 'AppointStandIn',
  standInId: 's-1',
  person: 'p-karin',
  standIn: 'p-bram',
  from: '2026-11-09T08:00:00.000Z',
  until: '2026-11-16T08:00:00.000Z',
  by: karin,
  at,
};
const appointed: StaffEvent = {
  type: 'StandInAppointed',
  standInId: 's-1',
  person: 'p-karin',
  standIn: 'p-bram',
  from: '2026-11-09T08:00:00.000Z',
  until: '2026-11-16T08:00:00.000Z',
  by: 'p-karin',
  at,
};
const delegate: Extract<StaffCommand, { type: 'AppointDelegate' }> = {
  type: 'AppointDelegate',
  delegateId: 'd-1',
  person: 'p-wouter',
  responsibleRole: 'insurancePhysician',
  delegate: 'p-tessa',
  role: 'physicianDelegate',
  from: at,
  by: { person: 'p-wouter', role: 'insurancePhysician' },
  at,
};
const delegated: StaffEvent = {
  type: 'DelegateAppointed',
  delegateId: 'd-1',
  person: 'p-wouter',
  responsibleRole: 'insurancePhysician',
  delegate: 'p-tessa',
  role: 'physicianDelegate',
  from: at,
  at,
};
const handOver: Extract<StaffCommand, { type: 'HandOverCaseload' }> = {
  type: 'HandOverCaseload',
  handOverId: 'h-1',
  person: 'p-karin',
  role: 'caseManager',
  to: 'p-bram',
  clients: ['c-1', 'c-2'],
  by: karin,
  at,
};
const handedOver: StaffEvent = {
  type: 'CaseloadHandedOver',
  handOverId: 'h-1',
  person: 'p-karin',
  role: 'caseManager',
  to: 'p-bram',
  clients: ['c-1', 'c-2'],
  by: 'p-karin',
  at,
};

const given = (...events: StaffEvent[]) => ({
  when: (command: StaffCommand) => staff.decide(command, fold(staff, events)),
});

describe('a stand-in', () => {
  it('is appointed by the absent person or by the lead', () => {
    expect(given().when(standIn)).toEqual({ accepted: [appointed] });
    expect(given().when({ ...standIn, by: lead })).toEqual({ accepted: [{ ...appointed, by: 'p-marieke' }] });
    expect(given().when({ ...standIn, by: colleague })).toEqual({ refused: 'not-yours-to-arrange' });
  });

  it('stands in for at most four weeks', () => {
    const until = (day: string): StaffCommand => ({ ...standIn, until: `${day}T08:00:00.000Z` });
    expect(given().when(until('2026-12-07'))).toHaveProperty('accepted.length', 1);
    expect(given().when({ ...standIn, until: '2026-12-07T08:00:00.001Z' })).toEqual({
      refused: 'longer-than-four-weeks',
    });
  });

  it('may have four weeks over the change to winter time', () => {
    const autumn = { ...standIn, from: '2026-10-12T07:00:00.000Z', until: '2026-11-09T08:00:00.000Z' };
    expect(given().when(autumn)).toHaveProperty('accepted.length', 1);
  });

  it('is somebody else', () => {
    expect(given().when({ ...standIn, standIn: 'p-karin' })).toEqual({ refused: 'not-for-oneself' });
  });

  it('has a term that lies in the right order and is not over', () => {
    expect(given().when({ ...standIn, until: standIn.from })).toEqual({ refused: 'ends-before-it-begins' });
    expect(given().when({ ...standIn, at: standIn.until })).toEqual({ refused: 'already-over' });
  });

  it('does not stand in twice at once', () => {
    expect(given(appointed).when({ ...standIn, standInId: 's-2' })).toEqual({ refused: 'already-stands-in' });
    expect(
      given(appointed).when({ ...standIn, standInId: 's-2', from: standIn.until, until: '2026-11-20T08:00:00.000Z' }),
    ).toHaveProperty('accepted.length', 1);
  });

  it('does not change under the same id', () => {
    expect(given(appointed).when({ ...standIn, standIn: 'p-lieke' })).toEqual({ refused: 'id-in-use' });
  });

  it('stops early when she, the absent person or the lead says so, and nobody else', () => {
    const stop: StaffCommand = { type: 'EndStandIn', standInId: 's-1', person: 'p-karin', by: karin, at };
    const stopped = { accepted: [{ type: 'StandInEnded', standInId: 's-1', person: 'p-karin', at }] };
    expect(given(appointed).when(stop)).toEqual(stopped);
    expect(given(appointed).when({ ...stop, by: { person: 'p-bram', role: 'caseManager' } })).toEqual(stopped);
    expect(given(appointed).when({ ...stop, by: lead })).toEqual(stopped);
    expect(given(appointed).when({ ...stop, by: colleague })).toEqual({ refused: 'not-yours-to-arrange' });
    expect(given().when(stop)).toEqual({ refused: 'unknown-stand-in' });
  });
});

describe('a delegate', () => {
  it('is appointed by the responsible professional herself', () => {
    expect(given().when(delegate)).toEqual({ accepted: [delegated] });
    expect(given().when({ ...delegate, by: lead })).toEqual({ refused: 'only-the-responsible' });
    expect(given().when({ ...delegate, by: { person: 'p-wouter', role: 'labourExpert' } })).toEqual({
      refused: 'only-the-responsible',
    });
  });

  it('exists only where a role has delegates', () => {
    const expert = {
      ...delegate,
      responsibleRole: 'labourExpert',
      by: { person: 'p-wouter', role: 'labourExpert' },
    } as const;
    expect(given().when(expert)).toEqual({ refused: 'role-has-no-delegates' });
    expect(given().when({ ...delegate, role: 'labourExpert' })).toEqual({ refused: 'role-has-no-delegates' });
  });

  it('is somebody else, once, in a term that makes sense', () => {
    expect(given().when({ ...delegate, delegate: 'p-wouter' })).toEqual({ refused: 'not-for-oneself' });
    expect(given(delegated).when({ ...delegate, delegateId: 'd-2' })).toEqual({ refused: 'already-delegate' });
    expect(given(delegated).when({ ...delegate, delegate: 'p-else' })).toEqual({ refused: 'id-in-use' });
    expect(given().when({ ...delegate, until: at })).toEqual({ refused: 'ends-before-it-begins' });
    expect(given().when({ ...delegate, until: '2026-11-06T08:00:00.000Z', at: '2026-11-07T08:00:00.000Z' })).toEqual({
      refused: 'already-over',
    });
  });

  it('stops when the responsible professional says so', () => {
    const stop: StaffCommand = {
      type: 'EndDelegate',
      delegateId: 'd-1',
      person: 'p-wouter',
      by: { person: 'p-wouter', role: 'insurancePhysician' },
      at,
    };
    expect(given(delegated).when(stop)).toHaveProperty('accepted.length', 1);
    expect(given(delegated).when({ ...stop, by: colleague })).toEqual({ refused: 'not-yours-to-arrange' });
    expect(given().when(stop)).toEqual({ refused: 'unknown-delegate' });
  });
});

describe('handing over a caseload', () => {
  it('is one act for one client or for many', () => {
    expect(given().when(handOver)).toEqual({ accepted: [handedOver] });
    expect(given().when({ ...handOver, clients: ['c-1', 'c-1', 'c-2'] })).toEqual({ accepted: [handedOver] });
  });

  it('is done by the predecessor or the lead', () => {
    expect(given().when({ ...handOver, by: lead })).toHaveProperty('accepted.length', 1);
    expect(given().when({ ...handOver, by: colleague })).toEqual({ refused: 'not-yours-to-arrange' });
  });

  it('names at least one client and somebody else', () => {
    expect(given().when({ ...handOver, clients: [] })).toEqual({ refused: 'no-clients' });
    expect(given().when({ ...handOver, to: 'p-karin' })).toEqual({ refused: 'not-for-oneself' });
  });

  it('does not change under the same id', () => {
    expect(given(handedOver).when({ ...handOver, clients: ['c-1'] })).toEqual({ refused: 'id-in-use' });
    expect(given(handedOver).when({ ...handOver, to: 'p-lieke' })).toEqual({ refused: 'id-in-use' });
  });
});

describe('every rule', () => {
  it('has a sentence in Dutch and in English', () => {
    for (const { nl, en } of Object.values(staffRefusals))
      expect([nl, en].every((each) => each.endsWith('.'))).toBe(true);
  });

  it('changes nothing when the same command comes twice', () => {
    const id = fc.constantFrom('1', '2');
    const person = fc.constantFrom('p-karin', 'p-bram', 'p-lieke');
    const by = fc.constantFrom(karin, lead, { person: 'p-karin', role: 'insurancePhysician' });
    const moment = fc.constantFrom(
      at,
      '2026-11-09T08:00:00.000Z',
      '2026-11-16T08:00:00.000Z',
      '2026-12-20T08:00:00.000Z',
    );
    const whose = fc.constant('p-karin');
    const command: fc.Arbitrary<StaffCommand> = fc.oneof(
      fc.record({
        type: fc.constant('AppointStandIn' as const),
        standInId: id,
        person: whose,
        standIn: person,
        from: moment,
        until: moment,
        by,
        at: moment,
      }),
      fc.record({ type: fc.constant('EndStandIn' as const), standInId: id, person: whose, by, at: moment }),
      fc.record({
        type: fc.constant('AppointDelegate' as const),
        delegateId: id,
        person: whose,
        responsibleRole: fc.constant('insurancePhysician'),
        delegate: person,
        role: fc.constant('physicianDelegate'),
        from: moment,
        by,
        at: moment,
      }),
      fc.record({ type: fc.constant('EndDelegate' as const), delegateId: id, person: whose, by, at: moment }),
      fc.record({
        type: fc.constant('HandOverCaseload' as const),
        handOverId: id,
        person: whose,
        role: fc.constant('caseManager'),
        to: person,
        clients: fc.array(fc.constantFrom('c-1', 'c-2'), { maxLength: 3 }),
        by,
        at: moment,
      }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        let state = staff.initial;
        for (const each of commands) {
          const decision = staff.decide(each, state);
          if ('refused' in decision) continue;
          state = decision.accepted.reduce((before, event) => staff.evolve(before, event), state);
          expect(staff.decide(each, state)).toEqual({ accepted: [] });
        }
      }),
    );
  });
});
