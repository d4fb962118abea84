/** Types of test-names.mjs, for the tests. */
export function testNames(text: string, file?: string): string[];
