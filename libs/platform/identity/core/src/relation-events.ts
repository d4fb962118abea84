/** What happens to working relations (U13), on three kinds of stream: one per client, one per member of staff, one per team. */
import { staffRoles, type Role } from '@convenant/consent';
import { defineEvent, defineEvents, type CatalogueEvent } from '@convenant/kernel';
import { z } from 'zod';

const instant = z.iso.datetime();
const role = z.enum([...staffRoles, 'client', 'representative'] as [Role, ...Role[]]);
/** A short name without blanks: teams are named in clear, so there is no room for a sentence. */
export const teamName = z.string().regex(/^[A-Za-z0-9._:-]{1,60}$/);

/** A person in one role, or whoever is in the team at the moment of reading. */
export const holder = z.union([
  z.strictObject({ person: z.string(), role }).readonly(),
  z.strictObject({ team: teamName }).readonly(),
]);
export type Holder = z.infer<typeof holder>;
export const endReasons = ['ended', 'trajectory-ended', 'handed-over', 'entered-by-mistake'] as const;

export const RelationBegan = defineEvent('RelationBegan', {
  sealed: {},
  clear: {
    relationId: z.string(),
    holder,
    kind: z.enum(['personal', 'team', 'supervisor']),
    from: instant,
    until: instant.optional(),
    /** Always `supervision` for a supervisor; absent otherwise. */
    purpose: z.enum(['supervision']).optional(),
    /** The hand-over through which this relation came, once the successor confirmed it; `from` is then the moment of that act. */
    handOverId: z.string().optional(),
    at: instant,
  },
});
export const RelationEnded = defineEvent('RelationEnded', {
  sealed: {},
  clear: { relationId: z.string(), reason: z.enum(endReasons), at: instant },
});
/** The successor has looked at this client and takes her on. */
export const RelationConfirmed = defineEvent('RelationConfirmed', {
  sealed: {},
  clear: { relationId: z.string(), person: z.string(), at: instant },
});
export const relationEvents = defineEvents(RelationBegan, RelationEnded, RelationConfirmed);
export type RelationEvent = CatalogueEvent<typeof relationEvents>;
export const relationsStream = (clientId: string): string => `relations-${clientId}`;

/** `person` is always the one whose stream it is. */
export const StandInAppointed = defineEvent('StandInAppointed', {
  sealed: {},
  clear: {
    standInId: z.string(),
    person: z.string(),
    standIn: z.string(),
    from: instant,
    /** At most four weeks after `from`. */
    until: instant,
    by: z.string(),
    at: instant,
  },
});
export const StandInEnded = defineEvent('StandInEnded', {
  sealed: {},
  clear: { standInId: z.string(), person: z.string(), at: instant },
});
/** Works on the cases of the responsible professional, under her name as the responsible user. */
export const DelegateAppointed = defineEvent('DelegateAppointed', {
  sealed: {},
  clear: {
    delegateId: z.string(),
    person: z.string(),
    responsibleRole: role,
    delegate: z.string(),
    role,
    from: instant,
    until: instant.optional(),
    at: instant,
  },
});
export const DelegateEnded = defineEvent('DelegateEnded', {
  sealed: {},
  clear: { delegateId: z.string(), person: z.string(), at: instant },
});
/** One act for one client or for all: at `at` the predecessor loses these clients and the successor has them, still unconfirmed. */
export const CaseloadHandedOver = defineEvent('CaseloadHandedOver', {
  sealed: {},
  clear: {
    handOverId: z.string(),
    person: z.string(),
    /** In which role the caseload was held and is taken over. */
    role,
    to: z.string(),
    clients: z.array(z.string()).readonly(),
    by: z.string(),
    at: instant,
  },
});
export const staffEvents = defineEvents(
  StandInAppointed,
  StandInEnded,
  DelegateAppointed,
  DelegateEnded,
  CaseloadHandedOver,
);
export type StaffEvent = CatalogueEvent<typeof staffEvents>;
export const staffStream = (person: string): string => `staff-${person}`;

export const TeamMemberJoined = defineEvent('TeamMemberJoined', {
  sealed: {},
  clear: { team: teamName, person: z.string(), role, from: instant, at: instant },
});
export const TeamMemberLeft = defineEvent('TeamMemberLeft', {
  sealed: {},
  clear: { team: teamName, person: z.string(), at: instant },
});
export const teamEvents = defineEvents(TeamMemberJoined, TeamMemberLeft);
export type TeamEvent = CatalogueEvent<typeof teamEvents>;
export const teamStream = (team: string): string => `team-${team}`;
