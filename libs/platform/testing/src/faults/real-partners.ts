/**
 * Organisations for faults of broker and database: each with its log, views, lanes and access log in a PostgreSQL database and its keys in files, in
 * real time, over the transport that a test gives it. Not as in earnest: one process holds them all, it tries again sooner, whom they know is given
 * and not pinned by a person, and pseudonyms are the same in every run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessLog } from '@convenant/access-log';
import {
  accessLogMigrations,
  FileHeadAnchor,
  openPostgresAccessLogStore,
  sha256,
  type PostgresAccessLogStore,
} from '@convenant/access-log-postgres';
import { policy } from '@convenant/consent';
import { openPostgres, type DatabaseAccess, type OpenedPostgres } from '@convenant/event-store-postgres';
import { defaultLaneSettings, type LaneSettings, type Partner, type Transport } from '@convenant/exchange';
import {
  ClientSealer,
  FileKeyStore,
  JoseSigner,
  KeyStoreScopeKeys,
  organisationKeys,
  type KeyStore,
  type PublicKeys,
} from '@convenant/exchange-sealing';
import { runService, type Ports, type RunningService, type ServiceDefinition } from '@convenant/host';
import { noCheckpoints, noTelemetry, type Clock, type Ids, type Random } from '@convenant/kernel';
import { anchorFile, keysFolder, MachineClock, MachineIds, MachineScheduler } from '@convenant/launch';
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

const clock: Clock = new MachineClock();
/** Two instances share a log: what one draws the other must not draw again. What is derived is the same in every run. */
const ids: Ids = { fresh: () => new MachineIds().fresh(), derive: (...parts) => worldIds('faults').derive(...parts) };

/** The keys of everybody are made here and pinned with everybody else, as if they had compared the fingerprints. */
export async function realPartners(organisations: Readonly<Record<string, RealOrganisation>>): Promise<RealPartners> {
  const folder = await mkdtemp(join(tmpdir(), 'convenant-partners-'));
  const folderOf = (id: string): string => join(folder, id);
  const openKeys = (id: string): Promise<KeyStore> => FileKeyStore.open({ folder: keysFolder(folderOf(id)) });
  const everybody: Partner[] = [];
  const pinned = new Map<string, PublicKeys>();
  for (const [id, { definition }] of Object.entries(organisations)) {
    everybody.push({ id, kind: definition.kind });
    pinned.set(id, (await organisationKeys(await openKeys(id), id)).published);
  }
  const instances: RealInstance[] = [];
  /** The same names in every run, and so the same lanes in the same partitions; drawn by all instances from one heap. */
  const random = worldRandom('faults');
  return {
    now: () => clock.now(),
    async start(id, transport, lanes = {}) {
      const organisation = everybody.find((each) => each.id === id);
      const made = organisations[id];
      if (!organisation || !made) throw new Error(`There is no ${id} here.`);
      const keys = await openKeys(id);
      const stores = await openPostgres({
        database: made.database,
        organisation: id,
        migrations: [accessLogMigrations],
      });
      try {
        const given: Given = {
          organisation,
          partners: everybody.filter((each) => each.id !== id),
          stores,
          accessLogStore: await openPostgresAccessLogStore(stores.pool, { described: stores.described }),
          accessLogAnchor: new FileHeadAnchor(anchorFile(folderOf(id))),
          keys,
          signer: new JoseSigner(await organisationKeys(keys, id), (of) => pinned.get(of)),
          transport,
          random,
        };
        const instance = run(made.definition, given, lanes);
        instances.push(instance);
        return instance;
      } catch (error) {
        await stores.close();
        throw error;
      }
    },
    async stop() {
      try {
        await Promise.all(instances.map((each) => each.stop()));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

interface Given {
  readonly organisation: Partner;
  readonly partners: readonly Partner[];
  readonly stores: OpenedPostgres;
  readonly accessLogStore: PostgresAccessLogStore;
  readonly accessLogAnchor: FileHeadAnchor;
  readonly keys: KeyStore;
  readonly signer: JoseSigner;
  readonly transport: Transport;
  readonly random: Random;
}

function run(
  definition: ServiceDefinition,
  { organisation, partners, stores, accessLogStore, accessLogAnchor, keys, signer, transport, random }: Given,
  lanes: Partial<LaneSettings>,
): RealInstance {
  const { id } = organisation;
  const sealer = new ClientSealer(keys);
  const notes: { code: string; facts?: object | undefined }[] = [];
  const ports: Ports = {
    store: stores.events,
    views: stores.views,
    ledger: stores.ledger,
    transport,
    signer,
    scopeKeys: new KeyStoreScopeKeys(keys),
    sealer,
    partners: { all: () => partners, find: (wanted) => partners.find((partner) => partner.id === wanted) },
    accessLog: createAccessLog({
      source: { organisation: id, system: 'convenant' },
      store: accessLogStore,
      anchor: accessLogAnchor,
      signer: { sign: (text) => signer.sign(text), verify: (signed) => signer.verify(signed, id) },
      sealer,
      hash: sha256,
      clock,
      ids,
    }),
    clock,
    scheduler: new MachineScheduler(),
    random,
    ids,
    checkpoints: noCheckpoints,
    operatorLog: { note: (_level, code, facts) => void notes.push({ code, facts }) },
    telemetry: noTelemetry,
  };
  const service = runService(definition, organisation, policy, ports, {
    lanes: { ...defaultLaneSettings, firstRetryMs: 400, lastRetryMs: 2_000, ...lanes },
    waitForViewsMs: 20_000,
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
