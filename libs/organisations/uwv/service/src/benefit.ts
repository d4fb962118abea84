/** UWV's own record of the benefit that it pays a client. */
import { defineCommand, defineQuery } from '@convenant/host';
import { sealFields } from '@convenant/shared-domain';
import {
  BenefitRecorded,
  benefit,
  benefitEvents,
  benefitInput,
  benefitRefusals,
  benefits,
  benefitStream,
} from '@convenant/uwv-domain';
import { aboutClient, date, id, ofClient } from '@convenant/shared-service';
import { z } from 'zod';

const recorded = { event: 'enter', action: 'C', activity: 'funding' } as const;

export const recordBenefit = defineCommand({
  name: 'recordBenefit',
  input: z.strictObject({ ...aboutClient, from: date, ...benefitInput.shape }),
  by: ['benefitsAdviser'],
  about: 'client',
  access: recorded,
  refusals: benefitRefusals,
  async handle({ clientId, from, kind, details }, context) {
    const benefitId = context.ports.ids.derive('benefit', context.session.person, context.requestId);
    const sealed = await sealFields(context.ports.sealer, clientId, BenefitRecorded, { kind, details });
    const ran = await context.run(benefitEvents, benefit, benefitStream(clientId), {
      type: 'RecordBenefit',
      benefitId,
      clientId,
      from,
      at: context.at,
      ...sealed,
    });
    return 'refused' in ran ? ran : { done: { id: benefitId } };
  },
});

export const endBenefit = defineCommand({
  name: 'endBenefit',
  input: z.strictObject({ ...aboutClient, benefitId: id, on: date }),
  by: ['benefitsAdviser'],
  about: 'client',
  access: { ...recorded, event: 'add', action: 'U' },
  refusals: benefitRefusals,
  async handle({ clientId, benefitId, on }, context) {
    const ran = await context.run(benefitEvents, benefit, benefitStream(clientId), {
      type: 'EndBenefit',
      benefitId,
      clientId,
      on,
      at: context.at,
    });
    return 'refused' in ran ? ran : { done: { id: benefitId } };
  },
});

export const benefitsOf = defineQuery({
  name: 'benefitsOf',
  args: ofClient.partial(),
  by: ['benefitsAdviser', 'labourExpert', 'insurancePhysician', 'client', 'representative'],
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'funding' },
  async answer(_args, { views, reader, client }) {
    return Promise.all((await views.find(benefits, 'clientId', client)).map(({ row }) => reader.own(benefits, row)));
  },
});
