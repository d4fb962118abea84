/** Reads the compact form of JOSE strictly: one spelling per text, and no header member that we did not write. */

/**
 * The protected header of a text with so many segments, when it holds exactly these members. Base64url decoders overlook spare bits
 * at the end of a segment; here a changed character is a changed text, so every segment must be spelled as encoding spells it.
 */
export function readHeader(
  text: string,
  segments: number,
  members: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const parts = text.split('.');
  if (parts.length !== segments || !parts.every(isCanonical)) return undefined;
  const header = parseObject(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
  if (!header) return undefined;
  const names = Object.keys(header);
  return names.length === members.length && members.every((name) => names.includes(name)) ? header : undefined;
}

const isCanonical = (segment: string): boolean => Buffer.from(segment, 'base64url').toString('base64url') === segment;

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Undefined for bytes that are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
