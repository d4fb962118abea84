/** A client manager takes a client on, and sees whom she supports. */
import { defineCommand, defineQuery } from '@convenant/host';
import { clearColumn, dayOf } from '@convenant/kernel';
import {
  supportEvents,
  supportList,
  supportRefusals,
  supportStream,
  supportTask,
} from '@convenant/municipality-domain';
import { aboutClient, date, nothing } from '@convenant/shared-service';
import { z } from 'zod';
import { nameOf } from './names.js';

const input = z.strictObject({ ...aboutClient, on: date.optional() });
const shared = { input, by: ['clientManager'], about: 'client', refusals: supportRefusals } as const;

export const takeOnClient = defineCommand({
  name: 'takeOnClient',
  ...shared,
  access: { event: 'enter', action: 'C', activity: 'reading-received' },
  async handle({ clientId, on }, context) {
    const ran = await context.run(supportEvents, supportTask, supportStream(clientId), {
      type: 'TakeOnClient',
      clientId,
      by: context.session.person,
      on: on ?? dayOf(context.at),
      at: context.at,
    });
    return 'refused' in ran ? ran : { done: { id: clientId } };
  },
});
export const endSupport = defineCommand({
  name: 'endSupport',
  ...shared,
  access: { event: 'add', action: 'U', activity: 'reading-received' },
  async handle({ clientId, on }, context) {
    const ran = await context.run(supportEvents, supportTask, supportStream(clientId), {
      type: 'EndSupport',
      clientId,
      by: context.session.person,
      on: on ?? dayOf(context.at),
      at: context.at,
    });
    return 'refused' in ran ? ran : { done: { id: clientId } };
  },
});

/** Since when the municipality supports her is its own administration, not the state of a trajectory (K2), which it has none of. */
const ownSupportList = { ...supportList, columns: { ...supportList.columns, since: clearColumn('own') } };

export const myClients = defineQuery({
  name: 'myClients',
  args: nothing,
  by: ['clientManager', 'medicalAdviser', 'objectionOfficer'],
  about: 'list',
  purpose: 'support',
  access: { event: 'list', action: 'R', activity: 'reading-received' },
  async answer(_args, context) {
    const readers = await context.everyClientOfMine();
    return Promise.all(
      readers.map(async (reader) => {
        const row = await context.views.get(supportList, reader.client);
        const support = row ? await reader.own(ownSupportList, row) : {};
        return {
          ...support,
          ...(await nameOf(reader, context)),
          clientId: reader.client,
          relation: reader.relation?.kind,
          confirmed: reader.relation?.confirmed,
        };
      }),
    );
  },
});
