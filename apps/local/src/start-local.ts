/** Everything on one machine in one process: a database and an application per organisation, the identity provider and the gateway. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ParticipantVerifier, startGateway, type RunningGateway } from '@convenant/app-gateway';
import { ensureDatabases, startEmbeddedPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import type { Transport } from '@convenant/exchange';
import { DirectTransport } from '@convenant/exchange-direct';
import { fingerprintOfAll } from '@convenant/exchange-sealing';
import { traceOf, type Request, type ServiceSettings } from '@convenant/host';
import type { TokenVerifier } from '@convenant/identity';
import {
  demoPeople,
  localOrganisations,
  startLocalProvider,
  type LocalOrganisation,
  type LocalProvider,
} from '@convenant/identity-local-provider';
import { OidcTokenVerifier } from '@convenant/identity-oidc';
import type { Checkpoints } from '@convenant/kernel';
import {
  launchOrganisation,
  LinesLog,
  MachineClock,
  openKeys,
  pinnedFile,
  PinnedPartners,
  type LaunchedOrganisation,
  type PinnedPartner,
} from '@convenant/launch';
import { listeningAt, type ListensAt } from '@convenant/settings';
import { definitionOf } from './definitions.js';
import type { LocalSettings } from './settings.js';

export interface Local {
  readonly gatewayUrl: string;
  readonly provider: LocalProvider;
  readonly organisations: readonly LaunchedOrganisation[];
  readonly databases: Readonly<Record<string, OrganisationDatabase>>;
  readonly dataFolder: string;
  /** Answers what was asked before, then stops everything, PostgreSQL last. */
  stop(): Promise<void>;
}
export interface StartOptions {
  readonly onProgress?: (step: string, done: number, of: number) => void;
  readonly checkpoints?: Checkpoints;
  readonly service?: ServiceSettings;
  /** What carries messages between the organisations; for tests that look at what passes. It is closed with the rest. */
  readonly transport?: Transport;
  /** Takes the notes for operators, one line of JSON each; without it they go to standard error. */
  readonly onNote?: (line: string) => void;
}

/** Where browsers are sent back to after signing in at the page of the gateway. */
export const signedInUri = (gatewayUrl: string): string => `${gatewayUrl}/signed-in`;

/** Resolves once everything answers. When a part cannot start, what was started is stopped again. */
export async function startLocal(
  settings: LocalSettings,
  { onProgress = () => undefined, checkpoints, service, transport = new DirectTransport(), onNote }: StartOptions = {},
): Promise<Local> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const steps = localOrganisations.length + 3;
  let done = 0;
  const step = (name: string): void => onProgress(name, done++, steps);
  try {
    step('PostgreSQL');
    const { databases, folder } = await openDatabases(settings, stops);

    step('identity');
    const gatewayPort =
      settings.gatewayPort === 0
        ? await listeningAt(placesAt(settings.host, 0, 'CONVENANT_GATEWAY_PORT'), () => freePort(settings.host))
        : settings.gatewayPort;
    const gatewayUrl = `http://${settings.host}:${gatewayPort}`;
    const provider = await listeningAt(placesAt('127.0.0.1', settings.identityPort, 'CONVENANT_IDENTITY_PORT'), () =>
      startLocalProvider({
        port: settings.identityPort,
        redirectUris: () => [signedInUri(gatewayUrl)],
        postLogoutRedirectUris: () => [gatewayUrl],
        keysFolder: join(folder, 'identity'),
      }),
    );
    stops.push(() => provider.close());

    const exchanging = await pinEachOther(folder);
    stops.push(() => transport.close());
    const launched: { at: LaunchedOrganisation; secret: Uint8Array }[] = [];
    for (const [index, local] of localOrganisations.entries()) {
      step(local.name);
      const secret = new Uint8Array(randomBytes(32));
      const port = settings.organisationPort === 0 ? 0 : settings.organisationPort + index;
      const at = await listeningAt(placesAt(settings.host, port, 'CONVENANT_ORGANISATION_PORT'), () =>
        launchOrganisation(definitionOf(local.kind), {
          organisation: { id: local.id, kind: local.kind },
          folder: join(folder, local.id),
          database: databases[local.id] as OrganisationDatabase,
          host: settings.host,
          port,
          tokens: verifierFor(local, secret, provider),
          gatewaySecret: secret,
          transport,
          poolSize: 3,
          ...(service ? { service } : {}),
          ...(checkpoints ? { checkpoints } : {}),
          ...(onNote ? { operatorLog: new LinesLog(local.id, onNote) } : {}),
        }),
      );
      launched.push({ at, secret });
      stops.push(() => at.stop());
    }

    const covenant = launched.find(({ at }) => at.organisation.kind === 'covenant');
    if (covenant) await proposeKeysAt(covenant.at, exchanging);

    step('gateway');
    const gateway: RunningGateway = await listeningAt(
      placesAt(settings.host, gatewayPort, 'CONVENANT_GATEWAY_PORT'),
      () =>
        startGateway({
          host: settings.host,
          port: gatewayPort,
          issuer: (id) => provider.issuerOf(id),
          organisations: launched.map(({ at, secret }) => ({
            id: at.organisation.id,
            kind: at.organisation.kind,
            url: at.url,
            credentialSecret: secret,
          })),
          exchange: true,
          introspection: true,
          graphiql: { organisations: localOrganisations.map((local) => pageOrganisation(local, provider)) },
          verifierFor: ({ id, kind }) => verifier(id, kind, provider),
        }),
    );
    stops.push(() => gateway.close());
    return {
      gatewayUrl: gateway.url,
      provider,
      organisations: launched.map(({ at }) => at),
      databases,
      dataFolder: folder,
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function openDatabases(
  settings: LocalSettings,
  stops: (() => Promise<void>)[],
): Promise<{ databases: Readonly<Record<string, OrganisationDatabase>>; folder: string }> {
  const organisations = localOrganisations.map(({ id }) => id);
  if (settings.databaseUrl) {
    await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 });
    const databases = await ensureDatabases({
      admin: settings.databaseUrl,
      organisations,
      passwordsFile: join(settings.dataFolder, 'passwords.json'),
    });
    return { databases, folder: settings.dataFolder };
  }
  const embedded = await startEmbeddedPostgres({
    dataFolder: settings.dataFolder,
    organisations,
    ...(settings.postgresPort === 0 ? {} : { port: settings.postgresPort }),
  }).catch((error: Error) => {
    if (settings.postgresPort === 0 || !error.message.startsWith('Port ')) throw error;
    throw new Error(`${error.message} The setting is CONVENANT_POSTGRES_PORT.`, { cause: error });
  });
  stops.push(() => embedded.stop());
  return { databases: embedded.databases, folder: embedded.dataFolder };
}

