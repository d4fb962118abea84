/** The port for measuring and following, on Prometheus and OpenTelemetry. */
import { noTelemetry, type SpanAttributes, type Telemetry } from '@convenant/kernel';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { holdTo, type KnownValues } from './known-values.js';
import { Metrics } from './metrics.js';
import { Traces } from './traces.js';

export interface TelemetryOptions {
  /** `service.name` of the spans. */
  readonly service: string;
  readonly known: KnownValues;
  /** Where spans go; without it none are kept and traces go on as they came. */
  readonly spans?: SpanProcessor;
  /** Said of every span. */
  readonly attributes?: SpanAttributes;
  /** Figures of the process as well, for a process that is one service. */
  readonly ofProcess?: boolean;
}
export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  /** Sends the spans that are left. Never rejects. */
  stop(): Promise<void>;
}

export function createTelemetry({ service, known, spans, attributes, ofProcess }: TelemetryOptions): RunningTelemetry {
  const held = holdTo(known);
  const metrics = new Metrics({ held, ...(ofProcess === undefined ? {} : { ofProcess }) });
  const traces = spans && new Traces({ service, held, processor: spans, ...(attributes ? { attributes } : {}) });
  return {
    metrics,
    telemetry: {
      span: traces ? (...given) => traces.span(...given) : noTelemetry.span.bind(noTelemetry),
      count: (name, labels) => metrics.count(name, labels),
      observe: (name, seconds, labels) => metrics.observe(name, seconds, labels),
    },
    stop: async () => traces?.stop(),
  };
}
