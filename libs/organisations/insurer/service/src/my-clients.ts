/** The insured whom a claims officer handles at this moment. */
import { defineQuery } from '@convenant/host';
import { z } from 'zod';
import { nameOf } from './names.js';

export const myClients = defineQuery({
  name: 'myClients',
  args: z.strictObject({}),
  by: ['claimsOfficer'],
  about: 'list',
  purpose: 'funding-settlement',
  access: { event: 'list', action: 'R', activity: 'funding' },
  answer: async (_args, context) =>
    Promise.all(
      (await context.everyClientOfMine()).map(async (reader) => ({
        ...(await nameOf(reader, context)),
        clientId: reader.client,
        relation: reader.relation?.kind,
        confirmed: reader.relation?.confirmed,
      })),
    ),
});
