/** The course of a trajectory: intake, pause and return, end. */
import { defineCommand, type CommandContext } from '@convenant/host';
import {
  TrajectoryEnded,
  TrajectoryPaused,
  trajectory,
  trajectoryEvents,
  trajectoryRefusals,
  trajectoryStream,
  type TrajectoryCommand,
} from '@convenant/mental-health-domain';
import { sealFields } from '@convenant/shared-domain';
import { aboutClient, date } from '@convenant/shared-service';
import { z } from 'zod';
import { changed, team } from './access-kinds.js';

const by = ['employmentSpecialist'] as const;
const reason = z.string().trim().min(1).max(2000).optional();
const shared = { by, about: 'client', access: changed, refusals: trajectoryRefusals } as const;

async function record(command: TrajectoryCommand, context: CommandContext) {
  const ran = await context.run(trajectoryEvents, trajectory, trajectoryStream(context.client), command);
  return 'refused' in ran ? ran : { done: { id: context.client } };
}

export const holdIntake = defineCommand({
  name: 'holdIntake',
  ...shared,
  input: z.strictObject({ ...aboutClient, on: date }),
  handle: ({ on }, context) => record({ type: 'HoldIntake', on, at: context.at }, context),
});

/** By those who treat her too: the reason is theirs to write, and an employment specialist does not read it. */
export const pauseTrajectory = defineCommand({
  name: 'pauseTrajectory',
  ...shared,
  by: team,
  input: z.strictObject({ ...aboutClient, on: date, contactAgainOn: date, reason }),
  handle: async ({ on, contactAgainOn, reason }, context) =>
    record(
      {
        type: 'PauseTrajectory',
        on,
        contactAgainOn,
        at: context.at,
        ...(await sealFields(context.ports.sealer, context.client, TrajectoryPaused, { reason })),
      },
      context,
    ),
});

export const resumeTrajectory = defineCommand({
  name: 'resumeTrajectory',
  ...shared,
  input: z.strictObject({ ...aboutClient, on: date }),
  handle: ({ on }, context) => record({ type: 'ResumeTrajectory', on, at: context.at }, context),
});

/** The medical reason stays inside the agency; other organisations learn the date of the end and nothing else. */
export const endTrajectory = defineCommand({
  name: 'endTrajectory',
  ...shared,
  by: team,
  input: z.strictObject({
    ...aboutClient,
    on: date,
    endKind: z.enum(['completed', 'premature']),
    medicalReason: reason,
  }),
  handle: async ({ on, endKind, medicalReason }, context) =>
    record(
      {
        type: 'EndTrajectory',
        on,
        endKind,
        at: context.at,
        ...(await sealFields(context.ports.sealer, context.client, TrajectoryEnded, { medicalReason })),
      },
      context,
    ),
});

export const reenterTrajectory = defineCommand({
  name: 'reenterTrajectory',
  ...shared,
  input: z.strictObject({ ...aboutClient, on: date }),
  handle: ({ on }, context) =>
    record(
      {
        type: 'ReenterTrajectory',
        trajectoryId: context.ports.ids.derive('trajectory', context.session.person, context.requestId),
        clientId: context.client,
        on,
        specialist: context.relation?.standsInFor ?? context.session.person,
        at: context.at,
      },
      context,
    ),
});
