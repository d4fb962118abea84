/** A physician's question at the treating side (U11): drafted by a clinician, read by the client, and only then released. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { happened, type CommandFor } from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();
const ids = { questionId: z.string(), clientId: z.string() };
const draft = { ...ids, draftId: z.string() };
export interface AnsweredQuestion {
  readonly question: string;
  readonly answer: string;
}

export const MedicalQuestionReceived = defineEvent('MedicalQuestionReceived', {
  clear: {
    ...ids,
    /** The organisation that asks, and the role there that will read the answer. */
    from: z.string(),
    role: z.string(),
    askedOn: date,
    expectedBy: date,
    follows: z.string().optional(),
    /** The client's permission for this one answer, still to be given; it ends with the answer. */
    consentId: z.string(),
    at: instant,
  },
  sealed: { question: sealed<string>('K5') },
});
export const AnswerDrafted = defineEvent('AnswerDrafted', {
  clear: { ...draft, by: z.string(), at: instant },
  sealed: { answers: sealed<readonly AnsweredQuestion[]>('K5') },
});
export const AnswerOfferedToClient = defineEvent('AnswerOfferedToClient', {
  clear: { ...draft, by: z.string(), at: instant },
});
export const AnswerReadByClient = defineEvent('AnswerReadByClient', {
  clear: { ...draft, by: z.enum(['client', 'representative']), at: instant },
});
export const AnswerReleased = defineEvent('AnswerReleased', {
  clear: { ...draft, by: z.string(), on: date, consentId: z.string(), at: instant },
});
/** Nothing is told about it: for the asker the term runs out, as it does for any other question without an answer. */
export const QuestionDeclined = defineEvent('QuestionDeclined', { clear: { ...ids, by: z.string(), at: instant } });
export const medicalQuestionEvents = defineEvents(
  MedicalQuestionReceived,
  AnswerDrafted,
  AnswerOfferedToClient,
  AnswerReadByClient,
  AnswerReleased,
  QuestionDeclined,
);
export type MedicalQuestionEvent = CatalogueEvent<typeof medicalQuestionEvents>;
export const medicalQuestionStream = (questionId: string): string => `medical-question-${questionId}`;

/** The ids of a received question come from its stream. */
type Within<Type extends string, Event> = Omit<CommandFor<Type, Event>, 'questionId' | 'clientId' | 'consentId'>;
export type MedicalQuestionCommand =
  | CommandFor<'ReceiveMedicalQuestion', EventOf<typeof MedicalQuestionReceived>>
  | Within<'DraftAnswer', EventOf<typeof AnswerDrafted>>
  | Within<'OfferAnswerToClient', EventOf<typeof AnswerOfferedToClient>>
  | Within<'ReadAnswer', EventOf<typeof AnswerReadByClient>>
  | Within<'ReleaseAnswer', EventOf<typeof AnswerReleased>>
  | Within<'DeclineQuestion', EventOf<typeof QuestionDeclined>>;
export type MedicalQuestionRefusal =
  | 'question-already-known'
  | 'question-unknown'
  | 'draft-unknown'
  | 'draft-replaced'
  | 'not-offered'
  | 'not-read-by-client'
  | 'already-released'
  | 'question-declined';
export const medicalQuestionRefusals = {
  'question-already-known': {
    nl: 'Onder dit nummer staat al een vraag over een andere cliënt.',
    en: 'A question about another client is known under this id.',
  },
  'question-unknown': { nl: 'Deze vraag is niet bekend.', en: 'This question is not known.' },
  'draft-unknown': { nl: 'Er is nog geen antwoord geschreven.', en: 'No answer was written yet.' },
  'draft-replaced': {
    nl: 'Dit antwoord is intussen gewijzigd. Lees de nieuwe tekst.',
    en: 'This answer was changed meanwhile. Read the new text.',
  },
  'not-offered': {
    nl: 'Dit antwoord is nog niet aan de cliënt voorgelegd.',
    en: 'This answer was not put before the client yet.',
  },
  'not-read-by-client': {
    nl: 'De cliënt heeft dit antwoord nog niet gelezen. Pas daarna mag het weg.',
    en: 'The client has not read this answer yet. It may leave only after that.',
  },
  'already-released': {
    nl: 'Dit antwoord is al vrijgegeven en kan niet meer veranderen.',
    en: 'This answer was released and cannot change any more.',
  },
  'question-declined': {
    nl: 'Deze vraag is niet beantwoord en is gesloten.',
    en: 'This question was not answered and is closed.',
  },
} as const satisfies Refusals<MedicalQuestionRefusal>;

