/** The consent conversation (U03): staff put a question to the client, and she answers it herself, on paper or aloud. */
import {
  ConsentGiven,
  answerMethods,
  consentCategories,
  consentTextVersion,
  disclosure,
  disclosureEvents,
  disclosureRefusals,
  disclosureStream,
  purposes,
  staffRoles,
  type Role,
  type StaffRole,
} from '@convenant/consent';
import { defineCommand, type AnyCommand } from '@convenant/host';
import { sealFields } from '@convenant/shared-domain';
import { z } from 'zod';
import { answered, spokenBy } from './carried-out.js';
import { isShown } from './read-consents.js';
import { herself, type SharedOptions } from './shared-options.js';

export const categoriesInput = z.array(z.enum(consentCategories)).min(1);
export const recipientInput = {
  recipient: z.string().max(100),
  roles: z.array(z.enum(staffRoles)).min(1),
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
      askId: z.uuid().optional(),
      questionId: z.uuid().optional(),
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
    nl: 'Op het scherm antwoordt de cliënt zelf. Leg vast dat zij het op papier deed, of hardop met een getuige.',
    en: 'On the screen the client answers herself. Record that she did so on paper, or aloud before a witness.',
  },
  'recorded-by-staff': {
    nl: 'Een antwoord op papier of hardop legt een medewerker vast.',
    en: 'An answer on paper or aloud is recorded by a member of staff.',
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
      method: z.enum(answerMethods).default('digital'),
      /** From staff: where the paper is, or who was there when she said it. */
      evidence: z.string().trim().min(1).max(300).optional(),
      language: z
        .string()
        .regex(/^[a-z]{2,3}(-[A-Za-z]{2,8})?$/)
        .default('nl'),
    }),
    by: [...herself, ...proposeBy] as Role[],
    about: 'client',
    access: { event: 'enter', action: 'C', activity: 'consent-keeping' },
    refusals: { ...disclosureRefusals, ...answerRefusals },
    async handle({ consentId, answer, categories, askAgainOn, ownWords, method, evidence, language }, context) {
      const { client, at, session, ports } = context;
      const isHers = herself.includes(session.role);
      if (isHers && (method !== 'digital' || evidence !== undefined)) return { refused: 'recorded-by-staff' };
      if (!isHers && method === 'digital') return { refused: 'answer-is-hers' };
      if (!isHers && !(await isShown(consentId, context))) return { refused: 'unknown-consent' };
      const { by, basis } = await spokenBy(context);
      const sealed = await sealFields(ports.sealer, client, ConsentGiven, { ownWords, evidence });
      const told = { consentId, by, at };
      const how = isHers
        ? {}
        : {
            method,
            evidence: sealed.evidence,
            recordedBy: { person: session.person, role: session.role as StaffRole },
          };
      const run = async (command: Parameters<typeof disclosure.decide>[0]) =>
        answered(await context.run(disclosureEvents, disclosure, disclosureStream(client), command), consentId);
      if (answer === 'no') return run({ type: 'Answer', answer, ...told, ...how });
      if (answer === 'not-today')
        return askAgainOn === undefined
          ? { refused: 'ask-again-missing' }
          : run({ type: 'Answer', answer, askAgainOn, ...told, ...how });
      if (categories.length === 0) return { refused: 'categories-missing' };
      return run({
        type: 'Answer',
        answer,
        ...told,
        categories,
        method,
        language,
        basis,
        ownWords: sealed.ownWords,
        ...how,
      });
    },
  });
