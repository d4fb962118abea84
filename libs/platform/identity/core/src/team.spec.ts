/** The rules of who is in a team. */
import { describe, expect, it } from '@jest/globals';
import { fold } from '@convenant/kernel';
import fc from 'fast-check';
import { team, teamRefusals, type TeamCommand } from './team.js';
import type { TeamEvent } from './relation-events.js';

const at = '2026-11-05T08:00:00.000Z';
const add: TeamCommand = {
  type: 'AddTeamMember',
  team: 't-west',
  person: 'p-bram',
  role: 'caseManager',
  from: at,
  by: 'p-marieke',
  at,
};
const joined: TeamEvent = {
  type: 'TeamMemberJoined',
  team: 't-west',
  person: 'p-bram',
  role: 'caseManager',
  from: at,
  at,
};
const left: TeamEvent = { type: 'TeamMemberLeft', team: 't-west', person: 'p-bram', at };
const remove: TeamCommand = { type: 'RemoveTeamMember', team: 't-west', person: 'p-bram', at };

const given = (...events: TeamEvent[]) => ({
  when: (command: TeamCommand) => team.decide(command, fold(team, events)),
});

describe('a team', () => {
  it('takes in a member at the word of somebody else, never at her own', () => {
    expect(given().when(add)).toEqual({ accepted: [joined] });
    expect(given().when({ ...add, by: 'p-bram' })).toEqual({ refused: 'cannot-add-oneself' });
  });

  it('has a member in one role at a time', () => {
    expect(given(joined).when({ ...add, role: 'clinician' })).toEqual({ refused: 'member-in-another-role' });
    expect(given(joined, left).when({ ...add, role: 'clinician' })).toHaveProperty('accepted.length', 1);
  });

  it('lets a member go, and nobody else', () => {
    expect(given(joined).when(remove)).toEqual({ accepted: [left] });
    expect(given().when(remove)).toEqual({ refused: 'not-a-member' });
  });

  it('has a sentence for every refusal', () => {
    for (const { nl, en } of Object.values(teamRefusals))
      expect([nl, en].every((each) => each.endsWith('.'))).toBe(true);
  });

  it('changes nothing when the same command comes twice', () => {
    const command: fc.Arbitrary<TeamCommand> = fc.constantFrom(
      add,
      remove,
      { ...add, person: 'p-lieke' },
      { ...remove, person: 'p-lieke' },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
        let state = team.initial;
        for (const each of commands) {
          const decision = team.decide(each, state);
          if ('refused' in decision) continue;
          state = decision.accepted.reduce((before, event) => team.evolve(before, event), state);
          expect(team.decide(each, state)).toEqual({ accepted: [] });
        }
      }),
    );
  });
});
