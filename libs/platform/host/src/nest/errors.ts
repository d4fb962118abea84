/** Errors as a caller sees them: expected refusals with a code and a sentence in two languages, everything else as one sentence without internals. */
import { AccessLogUnavailable } from '@convenant/access-log';
import { notSignedIn } from '@convenant/identity';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AnswerRefused, inWords } from '../answers.js';
import type { OperatorLog, Refused } from '../definition.js';
import { failureFacts } from '../failure-facts.js';

const formatted = ({ code, nl, en }: Refused, path?: GraphQLFormattedError['path']): GraphQLFormattedError => ({
  message: en,
  ...(path ? { path } : {}),
  extensions: { code, nl, en },
});

/** Thrown by the context of a request that carries no acceptable token. */
export const signedOut = (): GraphQLError =>
  new GraphQLError(notSignedIn.en, { extensions: { ...notSignedIn, http: { status: 401 } } });

export const formatError =
  (log: OperatorLog) =>
  (shown: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (original instanceof AnswerRefused) return formatted(original.refused, shown.path);
    if (original instanceof AccessLogUnavailable) {
      log.note('error', 'access-log-unavailable', { why: original.reason, ...failureFacts(original) });
      return formatted(inWords('log-unavailable'), shown.path);
    }
    const code = shown.extensions?.['code'];
    if (code === notSignedIn.code) return formatted(notSignedIn);
    // Faults of the question itself are the asker's to mend; the message names fields and types, never values.
    if (code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED')
      return { ...formatted(inWords('input-not-understood')), message: withoutValues(shown.message) };
    if (code === 'BAD_USER_INPUT') return formatted(inWords('input-not-understood'), shown.path);
    log.note('error', 'answer-broken', failureFacts(original));
    return formatted(inWords('broken'), shown.path);
  };

/** GraphQL quotes literals of the question in double quotes together with names; names of the schema are kept, anything else goes. */
const withoutValues = (message: string): string =>
  message.replace(/"([^"]*)"/g, (quoted, text: string) => (/^[A-Za-z_!$[\].]{1,80}$/.test(text) ? quoted : '"…"'));
