/** A physician's targeted question to the treating side (U11), seen from the one who asks: asked, answered, or closed at its term. */
import {
  accept,
  addWorkingDays,
  compareDates,
  dayOf,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
  type Sentence,
} from '@convenant/kernel';
import { happened, type CommandFor } from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();
const questionId = z.string();

/** What may be asked: facts. None of them asks the treating side for a judgement about work. */
export const questionCodes = [
  'treatment-and-course',
  'complaints-observed',
  'agreements-made',
  'expected-course',
  'factual-period',
] as const;
export type QuestionCode = (typeof questionCodes)[number];
export const questionSentences: Record<QuestionCode, Sentence> = {
  'treatment-and-course': {
    nl: 'Welke behandeling krijgt uw cliënt en hoe verloopt die?',
    en: 'What treatment does your client get and how does it go?',
  },
  'complaints-observed': {
    nl: 'Welke klachten hebt u zelf waargenomen?',
    en: 'Which complaints did you see yourself?',
  },
  'agreements-made': {
    nl: 'Welke afspraken hebt u met uw cliënt gemaakt?',
    en: 'What did you agree with your client?',
  },
  'expected-course': {
    nl: 'Welk beloop verwacht u als behandelaar?',
    en: 'What course do you expect as the treating clinician?',
  },
  'factual-period': {
    nl: 'Van wanneer tot wanneer was uw cliënt in behandeling?',
    en: 'From when until when was your client in treatment?',
  },
};
const questionsAtMost = 5;
const termInWorkingDays = 10;

export const MedicalQuestionAsked = defineEvent('MedicalQuestionAsked', {
  version: 2,
  clear: {
    questionId,
    clientId: z.string(),
    partner: z.string(),
    pseudonym: z.string(),
    /** How many things are asked; which ones would tell what she is asked about. */
    codeCount: z.number().int(),
    by: z.string(),
    role: z.string(),
    askedOn: date,
    expectedBy: date,
    /** The answered question that this one follows up. */
    follows: z.string().optional(),
    at: instant,
  },
  /** The whole text as the treating side reads it, and which questions of the list are in it. */
  sealed: { question: sealed<string>('K5'), codes: sealedOptional<readonly QuestionCode[]>('K5') },
  /** The first version had the codes in clear: they are left behind, and the text has them in words. */
  upcast: { 1: ({ codes, ...rest }) => ({ ...rest, codeCount: (codes as readonly unknown[]).length }) },
});
/** The answer itself stays where it was received, under its scope key. */
export const MedicalAnswerReceived = defineEvent('MedicalAnswerReceived', {
  clear: { questionId, messageId: z.string(), at: instant },
});
/** Looks the same whether permission was refused, withdrawn, the clinician declined or nobody replied; comes at the term and not earlier. */
export const QuestionClosedWithoutAnswer = defineEvent('QuestionClosedWithoutAnswer', {
  clear: { questionId, at: instant },
});
export const FollowUpAsked = defineEvent('FollowUpAsked', {
  clear: { questionId, followUpId: z.string(), at: instant },
});
export const medicalQuestionEvents = defineEvents(
  MedicalQuestionAsked,
  MedicalAnswerReceived,
  QuestionClosedWithoutAnswer,
  FollowUpAsked,
);
export type MedicalQuestionEvent = CatalogueEvent<typeof medicalQuestionEvents>;
export const medicalQuestionStream = (id: string): string => `medical-question-${id}`;

type Within<Type extends string, Event> = Omit<CommandFor<Type, Event>, 'questionId'>;
export type MedicalQuestionCommand =
  | Omit<CommandFor<'AskMedicalQuestion', EventOf<typeof MedicalQuestionAsked>>, 'askedOn' | 'expectedBy'>
  | Within<'ReceiveMedicalAnswer', EventOf<typeof MedicalAnswerReceived>>
  | Within<'CloseWithoutAnswer', EventOf<typeof QuestionClosedWithoutAnswer>>
  | Within<'AskFollowUp', EventOf<typeof FollowUpAsked>>;
export type MedicalQuestionRefusal =
  | 'question-already-asked'
  | 'question-unknown'
  | 'no-question'
  | 'too-many-questions'
  | 'asks-about-fitness'
  | 'term-not-passed'
  | 'already-answered'
  | 'not-answered'
  | 'follow-up-already-asked';
