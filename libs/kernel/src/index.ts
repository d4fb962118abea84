/** The pure core that everything else is written in. */
export {
  categories,
  categoryNames,
  organisationKinds,
  type Category,
  type FieldCategory,
  type OrganisationKind,
} from './category.js';
export { accept, fold, refuse, type Decider, type Decision } from './decider.js';
export { stateOf } from './state-of.js';
export { KeyDestroyed, Sealer, type Opened, type Sealed } from './sealed.js';
export {
  defineEvent,
  defineEvents,
  joinCatalogues,
  sealed,
  sealedOptional,
  UnknownEvent,
  type Actor,
  type AnyCatalogue,
  type CatalogueEvent,
  type EventCatalogue,
  type EventDefinition,
  type EventMeta,
  type EventOf,
  type NewEvent,
  type SealedField,
  type StoredEvent,
} from './event.js';
export {
  EngineFailure,
  engineTroubleOf,
  mayPass,
  type EngineTrouble,
  type EngineTroubleCode,
} from './engine-failure.js';
export { RecentlyUsed } from './recently-used.js';
export { defaultRemembering, RememberingStore, type RememberingLimits } from './remembering-store.js';
export { comparePositions, EventStore, VersionConflict, type Appended, type Position } from './event-store.js';
export {
  clearColumn,
  sealedColumn,
  ViewStore,
  type Column,
  type Columns,
  type FindOptions,
  type RowChange,
  type StoredRow,
  type View,
  type ViewId,
} from './view.js';
export { Checkpoints, Clock, Ids, noCheckpoints, Random, Scheduler, sleep } from './ports.js';
export {
  addDays,
  addDaysToDate,
  addMilliseconds,
  addMonths,
  addMonthsToDate,
  addWorkingDays,
  compareDates,
  dayOf,
  daysBetween,
  isAfter,
  isBefore,
  secondsBetween,
} from './time.js';
export {
  metrics,
  noTelemetry,
  spanAttributes,
  spanNames,
  Telemetry,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelName,
  type LabelsOf,
  type MetricName,
  type OpenSpan,
  type SpanAttribute,
  type SpanAttributes,
  type SpanName,
} from './telemetry.js';
export { run, toNewEvents, type Ran, type RunOptions } from './run.js';
export { type Refusals, type Sentence } from './refusal.js';
export { isBsn } from './bsn.js';
