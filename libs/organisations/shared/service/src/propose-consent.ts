/** The consent conversation (U03): staff put a question to the client, and she answers it herself, on paper or aloud. */
import {
  ConsentGiven,
  consentCategories,
  consentTextVersion,
  disclosure,
  disclosureEvents,
  disclosureRefusals,
  disclosureStream,
  purposes,
  type Role,
} from '@convenant/consent';
import { defineCommand, type AnyCommand } from '@convenant/host';
import { sealFields } from '@convenant/shared-domain';
import { z } from 'zod';
import { answered, spokenBy } from './carried-out.js';
import { herself, type SharedOptions } from './shared-options.js';

export const categoriesInput = z.array(z.enum(consentCategories)).min(1);
export const recipientInput = {
  recipient: z.string().max(100),
  roles: z.array(z.string()).min(1),
  purpose: z.enum(purposes),
};

export const partnerRefusals = {
  'unknown-organisation': {
    nl: 'Deze organisatie doet niet mee. Kies een organisatie uit de lijst.',
    en: 'This organisation does not take part. Choose one from the list.',
  },
} as const;

export const proposeConsent = ({ kind, proposeBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'proposeConsent',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      ...recipientInput,
      categories: categoriesInput,
      dataFrom: z.iso.date().optional(),
      validMonths: z.int().default(12),
      askId: z.string().optional(),
      questionId: z.string().optional(),
    }),
    by: proposeBy,
    about: 'client',
    access: { event: 'create', action: 'C', activity: 'consent-keeping' },
    refusals: { ...disclosureRefusals, ...partnerRefusals },
    async handle({ requestId, clientId, questionId, dataFrom, askId, ...scope }, context) {
      const partner = context.ports.partners.find(scope.recipient);
      if (!partner) return { refused: 'unknown-organisation' };
      const consentId = context.ports.ids.derive('consent', context.session.person, requestId);
      const proposed = await context.run(disclosureEvents, disclosure, disclosureStream(clientId), {
        type: 'Propose',
        consentId,
        source: kind,
        recipientKind: partner.kind,
        ...scope,
        dataFrom,
        askId,
        singleUseFor: questionId,
        informationVersion: consentTextVersion,
        at: context.at,
      });
      return answered(proposed, consentId);
    },
  });

const answerRefusals = {
  'answer-is-hers': {
    nl: 'Een ja op het scherm geeft de cliënt zelf. Leg vast dat zij het op papier deed, of hardop met een getuige.',
    en: 'A yes on the screen is given by the client herself. Record that she gave it on paper, or aloud before a witness.',
  },
  'categories-missing': {
    nl: 'Zet bij een ja minstens één schakelaar aan.',
    en: 'A yes switches on at least one category.',
  },
  'ask-again-missing': { nl: 'Kies een dag om het opnieuw te vragen.', en: 'Choose a day to ask again.' },
} as const;

export const answerConsent = ({ proposeBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'answerConsent',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string().optional(),
      consentId: z.string(),
      answer: z.enum(['yes', 'no', 'not-today']),
      categories: z.array(z.enum(consentCategories)).default([]),
      askAgainOn: z.iso.date().optional(),
      ownWords: z.string().trim().min(1).max(2000).optional(),
      method: z.enum(['digital', 'paper', 'spoken-with-witness']).default('digital'),
      language: z.string().min(2).max(20).default('nl'),
    }),
    by: [...herself, ...proposeBy] as Role[],
    about: 'client',
    access: { event: 'enter', action: 'C', activity: 'consent-keeping' },
    refusals: { ...disclosureRefusals, ...answerRefusals },
    async handle({ consentId, answer, categories, askAgainOn, ownWords, method, language }, context) {
      const { client, at, session, ports } = context;
      const { by, basis } = await spokenBy(context);
      const run = async (command: Parameters<typeof disclosure.decide>[0]) =>
        answered(await context.run(disclosureEvents, disclosure, disclosureStream(client), command), consentId);
      if (answer === 'no') return run({ type: 'Answer', answer, consentId, by, at });
      if (answer === 'not-today')
        return askAgainOn === undefined
          ? { refused: 'ask-again-missing' }
          : run({ type: 'Answer', answer, consentId, askAgainOn, by, at });
      if (categories.length === 0) return { refused: 'categories-missing' };
      if (!herself.includes(session.role) && method === 'digital') return { refused: 'answer-is-hers' };
      const sealed = await sealFields(ports.sealer, client, ConsentGiven, { ownWords });
      return run({ type: 'Answer', answer, consentId, categories, method, language, basis, ...sealed, by, at });
    },
  });
