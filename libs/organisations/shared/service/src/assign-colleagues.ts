/** Who works with a client: a colleague, a team or a supervisor is assigned, and the relation ends again (U13). */
import type { Role } from '@convenant/consent';
import { hostRefusals, defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import {
  clientRelationRefusals,
  clientRelations,
  isLead,
  relationEvents,
  relationsStream,
  staffRefusals,
  team,
  teamEvents,
  teamName,
  teamRefusals,
  teamStream,
} from '@convenant/identity';
import { fold } from '@convenant/kernel';
import { clientStream } from '@convenant/shared-domain';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { ownWork, person, type SharedOptions } from './shared-options.js';

const instant = z.iso.datetime();
const refusals = {
  ...clientRelationRefusals,
  'nobody-found': hostRefusals['nobody-found'],
  'not-for-oneself': staffRefusals['not-for-oneself'],
  'not-yours-to-arrange': staffRefusals['not-yours-to-arrange'],
};

/** Works with her in person, and has taken her on; not through a team, for somebody else, or to look along. */
export const holdsHerself = ({ relation }: Pick<CommandContext, 'relation'>): boolean =>
  relation?.kind === 'personal' && relation.confirmed;

/** To somebody who does not work with her there is nobody; a lead arranges without working with her. */
async function isFound(context: CommandContext): Promise<boolean> {
  if (context.relation) return true;
  return isLead(context.session.role) && (await context.ports.store.read(clientStream(context.client))).length > 0;
}

export const beginRelation = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'beginRelation',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      person: person.optional(),
      // A lead is assigned too: as supervisor of a named case.
      role: z.enum([...options.staff, ...options.leads] as Role[]).optional(),
      team: teamName.optional(),
      kind: z.enum(['personal', 'team', 'supervisor']).optional(),
      from: instant.optional(),
      until: instant.optional(),
    }),
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'client',
    relation: 'none',
    access: { event: 'create', action: 'C', activity: ownWork[options.kind] },
    refusals,
    async handle(input, context) {
      if (!(await isFound(context))) return { refused: 'nobody-found' };
      if (!holdsHerself(context) && !isLead(context.session.role)) return { refused: 'not-yours-to-arrange' };
      // Nobody lets herself in, in whatever role, and nobody gives herself more than she has.
      if (input.person === context.session.person) return { refused: 'not-for-oneself' };
      const { clientId, from = context.at, until } = input;
      const holder = holderOf(input);
      if (!holder) return { refused: 'holder-does-not-fit' };
      const kind = input.kind ?? ('team' in holder ? 'team' : 'personal');
      const relationId = context.ports.ids.derive('relation', context.session.person, context.requestId);
      const command = {
        type: 'BeginRelation',
        relationId,
        holder,
        kind,
        from,
        ...(until === undefined ? {} : { until }),
        at: context.at,
      } as const;
      return answered(
        await context.run(relationEvents, clientRelations, relationsStream(clientId), command),
        relationId,
      );
    },
  });

const holderOf = (input: { person?: string | undefined; role?: Role | undefined; team?: string | undefined }) =>
  input.person !== undefined && input.role !== undefined && input.team === undefined
    ? { person: input.person, role: input.role }
    : input.team !== undefined && input.person === undefined && input.role === undefined
      ? { team: input.team }
      : undefined;

export const endRelation = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'endRelation',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      relationId: z.string(),
      reason: z.enum(['ended', 'trajectory-ended', 'entered-by-mistake']).default('ended'),
    }),
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'client',
    relation: 'none',
    access: { event: 'enter', action: 'U', activity: ownWork[options.kind] },
    refusals,
    async handle({ clientId, relationId, reason }, context) {
      const { person, role } = context.session;
      const known = fold(clientRelations, await context.history(relationEvents, relationsStream(clientId)));
      const holder = Object.hasOwn(known, relationId) ? known[relationId]?.holder : undefined;
      const isHers = holder !== undefined && 'person' in holder && holder.person === person && holder.role === role;
      if (!isHers && !(await isFound(context))) return { refused: 'nobody-found' };
      if (!isHers && !isLead(role)) return { refused: holder ? 'not-yours-to-arrange' : 'unknown-relation' };
      const command = { type: 'EndRelation', relationId, reason, at: context.at } as const;
      return answered(
        await context.run(relationEvents, clientRelations, relationsStream(clientId), command),
        relationId,
      );
    },
  });

/** Teams share a caseload, so who is in one is arranged by a lead or by somebody who is in it. */
const mayArrangeTeam = async (name: string, context: CommandContext, { leads }: SharedOptions): Promise<boolean> => {
  if (leads.some((role) => role === context.session.role)) return true;
  const member = fold(team, await context.history(teamEvents, teamStream(name)))[context.session.person];
  return member !== undefined && member !== 'left';
};

export const joinTeam = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'joinTeam',
    input: z.strictObject({
      requestId: z.uuid(),
      team: teamName,
      person,
      role: z.enum(options.staff as [Role, ...Role[]]),
      from: instant.optional(),
    }),
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'organisation',
    access: { event: 'create', action: 'C', activity: ownWork[options.kind] },
    refusals: { ...teamRefusals, 'not-yours-to-arrange': staffRefusals['not-yours-to-arrange'] },
    async handle({ team: name, person: member, role, from }, context) {
      if (!(await mayArrangeTeam(name, context, options))) return { refused: 'not-yours-to-arrange' };
      const { at, session } = context;
      const command = {
        type: 'AddTeamMember',
        team: name,
        person: member,
        role,
        from: from ?? at,
        by: session.person,
        at,
      } as const;
      return answered(await context.run(teamEvents, team, teamStream(name), command), name);
    },
  });

export const leaveTeam = (options: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'leaveTeam',
    input: z.strictObject({ requestId: z.uuid(), team: teamName, person }),
    by: [...new Set([...options.staff, ...options.leads])],
    about: 'organisation',
    access: { event: 'enter', action: 'U', activity: ownWork[options.kind] },
    refusals: { ...teamRefusals, 'not-yours-to-arrange': staffRefusals['not-yours-to-arrange'] },
    async handle({ team: name, person: member }, context) {
      if (!(await mayArrangeTeam(name, context, options))) return { refused: 'not-yours-to-arrange' };
      const command = { type: 'RemoveTeamMember', team: name, person: member, at: context.at } as const;
      return answered(await context.run(teamEvents, team, teamStream(name), command), name);
    },
  });
