/** What is told by telephone, at a table or on paper: the same decision is asked before, and it is recorded after (U08). */
import {
  consentCategories,
  decideDisclosure,
  disclosure,
  disclosureEvents,
  disclosureRefusals,
  disclosureStream,
  purposes,
  type ConsentCategory,
  type Purpose,
  type SharingVerdict,
} from '@convenant/consent';
import { defineCommand, defineQuery, type AnyCommand, type AnyQuery, type SystemContext } from '@convenant/host';
import { dayOf, fold, type Category, type Sentence } from '@convenant/kernel';
import { z } from 'zod';
import { categoriesInWords, categoryInWords, describeWithheld } from './in-words.js';
import { categoriesInput, partnerRefusals, recipientInput } from './propose-consent.js';
import { mayKnow } from './read-consents.js';
import type { SharedOptions } from './shared-options.js';

interface Question {
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly categories: readonly ConsentCategory[];
  readonly dataFrom?: string | undefined;
}
/** `undefined` for an organisation that does not take part. */
async function askFirst(
  clientId: string,
  question: Question,
  context: SystemContext,
): Promise<SharingVerdict | undefined> {
  const { organisation, policy, ports, at } = context;
  const partner = ports.partners.find(question.recipient);
  if (!partner) return undefined;
  const state = fold(disclosure, await context.history(disclosureEvents, disclosureStream(clientId)));
  return decideDisclosure(
    {
      source: organisation.kind,
      sourceOrganisation: organisation.id,
      recipient: partner.id,
      recipientKind: partner.kind,
      purpose: question.purpose,
      contract: 'told-outside',
      fields: Object.fromEntries(question.categories.map((category) => [category, category])),
      // Unless it is said how old it is, what somebody tells aloud is what she knows today.
      dataFrom: question.dataFrom ?? dayOf(at),
      now: at,
    },
    state,
    policy,
  );
}

export const recordToldOutside = ({ staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'recordToldOutside',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      medium: z.enum(['spoken', 'paper']),
      ...recipientInput,
      categories: categoriesInput,
      dataFrom: z.iso.date().optional(),
    }),
    by: staff,
    about: 'client',
    access: { event: 'transfer', action: 'E', activity: 'disclosing' },
    refusals: { ...disclosureRefusals, ...partnerRefusals },
    async handle({ requestId, clientId, medium, dataFrom, ...told }, context) {
      const { at, ports, session } = context;
      const verdict = await askFirst(clientId, { ...told, dataFrom }, context);
      const partner = ports.partners.find(told.recipient);
      if (!verdict || !partner) return { refused: 'unknown-organisation' };
      const toldId = ports.ids.derive('told', session.person, requestId);
      const command = {
        type: 'TellOutside',
        toldId,
        medium,
        recipientKind: partner.kind,
        ...told,
        verdict,
        at,
      } as const;
      const ran = await context.run(disclosureEvents, disclosure, disclosureStream(clientId), command);
      if ('refused' in ran) return ran;
      const covered = ran.accepted.some((event) => event.type === 'ToldOutsideTheSystem' && event.covered);
      return { done: { id: toldId, covered } };
    },
  });

export const mayITell = ({ staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'mayITell',
    args: z.strictObject({
      clientId: z.string(),
      recipient: z.string().max(100),
      purpose: z.enum(purposes),
      categories: z.array(z.enum(consentCategories)).min(1),
      dataFrom: z.iso.date().optional(),
    }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: 'disclosing' },
    async answer({ clientId, ...question }, context) {
      // Whether there is anything medical to tell is not for everybody to find out.
      const verdict = (mayKnow(context, question) ? await askFirst(clientId, question, context) : undefined) ?? {
        denied: [{ reason: 'no-row' as const, categories: question.categories as readonly Category[] }],
      };
      const permit = 'permit' in verdict ? verdict.permit : undefined;
      const withheld = 'permit' in verdict ? verdict.permit.withheld : verdict.denied;
      return {
        mayTell: permit !== undefined && withheld.length === 0,
        categories: categoriesInWords(permit?.categories ?? []),
        until: permit?.until,
        inWords: permit ? youMayTell(permit.categories) : nothing,
        not: withheld.flatMap(({ reason, categories }) =>
          categories.map((category) => ({ category: categoryInWords(category), reason: describeWithheld(reason) })),
        ),
      };
    },
  });

const nothing: Sentence = { nl: 'U mag hier nu niets van vertellen.', en: 'You may tell none of this now.' };
const youMayTell = (categories: readonly Category[]): Sentence => {
  const words = categoriesInWords(categories);
  return {
    nl: `U mag vertellen: ${words.map(({ nl }) => nl).join('; ')}.`,
    en: `You may tell: ${words.map(({ en }) => en).join('; ')}.`,
  };
};