export const medicalQuestionRefusals = {
  'question-already-asked': {
    nl: 'Onder dit nummer is al een andere vraag gesteld.',
    en: 'Another question was asked under this id.',
  },
  'question-unknown': { nl: 'Deze vraag is niet bekend.', en: 'This question is not known.' },
  'no-question': { nl: 'Kies ten minste één vraag.', en: 'Choose at least one question.' },
  'too-many-questions': { nl: 'U kunt ten hoogste vijf vragen stellen.', en: 'You can ask five questions at most.' },
  'asks-about-fitness': {
    nl: 'Een behandelaar oordeelt niet of iemand geschikt is voor werk. Vraag naar feiten, of bevestig dat u dat doet.',
    en: 'A treating clinician does not judge whether somebody is fit for work. Ask for facts, or confirm that you do.',
  },
  'term-not-passed': {
    nl: 'De termijn voor het antwoord is nog niet voorbij.',
    en: 'The term for the answer has not passed yet.',
  },
  'already-answered': { nl: 'Deze vraag is beantwoord.', en: 'This question was answered.' },
  'not-answered': { nl: 'Op deze vraag is nog geen antwoord gekomen.', en: 'No answer to this question has come yet.' },
  'follow-up-already-asked': {
    nl: 'U hebt bij dit antwoord al één vervolgvraag gesteld.',
    en: 'You have asked one follow-up question about this answer already.',
  },
} as const satisfies Refusals<MedicalQuestionRefusal>;

export interface AskedQuestion {
  readonly status: 'none' | 'asked' | 'answered' | 'closed';
  readonly questionId: string;
  readonly clientId: string;
  readonly expectedBy: string;
  readonly messages: readonly string[];
  readonly followUpId?: string;
}

export const medicalQuestion: Decider<
  MedicalQuestionCommand,
  MedicalQuestionEvent,
  AskedQuestion,
  MedicalQuestionRefusal
> = {
  initial: { status: 'none', questionId: '', clientId: '', expectedBy: '', messages: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'MedicalQuestionAsked': {
        const { questionId, clientId, expectedBy } = event;
        return { status: 'asked', questionId, clientId, expectedBy, messages: [] };
      }
      case 'MedicalAnswerReceived':
        return { ...state, status: 'answered', messages: [...state.messages, event.messageId] };
      case 'QuestionClosedWithoutAnswer':
        return { ...state, status: 'closed' };
      case 'FollowUpAsked':
        return { ...state, followUpId: event.followUpId };
    }
  },
  decide(command, state) {
    const { status, questionId } = state;
    if (command.type === 'AskMedicalQuestion') {
      if (status !== 'none') return state.clientId === command.clientId ? accept() : refuse('question-already-asked');
      if (command.codeCount === 0) return refuse('no-question');
      if (command.codeCount > questionsAtMost) return refuse('too-many-questions');
      const askedOn = dayOf(command.at);
      const expectedBy = addWorkingDays(askedOn, termInWorkingDays);
      return accept({ ...happened('MedicalQuestionAsked', command), askedOn, expectedBy });
    }
    if (status === 'none') return refuse('question-unknown');
    switch (command.type) {
      case 'ReceiveMedicalAnswer':
        // Also after the closing: the client agreed to it until it was sent.
        if (state.messages.includes(command.messageId)) return accept();
        return accept({ ...happened('MedicalAnswerReceived', command), questionId });
      case 'CloseWithoutAnswer':
        if (status === 'closed') return accept();
        if (status === 'answered') return refuse('already-answered');
        if (compareDates(dayOf(command.at), state.expectedBy) <= 0) return refuse('term-not-passed');
        return accept({ ...happened('QuestionClosedWithoutAnswer', command), questionId });
      case 'AskFollowUp':
        if (state.followUpId === command.followUpId) return accept();
        if (status !== 'answered') return refuse('not-answered');
        if (state.followUpId !== undefined) return refuse('follow-up-already-asked');
        return accept({ ...happened('FollowUpAsked', command), questionId });
    }
  },
};

const fitnessWords =
  /geschikt|arbeids(on)?geschikt|inzetbaar|belastbaar|kan .*werken|\bfit\b|unfit|able to work|capable of work/i;
/** True for free text that asks for a judgement about work, which is the physician's own to make. A warning: it misses words. */
export const asksAboutFitness = (text: string): boolean => fitnessWords.test(text);

/** What a physician enters; the messages are refusal codes. */
export const medicalQuestionInput = z
  .strictObject({
    codes: z.array(z.enum(questionCodes)).min(1, 'no-question').max(questionsAtMost, 'too-many-questions'),
    explanation: z.string().trim().max(1000).optional(),
    /** She has read the warning about fitness and says that she asks for facts. */
    confirmedAsksForFacts: z.boolean().default(false),
  })
  .refine(({ codes }) => new Set(codes).size === codes.length, 'too-many-questions')
  .refine(
    ({ explanation, confirmedAsksForFacts }) => confirmedAsksForFacts || !asksAboutFitness(explanation ?? ''),
    'asks-about-fitness',
  );

/** The text that is sealed and sent: the chosen questions in words, and the explanation below them. */
export const questionText = (
  { codes, explanation }: { readonly codes: readonly QuestionCode[]; readonly explanation?: string | undefined },
  language: keyof Sentence = 'nl',
): string =>
  [...codes.map((code) => questionSentences[code][language]), ...(explanation ? [explanation] : [])].join('\n');
