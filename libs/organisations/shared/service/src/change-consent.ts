/** Taking back is as easy as giving: switches off, a pause, a withdrawal, everything at once, and an objection beforehand. */
import {
  consentCategories,
  disclosure,
  disclosureEvents,
  disclosureRefusals,
  disclosureStream,
  purposes,
  type Role,
} from '@convenant/consent';
import { defineCommand, type AnyCommand, type CommandContext } from '@convenant/host';
import { organisationKinds } from '@convenant/kernel';
import { z } from 'zod';
import { answered, spokenBy } from './carried-out.js';
import { partnerRefusals } from './propose-consent.js';
import { isShown } from './read-consents.js';
import { herself, type SharedOptions } from './shared-options.js';

type Command = Parameters<typeof disclosure.decide>[0];
const record = async (context: CommandContext, command: Command, id?: string) =>
  answered(await context.run(disclosureEvents, disclosure, disclosureStream(context.client), command), id);

const hers = {
  by: herself,
  about: 'client',
  access: { event: 'enter', action: 'U', activity: 'consent-keeping' },
  refusals: disclosureRefusals,
} as const;

export const narrowConsent: AnyCommand = defineCommand({
  name: 'narrowConsent',
  input: z.strictObject({
    requestId: z.uuid(),
    consentId: z.string(),
    remove: z.array(z.enum(consentCategories)).min(1),
  }),
  ...hers,
  handle: async ({ consentId, remove }, context) =>
    record(context, { type: 'Narrow', consentId, remove, by: (await spokenBy(context)).by, at: context.at }, consentId),
});

export const pauseConsent: AnyCommand = defineCommand({
  name: 'pauseConsent',
  input: z.strictObject({ requestId: z.uuid(), consentId: z.string(), until: z.iso.datetime().optional() }),
  ...hers,
  handle: async ({ consentId, until }, context) =>
    record(context, { type: 'Pause', consentId, until, by: (await spokenBy(context)).by, at: context.at }, consentId),
});

/** A representative may ask too, and is told that only the client herself resumes. */
export const resumeConsent: AnyCommand = defineCommand({
  name: 'resumeConsent',
  input: z.strictObject({ requestId: z.uuid(), consentId: z.string() }),
  ...hers,
  handle: async ({ consentId }, context) =>
    record(context, { type: 'Resume', consentId, by: (await spokenBy(context)).by, at: context.at }, consentId),
});

/** Staff who work with her stop what she asks them to stop: on the telephone, at the desk, without a form. */
const stoppedBy = async (context: CommandContext) =>
  herself.includes(context.session.role) ? (await spokenBy(context)).by : ('staff-at-her-request' as const);

export const stoppingCommands = ({ staff }: SharedOptions): readonly AnyCommand[] => {
  const byAnybodyWithHer = { ...hers, by: [...herself, ...staff] as Role[] };
  return [
    defineCommand({
      name: 'withdrawConsent',
      input: z.strictObject({ requestId: z.uuid(), clientId: z.string().optional(), consentId: z.string() }),
      ...byAnybodyWithHer,
      async handle({ consentId }, context) {
        if (!(await isShown(consentId, context))) return { refused: 'unknown-consent' };
        return record(
          context,
          { type: 'Withdraw', consentId, by: await stoppedBy(context), at: context.at },
          consentId,
        );
      },
    }),
    defineCommand({
      name: 'stopEverything',
      input: z.strictObject({ requestId: z.uuid(), clientId: z.string().optional() }),
      ...byAnybodyWithHer,
      handle: async (_input, context) =>
        record(context, { type: 'StopEverything', by: await stoppedBy(context), at: context.at }),
    }),
  ];
};

export const objectToSharing: AnyCommand = defineCommand({
  name: 'objectToSharing',
  input: z.strictObject({
    requestId: z.uuid(),
    recipient: z.string().max(100).optional(),
    recipientKind: z.enum(organisationKinds).optional(),
    purpose: z.enum(purposes).optional(),
    categories: z.array(z.enum(consentCategories)).min(1).optional(),
  }),
  ...hers,
  refusals: { ...disclosureRefusals, ...partnerRefusals },
  async handle({ requestId, ...scope }, context) {
    if (scope.recipient !== undefined && !context.ports.partners.find(scope.recipient))
      return { refused: 'unknown-organisation' };
    const objectionId = context.ports.ids.derive('objection', context.session.person, requestId);
    return record(
      context,
      { type: 'Object', objectionId, ...scope, by: (await spokenBy(context)).by, at: context.at },
      objectionId,
    );
  },
});

/** A representative may ask too, and is told that only the client herself lifts it. */
export const liftObjection: AnyCommand = defineCommand({
  name: 'liftObjection',
  input: z.strictObject({ requestId: z.uuid(), objectionId: z.string() }),
  ...hers,
  handle: async ({ objectionId }, context) =>
    record(
      context,
      { type: 'LiftObjection', objectionId, by: (await spokenBy(context)).by, at: context.at },
      objectionId,
    ),
});
