/** Text that PostgreSQL keeps exactly: valid Unicode without the zero character. Anything else would be refused, or changed in silence. */

export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

export function assertStorable(what: string, text: string): void {
  if (!isStorable(text)) throw new Error(`This ${what} is not valid text.`);
}
