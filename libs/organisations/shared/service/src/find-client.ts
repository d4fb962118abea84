/** Finding a client and seeing who she is. Nobody is found by default: a search tells nothing to whoever does not work with her. */
import { defineQuery, type AnyQuery, type QueryContext, type Reader } from '@convenant/host';
import { clientNames, nameForMatching } from '@convenant/shared-domain';
import { z } from 'zod';
import { clientsNamed } from './link-introduction.js';
import { ownWork, type SharedOptions } from './shared-options.js';

async function identityOf(reader: Reader, { views }: QueryContext) {
  const row = await views.get(clientNames, reader.client);
  if (!row) return { clientId: reader.client };
  const { contact, ...identity } = await reader.own(clientNames, row);
  return { ...identity, clientId: reader.client, ...contact };
}

export const clientIdentity = ({ kind, staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'clientIdentity',
    args: z.strictObject({ clientId: z.string() }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: ownWork[kind] },
    answer: (_args, context) => identityOf(context.reader, context),
  });

export const findClient = ({ kind, staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'findClient',
    args: z.strictObject({
      initials: z.string().trim().min(1).max(20),
      familyName: z.string().trim().min(1).max(200),
      dateOfBirth: z.iso.date(),
    }),
    by: staff,
    about: 'list',
    purpose: 'support',
    access: { event: 'search', action: 'R', activity: ownWork[kind] },
    async answer(person, context) {
      const found = await Promise.all(
        (await clientsNamed(person, context)).map(async (clientId) => {
          const reader = await context.readerFor(clientId);
          // The log knows whom somebody was looking for; the asker only learns that there is nobody.
          if (!reader) context.alsoLog({ outcome: 8, categories: [], client: clientId, refusal: 'nobody-found' });
          return reader ? [await identityOf(reader, context)] : [];
        }),
      );
      if (found.length === 0)
        context.alsoLog({ outcome: 8, categories: [], askedFor: nameForMatching(person), refusal: 'nobody-found' });
      return found.flat();
    },
  });
