/** What @convenant/uwv-domain offers to other projects: the physician's questions and conclusions, and UWV's own record of benefits. */
export { uwvCatalogues, uwvViews } from './catalogue.js';
export { compositions } from './compositions.js';
export {
  ClientViewAdded,
  ConclusionDrafted,
  ConclusionShared,
  clientViewInput,
  conclusion,
  conclusionEvents,
  conclusionInput,
  conclusionRefusals,
  conclusionStream,
  expectedCourses,
  rubrics,
  usablePossibilities,
  type ConclusionCommand,
  type ConclusionEvent,
  type ConclusionRefusal,
  type Conclusions,
  type ExpectedCourse,
  type Limitation,
  type Rubric,
  type UsablePossibilities,
} from './conclusion.js';
export {
  FollowUpAsked,
  MedicalAnswerReceived,
  MedicalQuestionAsked,
  QuestionClosedWithoutAnswer,
  asksAboutFitness,
  medicalQuestion,
  medicalQuestionEvents,
  medicalQuestionInput,
  medicalQuestionRefusals,
  medicalQuestionStream,
  questionCodes,
  questionSentences,
  questionText,
  type AskedQuestion,
  type MedicalQuestionCommand,
  type MedicalQuestionEvent,
  type MedicalQuestionRefusal,
  type QuestionCode,
} from './medical-question.js';
export {
  BenefitEnded,
  BenefitRecorded,
  benefit,
  benefitEvents,
  benefitInput,
  benefitKinds,
  benefitRefusals,
  benefitStream,
  type BenefitCommand,
  type BenefitDetails,
  type BenefitEvent,
  type BenefitKind,
  type BenefitRefusal,
  type Benefits,
} from './benefit.js';
export { benefits, type BenefitRow } from './benefits.js';
export {
  clientViews,
  conclusionDrafts,
  statementBasis,
  statements,
  type ClientViewRow,
  type ConclusionDraftRow,
  type StatementBasisRow,
  type StatementRow,
} from './statements.js';
export { askedQuestions, workList, type AskedQuestionRow, type WorkListRow } from './work-list.js';
export { progressView, type DisclosedProgress, type ProgressView } from './progress-view.js';
