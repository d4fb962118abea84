/** The agreements of the covenant, with a warning before one ends. */
import { defineCommand, defineQuery, type CommandContext } from '@convenant/host';
import {
  agreement,
  agreementEvents,
  agreementRefusals,
  agreements,
  agreementStream,
  expiryWarning,
  financialTerm,
  participants,
  type AgreementCommand,
} from '@convenant/covenant-domain';
import { dayOf } from '@convenant/kernel';
import { date, id, requestId } from '@convenant/shared-service';
import { z } from 'zod';
import { everybody } from './participants.js';

const governs = { event: 'enter', action: 'C', activity: 'oversight' } as const;
const shared = {
  by: ['manager', 'policyOfficer'],
  about: 'organisation',
  access: governs,
  refusals: agreementRefusals,
} as const;

async function record(agreementId: string, command: AgreementCommand, context: CommandContext) {
  const ran = await context.run(agreementEvents, agreement, agreementStream(agreementId), command);
  return 'refused' in ran ? ran : { done: { id: agreementId } };
}

async function allTakePart(parties: readonly string[], context: CommandContext): Promise<boolean> {
  await context.upToDate();
  const known = await context.views.find(participants, 'all', 'yes');
  return parties.every((party) => known.some(({ row }) => row.organisationId === party && row.takesPart));
}

export const makeAgreement = defineCommand({
  name: 'makeAgreement',
  ...shared,
  input: z.strictObject({
    requestId,
    title: z.string().trim().min(1).max(200),
    parties: z.array(id).min(1).max(50),
    goals: z.array(z.string().max(400)).max(20),
    financialTerms: z.array(financialTerm).max(20),
    from: date,
    until: date,
  }),
  refusals: {
    ...agreementRefusals,
    'party-does-not-take-part': {
      nl: 'Een van de partijen doet niet mee aan het convenant. Kies uit de lijst.',
      en: 'One of the parties does not take part in the covenant. Choose from the list.',
    },
  },
  async handle({ requestId: _requestId, ...made }, context) {
    const agreementId = context.ports.ids.derive('agreement', context.session.person, context.requestId);
    // A repeated request finds its first answer, whoever left since.
    const isMade = (await context.history(agreementEvents, agreementStream(agreementId))).length > 0;
    if (!isMade && !(await allTakePart(made.parties, context))) return { refused: 'party-does-not-take-part' };
    return record(agreementId, { type: 'MakeAgreement', agreementId, ...made, at: context.at }, context);
  },
});
export const extendAgreement = defineCommand({
  name: 'extendAgreement',
  ...shared,
  input: z.strictObject({ requestId, agreementId: id, until: date }),
  handle: ({ agreementId, until }, context) =>
    record(agreementId, { type: 'ExtendAgreement', agreementId, until, at: context.at }, context),
});
export const endAgreement = defineCommand({
  name: 'endAgreement',
  ...shared,
  input: z.strictObject({ requestId, agreementId: id, on: date }),
  handle: ({ agreementId, on }, context) =>
    record(agreementId, { type: 'EndAgreement', agreementId, on, at: context.at }, context),
});

export const covenantAgreements = defineQuery({
  name: 'agreements',
  args: z.strictObject({}),
  by: everybody,
  about: 'organisation',
  fromAnyParticipant: true,
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'oversight' },
  answer: async (_args, { views, at }) =>
    (await views.find(agreements, 'all', 'yes')).map(({ row }) => {
      const warningOf = (until: string) => (row.state === 'ended' ? undefined : expiryWarning(until, dayOf(at)));
      // Money may run out before the agreement does.
      return {
        ...row,
        financialTerms: row.financialTerms.map((term) => ({ ...term, warning: warningOf(term.until) })),
        warning: warningOf(row.until),
      };
    }),
});
