/**
 * Organisations for faults of broker and database: each with its log, views and lanes in a PostgreSQL database, in real time, over the transport that
 * a test gives it. Keys, signatures and the access log are those of the tests, in memory: no fault here touches them. In the deployed story
 * (`apps/journeys/src/deployed`) they are real.
 */
import { randomUUID } from 'node:crypto';
import { createAccessLog, MemoryAccessLogStore, MemoryHeadAnchor } from '@convenant/access-log';
import { policy } from '@convenant/consent';
import { openPostgres, type DatabaseAccess, type OpenedPostgres } from '@convenant/event-store-postgres';
import { defaultLaneSettings, type LaneSettings, type Partner, type Transport } from '@convenant/exchange';
import {
  DeterministicScopeKeys,
  DeterministicSealer,
  DeterministicSigner,
  type DeterministicScopeKeyDisk,
} from '@convenant/exchange-sealing';
import { runService, type Ports, type RunningService, type ServiceDefinition } from '@convenant/host';
import { noCheckpoints, noTelemetry, type Clock, type Ids, type Random, type Scheduler } from '@convenant/kernel';
import { worldIds, worldRandom } from '../world.js';

export interface RealOrganisation {
  readonly definition: ServiceDefinition;
  readonly database: DatabaseAccess;
}
/** One process of an organisation; another one with the same id shares its database and its keys. */
export interface RealInstance {
  readonly id: string;
  readonly service: RunningService;
  readonly ports: Ports;
  readonly notes: readonly { readonly code: string; readonly facts?: object | undefined }[];
  /** Ends in order, its transport with it. Repeating it changes nothing. */
  stop(): Promise<void>;
}
export interface RealPartners {
  now(): string;
  start(id: string, transport: Transport, lanes?: Partial<LaneSettings>): Promise<RealInstance>;
  /** Stops every instance. */
  stop(): Promise<void>;
}

const clock: Clock = { now: () => new Date().toISOString() };
const scheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
/** Two instances share a log: what one draws the other must not draw again. */
const ids: Ids = { fresh: () => randomUUID(), derive: (...parts) => worldIds('faults').derive(...parts) };

export function realPartners(organisations: Readonly<Record<string, RealOrganisation>>): RealPartners {
  const disks = new Map<string, DeterministicScopeKeyDisk>();
  const everybody = Object.entries(organisations).map(([id, { definition }]): Partner => ({
    id,
    kind: definition.kind,
  }));
  const instances: RealInstance[] = [];
  /** The same names in every run, and so the same lanes in the same partitions; drawn by all instances from one heap. */
  const random = worldRandom('faults');
  const start: RealPartners['start'] = async (id, transport, lanes = {}) => {
    const organisation = everybody.find((each) => each.id === id);
    const made = organisations[id];
    if (!organisation || !made) throw new Error(`There is no ${id} here.`);
    const disk = disks.get(id) ?? { scopes: new Map(), destroyed: new Set<string>() };
    disks.set(id, disk);
    const stores = await openPostgres({ database: made.database, organisation: id, hearOthers: true });
    const instance = run(made.definition, organisation, everybody, { stores, disk, transport, lanes, random });
    instances.push(instance);
    return instance;
  };
  return {
    now: clock.now,
    start,
    async stop() {
      await Promise.all(instances.map((each) => each.stop()));
    },
  };
}

interface Given {
  readonly stores: OpenedPostgres;
  readonly disk: DeterministicScopeKeyDisk;
  readonly transport: Transport;
  readonly lanes: Partial<LaneSettings>;
  readonly random: Random;
}

function run(
  definition: ServiceDefinition,
  organisation: Partner,
  everybody: readonly Partner[],
  { stores, disk, transport, lanes, random }: Given,
): RealInstance {
  const { id } = organisation;
  const partners = everybody.filter((each) => each.id !== id);
  const sealer = new DeterministicSealer({ seed: id });
  const signer = new DeterministicSigner({ seed: 'faults', organisation: id });
  const notes: { code: string; facts?: object | undefined }[] = [];
  const ports: Ports = {
    store: stores.events,
    views: stores.views,
    ledger: stores.ledger,
    transport,
    signer,
    scopeKeys: new DeterministicScopeKeys({ seed: id, disk }),
    sealer,
    partners: { all: () => partners, find: (wanted) => partners.find((partner) => partner.id === wanted) },
    accessLog: createAccessLog({
      source: { organisation: id, system: definition.kind },
      store: new MemoryAccessLogStore(),
      anchor: new MemoryHeadAnchor(),
      signer: { sign: (text) => signer.sign(text), verify: (signed) => signer.verify(signed, id) },
      sealer,
      hash: (text) => text,
      clock,
      ids,
    }),
    clock,
    scheduler,
    random,
    ids,
    checkpoints: noCheckpoints,
    operatorLog: { note: (_level, code, facts) => void notes.push({ code, facts }) },
    telemetry: noTelemetry,
  };
  const service = runService(definition, organisation, policy, ports, {
    lanes: { ...defaultLaneSettings, firstRetryMs: 400, lastRetryMs: 2_000, ...lanes },
    waitForViewsMs: 2_000,
    pollMs: 500,
    deadlinesMs: 60_000,
  });
  service.start();
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await service.stop();
    await transport.close();
    await stores.close();
  };
  return { id, service, ports, notes, stop: () => (stopping ??= stop()) };
}
