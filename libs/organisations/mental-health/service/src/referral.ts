/** Referring a client, and what becomes of it: taken on, declined with a reason, or withdrawn. */
import {
  clientRelationRefusals,
  clientRelations,
  relationEvents,
  relationsStream,
  teamName,
} from '@convenant/identity';
import { defineCommand, defineQuery, type CommandContext, type SystemContext } from '@convenant/host';
import {
  ClientReferred,
  declineReasons,
  referral,
  referralBoard,
  referralEvents,
  referralInput,
  referralRefusals,
  referralStream,
  trajectory,
  trajectoryEvents,
  trajectoryFor,
  trajectoryRefusals,
  trajectoryStream,
} from '@convenant/mental-health-domain';
import { dayOf, fold } from '@convenant/kernel';
import { sealFields } from '@convenant/shared-domain';
import { aboutClient, date, id, nothing, requestId } from '@convenant/shared-service';
import { z } from 'zod';
import { changed, entered, listed } from './access-kinds.js';
import { nameOf } from './names.js';

const refusals = { ...referralRefusals, ...trajectoryRefusals, ...clientRelationRefusals };

export const referClient = defineCommand({
  name: 'referClient',
  input: z
    .strictObject({
      ...aboutClient,
      ...referralInput.shape,
      referredOn: date.optional(),
      toSpecialist: id.optional(),
      toTeam: teamName.optional(),
    })
    .refine(({ toSpecialist, toTeam }) => toSpecialist !== undefined || toTeam !== undefined, {
      message: 'nobody-to-refer-to',
      path: ['toSpecialist'],
    }),
  by: ['caseManager', 'clinician'],
  about: 'client',
  access: entered,
  refusals: {
    ...refusals,
    'nobody-to-refer-to': {
      nl: 'Kies een trajectbegeleider of een team.',
      en: 'Choose an employment specialist or a team.',
    },
  },
  async handle({ clientId, workWish, referredOn, toSpecialist, toTeam }, context) {
    const referralId = context.ports.ids.derive('referral', context.session.person, context.requestId);
    const ran = await context.run(referralEvents, referral, referralStream(referralId), {
      type: 'ReferClient',
      referralId,
      clientId,
      referredOn: referredOn ?? dayOf(context.at),
      referredBy: context.session.person,
      toSpecialist,
      toTeam,
      at: context.at,
      ...(await sealFields(context.ports.sealer, clientId, ClientReferred, { workWish })),
    });
    if ('refused' in ran) return ran;
    // Whoever is to decide about her must be able to read about her; that relation ends when it is declined.
    await beginRelations(clientId, referralId, { toSpecialist, toTeam }, context);
    return { done: { id: referralId } };
  },
});

async function beginRelations(
  clientId: string,
  referralId: string,
  { toSpecialist, toTeam }: { toSpecialist?: string | undefined; toTeam?: string | undefined },
  context: CommandContext,
): Promise<void> {
  const begin = (relationId: string, holder: { person: string; role: 'employmentSpecialist' } | { team: string }) =>
    context.run(
      relationEvents,
      clientRelations,
      relationsStream(clientId),
      {
        type: 'BeginRelation',
        relationId,
        holder,
        kind: 'team' in holder ? 'team' : 'personal',
        from: context.at,
        at: context.at,
      },
      { cause: relationId },
    );
  // Somebody who already works with her keeps the relation that she has.
  if (toSpecialist !== undefined)
    await begin(`${referralId}-specialist`, { person: toSpecialist, role: 'employmentSpecialist' });
  if (toTeam !== undefined) await begin(`${referralId}-team`, { team: toTeam });
}

const clientOfReferral = async (
  { referralId }: { referralId: string },
  context: SystemContext,
): Promise<string | undefined> => (await context.history(referralEvents, referralStream(referralId)))[0]?.clientId;
const decision = { requestId, referralId: id, on: date.optional() };

