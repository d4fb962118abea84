/** The messages between organisations: the only words that two of them share. */
export {
  categoriesOf,
  contractId,
  controlContract,
  disclosureContract,
  field,
  messageType,
  partSchema,
  type Contract,
  type ControlContract,
  type DisclosureContract,
  type Field,
  type ValuesOf,
} from './contract.js';
export { disclosureData, messageSchema, organisationUrn, type DisclosureData, type Message } from './message.js';
export {
  closingAcknowledgedV1,
  consentAnnouncedV1,
  consentClosedV1,
  consentReopenedV1,
  disclosureAskedV1,
  introductionAnsweredV1,
  medicalQuestionV1,
  placeKeptV1,
  receiptV1,
  scopeKeysOfferedV1,
} from './control.js';
export {
  clientIntroducedV1,
  functionalPossibilitiesV1,
  fundingMilestoneV1,
  jobFactsV1,
  medicalAnswerV1,
  physicianStatementV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from './disclosures.js';
export { controlContracts, disclosureContracts, findContract } from './catalogue.js';
