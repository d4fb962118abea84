/** Whom a message says it is from, before anything is verified; only good for choosing the key to verify with. */
import { messageSchema } from '@convenant/contracts';

/** `undefined` for what does not have the form of a signed message. */
export function claimedSender(signed: string): string | undefined {
  const payload = signed.split('.', 3)[1];
  if (payload === undefined) return undefined;
  const parsed = messageSchema
    .pick({ source: true })
    .loose()
    .safeParse(parseJson(decodeBase64Url(payload)));
  return parsed.success ? parsed.data.source.replace(/^urn:convenant:organisation:/, '') : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decodeBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return '';
  }
}
