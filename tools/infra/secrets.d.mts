/** Types of secrets.mjs, for the tests. */
interface Organisation {
  readonly id: string;
  readonly kind: string;
}
export type SecretValues = Readonly<Record<string, string>>;
export function completed(
  known: SecretValues,
  organisations: readonly Organisation[],
  draw: () => string,
): SecretValues;
export function secretFiles(
  values: SecretValues,
  organisations: readonly Organisation[],
): Readonly<Record<string, { readonly text: string; readonly mode: number }>>;
