/** The Apollo Servers, one per kind of organisation that this gateway serves. */
import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Kind, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { OrganisationKind } from '@convenant/kernel';
import type { Caller, Headers } from './caller.js';
import { limitRules, type Limits } from './limits.js';
import { executableSupergraph, type SupergraphOptions } from './supergraph.js';
import { traceOf } from './trace.js';
import { wordError } from './wording.js';

export interface GraphOptions extends SupergraphOptions {
  readonly limits: Limits;
  readonly introspection: boolean;
  readonly supergraphOf: (kind: OrganisationKind) => Promise<string>;
  /** Hears of errors that nobody foresaw; without it they are lost. */
  readonly onBroken: (error: unknown, trace: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: string;
}

export class Graph {
  private constructor(
    private readonly servers: ReadonlyMap<OrganisationKind, ApolloServer<Caller>>,
    /** Every field that can be asked for at the top. */
    readonly operations: ReadonlySet<string>,
  ) {}

  static async start(options: GraphOptions): Promise<Graph> {
    const kinds = new Set(options.organisations.all.map(({ kind }) => kind));
    const operations = new Set<string>();
    const servers = await Promise.all(
      [...kinds].map(async (kind) => {
        const schema = executableSupergraph(await options.supergraphOf(kind), options);
        for (const type of [schema.getQueryType(), schema.getMutationType()])
          for (const name of Object.keys(type?.getFields() ?? {})) operations.add(name);
        return [kind, await serverFor(schema, options)] as const;
      }),
    );
    return new Graph(new Map(servers), operations);
  }

  /** Answers one question of one caller with the graph of the caller's own organisation's kind. */
  async answer(caller: Caller, headers: Headers, body: unknown): Promise<Answer> {
    const server = this.servers.get(caller.organisation.kind);
    if (!server) throw new Error(`There is no graph for ${caller.organisation.kind}.`);
    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: headerMap(headers), search: '', body },
      context: () => Promise.resolve(caller),
    });
    return { status: response.status ?? 200, headers: response.headers, body: whole(response) };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }
}

async function serverFor(schema: GraphQLSchema, options: GraphOptions): Promise<ApolloServer<Caller>> {
  const { limits, introspection, onBroken } = options;
  const server = new ApolloServer<Caller>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    validationRules: limitRules(limits),
    parseOptions: { maxTokens: limits.tokens },
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    status400ForVariableCoercionErrors: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // A kept question keeps the values written in it.
    documentStore: null,
    logger: quiet,
    formatError: wordError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      {
        requestDidStart: ({ contextValue }) =>
          Promise.resolve({
            didResolveOperation: ({ operation }) => {
              if (operation) contextValue.span?.set({ operation: nameOf(operation) });
              return Promise.resolve();
            },
            didEncounterErrors: ({ errors }) => {
              contextValue.span?.set({ outcome: 'refused' });
              for (const error of errors) {
                if (wordError(error.toJSON()).extensions?.['code'] === 'broken')
                  onBroken(error.originalError ?? error, traceOf(contextValue.traceparent));
              }
              return Promise.resolve();
            },
            willSendResponse: ({ response }) => {
              response.http.headers.set('cache-control', 'no-store');
              response.http.headers.set('convenant-trace', traceOf(contextValue.traceparent));
              return Promise.resolve();
            },
          }),
      },
    ],
  });
  await server.start();
  return server;
}

/** What Apollo would print may hold a question, and questions hold values about people; errors are heard of through `onBroken`. */
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const headerMap = (headers: Headers): HeaderMap => {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) map.set(name, String(value));
  return map;
};

/** The field that was asked for; never the name that the caller gave the question, which could say anything. */
const nameOf = ({ selectionSet: { selections } }: OperationDefinitionNode): string => {
  const [only, ...others] = new Set(
    selections.map((each) => (each.kind === Kind.FIELD ? each.name.value : severalOperations)),
  );
  return only === undefined || others.length > 0 ? severalOperations : only;
};
/** Stands for a question with more than one field at the top. */
export const severalOperations = 'several';

const whole = ({ body }: HTTPGraphQLResponse): string => {
  if (body.kind !== 'complete') throw new Error('A subgraph answered in parts, which this gateway does not ask for.');
  return body.string;
};
