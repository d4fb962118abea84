/** What an insurance physician still has to do: questions that wait for an answer, drafts to conclude, conclusions to look at again. */
import { clearColumn, type View } from '@convenant/kernel';
import type { ConclusionEvent } from './conclusion.js';
import type { MedicalQuestionEvent } from './medical-question.js';

export interface WorkListRow {
  readonly clientId: string;
  readonly what: 'question-waiting' | 'answer-to-read' | 'question-closed' | 'draft-to-conclude' | 'look-again';
  /** The question or the conclusion that it is about. */
  readonly about: string;
  /** The physician who answers for it; a stand-in finds it through the working relation with the client. */
  readonly person: string;
  readonly on: string;
}

const look = (clientId: string): string => `look-again/${clientId}`;
const draft = (conclusionId: string): string => `draft/${conclusionId}`;

/** Earliest day first. Find by `person`, or by `clientId` for the clients somebody works with. */
export const workList: View<MedicalQuestionEvent | ConclusionEvent, WorkListRow> = {
  name: 'work_list',
  version: 1,
  columns: {
    clientId: clearColumn('own'),
    what: clearColumn('K2'),
    about: clearColumn('own'),
    person: clearColumn('own'),
    on: clearColumn('K2'),
  },
  keys(event) {
    switch (event.type) {
      case 'MedicalQuestionAsked':
      case 'MedicalAnswerReceived':
      case 'QuestionClosedWithoutAnswer':
        return [event.questionId];
      case 'ConclusionDrafted':
        return [draft(event.conclusionId)];
      case 'ConclusionShared':
        return [draft(event.conclusionId), look(event.clientId), ...event.basedOn];
      default:
        return [];
    }
  },
  apply(row, event, key) {
    switch (event.type) {
      case 'MedicalQuestionAsked': {
        const { clientId, questionId, by, expectedBy } = event;
        return { clientId, what: 'question-waiting', about: questionId, person: by, on: expectedBy };
      }
      case 'MedicalAnswerReceived':
        return row && { ...row, what: 'answer-to-read' };
      case 'QuestionClosedWithoutAnswer':
        return row && { ...row, what: 'question-closed' };
      case 'ConclusionDrafted': {
        const { clientId, conclusionId, responsible, lookAgainOn } = event;
        return { clientId, what: 'draft-to-conclude', about: conclusionId, person: responsible, on: lookAgainOn };
      }
      case 'ConclusionShared': {
        if (key === draft(event.conclusionId)) return undefined;
        // An answer that a conclusion rests on was read; whatever else it rests on has no row here.
        if (key !== look(event.clientId)) return row?.what === 'answer-to-read' ? undefined : row;
        const { clientId, conclusionId, by, lookAgainOn } = event;
        return { clientId, what: 'look-again', about: conclusionId, person: by, on: lookAgainOn };
      }
      default:
        return row;
    }
  },
  indexes: ({ clientId, person }) => ({ clientId, person }),
  sort: ({ on }) => on,
};

export interface AskedQuestionRow {
  readonly questionId: string;
  readonly clientId: string;
  readonly partner: string;
  readonly askedOn: string;
  readonly expectedBy: string;
  readonly state: 'asked' | 'answered' | 'closed-without-answer';
  /** Under which message the answer was received; it opens in the medical channel only. */
  readonly messageId?: string | undefined;
  readonly followUpId?: string | undefined;
}
/** By question, found by `clientId`: what was asked, and what became of it. Neither the question nor the answer is in it. */
export const askedQuestions: View<MedicalQuestionEvent, AskedQuestionRow> = {
  name: 'asked_questions',
  version: 1,
  columns: {
    questionId: clearColumn('own'),
    clientId: clearColumn('own'),
    partner: clearColumn('K5'),
    askedOn: clearColumn('K5'),
    expectedBy: clearColumn('K5'),
    state: clearColumn('K5'),
    messageId: clearColumn('own'),
    followUpId: clearColumn('own'),
  },
  keys(event) {
    switch (event.type) {
      case 'MedicalQuestionAsked':
      case 'MedicalAnswerReceived':
      case 'QuestionClosedWithoutAnswer':
      case 'FollowUpAsked':
        return [event.questionId];
      default:
        return [];
    }
  },
  apply(row, event) {
    switch (event.type) {
      case 'MedicalQuestionAsked': {
        const { questionId, clientId, partner, askedOn, expectedBy } = event;
        return { questionId, clientId, partner, askedOn, expectedBy, state: 'asked' };
      }
      case 'MedicalAnswerReceived':
        return row && { ...row, state: 'answered', messageId: event.messageId };
      case 'QuestionClosedWithoutAnswer':
        return row && { ...row, state: 'closed-without-answer' };
      case 'FollowUpAsked':
        return row && { ...row, followUpId: event.followUpId };
      default:
        return row;
    }
  },
  indexes: ({ clientId, state }) => ({ clientId, ...(state === 'asked' ? { waiting: 'yes' } : {}) }),
  sort: ({ expectedBy }) => expectedBy,
};
