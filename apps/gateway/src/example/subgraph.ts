/** A small organisation for tests of the gateway: a real subgraph over HTTP that remembers who called it with what. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { decodeJwt } from 'jose';

export interface Call {
  readonly person: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}
export type Resolvers = Record<string, Record<string, GraphQLFieldResolver<unknown, { person: string | undefined }>>>;
export interface Broken {
  readonly status: number;
  readonly body: string;
}

export class ExampleSubgraph {
  readonly calls: Call[] = [];
  readonly exchanged: { readonly body: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** Whom the gateway says that it turned away. */
  readonly turnedAway: IncomingHttpHeaders[] = [];
  /** When set, answers this instead. */
  broken: Broken | undefined;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(typeDefs: string, resolvers: Resolvers): Promise<ExampleSubgraph> {
    const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const subgraph = new ExampleSubgraph(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        void subgraph.answer(request.url ?? '', request.headers, text, schema).then(({ status, body }) => {
          response
            .writeHead(status, {
              'content-type': request.url === '/exchange' ? 'application/jose' : 'application/json',
            })
            .end(body);
        });
      });
    });
    return subgraph;
  }

  private async answer(
    path: string,
    headers: IncomingHttpHeaders,
    text: string,
    schema: GraphQLSchema,
  ): Promise<Broken> {
    if (this.broken) return this.broken;
    if (path === '/ready') return { status: 200, body: '{}' };
    if (path === '/exchange') {
      this.exchanged.push({ body: text, headers });
      return { status: 202, body: 'signed.receipt.text' };
    }
    if (path === '/turned-away') {
      this.turnedAway.push(headers);
      return { status: 204, body: '' };
    }
    const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
    const token = headers.authorization?.replace(/^Bearer /, '');
    const person = token === undefined ? undefined : decodeJwt(token).sub;
    this.calls.push({ person, headers, query, variables });
    const result = await graphql({ schema, source: query, variableValues: variables, contextValue: { person } });
    return { status: 200, body: JSON.stringify(result) };
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** As the services refuse: a code and two sentences. */
export const refusal = (code: string): GraphQLError =>
  new GraphQLError('internal words', {
    extensions: { code, nl: `nee: ${code}`, en: `no: ${code}`, secret: 'internal detail' },
  });
