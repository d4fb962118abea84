/** Starts one organisation on real parts: its database, its keys, its access log, its running service and its application. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { createAccessLog } from '@convenant/access-log';
import {
  accessLogMigrations,
  FileHeadAnchor,
  openPostgresAccessLogStore,
  sha256,
} from '@convenant/access-log-postgres';
import { policy } from '@convenant/consent';
import { openPostgres, type DatabaseAccess } from '@convenant/event-store-postgres';
import type { Partner, Transport } from '@convenant/exchange';
import {
  ClientSealer,
  FileKeyStore,
  JoseSigner,
  KeyStoreScopeKeys,
  organisationKeys,
  type OrganisationKeys,
} from '@convenant/exchange-sealing';
import {
  createOrganisationApplication,
  defaultSettings,
  runService,
  type OperatorLog,
  type Ports,
  type RunningService,
  type ServiceDefinition,
  type ServiceSettings,
} from '@convenant/host';
import { GatewayCredential, gatewayCredentialHeader } from '@convenant/identity-oidc';
import type { TokenVerifier } from '@convenant/identity';
import { noCheckpoints, noTelemetry, type Checkpoints, type EventStore } from '@convenant/kernel';
import { LinesLog, MachineClock, MachineIds, MachineRandom, MachineScheduler, rememberingFor } from './machine.js';
import { listenFor, telemetryOf, type ObservedService } from './observed.js';
import { PinnedPartners } from './pinned-partners.js';

export interface OrganisationSettings {
  readonly organisation: Partner;
  /** Keys, the pinned partners and the head of the access log stand here; the database does not. */
  readonly folder: string;
  readonly database: DatabaseAccess;
  /** Where events are when not in the database; whoever gives it closes it, after this organisation stopped. */
  readonly events?: EventStore;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly tokens: TokenVerifier;
  readonly gatewaySecret: Uint8Array;
  readonly transport: Transport;
  readonly poolSize?: number;
  /** The setting that an operator is told to look at when the database cannot be used; that of the local installation when left out. */
  readonly databaseSetting?: string;
  /** The same for the role that migrates, where that is another setting. */
  readonly databaseOwnerSetting?: string;
  readonly service?: ServiceSettings;
  readonly checkpoints?: Checkpoints;
  /** Lines on standard error when left out. */
  readonly operatorLog?: OperatorLog;
  /** Metrics, health and traces; none when left out. */
  readonly observe?: ObservedService;
}
export interface LaunchedOrganisation {
  readonly organisation: Partner;
  readonly url: string;
  /** Where metrics and health are, when they were asked for. */
  readonly observeUrl?: string;
  readonly service: RunningService;
  readonly ports: Ports;
  stop(): Promise<void>;
}

export const keysFolder = (folder: string): string => join(folder, 'keys');
export const pinnedFile = (folder: string): string => join(folder, 'pinned-partners.json');
export const anchorFile = (folder: string): string => join(folder, 'access-log.head');

/** The organisation's own keys, made at first use. */
export const openKeys = async (folder: string, organisation: string): Promise<OrganisationKeys> =>
  organisationKeys(await FileKeyStore.open({ folder: keysFolder(folder) }), organisation);

/** Resolves once it answers. When anything fails, what was opened is closed again, and the error names what to mend. */
export async function launchOrganisation(
  definition: ServiceDefinition,
  settings: OrganisationSettings,
): Promise<LaunchedOrganisation> {
  const { organisation, folder } = settings;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyStore = await FileKeyStore.open({ folder: keysFolder(folder) });
  const own = await organisationKeys(keyStore, organisation.id);
  const partners = await PinnedPartners.open(pinnedFile(folder));
  const signer = new JoseSigner(own, (id) => (id === organisation.id ? own.published : partners.keysOf(id)));
  const sealer = new ClientSealer(keyStore);
  const clock = new MachineClock();
  const ids = new MachineIds();
  const operatorLog = settings.operatorLog ?? new LinesLog(organisation.id);

  const { observe = {} } = settings;
  const observed = telemetryOf(definition, organisation, partners, observe);
  const { databaseOwnerSetting } = settings;
  const ownerSettingName = databaseOwnerSetting === undefined ? {} : { ownerSettingName: databaseOwnerSetting };
  const database = await openPostgres({
    organisation: organisation.id,
    database: settings.database,
    migrations: [accessLogMigrations],
    ...ownerSettingName,
    ...(settings.poolSize === undefined ? {} : { poolSize: settings.poolSize }),
    ...(settings.databaseSetting === undefined ? {} : { settingName: settings.databaseSetting }),
  });
  let listener: Awaited<ReturnType<typeof listenFor>>;
  try {
    const accessLog = createAccessLog({
      source: { organisation: organisation.id, system: 'convenant' },
      store: await openPostgresAccessLogStore(database.pool, ownerSettingName).catch(database.notOpened),
      anchor: new FileHeadAnchor(anchorFile(folder)),
      signer: { sign: (text) => signer.sign(text), verify: (text) => signer.verify(text, organisation.id) },
      sealer,
      hash: sha256,
      clock,
      ids,
    });
    const ports: Ports = {
      store: settings.events ?? database.events,
      views: database.views,
      ledger: database.ledger,
      transport: settings.transport,
      signer,
      scopeKeys: new KeyStoreScopeKeys(keyStore),
      sealer,
      partners,
      accessLog,
      clock,
      scheduler: new MachineScheduler(),
      random: new MachineRandom(),
      ids,
      checkpoints: settings.checkpoints ?? noCheckpoints,
      operatorLog,
      telemetry: observed?.telemetry ?? noTelemetry,
    };
    const service = runService(definition, organisation, policy, ports, {
      remembering: rememberingFor(getHeapStatistics().heap_size_limit),
      ...(settings.service ?? defaultSettings),
    });
    const credential = new GatewayCredential({ organisation: organisation.id, secret: settings.gatewaySecret, clock });
    const application = await createOrganisationApplication({
      service,
      tokens: settings.tokens,
      fromGateway: (headers) => credential.accepts(headers[gatewayCredentialHeader]),
      ids,
      operatorLog,
    });
    listener = observed && (await listenFor(service, ports, observed, observe));
    await application.listen(settings.port, settings.host);
    service.start();
    return {
      organisation,
      url: (await application.getUrl()).replace('[::1]', '127.0.0.1'),
      ...(listener ? { observeUrl: listener.url } : {}),
      service,
      ports,
      async stop() {
        await application.close();
        await service.stop();
        await listener?.close();
        await observed?.stop();
        await database.close();
      },
    };
  } catch (error) {
    await listener?.close();
    await database.close();
    throw error;
  }
}
