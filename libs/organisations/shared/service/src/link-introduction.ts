/** The work list of clients whom a partner introduced and who could not be found by exact match: a named person links them or gives them back. */
import { clientIntroducedV1, partSchema } from '@convenant/contracts';
import { introductions, received, receivedEvents, receivedRefusals, receivedStream } from '@convenant/exchange';
import {
  defineCommand,
  defineQuery,
  hostRefusals,
  type AnyCommand,
  type AnyQuery,
  type SystemContext,
} from '@convenant/host';
import { fold } from '@convenant/kernel';
import { clientsByName, nameForMatching } from '@convenant/shared-domain';
import { z } from 'zod';
import type { SharedOptions } from './shared-options.js';

interface Person {
  readonly initials: string;
  readonly familyName: string;
  readonly dateOfBirth: string;
}

/** Own clients with exactly this name and date of birth. */
export async function clientsNamed(person: Person, { ports, views }: SystemContext): Promise<readonly string[]> {
  const digest = await ports.sealer.lookupDigest(nameForMatching(person));
  return (await views.find(clientsByName, 'nameDigest', digest)).map(({ row }) => row.clientId);
}

/** Whom the partner introduced; `undefined` when that was linked, given back or closed in the meantime. */
async function introduced(partner: string, pseudonym: string, context: SystemContext): Promise<Person | undefined> {
  const { link } = fold(received, await context.history(receivedEvents, receivedStream(partner, pseudonym)));
  if (link.at !== 'introduced') return undefined;
  const opened = await context.ports.scopeKeys.open<Person>(link.part.keyId, link.part.sealedText, { use: 'matching' });
  if (typeof opened === 'string') return undefined;
  return partSchema(clientIntroducedV1, 'K1').safeParse(opened.value).success ? opened.value : undefined;
}

export const introductionsToLink = ({ linkBy }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'introductionsToLink',
    args: z.strictObject({}),
    by: linkBy,
    about: 'list',
    purpose: 'support',
    access: { event: 'list', action: 'R', activity: 'reading-received' },
    async answer(_args, context) {
      const rows = await context.views.find(introductions, 'state', 'introduced', { limit: 200 });
      const lines = await Promise.all(
        rows.map(async ({ row: { partner, pseudonym, receivedAt } }) => {
          const person = await introduced(partner, pseudonym, context);
          if (!person) return [];
          context.alsoLog({ outcome: 0, categories: ['K1'], askedFor: pseudonym });
          return [{ partner, pseudonym, receivedAt, ...person, candidates: await clientsNamed(person, context) }];
        }),
      );
      return lines.flat();
    },
  });

const refusals = {
  ...receivedRefusals,
  'nobody-found': hostRefusals['nobody-found'],
  'already-assigned': {
    nl: 'Deze introductie hoort al bij een andere cliënt.',
    en: 'This introduction belongs to another client already.',
  },
  'pseudonym-exists': {
    nl: 'Deze cliënt is al aan een andere introductie van deze organisatie gekoppeld.',
    en: 'This client is linked to another introduction by this organisation already.',
  },
} as const;

/** To a client with exactly that name, or to one whom the person works with and recognises. To nobody else: then it would be a way to guess. */
export const linkIntroduction = ({ linkBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'linkIntroduction',
    input: z.strictObject({ requestId: z.uuid(), partner: z.string(), pseudonym: z.string(), clientId: z.string() }),
    by: linkBy,
    about: 'client',
    relation: 'none',
    access: { event: 'enter', action: 'U', activity: 'reading-received' },
    refusals,
    async handle({ partner, pseudonym, clientId }, context) {
      const { client, meta, relation } = context;
      await context.upToDate();
      const person = relation ? undefined : await introduced(partner, pseudonym, context);
      const isCandidate = person !== undefined && (await clientsNamed(person, context)).includes(client);
      if (!relation && !isCandidate && !(await isLinkedTo(partner, pseudonym, clientId, context)))
        return { refused: 'nobody-found' };
      const { refused } = await context.inbox.answerIntroduction(
        partner,
        pseudonym,
        { link: client },
        meta.cause,
        meta.actor,
      );
      return refused === undefined ? { done: { id: client } } : { refused };
    },
  });

/** A repeated request finds it linked, and is told so. */
const isLinkedTo = async (
  partner: string,
  pseudonym: string,
  clientId: string,
  context: SystemContext,
): Promise<boolean> => {
  const { link } = fold(received, await context.history(receivedEvents, receivedStream(partner, pseudonym)));
  return link.at === 'linked' && link.clientId === clientId;
};

export const notOurClient = ({ linkBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'notOurClient',
    input: z.strictObject({ requestId: z.uuid(), partner: z.string(), pseudonym: z.string() }),
    by: linkBy,
    about: 'organisation',
    access: { event: 'delete', action: 'D', activity: 'reading-received' },
    refusals,
    async handle({ partner, pseudonym }, context) {
      const { meta } = context;
      const { refused } = await context.inbox.answerIntroduction(
        partner,
        pseudonym,
        'not-ours',
        meta.cause,
        meta.actor,
      );
      return refused === undefined ? { done: { id: pseudonym } } : { refused };
    },
  });
