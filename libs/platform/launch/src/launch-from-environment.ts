/** Starts one deployed organisation with the settings of its environment, and stops it when it is asked to. */
import { openKurrentEvents } from '@convenant/event-store-kurrent';
import type { Transport } from '@convenant/exchange';
import { HttpTransport } from '@convenant/exchange-direct';
import { KafkaTransport, withoutDriverWarnings } from '@convenant/exchange-kafka';
import { defaultSettings, type ServiceDefinition } from '@convenant/host';
import type { TokenVerifier } from '@convenant/identity';
import { OidcTokenVerifier } from '@convenant/identity-oidc';
import { listeningAt } from '@convenant/settings';
import { kafkaConnection } from './kafka-settings.js';
import { launchOrganisation } from './launch-organisation.js';
import { LinesLog, MachineClock } from './machine.js';
import type { ObservedService } from './observed.js';
import { deployedSettings, placesOf, type DeployedSettings } from './settings.js';

/** `tokensOf` puts something around the organisation's own verifier; the secretariat accepts its participants' gateways besides. */
export async function launchFromEnvironment(
  definition: ServiceDefinition,
  tokensOf: (own: TokenVerifier, settings: DeployedSettings) => TokenVerifier = (own) => own,
): Promise<void> {
  // A start can be broken off anywhere, as by a crash. A process that is the first of its container does not end by itself.
  let stop = (): Promise<void> => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  try {
    const settings = deployedSettings(process.env);
    const organisation = { id: settings.ORGANISATION_ID, kind: definition.kind };
    const own = new OidcTokenVerifier({
      organisation: organisation.id,
      kind: organisation.kind,
      issuer: settings.ORGANISATION_ISSUER,
      clock: new MachineClock(),
    });
    const transport = transportOf(settings);
    const { ORGANISATION_DATABASE_OWNER_URL: owner, ORGANISATION_DATABASE_URL: application } = settings;
    const { ORGANISATION_EVENT_LOG: eventLog } = settings;
    const launched = await listeningAt(placesOf(settings), () =>
      launchOrganisation(definition, {
        organisation,
        folder: settings.ORGANISATION_FOLDER,
        database: { application, ...(owner ? { owner } : {}) },
        databaseSetting: 'ORGANISATION_DATABASE_URL',
        databaseOwnerSetting: 'ORGANISATION_DATABASE_OWNER_URL',
        databasePatienceMs: settings.ORGANISATION_DATABASE_WAIT_SECONDS * 1_000,
        ...(eventLog === undefined ? {} : { openEvents: () => openKurrentEvents({ address: eventLog }) }),
        host: settings.ORGANISATION_HOST,
        port: settings.ORGANISATION_PORT,
        tokens: tokensOf(own, settings),
        gatewaySecret: settings.ORGANISATION_GATEWAY_SECRET,
        transport,
        service: { ...defaultSettings, waitForViewsMs: settings.ORGANISATION_VIEWS_WAIT_SECONDS * 1_000 },
        observe: observeSettings(settings, transport),
      }),
    );
    console.log(`${organisation.id}: ${launched.url}`);
    if (launched.observeUrl) console.log(`${organisation.id}, metrics and health: ${launched.observeUrl}`);
    stop = () => launched.stop().then(() => transport.close());
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'This organisation could not start.');
    process.exitCode = 1;
  }
}

const observeSettings = (
  {
    ORGANISATION_METRICS_HOST: host,
    ORGANISATION_METRICS_PORT: port,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
  }: DeployedSettings,
  transport: Transport,
): ObservedService => ({
  ...(port === undefined ? {} : { listen: { host, port } }),
  ...(collector === undefined ? {} : { collector }),
  ...(transport instanceof KafkaTransport
    ? { exchangeTroubles: () => [...transport.troubles.values()].map(({ code }) => code) }
    : {}),
});

/** Through Kafka when brokers are named, over HTTP otherwise. A broker that is away does not keep a service from starting. */
function transportOf(settings: DeployedSettings): Transport {
  const { ORGANISATION_ID: id, ORGANISATION_KAFKA_TOPIC_PREFIX: topicPrefix } = settings;
  const connection = kafkaConnection(settings, `convenant-${id}`);
  if (!connection)
    return new HttpTransport({ addressOf: (partner) => settings.ORGANISATION_PARTNER_ADDRESSES[partner] });
  withoutDriverWarnings();
  const log = new LinesLog(id);
  return new KafkaTransport({
    connection,
    note: (level, code, facts) => log.note(level, code, facts),
    ...(topicPrefix ? { topicPrefix } : {}),
  });
}
