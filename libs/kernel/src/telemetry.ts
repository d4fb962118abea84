/** What operators can measure and follow: every metric, label, span and attribute that there is, and the port that takes them. */

interface MetricDefinition {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly labels: readonly string[];
  readonly help: string;
}

/**
 * Every metric. A label holds the id of an organisation or of a contract, or a word from a list that is known beforehand; never a client,
 * person, stream, pseudonym or message. Dashboards and alerts rely on these names.
 */
export const metrics = {
  convenant_commands_total: {
    kind: 'counter',
    labels: ['command', 'outcome'],
    help: 'Commands by what came of them: done, or the code of the refusal.',
  },
  convenant_queries_total: {
    kind: 'counter',
    labels: ['query', 'outcome'],
    help: 'Queries by what came of them: done, or the code of the refusal.',
  },
  convenant_operation_seconds: {
    kind: 'histogram',
    labels: ['operation'],
    help: 'How long a command or query took, the access log included.',
  },
  convenant_decisions_total: {
    kind: 'counter',
    labels: ['recipient', 'contract', 'outcome'],
    help: 'What the door decided: disclosed, the reason for withholding, or stopped at the last moment.',
  },
  convenant_messages_received_total: {
    kind: 'counter',
    labels: ['sender', 'outcome'],
    help: 'Messages at the inbox: kept, waits, parked, failed, or the code of the refusal.',
  },
  convenant_lane_waiting: {
    kind: 'gauge',
    labels: ['recipient'],
    help: 'Messages to this partner without its receipt.',
  },
  convenant_lane_oldest_seconds: {
    kind: 'gauge',
    labels: ['recipient'],
    help: 'How long ago the oldest message without a receipt was decided on.',
  },
  convenant_closings_outstanding: {
    kind: 'gauge',
    labels: ['recipient'],
    help: 'Withdrawals, pauses, narrowings and expiries that this partner has not proved yet.',
  },
  convenant_messages_parked: {
    kind: 'gauge',
    labels: ['sender'],
    help: 'Messages of this partner that an operator must look at.',
  },
  convenant_view_lag_seconds: {
    kind: 'gauge',
    labels: ['view'],
    help: 'How long the view has not reached what was the end of the log; 0 when it is there.',
  },
  convenant_reader_failing: { kind: 'gauge', labels: ['reader'], help: '1 while this reader of the log stands still.' },
  convenant_event_log_up: { kind: 'gauge', labels: [], help: '1 while the event log answers.' },
  convenant_http_requests_total: {
    kind: 'counter',
    labels: ['status'],
    help: 'Answers of the gateway by HTTP status.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metrics;
type NameOf<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
export type GaugeName = NameOf<'gauge'>;
export type LabelName = (typeof metrics)[MetricName]['labels'][number];
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof metrics)[Name]['labels'][number], string>>;

/** Every span: one step of the way that a request goes, through this organisation and on to its partners. */
export const spanNames = ['gateway', 'command', 'query', 'reaction', 'tell', 'send', 'receive', 'views'] as const;
export type SpanName = (typeof spanNames)[number];
/** What a span may say of itself. `operation` is a field of the schema or a reaction, `partner` the other organisation. */
export const spanAttributes = ['operation', 'organisation', 'partner', 'contract', 'outcome'] as const;
export type SpanAttribute = (typeof spanAttributes)[number];
export type SpanAttributes = Readonly<Partial<Record<SpanAttribute, string>>>;

export interface OpenSpan {
  /** Goes into what is recorded and sent from here, so that what follows hangs under this span. The parent's when spans are not kept. */
  readonly traceparent: string | undefined;
  /** What becomes known on the way. */
  set(attributes: SpanAttributes): void;
  /** The work goes on in another trace, as a partner's does. */
  linkTo(traceparent: string): void;
}

/** Never waits, never throws and never changes what the work does. What it is given comes from the lists above and from nowhere else. */
export abstract class Telemetry {
  /**
   * Runs `work` within a span under `parent` (W3C `traceparent`; one that is not well formed or not there begins a trace), and settles as
   * it does. Of an error nothing is kept but that there was one. `links` are traces that the work belongs to as well.
   */
  abstract span<T>(
    name: SpanName,
    parent: string | undefined,
    attributes: SpanAttributes,
    work: (span: OpenSpan) => Promise<T>,
    links?: readonly string[],
  ): Promise<T>;
  abstract count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): void;
  abstract observe<Name extends HistogramName>(name: Name, seconds: number, labels: LabelsOf<Name>): void;
}

/** Keeps nothing; traces go on as they came. */
export const noTelemetry: Telemetry = {
  span: (_name, parent, _attributes, work) =>
    work({ traceparent: parent, set: () => undefined, linkTo: () => undefined }),
  count: () => undefined,
  observe: () => undefined,
};
