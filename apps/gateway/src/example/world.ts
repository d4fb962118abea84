/** A gateway with small organisations behind it, for its tests: two agencies, UWV and the secretariat. */
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import type { OrganisationKind } from '@convenant/kernel';
import { startGateway, type GatewayOptions, type RunningGateway } from '../start-gateway.js';
import { ExampleIssuer, type TokenWishes } from './issuer.js';
import { ExampleSubgraph, refusal, type Resolvers } from './subgraph.js';

const base = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Outcome @shareable { id: ID! position: String refused: Refusal }
  type Refusal @shareable { code: String! nl: String! en: String! }
`;
const client = `
  type Client { id: ID! name: String reader: String notes(first: Int): [Note!]! related: Client }
  type Note { id: ID! text: String about: Client }
  input ReferInput { requestId: ID! clientId: ID! hours: Int! bsn: String }
`;
const schemas: Partial<Record<OrganisationKind, string>> = {
  'mental-health': `${base}${client}
    type Query { client(id: ID!): Client  whoAmI: String }
    type Mutation { referClient(input: ReferInput!): Outcome! }`,
  uwv: `${base}${client} type Query { progress(id: ID!): Client }`,
  covenant: `${base}
    type Query { participants: [Participant!]! }
    type Participant @key(fields: "id") { id: ID! name: String! }`,
};

export const knownClient = 'client-1';
export const foreignClient = 'client-of-somebody-else';
const clientFor = (id: string, person: string | undefined) => {
  if (id === 'client-that-breaks') throw new Error('select * from clients where bsn = 999990019');
  if (id !== knownClient) throw refusal('no-working-relation');
  const found = { id, name: 'Example Person', reader: person, notes: [{ id: 'n1', text: 'A note' }] };
  return { ...found, related: found };
};
const clients: Resolvers = {
  Query: {
    client: (_, { id }, { person }) => clientFor(id as string, person),
    whoAmI: (_, __, { person }) => person,
  },
  Mutation: { referClient: (_, { input }) => ({ id: (input as { requestId: string }).requestId, position: '1-2-3' }) },
};

export class ExampleWorld {
  private constructor(
    readonly issuer: ExampleIssuer,
    readonly amstel: ExampleSubgraph,
    readonly duin: ExampleSubgraph,
    readonly uwv: ExampleSubgraph,
    readonly covenant: ExampleSubgraph,
    readonly gateway: RunningGateway,
    readonly broke: unknown[],
  ) {}

  static async start(options: Partial<GatewayOptions> = {}): Promise<ExampleWorld> {
    const issuer = await ExampleIssuer.start();
    const amstel = await ExampleSubgraph.start(schemas['mental-health'] ?? '', clients);
    const duin = await ExampleSubgraph.start(schemas['mental-health'] ?? '', clients);
    const uwv = await ExampleSubgraph.start(schemas.uwv ?? '', {
      Query: { progress: (_, { id }, { person }) => clientFor(id as string, person) },
    });
    const covenant = await ExampleSubgraph.start(schemas.covenant ?? '', {
      Query: { participants: () => [{ id: 'uwv', name: 'UWV' }] },
    });
    const credentialSecret = new Uint8Array(32).fill(7);
    const broke: unknown[] = [];
    const gateway = await startGateway({
      host: '127.0.0.1',
      port: 0,
      issuer: issuer.url,
      organisations: [
        { id: 'ggz-amstel', kind: 'mental-health', url: amstel.url, credentialSecret },
        { id: 'ggz-duin', kind: 'mental-health', url: duin.url, credentialSecret },
        { id: 'uwv', kind: 'uwv', url: uwv.url, credentialSecret },
        { id: 'secretariaat', kind: 'covenant', url: covenant.url, credentialSecret },
      ],
      supergraphOf: (kind) => Promise.resolve(exampleSupergraph(kind)),
      onBroken: (error) => broke.push(error),
      ...options,
    });
    return new ExampleWorld(issuer, amstel, duin, uwv, covenant, gateway, broke);
  }

  async ask(
    body: unknown,
    by: TokenWishes & { person?: string } = {},
    headers: Record<string, string> = {},
  ): Promise<Asked> {
    return this.send(body, {
      authorization: `Bearer ${await this.issuer.token(by.person ?? 'karin', by)}`,
      ...headers,
    });
  }

  async send(body: unknown, headers: Record<string, string>): Promise<Asked> {
    const response = await fetch(`${this.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      ...(JSON.parse(text) as Pick<Asked, 'data' | 'errors'>),
    };
  }

  get subgraphs(): readonly ExampleSubgraph[] {
    return [this.amstel, this.duin, this.uwv, this.covenant];
  }
  /** How many calls reached any organisation. */
  get calls(): number {
    return this.subgraphs.reduce((total, { calls }) => total + calls.length, 0);
  }
  forget(): void {
    for (const subgraph of this.subgraphs) {
      subgraph.calls.length = 0;
      subgraph.turnedAway.length = 0;
      subgraph.broken = undefined;
    }
    this.broke.length = 0;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await Promise.all([this.issuer, ...this.subgraphs].map((each) => each.close()));
  }
}

export interface Asked {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions: Record<string, string> }[];
}

export function exampleSupergraph(kind: OrganisationKind): string {
  const names = kind === 'covenant' ? [kind] : [kind, 'covenant' as const];
  const result = composeServices(
    names.map((name) => ({ name, url: `urn:${name}`, typeDefs: parse(schemas[name] ?? '') })),
  );
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}
