/** One organisation as a Nest application on Fastify: its subgraph, its inbox for messages over HTTP, and its health. */
import 'reflect-metadata';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  HttpException,
  Inject,
  Module,
  Post,
  type DynamicModule,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { GraphQLModule } from '@nestjs/graphql';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { bearerOf, type Session, type TokenVerifier } from '@convenant/identity';
import type { Ids, Position } from '@convenant/kernel';
import type { OperatorLog, Request } from '../definition.js';
import type { RunningService } from '../service.js';
import { traceOf } from '../trace.js';
import { busesOf, type Asked } from './buses.js';
import { formatError, signedOut } from './errors.js';
import { withoutNulls } from './given.js';

/** As Fastify hands them over, with names in small letters. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface ApplicationParts {
  readonly service: RunningService;
  readonly tokens: TokenVerifier;
  /** Whether a call came from this organisation's own gateway; nobody else is answered. */
  fromGateway(headers: RequestHeaders): Promise<boolean>;
  readonly ids: Ids;
  readonly operatorLog: OperatorLog;
}

const service = Symbol('RunningService');
const applicationParts = Symbol('ApplicationParts');

@Controller()
class ExchangeEndpoint {
  constructor(@Inject(service) private readonly running: RunningService) {}

  /** The inbox for partners that deliver over HTTP. Answers whether the message was refused, and never why: the reason is in our own log. */
  @Post('exchange')
  @HttpCode(202)
  async receive(@Body() signed: unknown): Promise<{ accepted: true }> {
    const handled = typeof signed === 'string' ? await this.running.receive(signed) : { refused: 'malformed' };
    if (typeof handled === 'object')
      throw new HttpException(
        { code: 'message-refused', nl: 'Dit bericht is niet aangenomen.', en: 'This message was not accepted.' },
        400,
      );
    return { accepted: true };
  }
}

/** Where the gateway says whom it turned away; the token is judged here once more, and why it is no good stays here. */
@Controller()
class TurnedAwayEndpoint {
  constructor(@Inject(applicationParts) private readonly parts: ApplicationParts) {}

  @Post('turned-away')
  @HttpCode(204)
  async note(@Headers() headers: RequestHeaders): Promise<void> {
    const { service: running, tokens, fromGateway, ids } = this.parts;
    if (!(await fromGateway(headers))) throw new HttpException({}, 401);
    const trace = traceOf(headers['traceparent'], ids);
    const session: Session | { refused: string } = await tokens.verify(bearerOf(only(headers.authorization)));
    if ('refused' in session) return running.turnedAway(session.refused, { trace });
    return running.turnedAway('another-organisation', { session, trace });
  }
}

@Controller()
class HealthEndpoint {
  constructor(@Inject(service) private readonly running: RunningService) {}

  @Get('health')
  health(@Headers('accept') _accept: string): { healthy: boolean } {
    return { healthy: this.running.healthy() };
  }

  /** Asked by the gateway: whether this organisation can answer now. */
  @Get('ready')
  async ready(): Promise<{ ready: true }> {
    const isReady = this.running.healthy() && (await this.running.caughtUp().catch(() => false));
    if (!isReady) throw new HttpException({ ready: false }, 503);
    return { ready: true };
  }
}

@Module({})
class OrganisationModule {}

/** Makes the application without listening. The caller starts the service and listens. */
export async function createOrganisationApplication(parts: ApplicationParts): Promise<NestFastifyApplication> {
  const { service: running, operatorLog } = parts;
  const buses = busesOf(running);
  // Filled once the application stands; no request comes in before that.
  const bus: { commands?: CommandBus; queries?: QueryBus } = {};
  const send =
    (kind: 'commands' | 'queries', name: string) =>
    async (_root: unknown, args: Record<string, unknown>, request: Request) => {
      const Class = buses[kind].get(name);
      if (!Class || !bus.commands || !bus.queries) throw new Error('No handler for this field.');
      const asked: Asked = new Class(withoutNulls(kind === 'commands' ? args['input'] : args), request);
      return kind === 'commands' ? bus.commands.execute(asked as never) : bus.queries.execute(asked as never);
    };
  const fields = (kind: 'commands' | 'queries') =>
    Object.fromEntries([...buses[kind].keys()].map((name) => [name, send(kind, name)]));
  const mutations = fields('commands');

  const module: DynamicModule = {
    module: OrganisationModule,
    imports: [
      CqrsModule.forRoot(),
      GraphQLModule.forRoot<ApolloFederationDriverConfig>({
        driver: ApolloFederationDriver,
        typeDefs: [...running.definition.schema],
        resolvers: { Query: fields('queries'), ...(Object.keys(mutations).length > 0 ? { Mutation: mutations } : {}) },
        playground: false,
        introspection: false,
        includeStacktraceInErrorResponses: false,
        plugins: [ApolloServerPluginInlineTraceDisabled()],
        csrfPrevention: true,
        context: ({ headers }: { headers: RequestHeaders }) => requestOf(headers, parts),
        formatError: formatError(operatorLog),
      } as ApolloFederationDriverConfig),
    ],
    controllers: [ExchangeEndpoint, TurnedAwayEndpoint, HealthEndpoint],
    providers: [
      ...buses.providers,
      { provide: service, useValue: running },
      { provide: applicationParts, useValue: parts },
    ],
  };
  const adapter = new FastifyAdapter({ bodyLimit: 1_000_000 });
  adapter
    .getInstance()
    .addContentTypeParser(
      'application/jose',
      { parseAs: 'string' },
      (_request: unknown, body: string | Buffer, done: (error: Error | null, body: string) => void) =>
        done(null, body.toString()),
    );
  const application = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    abortOnError: false,
  });
  await application.init();
  bus.commands = application.get(CommandBus);
  bus.queries = application.get(QueryBus);
  return application;
}

/** Who asks, and in which trace. Throws what a signed-out caller sees when the gateway or the token is not right. */
async function requestOf(headers: RequestHeaders, { tokens, fromGateway, ids }: ApplicationParts): Promise<Request> {
  if (!(await fromGateway(headers))) throw signedOut();
  const session: Session | { refused: string } = await tokens.verify(bearerOf(only(headers.authorization)));
  if ('refused' in session) throw signedOut();
  const after = headers['convenant-position'];
  return {
    session,
    trace: traceOf(headers['traceparent'], ids),
    ...(typeof after === 'string' && after.length > 0 && after.length < 200 ? { after: after as Position } : {}),
  };
}

/** A header that was sent twice counts as not sent. */
const only = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
