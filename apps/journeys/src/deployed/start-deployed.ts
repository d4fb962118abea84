/** The demonstration as it is deployed: every organisation a process of its own, over a real Kafka, each with its database on a PostgreSQL server. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pageOrganisation, pinEachOther, signedInUri } from '@convenant/app-local';
import { startKafka, startPostgres, type RunningKafka, type RunningPostgres } from '@convenant/engines';
import { ensureDatabases, type OrganisationDatabase } from '@convenant/event-store-postgres';
import { applyTopology, expandTopology, topologySchema } from '@convenant/exchange-kafka';
import { localOrganisations, startLocalProvider, type LocalProvider } from '@convenant/identity-local-provider';
import { chanceFrom } from '../faults/chance.js';
import { startFrontDoor, type FrontDoor } from './front-door.js';
import { ServiceProcess } from './service-process.js';
import type { SharedGatewaySettings } from './shared-gateway.js';

export interface DeployedOptions {
  /** Keys, pinned partners and heads of access logs, a folder per organisation. */
  readonly dataFolder: string;
  /** Engines that run already; without them both are started here, and stopped with the rest. */
  readonly engines?: { readonly brokers: readonly string[]; readonly databaseUrl: string };
  readonly onProgress?: (step: string, done: number, of: number) => void;
  readonly onNote?: (line: string) => void;
  /** Further settings of every organisation. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the test means to kill PostgreSQL, whose data must then outlive it. */
  readonly mayBeKilled?: boolean;
  /** The folder of the built release that the organisations start with; this one when left out. The gateway is of this one. */
  readonly release?: string;
  /** The organisations that get one address for all their processes; to the others only the first process is known. */
  readonly frontDoors?: readonly string[];
}
export interface Deployed {
  readonly gatewayUrl: string;
  /** One for each organisation, by its id. */
  readonly services: ReadonlyMap<string, ServiceProcess>;
  readonly gateway: ServiceProcess;
  /** By organisation, where there is one. */
  readonly frontDoors: ReadonlyMap<string, FrontDoor>;
  readonly databases: Readonly<Record<string, OrganisationDatabase>>;
  /** Absent when they ran already. */
  readonly kafka: RunningKafka | undefined;
  readonly postgres: RunningPostgres | undefined;
  /**
   * A further process of the same organisation, on the same database, folder and consumer group, and behind its front door where there is
   * one; it stops with the rest. `release` is the folder of another built release of the product.
   */
  another(organisation: string, release?: string): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

/** The folder of this release. */
export const thisRelease = join(import.meta.dirname, '../../../..');
const exchanging = localOrganisations.filter(({ kind }) => kind !== 'covenant');

/** Resolves once everything answers. When a part cannot start, what was started is stopped again, and the error says which. */
export async function startDeployed({
  dataFolder,
  engines,
  onProgress = () => undefined,
  onNote = () => undefined,
  environment = {},
  mayBeKilled = false,
  release: firstRelease = thisRelease,
  frontDoors: withFrontDoor = [],
}: DeployedOptions): Promise<Deployed> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const steps = localOrganisations.length + 4;
  let done = 0;
  const step = (name: string): void => onProgress(name, done++, steps);
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    step('Kafka and PostgreSQL');
    const passwords = Object.fromEntries(exchanging.map(({ id }) => [id, randomBytes(24).toString('base64url')]));
    const running = engines ? undefined : await startEngines(passwords, mayBeKilled, stops);
    const brokers = engines?.brokers ?? running?.kafka.guardedBrokers ?? [];
    await declareTopics(engines?.brokers ?? running?.kafka.brokers ?? []);
    const databases = await ensureDatabases({
      admin: engines?.databaseUrl ?? running?.postgres.url ?? '',
      organisations: localOrganisations.map(({ id }) => id),
      passwordsFile: join(dataFolder, 'passwords.json'),
    });

    step('identity');
    const gatewayPort = await freePort();
    const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
    const provider = await startLocalProvider({
      port: 0,
      redirectUris: () => [signedInUri(gatewayUrl)],
      postLogoutRedirectUris: () => [gatewayUrl],
      keysFolder: join(dataFolder, 'identity'),
    });
    stops.push(() => provider.close());
    await pinEachOther(dataFolder);

