/** Metrics, traces and health for whoever runs an organisation; nothing in them is about a client or a person. */
export { createTelemetry, type RunningTelemetry, type TelemetryOptions } from './create-telemetry.js';
export type { ObserveSettings } from './observe-settings.js';
export { nothingKnown, otherValue, type KnownValues } from './known-values.js';
export { Metrics, type Reading, type Readings } from './metrics.js';
export { spansTo } from './traces.js';
export { organisationGauges, viewReader, type FollowedOrganisation } from './organisation-gauges.js';
export { startListener, type Listener, type ListenerOptions, type Readiness } from './listener.js';
export { metrics as metricNames } from '@convenant/kernel';
