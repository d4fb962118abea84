/** Starts the gateway: one address for the people of the organisations behind it. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { OidcTokenVerifier } from '@convenant/identity-oidc';
import type { TokenVerifier } from '@convenant/identity';
import { noTelemetry, type Clock, type OrganisationKind } from '@convenant/kernel';
import { AnyError } from './any-error.js';
import { Callers, SubgraphHeaders } from './caller.js';
import { ExchangeEndpoint, limitsToken } from './exchange-endpoint.js';
import { Graph } from './graph.js';
import { followedToken, GraphqlEndpoint, type Followed } from './graphql-endpoint.js';
import { HealthEndpoint } from './health-endpoint.js';
import { defaultLimits, type Limits } from './limits.js';
import type { ObserveSettings } from '@convenant/telemetry';
import { listenFor, telemetryOf } from './observed.js';
import { Organisations, type Organisation } from './organisations.js';
import { PageEndpoint, pageToken, pageFacts, type PageSettings } from './page-endpoint.js';
import { Rates } from './rates.js';
import { readSupergraph } from './supergraph.js';

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whose tokens are accepted, for all organisations or for each its own; compared exactly. */
  readonly issuer: string | ((organisation: string) => string);
  readonly organisations: readonly Organisation[];
  /** Pass partners' messages on at /exchange/:organisation; for an installation where all partners share one machine. */
  readonly exchange?: boolean;
  /** The page at `/` with a list of demo people; only for demonstrations, and it needs `introspection`. */
  readonly graphiql?: PageSettings;
  /** Whether the schema may be asked for. */
  readonly introspection?: boolean;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** Hears what broke, and in which trace. Messages of errors may hold values about people: keep them out of logs that others read. */
  readonly onBroken?: (error: unknown, trace?: string) => void;
  /** Other settings of the issuer than its discovery document gives. */
  readonly verifierFor?: (organisation: Organisation) => TokenVerifier;
  /** Other supergraphs than the composed ones. */
  readonly supergraphOf?: (kind: OrganisationKind) => Promise<string>;
  /** Metrics, health and traces; none when left out. */
  readonly observe?: ObserveSettings;
}

export interface RunningGateway {
  readonly url: string;
  /** Where metrics and health are, when they were asked for. */
  readonly observeUrl?: string;
  /** Answers what was asked before, then stops. */
  close(): Promise<void>;
}

@Module({})
class GatewayModule {}

/** Rejects when the port is taken or a supergraph is missing. Does not wait for the organisations or the issuer to be up. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { clock = machineClock, onBroken = () => undefined } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const organisations = new Organisations(options.organisations);
  const issuerOf = (id: string): string => (typeof options.issuer === 'string' ? options.issuer : options.issuer(id));
  const headers = new SubgraphHeaders(organisations, clock);
  const graph = await Graph.start({
    organisations,
    limits,
    headers,
    timeoutMs: limits.upstreamTimeoutMs,
    introspection: options.introspection ?? false,
    supergraphOf: options.supergraphOf ?? readSupergraph,
    onBroken,
  });
  const { observe = {} } = options;
  const observed = telemetryOf(organisations, graph, observe);
  const telemetry = observed?.telemetry ?? noTelemetry;
  const followed: Followed = { telemetry, clock };
  const verifierFor =
    options.verifierFor ??
    (({ id, kind }: Organisation) => new OidcTokenVerifier({ organisation: id, kind, issuer: issuerOf(id), clock }));

  const adapter = new FastifyAdapter({ bodyLimit: limits.bodyBytes, routerOptions: { maxParamLength: 100 } });
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(
    'application/jose',
    { parseAs: 'string', bodyLimit: limits.exchangeBodyBytes },
    (_request: unknown, body: string | Buffer, done: (error: Error | null, body: string) => void) =>
      done(null, body.toString()),
  );
  fastify.addHook('onResponse', (_request, reply, done) => {
    telemetry.count('convenant_http_requests_total', { status: String(reply.statusCode) });
    done();
  });
  await fastify.register(rateLimit, { global: false });
  const module: DynamicModule = {
    module: GatewayModule,
    controllers: [
      GraphqlEndpoint,
      HealthEndpoint,
      ...(options.exchange ? [ExchangeEndpoint] : []),
      ...(options.graphiql ? [PageEndpoint] : []),
    ],
    providers: [
      { provide: Organisations, useValue: organisations },
      { provide: Callers, useValue: new Callers(organisations, verifierFor) },
      { provide: Rates, useFactory: () => new Rates(fastify, limits) },
      { provide: Graph, useValue: graph },
      { provide: SubgraphHeaders, useValue: headers },
      { provide: followedToken, useValue: followed },
      { provide: limitsToken, useValue: limits },
      ...(options.graphiql ? [{ provide: pageToken, useValue: pageFacts(options.graphiql, issuerOf) }] : []),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: ['error', 'warn'],
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new AnyError(onBroken));
  const listener = observed && (await listenFor(organisations, observed, observe));
  await app.listen(options.port, options.host).catch(async (error: unknown) => {
    await listener?.close();
    throw error;
  });
  return {
    url: await app.getUrl(),
    ...(listener ? { observeUrl: listener.url } : {}),
    async close() {
      const server = app.getHttpServer() as Server;
      // Who does not read an answer to its end must not hold up the end of everybody else.
      const patience = setTimeout(() => server.closeAllConnections(), closingPatienceMs);
      await app.close().finally(() => clearTimeout(patience));
      await graph.stop();
      await listener?.close();
      await observed?.stop();
    },
  };
}

/** How long answers that are under way may take once the gateway was told to stop. */
const closingPatienceMs = 5_000;
const machineClock: Clock = { now: () => new Date().toISOString() };
