/** A client's consents, objections and open questions, read from the stream that decides about them and never from something that lags. */
import {
  consentQuestion,
  disclosure,
  disclosureEvents,
  disclosureStream,
  type Closing,
  type ConsentCategory,
  type ConsentRecord,
  type DisclosureEvent,
  type DisclosureState,
  type Purpose,
  type Role,
  type StaffRole,
} from '@convenant/consent';
import {
  defineQuery,
  type AnyQuery,
  type CommandContext,
  type QueryContext,
  type SystemContext,
} from '@convenant/host';
import { compareDates, dayOf, fold } from '@convenant/kernel';
import { z } from 'zod';
import { answeredInWords, categoriesInWords, closingInWords, organisationName, stateInWords } from './in-words.js';
import { herself, type SharedOptions } from './shared-options.js';

const access = { event: 'read', action: 'R', activity: 'consent-keeping' } as const;

/** That a doctor asks something is medical in itself: for whoever does not treat or judge her, it does not exist. */
const medicalRoles: readonly Role[] = ['clinician', 'insurancePhysician', 'medicalAdviser', ...herself];
const isMedical = (about: { readonly purpose?: Purpose; readonly categories?: readonly ConsentCategory[] }): boolean =>
  about.purpose === 'medical-question' || about.categories?.includes('K5') === true;
export const mayKnow = (
  { session }: { readonly session: { readonly role: Role } },
  about: Parameters<typeof isMedical>[0],
): boolean => medicalRoles.includes(session.role) || !isMedical(about);

/** Whether this consent exists for this person. One that nobody knows of is for the rules to refuse. */
export async function isShown(consentId: string, context: CommandContext): Promise<boolean> {
  const { consents } = fold(disclosure, await context.history(disclosureEvents, disclosureStream(context.client)));
  const consent = Object.hasOwn(consents, consentId) ? consents[consentId] : undefined;
  return consent === undefined || mayKnow(context, { purpose: consent.purpose, categories: consent.offered });
}

async function overview(context: QueryContext) {
  const history = await context.history(disclosureEvents, disclosureStream(context.client));
  const state = fold(disclosure, history);
  const shown = Object.values(state.consents).filter(({ purpose, offered: categories }) =>
    mayKnow(context, { purpose, categories }),
  );
  const asks = Object.entries(state.asks).filter(([, ask]) => mayKnow(context, ask));
  return {
    consents: await Promise.all(shown.map((consent) => consentLine(consent, history, context))),
    objections: objectionLines(state, context),
    asks: asks.map(([askId, { recipient, roles, purpose, categories, at, consentId }]) => ({
      askId,
      recipient,
      roles,
      purpose,
      categories: categoriesInWords(categories),
      askedAt: at,
      consentId,
    })),
  };
}

export const myConsents: AnyQuery = defineQuery({
  name: 'myConsents',
  args: z.strictObject({}),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { ...access, activity: 'client-access' },
  answer: (_args, context) => overview(context),
});

export const consents = ({ staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'consents',
    args: z.strictObject({ clientId: z.string() }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access,
    answer: (_args, context) => overview(context),
  });

/** Neither a refusal nor *not today* is brought up again before its day. */
export const openQuestions = ({ proposeBy }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'openQuestions',
    args: z.strictObject({ clientId: z.string().optional() }),
    by: [...herself, ...proposeBy] as Role[],
    about: 'client',
    purpose: 'support',
    access,
    async answer(_args, context) {
      const state = fold(disclosure, await context.history(disclosureEvents, disclosureStream(context.client)));
      const today = dayOf(context.at);
      const isDue = ({ state: standing, askAgainOn }: ConsentRecord) =>
        standing === 'proposed' ||
        (standing === 'not-today' && askAgainOn !== undefined && compareDates(askAgainOn, today) <= 0);
      return Object.values(state.consents)
        .filter(
          (consent) => isDue(consent) && mayKnow(context, { purpose: consent.purpose, categories: consent.offered }),
        )
        .map((consent) => {
          const { consentId, recipient, roles, purpose, offered, validMonths, dataFrom, askId } = consent;
          const switches = categoriesInWords(offered);
          const asked = { recipient, roles, purpose, validMonths, dataFrom, askedByRecipient: askId !== undefined };
          return { consentId, ...questionIn(consent, context), ...asked, switches };
        });
    },
  });

const questionIn = ({ recipient, roles, purpose, offered }: ConsentRecord, { organisation }: SystemContext) => {
  const { question, protection } = consentQuestion({
    discloserNl: organisationName(organisation.id),
    recipientNl: organisationName(recipient),
    roles: roles as readonly StaffRole[],
    // The decider lets nothing be proposed for a claim assessment.
    purpose: purpose as Exclude<Purpose, 'claim-assessment'>,
    categories: offered,
  });
  return { question, limits: protection };
};

async function consentLine(consent: ConsentRecord, history: readonly DisclosureEvent[], context: QueryContext) {
  const { consentId, version, state, recipient, recipientKind, roles, purpose, offered, categories, closings } =
    consent;
  const given = history.findLast((event) => event.type === 'ConsentGiven' && event.consentId === consentId);
  const ownWords = given?.type === 'ConsentGiven' ? given.ownWords : undefined;
  const answer = history.findLast((event) => isAnswer(event) && event.consentId === consentId);
  const { method, recordedByRole, evidence } = answer && isAnswer(answer) ? answer : {};
  // An answer that nobody wrote down for her was given on the screen.
  const how = method ?? (answer && 'digital');
  return {
    consentId,
    version,
    state,
    stateInWords: stateInWords[state],
    ...questionIn(consent, context),
    recipient,
    recipientKind,
    roles,
    purpose,
    offered: categoriesInWords(offered),
    granted: categoriesInWords(categories),
    dataFrom: consent.dataFrom,
    givenAt: consent.givenAt,
    until: consent.until,
    askAgainOn: consent.askAgainOn,
    pausedUntil: consent.pausedUntil,
    askId: consent.askId,
    questionId: consent.singleUseFor,
    ownWords: await context.reader.open('K9a', ownWords),
    method: how,
    recordedByRole,
    answeredInWords: how && answeredInWords(how, recordedByRole),
    evidence: await context.reader.open('K9a', evidence),
    closings: closings.map((closing) => closingLine(recipient, consentId, closing, history)),
  };
}

type AnswerEvent = Extract<DisclosureEvent, { type: 'ConsentGiven' | 'ConsentRefused' | 'ConsentPutOff' }>;
const isAnswer = (event: DisclosureEvent): event is AnswerEvent =>
  event.type === 'ConsentGiven' || event.type === 'ConsentRefused' || event.type === 'ConsentPutOff';

/** `asked`: when she stopped it. `closedAt`: when the partner says that it closed, with the signed message in which it says so. */
function closingLine(partner: string, consentId: string, closing: Closing, history: readonly DisclosureEvent[]) {
  const { how, categories, closedAt: asked, acknowledgedAt: closedAt } = closing;
  const proof = history.find(
    (event) => event.type === 'ClosingAcknowledged' && event.consentId === consentId && event.closedAt === closedAt,
  );
  return {
    partner,
    how,
    categories,
    asked,
    closedAt,
    outstanding: closedAt === undefined,
    inWords: closingInWords(partner, closedAt),
    proof: proof?.type === 'ClosingAcknowledged' ? proof.proof : undefined,
  };
}

const objectionLines = ({ objections }: DisclosureState, context: QueryContext) =>
  Object.entries(objections)
    .filter(([, objection]) => mayKnow(context, objection))
    .map(([objectionId, { at, ...objection }]) => ({ objectionId, ...objection, madeAt: at }));
