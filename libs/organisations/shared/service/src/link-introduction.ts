/** The work list of clients whom a partner introduced and who could not be found by exact match: a named person links them or gives them back. */
import type { Role } from '@convenant/consent';
import { clientIntroducedV1, partSchema } from '@convenant/contracts';
import {
  introductions,
  received,
  receivedEvents,
  receivedRefusals,
  receivedStream,
  registeredConsents,
} from '@convenant/exchange';
import {
  defineCommand,
  defineQuery,
  hostRefusals,
  type AnyCommand,
  type AnyQuery,
  type CommandContext,
  type SystemContext,
} from '@convenant/host';
import { fold } from '@convenant/kernel';
import {
  clientRecordEvents,
  clientStream,
  clientsByName,
  isLikelyTheSamePerson,
  nameForMatching,
} from '@convenant/shared-domain';
import { z } from 'zod';
import type { SharedOptions } from './shared-options.js';
import { tellHerWhoLooked } from './tell-who-looked.js';

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

/** The introduction, while it waits and a consent names this role for who she is; to anybody else there is none. */
async function waiting(partner: string, pseudonym: string, role: Role, context: SystemContext) {
  const state = fold(received, await context.history(receivedEvents, receivedStream(partner, pseudonym)));
  const names = registeredConsents(state, context.at).some(
    ({ closed, roles, categories }) => closed === false && roles.includes(role) && categories.includes('K1'),
  );
  return names && state.link.at === 'introduced' ? state.link : undefined;
}

/** Whom the partner introduced; `undefined` when that was linked, given back or closed in the meantime. */
async function introduced(
  partner: string,
  pseudonym: string,
  role: Role,
  context: SystemContext,
): Promise<Person | undefined> {
  const link = await waiting(partner, pseudonym, role, context);
  if (!link) return undefined;
  const opened = await context.ports.scopeKeys.open<Person>(link.part.keyId, link.part.sealedText, { use: 'matching' });
  if (typeof opened === 'string') return undefined;
  return partSchema(clientIntroducedV1, 'K1').safeParse(opened.value).success ? opened.value : undefined;
}

/** Each sees those that a consent lets her own role know of: having a work list does not widen what the client agreed to. */
export const introductionsToLink = ({ staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'introductionsToLink',
    args: z.strictObject({}),
    by: staff,
    about: 'list',
    purpose: 'support',
    access: { event: 'list', action: 'R', activity: 'reading-received' },
    async answer(_args, context) {
      const rows = await context.views.find(introductions, 'state', 'introduced', { limit: 200 });
      const lines = await Promise.all(
        rows.map(async ({ row: { partner, pseudonym, receivedAt } }) => {
          const person = await introduced(partner, pseudonym, context.session.role, context);
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
  'does-not-match': {
    nl: 'Deze cliënt lijkt niet genoeg op wie er is aangekondigd. Gelijk moeten zijn: de geboortedatum, en de achternaam of de voorletters.',
    en: 'This client is not enough like the one who was introduced. What must agree: the date of birth, and the family name or the initials.',
  },
  'pseudonym-exists': {
    nl: 'Deze cliënt is al aan een andere introductie van deze organisatie gekoppeld.',
    en: 'This client is linked to another introduction by this organisation already.',
  },
} as const;

/**
 * Never without comparing: to a client with exactly that name, or to one whom the person works with and on whom the two records agree
 * well enough. Otherwise a partner's facts would open on the page of whomever somebody chose.
 */
export const linkIntroduction = ({ staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'linkIntroduction',
    input: z.strictObject({ requestId: z.uuid(), partner: z.string(), pseudonym: z.string(), clientId: z.string() }),
    by: staff,
    about: 'client',
    relation: 'none',
    access: { event: 'enter', action: 'U', activity: 'reading-received' },
    refusals,
    async handle({ partner, pseudonym, clientId }, context) {
      const { client, meta, relation, session } = context;
      const worksWithHer = relation !== undefined && relation.kind !== 'supervisor';
      await context.upToDate();
      if (!(await isLinkedTo(partner, pseudonym, clientId, context))) {
        const person = await introduced(partner, pseudonym, session.role, context);
        const isCandidate = person !== undefined && (await clientsNamed(person, context)).includes(client);
        if (!isCandidate && !worksWithHer) return { refused: 'nobody-found' };
        if (person && !isCandidate && !(await agreesWith(person, context))) return { refused: 'does-not-match' };
        if (!person && !(await isLinked(partner, pseudonym, context))) return { refused: 'nothing-to-link' };
      }
      const { refused } = await context.inbox.answerIntroduction(
        partner,
        pseudonym,
        { link: client },
        meta.cause,
        meta.actor,
      );
      if (refused !== undefined) return { refused };
      await tellHerWhoLooked(partner, pseudonym, context);
      return { done: { id: client } };
    },
  });

async function agreesWith(person: Person, { client, ports, history }: CommandContext): Promise<boolean> {
  const own = (await history(clientRecordEvents, clientStream(client))).at(-1);
  if (!own) return false;
  const [initials, familyName, dateOfBirth] = await Promise.all(
    [own.initials, own.familyName, own.dateOfBirth].map(async (field) => {
      const opened = await ports.sealer.open(field);
      return typeof opened === 'string' ? '' : opened.value;
    }),
  );
  return isLikelyTheSamePerson(person, {
    initials: initials ?? '',
    familyName: familyName ?? '',
    dateOfBirth: dateOfBirth ?? '',
  });
}

const linkOf = async (partner: string, pseudonym: string, context: SystemContext) =>
  fold(received, await context.history(receivedEvents, receivedStream(partner, pseudonym))).link;
/** To somebody: the inbox then says that it belongs to another client. */
const isLinked = async (partner: string, pseudonym: string, context: SystemContext): Promise<boolean> =>
  (await linkOf(partner, pseudonym, context)).at === 'linked';

/** A repeated request finds it linked, and is told so. */
const isLinkedTo = async (
  partner: string,
  pseudonym: string,
  clientId: string,
  context: SystemContext,
): Promise<boolean> => {
  const link = await linkOf(partner, pseudonym, context);
  return link.at === 'linked' && link.clientId === clientId;
};

export const notOurClient = ({ staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'notOurClient',
    input: z.strictObject({ requestId: z.uuid(), partner: z.string(), pseudonym: z.string() }),
    by: staff,
    about: 'organisation',
    access: { event: 'delete', action: 'D', activity: 'reading-received' },
    refusals,
    async handle({ partner, pseudonym }, context) {
      const { meta, session } = context;
      const { at } = await linkOf(partner, pseudonym, context);
      if (at === 'introduced' && !(await waiting(partner, pseudonym, session.role, context)))
        return { refused: 'nothing-to-link' };
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
