/** The insured whom a claims officer handles at this moment. */
import { defineQuery } from '@convenant/host';
import { z } from 'zod';

export const myClients = defineQuery({
  name: 'myClients',
  args: z.strictObject({}),
  by: ['claimsOfficer'],
  about: 'list',
  purpose: 'funding-settlement',
  access: { event: 'list', action: 'R', activity: 'funding' },
  answer: async (_args, context) =>
    (await context.everyClientOfMine()).map(({ client, relation }) => ({ clientId: client, relation: relation?.kind, confirmed: relation?.confirmed })),
});
