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
  type PostgresAccessLogStore,
} from '@convenant/access-log-postgres';
import { policy } from '@convenant/consent';
import { openPostgres, type DatabaseAccess, type OpenedPostgres } from '@convenant/event-store-postgres';
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
import { observeStart, telemetryOf, type ObservedService } from './observed.js';
import { PinnedPartners } from './pinned-partners.js';
import { whenThere, type Patience } from './when-there.js';

export interface OrganisationSettings {
  readonly organisation: Partner;
  /** Keys, the pinned partners and the head of the access log stand here; the database does not. */
  readonly folder: string;
  readonly database: DatabaseAccess;
  /** Opens the log in which events are when not in the database. It is closed with the rest. */
  readonly openEvents?: () => Promise<EventStore>;
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
  /** How long a database or an event log that is away is waited for; not at all when left out, as for a person who starts it and looks on. */
  readonly databasePatienceMs?: number;
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
  const listener = await observeStart(observed, observe);
  const patience: Patience = {
    patienceMs: settings.databasePatienceMs ?? 0,
    scheduler: new MachineScheduler(true),
    random: new MachineRandom(),
    note: (level, code, facts) => operatorLog.note(level, code, facts),
    waitsFor: (code) => listener.waitsFor(code),
  };
  let events: EventStore | undefined;
  let database: OpenedPostgres | undefined;
  try {
    events = settings.openEvents && (await whenThere(settings.openEvents, patience));
    const opened = await whenThere(() => openDatabase(settings), patience);
    database = opened.database;
    const accessLog = createAccessLog({
      source: { organisation: organisation.id, system: 'convenant' },
      store: opened.accessLog,
      anchor: new FileHeadAnchor(anchorFile(folder)),
      signer: { sign: (text) => signer.sign(text), verify: (text) => signer.verify(text, organisation.id) },
      sealer,
      hash: sha256,
      clock,
      ids,
    });
    const ports: Ports = {
      store: events ?? database.events,
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
    await application.listen(settings.port, settings.host);
    service.start();
    listener.serves(service, ports);
    return {
      organisation,
      url: (await application.getUrl()).replace('[::1]', '127.0.0.1'),
      ...(listener.url === undefined ? {} : { observeUrl: listener.url }),
      service,
      ports,
      async stop() {
        await application.close();
        await service.stop();
        await listener.close();
        await observed?.stop();
        await opened.database.close();
        await events?.close();
      },
    };
  } catch (error) {
    await listener.close();
    await database?.close();
    await events?.close();
    throw error;
  }
}

/** One attempt: the stores and the access log, which stand in one database. What was opened is closed again when it fails. */
async function openDatabase({
  organisation,
  database: access,
  poolSize,
  databaseSetting,
  databaseOwnerSetting,
}: OrganisationSettings): Promise<{ readonly database: OpenedPostgres; readonly accessLog: PostgresAccessLogStore }> {
  const ownerSettingName = databaseOwnerSetting === undefined ? {} : { ownerSettingName: databaseOwnerSetting };
  const database = await openPostgres({
    organisation: organisation.id,
    database: access,
    migrations: [accessLogMigrations],
    ...(poolSize === undefined ? {} : { poolSize }),
    ...(databaseSetting === undefined ? {} : { settingName: databaseSetting }),
    ...ownerSettingName,
  });
  try {
    return {
      database,
      accessLog: await openPostgresAccessLogStore(database.pool, {
        ...ownerSettingName,
        described: database.described,
      }),
    };
  } catch (error) {
    await database.close();
    return database.notOpened(error);
  }
}
