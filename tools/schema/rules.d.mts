/** Types of rules.mjs, for the tests. */
import type { DocumentNode } from 'graphql';
export const fieldCategories: readonly string[];
export function brokenRules(document: DocumentNode, options?: { mayHoldClients?: boolean }): string[];
