/** Who may tell or read what, to whom, why and until when: the matrix, the consents and the decisions. */
export {
  consentCategories,
  consentStates,
  purposes,
  answerMethods,
  representationBases,
  rolesByKind,
  staffRoles,
  type ConsentCategory,
  type ConsentState,
  type Method,
  type Purpose,
  type RepresentationBasis,
  type Role,
  type StaffRole,
} from './vocabulary.js';
export {
  ClosingAcknowledged,
  ConsentExpired,
  ConsentGiven,
  ConsentNarrowed,
  ConsentPaused,
  ConsentProposed,
  ConsentPutOff,
  ConsentRefused,
  ConsentResumed,
  ConsentSuperseded,
  ConsentWithdrawn,
  Disclosed,
  DisclosureAsked,
  disclosureEvents,
  disclosureStream,
  IntroductionAnswered,
  ObjectionLifted,
  ObjectionMade,
  PseudonymDrawn,
  PseudonymLearned,
  ScopeKeysLearned,
  Stopped,
  ToldOutsideTheSystem,
  Withheld,
  withheldReasons,
  type DisclosureEvent,
  type WithheldReason,
} from './disclosure-events.js';
export { type Policy, type ReadingRow, type ReadingScope, type SharingRow, type Waiver } from './policy.js';
export { outsideParticipants, policy } from './matrix.js';
export { printMatrix } from './print-matrix.js';
export {
  digestKey,
  isLive,
  withheldKey,
  type Acknowledgement,
  type Ask,
  type Closing,
  type ConsentRecord,
  type DisclosedRecord,
  type DisclosureState,
  type Objection,
  type Pseudonym,
  type ScopeKey,
} from './disclosure-state.js';
export {
  disclosureRefusalCodes,
  type Answer,
  type DecidedBy,
  type DisclosureCommand,
  type DisclosureRefusal,
  type Propose,
} from './disclosure-commands.js';
export { disclosure, disclosureUnder } from './disclosure.js';
export { longestPauseDays } from './disclosure-state.js';
export { disclosureRefusals } from './disclosure-refusals.js';
export { applicableConsent } from './consent-standing.js';
export {
  decideDisclosure,
  decideHandingOver,
  isIssued,
  recordable,
  type AskedFor,
  type Permit,
  type SharingRequest,
  type SharingVerdict,
  type Withholding,
} from './decide.js';
export {
  decideReading,
  readingDenials,
  type ReadingDenial,
  type ReadingPermit,
  type ReadingRequest,
  type ReadingSource,
  type ReadingVerdict,
  type RegisteredConsent,
  type Relation,
} from './decide-reading.js';
export {
  decisionKinds,
  mayTakeIntoDecision,
  takingTable,
  type DecisionKind,
  type TakingDenial,
  type TakingRequest,
  type TakingRow,
  type TakingVerdict,
} from './taking.js';
export {
  describeReadingDenial,
  describeReason,
  describeWithheld,
  readingSentences,
  withheldSentences,
} from './describe-reason.js';
export { consentQuestion, consentTextVersion, type ConsentQuestion } from './consent-question.js';
export { roleNames } from './role-names.js';
export { otherAnswers, type OtherAnswer } from './redecide.js';
