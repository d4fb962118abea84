/** Types of generated.mjs, for the tests. */
export function generated(): Map<string, string>;
export function drift(texts?: Map<string, string>, folder?: string): string[];
export function generate(texts?: Map<string, string>, folder?: string): string[];
