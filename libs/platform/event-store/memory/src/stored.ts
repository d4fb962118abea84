/** What it takes for a value to be stored: that it comes back as JSON would bring it, apart from the caller's own object. */

/** A copy as a database would give it back: no `undefined`, and nothing shared with whoever still holds the original. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Names and keys are Unicode text without the zero character; anything else could be told apart here and not in a database. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

export function assertStorable(what: string, text: string): void {
  if (!isStorable(text)) throw new Error(`This ${what} is not valid text.`);
}

/** By code point, as a database does by byte in UTF-8; JavaScript's own order differs beyond the first 65,536. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const at = left.findIndex((point, index) => point !== right[index]);
  return at === -1 ? -1 : (left[at] ?? 0) - (right[at] ?? -1);
}
