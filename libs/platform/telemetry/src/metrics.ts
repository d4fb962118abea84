/** Metrics in the text form of Prometheus: what was counted, and what is looked up when somebody asks. */
import { metrics, type CounterName, type GaugeName, type HistogramName, type LabelsOf } from '@convenant/kernel';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HoldToKnown } from './known-values.js';

export type Reading = {
  [Name in GaugeName]: { readonly name: Name; readonly labels: LabelsOf<Name>; readonly value: number };
}[GaugeName];
/** Looked up at every scrape. When it rejects or takes too long, its gauges are absent: no figure is better than an old one. */
export type Readings = () => Promise<readonly Reading[]>;

export interface MetricsOptions {
  readonly held: HoldToKnown;
  /** Figures of the process itself: memory, time, event loop. They are not of one organisation when several share a process. */
  readonly ofProcess?: boolean;
  readonly patienceMs?: number;
}

/** From a few milliseconds, which a query takes, to the half minute after which the gateway has long given up. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<CounterName, Counter>();
  readonly #histograms = new Map<HistogramName, Histogram>();
  readonly #gauges = new Map<GaugeName, Gauge>();
  readonly #sources: Readings[] = [];
  readonly #held: HoldToKnown;
  readonly #patienceMs: number;
  #scrape: Promise<string> | undefined;

  constructor({ held, ofProcess = false, patienceMs = 5_000 }: MetricsOptions) {
    this.#held = held;
    this.#patienceMs = patienceMs;
    const registers = [this.#registry];
    for (const [name, { kind, labels, help }] of Object.entries(metrics)) {
      const what = { name, help, labelNames: labels, registers };
      if (kind === 'counter') this.#counters.set(name as CounterName, new Counter(what));
      else if (kind === 'histogram') this.#histograms.set(name as HistogramName, new Histogram({ ...what, buckets }));
      else this.#gauges.set(name as GaugeName, new Gauge(what));
    }
    for (const [name, gauge] of this.#gauges) if (metrics[name].labels.length === 0) gauge.remove();
    if (ofProcess) collectDefaultMetrics({ register: this.#registry });
  }

  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): void {
    this.#counters.get(name)?.inc(this.#labels(labels));
  }

  observe<Name extends HistogramName>(name: Name, seconds: number, labels: LabelsOf<Name>): void {
    this.#histograms.get(name)?.observe(this.#labels(labels), seconds);
  }

  addReadings(readings: Readings): void {
    this.#sources.push(readings);
  }

  readonly contentType: string = Registry.PROMETHEUS_CONTENT_TYPE;
  /** Whoever asks while it is being made gets the same one. */
  exposition(): Promise<string> {
    return (this.#scrape ??= this.#expose().finally(() => {
      this.#scrape = undefined;
    }));
  }

  async #expose(): Promise<string> {
    const found = await Promise.all(this.#sources.map((source) => withinPatience(source, this.#patienceMs)));
    for (const [name, gauge] of this.#gauges) {
      gauge.reset();
      // One without labels would show 0 now, and 0 is a figure.
      if (metrics[name].labels.length === 0) gauge.remove();
    }
    for (const { name, labels, value } of found.flat()) this.#gauges.get(name)?.set(this.#labels(labels), value);
    return this.#registry.metrics();
  }

  #labels(labels: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, this.#held(name as Parameters<HoldToKnown>[0], value)]),
    );
  }
}

async function withinPatience(source: Readings, patienceMs: number): Promise<readonly Reading[]> {
  const { promise: tooLong, resolve } = Promise.withResolvers<readonly Reading[]>();
  const timer = setTimeout(() => resolve([]), patienceMs);
  return Promise.race([source().catch(() => []), tooLong]).finally(() => clearTimeout(timer));
}
