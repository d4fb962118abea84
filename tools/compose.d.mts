/** Types of compose.mjs, for the tests. */
export const organisationKinds: readonly string[];
export class SchemaRefused extends Error {
  readonly lines: readonly string[];
}
export function schemaFiles(kind: string): string[];
export function serviceSchema(kind: string, folder?: string): string;
export function composed(folder?: string): Map<string, string>;
export function drift(folder?: string): string[];
export function compose(folder?: string): string[];
export function checkComposition(folder?: string): void;
