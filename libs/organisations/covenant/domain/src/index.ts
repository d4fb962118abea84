/** What @convenant/covenant-domain offers to other projects: participants and agreements, and nothing about any client. */
export { covenantCatalogues, covenantViews } from './catalogue.js';
export {
  KeysProposed,
  ParticipantJoined,
  ParticipantLeft,
  participant,
  participantEvents,
  participantRefusals,
  participantStream,
  type Participant,
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusal,
} from './participant.js';
export {
  AgreementEnded,
  AgreementExtended,
  AgreementMade,
  agreement,
  agreementEvents,
  agreementRefusals,
  agreementStream,
  expiryWarning,
  financialTerm,
  type Agreement,
  type AgreementCommand,
  type AgreementEvent,
  type AgreementRefusal,
  type ExpiryWarning,
  type FinancialTerm,
} from './agreement.js';
export { participants, type ParticipantRow } from './participants.js';
export { agreements, type AgreementRow } from './agreements.js';
