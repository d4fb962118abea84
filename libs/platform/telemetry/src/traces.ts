/** Spans by OpenTelemetry, each under the context that came with the request, the event or the message; sent out in batches, or not kept at all. */
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { type OpenSpan, type SpanAttribute, type SpanAttributes, type SpanName } from '@convenant/kernel';
import type { HoldToKnown } from './known-values.js';

export interface TracesOptions {
  /** `service.name`. */
  readonly service: string;
  readonly held: HoldToKnown;
  readonly processor: SpanProcessor;
  /** Said of every span. */
  readonly attributes?: SpanAttributes;
}

/** To a collector, in batches; when it is away spans are dropped and nothing waits for it. `endpoint` is its base address. */
export const spansTo = (endpoint: string): SpanProcessor =>
  new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 2_000 }),
    scheduledDelayMillis: 2_000,
  });

const stoppingPatienceMs = 3_000;

const kinds: Readonly<Record<SpanName, SpanKind>> = {
  gateway: SpanKind.SERVER,
  command: SpanKind.SERVER,
  query: SpanKind.SERVER,
  reaction: SpanKind.INTERNAL,
  tell: SpanKind.INTERNAL,
  send: SpanKind.PRODUCER,
  receive: SpanKind.CONSUMER,
  views: SpanKind.INTERNAL,
};

export class Traces {
  readonly #provider: TracerProvider;
  readonly #options: TracesOptions;

  constructor(options: TracesOptions) {
    this.#options = options;
    this.#provider = new TracerProvider({
      // Its name and nothing else: neither the machine nor the process.
      resource: resourceFromAttributes({ 'service.name': options.service }),
      // Whoever asks does not decide what is kept; a collector may leave some out.
      sampler: new AlwaysOnSampler(),
      spanProcessors: [options.processor],
    });
  }

  async span<T>(
    name: SpanName,
    parent: string | undefined,
    attributes: SpanAttributes,
    work: (span: OpenSpan) => Promise<T>,
    links: readonly string[] = [],
  ): Promise<T> {
    const above = contextOf(parent);
    const span = this.#provider
      .getTracer('convenant')
      .startSpan(
        name,
        { kind: kinds[name], links: links.flatMap((link) => contextOf(link) ?? []).map((context) => ({ context })) },
        above ? trace.setSpanContext(ROOT_CONTEXT, above) : (ROOT_CONTEXT satisfies Context),
      );
    const set = (more: SpanAttributes): void => this.#set(span, more);
    set({ ...this.#options.attributes, ...attributes });
    try {
      const linkTo = (traceparent: string): void => {
        const context = contextOf(traceparent);
        if (context) span.addLink({ context });
      };
      return await work({ traceparent: textOf(span.spanContext()), set, linkTo });
    } catch (error) {
      // Its text could quote what it stumbled over.
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  /** Sends what is left. Never rejects, and does not wait long: a collector that is away keeps nobody from stopping. */
  async stop(): Promise<void> {
    const { promise: tooLong, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, stoppingPatienceMs);
    const sent = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([sent, tooLong]).finally(() => clearTimeout(timer));
  }

  #set(span: Span, attributes: SpanAttributes): void {
    for (const [name, value] of Object.entries(attributes))
      span.setAttribute(`convenant.${name}`, this.#options.held(name as SpanAttribute, value));
  }
}

const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;
function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId] = form.exec(traceparent ?? '') ?? [];
  return traceId && spanId ? { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } : undefined;
}
const textOf = ({ traceId, spanId }: SpanContext): string => `00-${traceId}-${spanId}-01`;
