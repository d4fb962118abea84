/** The medical questions a clinician has to answer, and the answers that a client is asked to read before they leave. */
import { clearColumn, sealedColumn, type Columns, type Sealed, type View } from '@convenant/kernel';
import type { AnsweredQuestion, MedicalQuestionEvent } from './medical-question.js';

export interface MedicalQuestionRow {
  readonly questionId: string;
  readonly clientId: string;
  readonly from: string;
  readonly role: string;
  readonly askedOn: string;
  readonly expectedBy: string;
  readonly consentId: string;
  readonly state: 'received' | 'drafted' | 'offered' | 'read' | 'released' | 'declined';
  readonly draftId?: string | undefined;
  readonly question: Sealed<string>;
  readonly answers?: Sealed<readonly AnsweredQuestion[]> | undefined;
}
const columns: Columns<MedicalQuestionRow> = {
  questionId: clearColumn('own'),
  clientId: clearColumn('own'),
  from: clearColumn('K5'),
  role: clearColumn('K5'),
  askedOn: clearColumn('K5'),
  expectedBy: clearColumn('K5'),
  consentId: clearColumn('own'),
  state: clearColumn('K5'),
  draftId: clearColumn('own'),
  question: sealedColumn('K5'),
  answers: sealedColumn('K5'),
};
const keys = (event: MedicalQuestionEvent): readonly string[] => {
  switch (event.type) {
    case 'MedicalQuestionReceived':
    case 'AnswerDrafted':
    case 'AnswerOfferedToClient':
    case 'AnswerReadByClient':
    case 'AnswerReleased':
    case 'QuestionDeclined':
      return [event.questionId];
    default:
      return [];
  }
};
function apply(row: MedicalQuestionRow | undefined, event: MedicalQuestionEvent): MedicalQuestionRow | undefined {
  switch (event.type) {
    case 'MedicalQuestionReceived': {
      const { questionId, clientId, from, role, askedOn, expectedBy, consentId, question } = event;
      return { questionId, clientId, from, role, askedOn, expectedBy, consentId, state: 'received', question };
    }
    case 'AnswerDrafted':
      return row && { ...row, state: 'drafted', draftId: event.draftId, answers: event.answers };
    case 'AnswerOfferedToClient':
      return row && { ...row, state: 'offered' };
    case 'AnswerReadByClient':
      return row && { ...row, state: 'read' };
    case 'AnswerReleased':
      return row && { ...row, state: 'released' };
    case 'QuestionDeclined':
      return row && { ...row, state: 'declined' };
    default:
      return row;
  }
}

/** By question, soonest term first. Find by `clientId`, or by `open` (`yes`) while it can still be answered. */
export const questionsToAnswer: View<MedicalQuestionEvent, MedicalQuestionRow> = {
  name: 'questions_to_answer',
  version: 1,
  columns,
  keys,
  apply,
  indexes: ({ clientId, state }) => ({
    clientId,
    ...(state === 'released' || state === 'declined' ? {} : { open: 'yes' }),
  }),
  sort: ({ expectedBy }) => expectedBy,
};

/** By question; found by `clientId` only once an answer was put before the client. A clinician's draft is not shown to her as her answer. */
export const answersToRead: View<MedicalQuestionEvent, MedicalQuestionRow> = {
  name: 'answers_to_read',
  version: 1,
  columns,
  keys,
  apply,
  indexes: ({ clientId, state }) =>
    state === 'offered' || state === 'read' || state === 'released' ? { clientId } : {},
  sort: ({ askedOn }) => askedOn,
};
