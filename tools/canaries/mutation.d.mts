/** Types of mutation.mjs, for the tests. */
export class Drift extends Error {}
export class NotAProgram extends Error {}
export function withoutGuard(text: string, entry: { file: string; from: string; to: string }): string;
