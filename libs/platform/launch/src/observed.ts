/** What operators see of one organisation: its metrics, its traces, and whether it lives and is ready. */
import { hostRefusals, type Ports, type RunningService, type ServiceDefinition } from '@convenant/host';
import type { Partner, Partners } from '@convenant/exchange';
import type { EngineTroubleCode } from '@convenant/kernel';
import {
  createTelemetry,
  organisationGauges,
  spansTo,
  startListener,
  viewReader,
  type KnownValues,
  type Listener,
  type ObserveSettings,
  type Readiness,
  type RunningTelemetry,
} from '@convenant/telemetry';

export interface ObservedService extends ObserveSettings {
  /** What is wrong on the way to partners, as codes. It makes nobody unready. */
  readonly exchangeTroubles?: () => readonly string[];
}

/** `undefined` when nobody listens and nothing collects. */
export function telemetryOf(
  definition: ServiceDefinition,
  organisation: Partner,
  partners: Partners,
  { listen, collector, spans = collector === undefined ? undefined : spansTo(collector) }: ObservedService,
): RunningTelemetry | undefined {
  if (!listen && !spans) return undefined;
  return createTelemetry({
    service: `convenant-${organisation.id}`,
    known: knownOf(definition, organisation, partners),
    attributes: { organisation: organisation.id },
    ofProcess: true,
    ...(spans ? { spans } : {}),
  });
}

/** Everything that a label or a span of this organisation may say. */
export function knownOf(
  { commands, queries, reactions, views }: ServiceDefinition,
  { id }: Partner,
  partners: Partners,
): KnownValues {
  const reactionNames = reactions.map(({ name }) => name);
  const viewNames = views.map(({ view }) => view.name);
  return {
    organisations: new Set([id, ...partners.all().map((partner) => partner.id)]),
    operations: new Set([...[...commands, ...queries].map(({ name }) => name), ...reactionNames]),
    outcomes: new Set([...Object.keys(hostRefusals), ...commands.flatMap(({ refusals }) => Object.keys(refusals))]),
    views: new Set(viewNames),
    readers: new Set(['door', ...reactionNames, ...viewNames.map(viewReader)]),
  };
}

/** Metrics and health of one organisation, from before its database is there. */
export interface ObservedStart {
  /** Where it listens, when it does. */
  readonly url?: string;
  /** What the start waits for; said by health until the service serves. */
  waitsFor(code: EngineTroubleCode): void;
  serves(service: RunningService, ports: Ports): void;
  close(): Promise<void>;
}

/**
 * It lives and is not ready until it serves: what looks after processes must not end one that waits for its database. Rejects when the port is
 * taken.
 */
export async function observeStart(
  telemetry: RunningTelemetry | undefined,
  { listen, exchangeTroubles = () => [] }: ObservedService,
): Promise<ObservedStart> {
  let codes = async (): Promise<Readiness['codes']> => ['starting'];
  let isAwaited = false;
  // Without it an operator's alert would have nothing to look at while a start waits.
  telemetry?.metrics.addReadings(async () =>
    isAwaited ? [{ name: 'convenant_event_log_up', labels: {}, value: 0 }] : [],
  );
  const listener: Listener | undefined =
    telemetry && listen
      ? await startListener({
          ...listen,
          metrics: telemetry.metrics,
          readiness: async () => ({ codes: await codes(), told: [...new Set(exchangeTroubles())] }),
        })
      : undefined;
  return {
    ...(listener ? { url: listener.url } : {}),
    waitsFor(code) {
      isAwaited = true;
      codes = async () => ['starting', code];
    },
    serves(service, ports) {
      isAwaited = false;
      codes = () => notReady(service, ports);
      const { store, ledger, partners, clock } = ports;
      for (const readings of organisationGauges({ store, ledger, partners, clock, standing: () => service.standing() }))
        telemetry?.metrics.addReadings(readings);
    },
    async close() {
      await listener?.close();
    },
  };
}

/** How long a database may take to answer, and the views to be there; whoever asks for the health has not much longer. */
const patienceMs = 2_000;
/** PostgreSQL's words for a schema, a table or a function that is not there. */
const missing = new Set<unknown>(['3F000', '42P01', '42883']);

async function notReady(service: RunningService, { store, ledger }: Ports): Promise<Readiness['codes']> {
  const [log, database] = await Promise.all([
    troubleOf('event-log-away', () => store.head()),
    troubleOf('database-away', () => ledger.checkpoint('door')),
  ]);
  const away = [...new Set([log, database])].filter((code) => code !== undefined);
  if (away.length > 0) return away;
  const { views, readers } = service.standing();
  const viewsStandStill = views.some(({ failing }) => failing);
  return [
    ...(viewsStandStill ? ['view-stands-still'] : []),
    ...(!viewsStandStill && !(await service.caughtUp(patienceMs).catch(() => false)) ? ['views-behind'] : []),
    ...new Set(
      readers
        .filter(({ failing }) => failing)
        .map(({ name }) => (name === 'door' ? 'door-stands-still' : 'reaction-stands-still')),
    ),
  ];
}

async function troubleOf(code: string, ask: () => Promise<unknown>): Promise<string | undefined> {
  const { promise: tooLong, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(code), patienceMs);
  const answered = ask().then(
    () => undefined,
    (error: unknown) => {
      const reason = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
      return missing.has(reason) ? 'migrations-missing' : code;
    },
  );
  return Promise.race([answered, tooLong]).finally(() => clearTimeout(timer));
}