/**
 * On one machine the fingerprints need no telephone call: whoever starts this owns all the keys. Every organisation pins every other that
 * exchanges messages; the secretariat exchanges none.
 */
export async function pinEachOther(folder: string): Promise<readonly PinnedPartner[]> {
  const exchanging = localOrganisations.filter(({ kind }) => kind !== 'covenant');
  for (const { id } of localOrganisations) await mkdir(join(folder, id), { recursive: true, mode: 0o700 });
  const all = await Promise.all(
    exchanging.map(async ({ id, kind }) => ({ id, kind, keys: (await openKeys(join(folder, id), id)).published })),
  );
  await Promise.all(
    exchanging.map(({ id }) =>
      PinnedPartners.pin(
        pinnedFile(join(folder, id)),
        all.filter((partner) => partner.id !== id),
      ),
    ),
  );
  return all;
}

/** The secretariat's list of participants, with the fingerprints of the keys that they proposed; filled in at the first start. */
async function proposeKeysAt(
  { organisation, service, ports }: LaunchedOrganisation,
  exchanging: readonly PinnedPartner[],
): Promise<void> {
  const request: Request = {
    session: {
      organisation: organisation.id,
      person: 'local-installation',
      role: 'policyOfficer',
      tokenExpiresAt: ports.clock.now(),
    },
    trace: traceOf(undefined, ports.ids),
    ...(await ports.store.head().then((after) => (after === undefined ? {} : { after }))),
  };
  const known = new Set(
    ((await service.ask('participants', {}, request)) as readonly { organisationId: string }[]).map(
      (each) => each.organisationId,
    ),
  );
  for (const { id, kind, keys } of exchanging.filter((each) => !known.has(each.id))) {
    const requestId = ports.ids.fresh();
    await service.execute(
      'joinCovenant',
      { requestId, organisationId: id, kind, name: localOrganisations.find((each) => each.id === id)?.name ?? id },
      request,
    );
    const proposed = {
      signingKey: JSON.stringify(keys.signing[0]),
      sealingKey: JSON.stringify(keys.sealing),
      fingerprint: await fingerprintOfAll(keys),
    };
    await service.execute('proposeKeys', { requestId: ports.ids.fresh(), organisationId: id, ...proposed }, request);
  }
}

const verifier = (organisation: string, kind: LocalOrganisation['kind'], provider: LocalProvider): TokenVerifier =>
  new OidcTokenVerifier({
    organisation,
    kind,
    issuer: provider.issuerOf(organisation),
    keysAddress: provider.keysAddressOf(organisation),
    clock: new MachineClock(),
  });
/** People of other organisations reach the secretariat with the gateway's word that they take part, never with their own token. */
const verifierFor = ({ id, kind }: LocalOrganisation, secret: Uint8Array, provider: LocalProvider): TokenVerifier =>
  kind === 'covenant'
    ? new ParticipantVerifier({
        organisation: id,
        secret,
        clock: new MachineClock(),
        own: verifier(id, kind, provider),
      })
    : verifier(id, kind, provider);

/** What the page needs to know to let demo people of this organisation sign in. */
export const pageOrganisation = (local: LocalOrganisation, provider: LocalProvider) => ({
  id: local.id,
  name: local.name,
  clientId: provider.clientIdOf(local.id),
  people: (demoPeople[local.id] ?? []).map(({ account, name, role }) => ({
    account,
    name,
    role,
    subject: provider.subjectOf(local.id, account),
  })),
});

const placesAt = (host: string, port: number, portSetting: string): readonly ListensAt[] => [
  { host, port, hostSetting: 'CONVENANT_HOST', portSetting },
];

const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
