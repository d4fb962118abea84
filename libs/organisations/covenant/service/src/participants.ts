/** Who takes part, with the keys they propose. Each organisation pins keys itself, after comparing the fingerprint by another way. */
import { rolesByKind, type Role } from '@convenant/consent';
import { defineCommand, defineQuery } from '@convenant/host';
import {
  participant,
  participantEvents,
  participantRefusals,
  participants,
  participantStream,
  type ParticipantCommand,
} from '@convenant/covenant-domain';
import { organisationKinds } from '@convenant/kernel';
import type { CommandContext } from '@convenant/host';
import { requestId } from '@convenant/shared-service';
import { z } from 'zod';

const organisationId = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/);
const key = z.string().max(2000);
const governs = { event: 'enter', action: 'C', activity: 'oversight' } as const;
const shared = {
  by: ['policyOfficer'],
  about: 'organisation',
  access: governs,
  refusals: participantRefusals,
} as const;
/** Everybody who works somewhere in the covenant; clients have no part in it. */
export const everybody: readonly Role[] = Object.values(rolesByKind).flat();

async function record(command: ParticipantCommand & { organisationId: string }, context: CommandContext) {
  const ran = await context.run(participantEvents, participant, participantStream(command.organisationId), command);
  return 'refused' in ran ? ran : { done: { id: command.organisationId } };
}

export const joinCovenant = defineCommand({
  name: 'joinCovenant',
  ...shared,
  input: z.strictObject({
    requestId,
    organisationId,
    kind: z.enum(organisationKinds),
    name: z.string().trim().min(1).max(200),
  }),
  handle: ({ organisationId, kind, name }, context) =>
    record({ type: 'JoinCovenant', organisationId, kind, name, at: context.at }, context),
});
export const proposeKeys = defineCommand({
  name: 'proposeKeys',
  ...shared,
  input: z.strictObject({
    requestId,
    organisationId,
    signingKey: key,
    sealingKey: key,
    fingerprint: key,
    signedByPrevious: key.optional(),
  }),
  handle: ({ requestId: _requestId, ...keys }, context) =>
    record({ type: 'ProposeKeys', ...keys, at: context.at }, context),
});
export const leaveCovenant = defineCommand({
  name: 'leaveCovenant',
  ...shared,
  input: z.strictObject({ requestId, organisationId }),
  handle: ({ organisationId }, context) => record({ type: 'LeaveCovenant', organisationId, at: context.at }, context),
});

export const covenantParticipants = defineQuery({
  name: 'participants',
  args: z.strictObject({}),
  by: everybody,
  about: 'organisation',
  fromAnyParticipant: true,
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'oversight' },
  answer: async (_args, { views }) => (await views.find(participants, 'all', 'yes')).map(({ row }) => row),
});
