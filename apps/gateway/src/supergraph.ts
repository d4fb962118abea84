/** The executable graph of one kind of organisation: its own subgraph and the covenant's, called for whoever asks. */
import { readFile } from 'node:fs/promises';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import type { ExecutionRequest, Executor } from '@graphql-tools/utils';
import { print, type GraphQLSchema } from 'graphql';
import type { OrganisationKind } from '@convenant/kernel';
import type { Caller, SubgraphHeaders } from './caller.js';
import type { Organisations } from './organisations.js';
import { callSubgraph } from './subgraph-call.js';

/** As composed by `npm run compose`. Rejects when there is none for this kind. */
export const readSupergraph = (kind: OrganisationKind): Promise<string> =>
  readFile(new URL(`./generated/supergraph-${kind}.graphql`, import.meta.url), 'utf8');

export interface SupergraphOptions {
  readonly organisations: Organisations;
  readonly headers: SubgraphHeaders;
  readonly timeoutMs: number;
}

/**
 * A field reaches the caller's own organisation or the covenant; there is no third place it could go to.
 * The executor that comes with the library joins equal questions of different people into one call; ours makes each call for its caller.
 */
export function executableSupergraph(supergraphSdl: string, options: SupergraphOptions): GraphQLSchema {
  return getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    batch: false,
    onSubschemaConfig: (subschema) => {
      subschema.executor = executorFor(subschema.name, options);
      subschema.batch = false;
    },
  });
}

function executorFor(subgraph: string, { organisations, headers, timeoutMs }: SupergraphOptions): Executor {
  const ofCovenant = subgraph.toLowerCase() === 'covenant';
  return async ({ document, variables, context }: ExecutionRequest) => {
    const caller = context as Caller;
    const to = ofCovenant ? organisations.covenant : caller.organisation;
    return callSubgraph(
      to,
      { query: print(document), variables: (variables ?? {}) as never },
      caller,
      headers,
      timeoutMs,
    ) as never;
  };
}
