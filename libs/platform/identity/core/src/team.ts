/** Who is in a team that shares a caseload: the rules of `team-<team>`. */
import type { Role } from '@convenant/consent';
import { accept, refuse, type Decider, type Decision, type Refusals } from '@convenant/kernel';
import type { TeamEvent } from './relation-events.js';

export type TeamCommand =
  | {
      readonly type: 'AddTeamMember';
      readonly team: string;
      readonly person: string;
      readonly role: Role;
      readonly from: string;
      readonly by: string;
      readonly at: string;
    }
  | { readonly type: 'RemoveTeamMember'; readonly team: string; readonly person: string; readonly at: string };

export const teamRefusals = {
  'cannot-add-oneself': {
    nl: 'Niemand zet zichzelf in een team: dat doet een ander.',
    en: 'Nobody adds herself to a team: somebody else does.',
  },
  'member-in-another-role': {
    nl: 'Deze collega zit al in dit team, in een andere rol.',
    en: 'This colleague is already in this team, in another role.',
  },
  'not-a-member': { nl: 'Deze collega zit niet in dit team.', en: 'This colleague is not in this team.' },
} as const satisfies Refusals<string>;
export type TeamRefusal = keyof typeof teamRefusals;

/** By person: the role while she is in the team, `left` afterwards. */
export type TeamMembers = Readonly<Record<string, { readonly role: string } | 'left'>>;

export const team: Decider<TeamCommand, TeamEvent, TeamMembers, TeamRefusal> = {
  initial: {},
  evolve(state, event) {
    switch (event.type) {
      case 'TeamMemberJoined':
        return { ...state, [event.person]: { role: event.role } };
      case 'TeamMemberLeft':
        return { ...state, [event.person]: 'left' };
    }
  },
  decide(command, state): Decision<TeamEvent, TeamRefusal> {
    const member = state[command.person];
    switch (command.type) {
      case 'AddTeamMember': {
        const { team: name, person, role, from, by, at } = command;
        // Membership opens a whole caseload, so it takes two.
        if (by === person) return refuse('cannot-add-oneself');
        if (member && member !== 'left') return member.role === role ? accept() : refuse('member-in-another-role');
        return accept({ type: 'TeamMemberJoined', team: name, person, role, from, at });
      }
      case 'RemoveTeamMember':
        if (!member) return refuse('not-a-member');
        if (member === 'left') return accept();
        return accept({ type: 'TeamMemberLeft', team: command.team, person: command.person, at: command.at });
    }
  },
};
