/** Where what operators see of a process goes: the same for a service and a gateway. */
import type { TelemetryOptions } from './create-telemetry.js';

export interface ObserveSettings {
  /** Where metrics and health can be asked for; nowhere when left out. Give it an address that only operators reach. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** The base address of an OpenTelemetry collector; without it no spans are kept. */
  readonly collector?: string;
  /** In place of a collector; for tests. */
  readonly spans?: NonNullable<TelemetryOptions['spans']>;
}