export const acceptReferral = defineCommand({
  name: 'acceptReferral',
  input: z.strictObject(decision),
  by: ['employmentSpecialist'],
  about: 'client',
  clientOf: clientOfReferral,
  access: changed,
  refusals,
  async handle({ referralId, on }, context) {
    const { session, at, relation } = context;
    const [referred] = await context.history(referralEvents, referralStream(referralId));
    if (referred?.type !== 'ClientReferred') return { refused: 'referral-unknown' };
    const decidedOn = on ?? dayOf(at);
    // Who stands in takes her on for the colleague whose client she will be.
    const specialist = relation?.standsInFor ?? session.person;
    const start = trajectoryFor({ ...referred, type: 'ReferralAccepted', by: specialist, on: decidedOn, at });
    // What cannot become a trajectory is not accepted either: a refusal changes nothing.
    const course = fold(trajectory, await context.history(trajectoryEvents, trajectoryStream(context.client)));
    const judged = trajectory.decide(start, course);
    if ('refused' in judged) return judged;
    const ran = await context.run(referralEvents, referral, referralStream(referralId), {
      type: 'AcceptReferral',
      by: session.person,
      on: decidedOn,
      at,
    });
    if ('refused' in ran) return ran;
    const started = await context.run(trajectoryEvents, trajectory, trajectoryStream(context.client), start, {
      cause: 'trajectory',
    });
    if ('refused' in started) return started;
    // The one who was named and did not take her on stops reading about her.
    if (referred.toSpecialist !== specialist) await endRelation(`${referralId}-specialist`, context);
    await context.run(
      relationEvents,
      clientRelations,
      relationsStream(context.client),
      {
        type: 'BeginRelation',
        relationId: `${referralId}-accepted`,
        holder: { person: specialist, role: 'employmentSpecialist' },
        kind: 'personal',
        from: at,
        at,
      },
      { cause: 'relation' },
    );
    return { done: { id: referralId } };
  },
});

const endRelation = (relationId: string, context: CommandContext) =>
  context.run(
    relationEvents,
    clientRelations,
    relationsStream(context.client),
    { type: 'EndRelation', relationId, reason: 'ended', at: context.at },
    { cause: relationId },
  );
/** Ends what the referral began, so that nobody who declined goes on reading. */
const endRelations = async (referralId: string, context: CommandContext): Promise<void> => {
  for (const part of ['specialist', 'team']) await endRelation(`${referralId}-${part}`, context);
};

export const declineReferral = defineCommand({
  name: 'declineReferral',
  input: z.strictObject({ ...decision, reason: z.enum(declineReasons) }),
  by: ['employmentSpecialist', 'ipsProjectLeader'],
  about: 'client',
  clientOf: clientOfReferral,
  access: changed,
  refusals,
  async handle({ referralId, on, reason }, context) {
    const { session, at } = context;
    const ran = await context.run(referralEvents, referral, referralStream(referralId), {
      type: 'DeclineReferral',
      by: session.person,
      on: on ?? dayOf(at),
      reason,
      at,
    });
    if ('refused' in ran) return ran;
    await endRelations(referralId, context);
    return { done: { id: referralId } };
  },
});

export const withdrawReferral = defineCommand({
  name: 'withdrawReferral',
  input: z.strictObject(decision),
  by: ['caseManager', 'clinician'],
  about: 'client',
  clientOf: clientOfReferral,
  access: changed,
  refusals,
  async handle({ referralId, on }, context) {
    const { session, at } = context;
    const ran = await context.run(referralEvents, referral, referralStream(referralId), {
      type: 'WithdrawReferral',
      by: session.person,
      on: on ?? dayOf(at),
      at,
    });
    if ('refused' in ran) return ran;
    await endRelations(referralId, context);
    return { done: { id: referralId } };
  },
});

/** What an employment specialist opens in the morning: referrals for her or her team, longest waiting first. */
export const openReferrals = defineQuery({
  name: 'openReferrals',
  args: nothing,
  by: ['employmentSpecialist', 'ipsProjectLeader'],
  about: 'list',
  purpose: 'support',
  access: listed,
  async answer(_args, context) {
    const rows = await context.views.find(referralBoard, 'open', 'yes');
    const shown = await Promise.all(
      rows.map(async ({ row }) => {
        const reader = await context.readerFor(row.clientId);
        return reader && { ...(await reader.own(referralBoard, row)), ...(await nameOf(reader, context)) };
      }),
    );
    return shown.filter((row) => row !== undefined);
  },
});