export interface MedicalQuestion {
  readonly status: 'none' | 'received' | 'drafted' | 'offered' | 'read' | 'released' | 'declined';
  readonly questionId: string;
  readonly clientId: string;
  readonly consentId: string;
  readonly draftId?: string;
  readonly drafts: readonly string[];
}

export const medicalQuestion: Decider<
  MedicalQuestionCommand,
  MedicalQuestionEvent,
  MedicalQuestion,
  MedicalQuestionRefusal
> = {
  initial: { status: 'none', questionId: '', clientId: '', consentId: '', drafts: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'MedicalQuestionReceived': {
        const { questionId, clientId, consentId } = event;
        return { status: 'received', questionId, clientId, consentId, drafts: [] };
      }
      case 'AnswerDrafted':
        // Whatever was read before is not what stands here now: the client reads again.
        return { ...state, status: 'drafted', draftId: event.draftId, drafts: [...state.drafts, event.draftId] };
      case 'AnswerOfferedToClient':
        return { ...state, status: 'offered' };
      case 'AnswerReadByClient':
        return { ...state, status: 'read' };
      case 'AnswerReleased':
        return { ...state, status: 'released' };
      case 'QuestionDeclined':
        return { ...state, status: 'declined' };
    }
  },
  decide(command, state) {
    const { status, questionId, clientId, consentId } = state;
    if (command.type === 'ReceiveMedicalQuestion') {
      if (status === 'none') return accept(happened('MedicalQuestionReceived', command));
      return clientId === command.clientId ? accept() : refuse('question-already-known');
    }
    if (status === 'none') return refuse('question-unknown');
    const ids = { questionId, clientId };
    if (command.type === 'DeclineQuestion') {
      if (status === 'declined') return accept();
      return status === 'released'
        ? refuse('already-released')
        : accept({ ...happened('QuestionDeclined', command), ...ids });
    }
    if (status === 'declined') return refuse('question-declined');
    const isCurrent = state.draftId === command.draftId;
    if (command.type === 'DraftAnswer') {
      if (state.drafts.includes(command.draftId)) return isCurrent ? accept() : refuse('draft-replaced');
      return status === 'released'
        ? refuse('already-released')
        : accept({ ...happened('AnswerDrafted', command), ...ids });
    }
    if (!isCurrent) return refuse(state.drafts.includes(command.draftId) ? 'draft-replaced' : 'draft-unknown');
    switch (command.type) {
      case 'OfferAnswerToClient':
        return status === 'drafted' ? accept({ ...happened('AnswerOfferedToClient', command), ...ids }) : accept();
      case 'ReadAnswer':
        if (status === 'drafted') return refuse('not-offered');
        return status === 'offered' ? accept({ ...happened('AnswerReadByClient', command), ...ids }) : accept();
      case 'ReleaseAnswer':
        if (status === 'released') return accept();
        return status === 'read'
          ? accept({ ...happened('AnswerReleased', command), ...ids, consentId })
          : refuse('not-read-by-client');
    }
  },
};

/** What a clinician enters, before sealing. Facts in answer to what was asked, one by one. */
export const answerInput = z.strictObject({
  answers: z
    .array(z.strictObject({ question: z.string().trim().min(1).max(2000), answer: z.string().trim().min(1).max(2000) }))
    .min(1)
    .max(6),
});
