/** How much one question may ask. What is over a limit is refused as a whole, before anything is called. */
import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface Limits {
  readonly depth: number;
  /** One per field, two per object, times 1.5 for every level down; a page of a hundred rows counts a hundred times. */
  readonly cost: number;
  readonly aliases: number;
  readonly directives: number;
  /** Words and signs in the text of the question. */
  readonly tokens: number;
  readonly rootFields: number;
  readonly bodyBytes: number;
  readonly exchangeBodyBytes: number;
  readonly requestsPerMinute: number;
  /** Per network address: how many tokens in a minute may turn out to be no good. */
  readonly refusedTokensPerMinute: number;
  readonly upstreamTimeoutMs: number;
}

export const defaultLimits: Limits = {
  depth: 10,
  cost: 20_000,
  aliases: 15,
  directives: 20,
  tokens: 2_000,
  rootFields: 20,
  bodyBytes: 100 * 1024,
  exchangeBodyBytes: 256 * 1024,
  requestsPerMinute: 1_200,
  refusedTokensPerMinute: 300,
  upstreamTimeoutMs: 15_000,
};

/** The message by which whoever words an error knows that it is one of these limits; its code is overwritten on the way. */
export const overLimit = 'This question is over a limit.';

/** Fragments count as if they were written out, so that the same question in another form meets the same limit. */
export function limitRules(limits: Limits): ValidationRule[] {
  const report = {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(tooLarge())],
  };
  const rules = [
    maxDepthRule({ n: limits.depth, flattenFragments: true, ...report }),
    costLimitRule({ maxCost: limits.cost, flattenFragments: true, ...report }),
    maxAliasesRule({ n: limits.aliases, ...report }),
    maxDirectivesRule({ n: limits.directives, ...report }),
  ] as unknown as ValidationRule[];
  return [...rules, maxRootFieldsRule(limits.rootFields)];
}

/** Every field of a root is a call to an organisation. */
const maxRootFieldsRule =
  (most: number): ValidationRule =>
  (context): ASTVisitor => ({
    OperationDefinition({ selectionSet }) {
      if (rootFields(selectionSet, context, new Set()) > most) context.reportError(tooLarge());
    },
  });

function rootFields(set: SelectionSetNode, context: ValidationContext, within: Set<string>): number {
  return set.selections.reduce((total, selection) => {
    if (selection.kind === Kind.FIELD) return total + 1;
    if (selection.kind === Kind.INLINE_FRAGMENT) return total + rootFields(selection.selectionSet, context, within);
    const name = selection.name.value;
    const fragment = context.getFragment(name);
    if (!fragment || within.has(name)) return total;
    return total + rootFields(fragment.selectionSet, context, new Set([...within, name]));
  }, 0);
}

const tooLarge = (): GraphQLError => new GraphQLError(overLimit);
