/** Turns any error of the graph into what may leave: the codes of the organisations pass, everything else is worded here. */
import type { GraphQLFormattedError } from 'graphql';
import { overLimit } from './limits.js';
import { said, type GatewayRefusal, type Said } from './refusals.js';

/**
 * Keeps a code that an organisation gave with its two sentences. An error without them is `broken`.
 * No message of any library leaves: those repeat values, and values are about people.
 */
export function wordError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const place = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  const given = fromOrganisation(formatted.extensions);
  if (given) return { ...given, ...place };
  const { code, at } = classify(formatted.extensions?.['code'], formatted.message);
  return { ...said(code, at), ...place };
}

function fromOrganisation(extensions: Readonly<Record<string, unknown>> | undefined): Said | undefined {
  const { code, nl, en, at } = extensions ?? {};
  if (typeof code !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(code)) return undefined;
  if (typeof nl !== 'string' || typeof en !== 'string') return undefined;
  return { message: en, extensions: { code, nl, en, ...(typeof at === 'string' && isPath(at) ? { at } : {}) } };
}

function classify(code: unknown, message: string): { code: GatewayRefusal; at?: string } {
  switch (code) {
    case 'GRAPHQL_PARSE_FAILED':
      return { code: /contains more tha\w \d+ tokens/.test(message) ? 'too-large' : 'not-understood' };
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'BAD_USER_INPUT':
      return message === overLimit ? { code: 'too-large' } : classifyInput(message);
    case 'BAD_REQUEST':
    case 'OPERATION_RESOLUTION_FAILURE':
    case 'PERSISTED_QUERY_NOT_FOUND':
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
      return { code: 'not-understood' };
    default:
      return { code: 'broken' };
  }
}

/** The same mistake gets the same code, whether the value stands in the question or in its variables. */
function classifyInput(message: string): { code: GatewayRefusal; at?: string } {
  const inVariable = /^Variable "\$(\w+)" got invalid value .*? at "([\w.[\]]+)"; /s.exec(message);
  const where = inVariable?.[2] ?? /^Variable "\$(\w+)"/.exec(message)?.[1];
  const unknown = /Field "(\w{1,64})" is not defined by type "[^"]+"\.(?: Did you mean .*)?$/s.exec(message);
  if (unknown) return { code: 'unknown-field', ...placed(join(where, unknown[1])) };
  const missing = /Field "(?:\w+\.)?(\w{1,64})" of required type "[^"]+" was not provided\.$/.exec(message);
  if (missing) return { code: 'missing-field', ...placed(join(where, missing[1])) };
  const argument = /argument "(\w{1,64})" of type "[^"]+" is required, but it was not provided\.$/.exec(message);
  if (argument) return { code: 'missing-field', ...placed(argument[1]) };
  if (/^Variable "\$\w+" of required type "[^"]+" was not provided\.$/.test(message))
    return { code: 'missing-field', ...placed(where) };
  const noField = /^Cannot query field "(\w{1,64})" on type "(\w+)"|^Unknown argument "(\w{1,64})" on field/.exec(
    message,
  );
  if (noField) return { code: 'unknown-field', ...placed(noField[3] ?? `${noField[2]}.${noField[1]}`) };
  if (
    inVariable ||
    /cannot represent|Expected (?:non-nullable type|value of type)|must not be null|does not exist in ".*" enum/s.test(
      message,
    )
  ) {
    return { code: 'wrong-type', ...placed(where) };
  }
  return { code: 'not-understood' };
}

const join = (where: string | undefined, field: string | undefined): string | undefined =>
  where === undefined ? field : `${where}.${field}`;
const isPath = (text: string): boolean => /^[\w.[\]-]{1,200}$/.test(text);
const placed = (at: string | undefined): { at?: string } => (at !== undefined && isPath(at) ? { at } : {});
