/** Who works with a client: a colleague, a team or a supervisor is assigned, and the relation ends again (U13). */
import type { Role } from '@convenant/consent';
import { hostRefusals, defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import {
  clientRelationRefusals,
  clientRelations,
  relationEvents,
  relationsStream,
  staffRefusals,
  team,
  teamEvents,
  teamRefusals,
  teamStream,
} from '@convenant/identity';
import { fold } from '@convenant/kernel';
import { clientStream } from '@convenant/shared-domain';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { ownWork, type SharedOptions } from './shared-options.js';

const instant = z.iso.datetime();
const person = z.string().min(1).max(200);
const refusals = {
  ...clientRelationRefusals,
  'nobody-found': hostRefusals['nobody-found'],
  'not-for-oneself': staffRefusals['not-for-oneself'],
};

/** A lead arranges this without working with the client herself, and never for herself; everybody else works with her already. */
async function whyNotHers(
  context: CommandContext,
  { leads }: SharedOptions,
  forWhom?: string,
): Promise<string | undefined> {
  if (context.relation) return undefined;
  const isClient = (await context.ports.store.read(clientStream(context.client))).length > 0;
  if (!isClient || !leads.some((role) => role === context.session.role)) return 'nobody-found';
  return forWhom === context.session.person ? 'not-for-oneself' : undefined;
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
      team: person.optional(),
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
      const why = await whyNotHers(context, options, input.person);
      if (why) return { refused: why };
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
      const why = await whyNotHers(context, options);
      if (why) return { refused: why };
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
      team: person,
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
    input: z.strictObject({ requestId: z.uuid(), team: person, person }),
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
