/** The parts of the GraphQL schema that services share, as text. */
import { readFileSync } from 'node:fs';

const text = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** What every subgraph begins with, the covenant's too. */
export const baseSchema: readonly string[] = [text('./base.graphql')];
/** What every organisation that knows clients begins with; its own schema extends `Query` and `Mutation`. */
export const sharedSchema: readonly string[] = [...baseSchema, text('./shared.graphql')];
