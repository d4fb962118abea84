/** What @convenant/access-log offers to other projects. */
export {
  eventActions,
  eventTypes,
  relationKinds,
  wasAnswered,
  wasRefused,
  type AccessRecord,
  type AccessUser,
  type EventAction,
  type EventType,
  type LoggedRecord,
  type Outcome,
  type RelationKind,
  type Trace,
} from './access-record.js';
export { createAccessLog, type AccessLog, type AccessLogParts } from './access-log.js';
export {
  appendLink,
  genesis,
  headText,
  readHead,
  readLink,
  type Hash,
  type Head,
  type Link,
  type RecordLines,
} from './chain.js';
export { processingNdjson, toAuditEvent, toNdjson, toNen7513 } from './exports.js';
export { MemoryAccessLogStore, MemoryHeadAnchor } from './memory-access-log.js';
export {
  answersWithoutRelation,
  attemptLimits,
  suspiciousAttempts,
  whoSaw,
  type AttemptLimits,
  type Sighting,
  type SuspiciousAttempts,
  type WhoSaw,
  type WhoSawQuestion,
} from './oversight.js';
export {
  AccessLogStore,
  AccessLogUnavailable,
  HeadAnchor,
  HeadSigner,
  type LogBounds,
  type NewLink,
  type RecordPage,
  type StoredLines,
  type StoredLink,
  type StoredRecord,
  type Unavailable,
  type VerifyHead,
} from './ports.js';
export { activityUri, processingActivities, type ActivityId } from './processing-activities.js';
export { type ProcessingRecord } from './processing-record.js';
export { readingsInWords, type Locale, type ReadingInWords, type WordingOptions } from './readings-in-words.js';
export { type LogSource } from './record-line.js';
export {
  faults,
  verifyChain,
  verifyStore,
  type Fault,
  type FirstBad,
  type Segment,
  type Verdict,
  type VerifyOptions,
} from './verify-chain.js';
