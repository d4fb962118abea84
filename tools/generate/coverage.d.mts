/** Types of coverage.mjs, for the tests. */
import type { ServiceDefinition } from '@convenant/host';
interface Requirement {
  readonly id: string;
  readonly what: string;
  readonly operations?: readonly string[];
  readonly files?: readonly string[];
  readonly tests?: readonly (readonly [string, string])[];
  readonly missing?: string;
}
export function faults(operations: ReadonlySet<string>, list?: readonly Requirement[], folder?: string): string[];
export function hasTest(file: string, name: string, folder?: string): boolean;
export function operationsOf(services: readonly ServiceDefinition[]): Set<string>;
export function coverage(services: readonly ServiceDefinition[], list?: readonly Requirement[]): string;
