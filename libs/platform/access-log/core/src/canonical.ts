/** The one way in which a value becomes the text that is hashed, signed and stored. */

/** Keys in order of code units at every depth, no white space, fields that are `undefined` left out. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
