/** Running one organisation: the declaration of a service, the plain function that runs it, and the thin Nest shell around that. */
export {
  asView,
  defineCommand,
  defineQuery,
  OperatorLog,
  type AccessKind,
  type AnyCommand,
  type AnyQuery,
  type CommandAnswer,
  type CommandContext,
  type DeclaredView,
  type Outcome,
  type Ports,
  type QueryContext,
  type Reaction,
  type Refused,
  type Request,
  type ServiceDefinition,
  type SystemContext,
} from './definition.js';
export { failureFacts } from './failure-facts.js';
export { AnswerRefused, hostRefusals, inWords, type HostRefusal } from './answers.js';
export {
  type Covered,
  type CoverEnded,
  type Readable,
  type Reader,
  type ReceivedFact,
  type TakenFact,
} from './reading.js';
export { defaultSettings, runService, type RunningService, type ServiceSettings, type Standing } from './service.js';
export { createOrganisationApplication, type ApplicationParts } from './nest/organisation-application.js';
export { createViewRunner, type ViewReader, type ViewRunner } from './view-runner.js';
export { traceOf } from './trace.js';