    const secrets = new Map(localOrganisations.map(({ id }) => [id, randomBytes(32).toString('base64url')]));
    const processOf = (
      { id, kind }: (typeof localOrganisations)[number],
      name = id,
      release = firstRelease,
    ): ServiceProcess =>
      new ServiceProcess({
        name,
        program: `apps/${kind}/dist/main.js`,
        release,
        portSetting: 'ORGANISATION_PORT',
        onNote,
        environment: {
          ORGANISATION_ID: id,
          ORGANISATION_PORT: '0',
          ORGANISATION_FOLDER: join(dataFolder, id),
          ORGANISATION_DATABASE_URL: databases[id]?.application ?? '',
          ORGANISATION_DATABASE_OWNER_URL: databases[id]?.owner ?? '',
          ORGANISATION_ISSUER: provider.issuerOf(id),
          ORGANISATION_GATEWAY_SECRET: secrets.get(id) ?? '',
          // Whoever tells a story reads what she did, on a slow machine too.
          ORGANISATION_VIEWS_WAIT_SECONDS: '10',
          ...(kind === 'covenant' ? {} : exchangeSettings(brokers, running ? passwords[id] : undefined, id)),
          ...environment,
        },
      });
    const services = new Map<string, ServiceProcess>();
    const frontDoors = new Map<string, FrontDoor>();
    for (const [index, local] of localOrganisations.entries()) {
      step(local.name);
      const service = processOf(local);
      stops.push(() => service.stop());
      await service.start();
      services.set(local.id, service);
      if (!withFrontDoor.includes(local.id)) continue;
      const frontDoor = await startFrontDoor(chanceFrom(index));
      stops.push(() => frontDoor.close());
      frontDoor.add(service.name, service.url);
      frontDoors.set(local.id, frontDoor);
    }
    const urlOf = (id: string): string => frontDoors.get(id)?.url ?? services.get(id)?.url ?? '';

    step('gateway');
    const gateway = new ServiceProcess({
      name: 'gateway',
      program: 'apps/journeys/dist/deployed/shared-gateway.js',
      release: thisRelease,
      portSetting: 'SHARED_GATEWAY_PORT',
      onNote,
      environment: {
        SHARED_GATEWAY_PORT: String(gatewayPort),
        SHARED_GATEWAY_SETTINGS: JSON.stringify(gatewaySettings(urlOf, secrets, provider)),
      },
    });
    stops.push(() => gateway.stop());
    await gateway.start();
    step('ready');
    return {
      gatewayUrl,
      services,
      gateway,
      frontDoors,
      databases,
      kafka: running?.kafka,
      postgres: running?.postgres,
      async another(organisation, release = thisRelease) {
        const local = localOrganisations.find(({ id }) => id === organisation);
        if (!local) throw new Error(`There is no organisation ${organisation}.`);
        const service = processOf(local, `another ${organisation}`, release);
        stops.push(() => service.stop());
        await service.start();
        frontDoors.get(organisation)?.add(service.name, service.url);
        return service;
      },
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function startEngines(
  users: Readonly<Record<string, string>>,
  mayBeKilled: boolean,
  stops: (() => Promise<void>)[],
): Promise<{ kafka: RunningKafka; postgres: RunningPostgres }> {
  const kafka = await startKafka({ users });
  stops.push(() => kafka.stop());
  const postgres = await startPostgres({ mayBeKilled, connections: 300 });
  stops.push(() => postgres.stop());
  return { kafka, postgres };
}

/** The declared topics and rights, on one broker. */
async function declareTopics(brokers: readonly string[]): Promise<void> {
  const declared = topologySchema.parse(JSON.parse(readFileSync(join(thisRelease, 'infra/kafka/topics.json'), 'utf8')));
  await applyTopology({ brokers }, expandTopology(declared, { replicas: 1 }), { topicPrefix: declared.topicPrefix });
}

/** With a password through the listener that asks who is there, so that the declared rights are what lets a message pass. */
const exchangeSettings = (
  brokers: readonly string[],
  password: string | undefined,
  organisation: string,
): Readonly<Record<string, string>> => ({
  ORGANISATION_KAFKA_BROKERS: brokers.join(','),
  ORGANISATION_KAFKA_TLS: 'off',
  ...(password === undefined
    ? {}
    : {
        ORGANISATION_KAFKA_MECHANISM: 'plain',
        ORGANISATION_KAFKA_USERNAME: organisation,
        ORGANISATION_KAFKA_PASSWORD: password,
      }),
});

const gatewaySettings = (
  urlOf: (organisation: string) => string,
  secrets: ReadonlyMap<string, string>,
  provider: LocalProvider,
): SharedGatewaySettings => ({
  organisations: localOrganisations.map((local) => {
    const { id: _id, ...page } = pageOrganisation(local, provider);
    return {
      id: local.id,
      kind: local.kind,
      url: urlOf(local.id),
      secret: secrets.get(local.id) ?? '',
      issuer: provider.issuerOf(local.id),
      page,
    };
  }),
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
