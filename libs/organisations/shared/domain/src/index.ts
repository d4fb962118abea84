/** What @convenant/shared-domain offers to other projects: what every organisation that knows clients keeps about who they are. */
export { happened, sealFields, type CommandFor, type PersonalFields, type SealedFields } from './command.js';
export {
  composition,
  stillSealed,
  type AnyComposedValue,
  type Composed,
  type ComposedValue,
  type Composition,
  type StillSealed,
} from './compose.js';
export { dateRefusals, isFurtherThan, isInOrder, isStillToCome, type DateRefusal } from './dates.js';
export {
  hoursPerWeekInput,
  hoursRefusals,
  possibleHoursPerDayInput,
  possibleHoursPerWeekInput,
  type HoursRefusal,
} from './hours.js';
export { hasMedicalWords, medicalWordsRefusals, type MedicalWordsRefusal } from './medical-words.js';
export {
  ClientDetailsCorrected,
  ClientRegistered,
  clientDetailsInput,
  clientRecord,
  clientRecordEvents,
  clientRecordRefusals,
  clientStream,
  isLikelyTheSamePerson,
  nameForMatching,
  type ClientDetails,
  type ClientRecord,
  type ClientRecordCommand,
  type ClientRecordEvent,
  type ClientRecordRefusal,
  type ContactDetails,
} from './client-record.js';
export {
  ActivationCodeEnded,
  ActivationCodeIssued,
  ActivationCodeTried,
  ActivationCodeUsed,
  accessEvents,
  accessRefusals,
  accessStream,
  clientAccess,
  isSameKind,
  triesPerCode,
  type Access,
  type AccessCommand,
  type AccessEvent,
  type AccessRefusal,
  type IssuedCode,
} from './client-access.js';
export {
  LoginActivated,
  LoginEnded,
  login,
  loginEvents,
  loginRefusals,
  loginStream,
  openedBy,
  type Login,
  type LoginCommand,
  type LoginEvent,
  type LoginRefusal,
} from './client-login.js';
export {
  activationCodes,
  clientNames,
  clientsByName,
  type ActivationCodeRow,
  type ClientMatchRow,
  type ClientNameRow,
} from './client-names.js';
export { clientIntroduced } from './client-introduced.js';
export { brokenHistory, changedBySecondTime, given, misfits, typesThatChange, type KeptExample } from './promises.js';
export { sharedCatalogues, sharedViews } from './catalogue.js';
