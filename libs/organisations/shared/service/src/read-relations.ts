/** Who works with a client: for colleagues by reference, for the client herself in words (U13). */
import { defineQuery, type AnyQuery, type QueryContext } from '@convenant/host';
import {
  describeRelation,
  gatherRelationFacts,
  heldRelations,
  team as teamDecider,
  type RelationFacts,
  type StaffEvent,
} from '@convenant/identity';
import { fold, isAfter, type Sentence } from '@convenant/kernel';
import { z } from 'zod';
import { herself, ownWork, type SharedOptions } from './shared-options.js';

const facts = ({ at, client, ports, session }: QueryContext): Promise<RelationFacts> =>
  gatherRelationFacts(ports.store, client, { person: session.person, role: session.role, now: at });

/** Team relations that stand at this moment. */
const teamsOf = ({ clientRelations }: RelationFacts, now: string) => {
  const ended = new Set(clientRelations.flatMap((event) => (event.type === 'RelationEnded' ? [event.relationId] : [])));
  return clientRelations.flatMap((event) =>
    event.type === 'RelationBegan' && 'team' in event.holder && !ended.has(event.relationId) && holds(event, now)
      ? [{ relationId: event.relationId, team: event.holder.team, from: event.from, until: event.until }]
      : [],
  );
};
const holds = ({ from, until }: { readonly from: string; readonly until?: string | undefined }, now: string): boolean =>
  !isAfter(from, now) && (until === undefined || isAfter(until, now));

export const relationsOf = ({ kind, staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'relationsOf',
    args: z.strictObject({ clientId: z.string() }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: ownWork[kind] },
    async answer(_args, context) {
      const known = await facts(context);
      return [
        ...heldRelations(known, context.at).map(({ relationId, person, role, kind: how, from, until, confirmed }) => ({
          relationId,
          person,
          role,
          kind: how,
          from,
          until,
          confirmed,
        })),
        ...teamsOf(known, context.at).map((line) => ({ ...line, kind: 'team', confirmed: true })),
      ];
    },
  });

interface InWords {
  readonly who: Sentence;
  readonly since: string;
  readonly until: string | undefined;
}

/** No names: those she hears from the people themselves, and on request (U20). */
export const myPeople: AnyQuery = defineQuery({
  name: 'myPeople',
  args: z.strictObject({}),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'client-access' },
  async answer(_args, context): Promise<readonly InWords[]> {
    const { at } = context;
    const known = await facts(context);
    const held = heldRelations(known, at);
    return [
      ...held.map(({ kind, role, confirmed, from, until }): InWords => ({
        who: describeRelation({ kind, holderRole: role, confirmed }),
        since: from,
        until,
      })),
      ...held.flatMap(({ person, role, confirmed }) =>
        appointments(known.staff.get(person) ?? [], role, at).map(({ kind, from, until }): InWords => ({
          who: describeRelation({ kind, holderRole: role, confirmed }),
          since: from,
          until,
        })),
      ),
      ...teamsOf(known, at).flatMap(({ team, from, until }) =>
        rolesIn(known, team).map((holderRole): InWords => ({
          who: describeRelation({ kind: 'team', holderRole, confirmed: true }),
          since: from,
          until,
        })),
      ),
    ];
  },
});

const rolesIn = ({ teams }: RelationFacts, name: string): readonly string[] => {
  const members = Object.values(fold(teamDecider, teams.get(name) ?? []));
  return [...new Set(members.flatMap((member) => (member === 'left' ? [] : [member.role])))].sort();
};

interface Appointment {
  readonly kind: 'stand-in' | 'delegate';
  readonly from: string;
  readonly until: string | undefined;
}
/** Who stands in for this colleague now, or works under her name in this role. */
function appointments(events: readonly StaffEvent[], role: string, now: string): readonly Appointment[] {
  const ended = new Set(
    events.flatMap((event) =>
      event.type === 'StandInEnded' ? [event.standInId] : event.type === 'DelegateEnded' ? [event.delegateId] : [],
    ),
  );
  return events.flatMap((event): Appointment[] => {
    if (event.type === 'StandInAppointed' && !ended.has(event.standInId) && holds(event, now))
      return [{ kind: 'stand-in', from: event.from, until: event.until }];
    if (
      event.type === 'DelegateAppointed' &&
      event.responsibleRole === role &&
      !ended.has(event.delegateId) &&
      holds(event, now)
    )
      return [{ kind: 'delegate', from: event.from, until: event.until }];
    return [];
  });
}
