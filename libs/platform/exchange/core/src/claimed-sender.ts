/** Whom a message says it is from, before anything is verified; only good for choosing the key to verify with. */
import { messageSchema } from '@convenant/contracts';

const withSource = messageSchema.pick({ source: true }).loose();

/** `undefined` for what does not have the form of a signed message. */
export function claimedSender(signed: string): string | undefined {
  const payload = signed.split('.', 3)[1];
  if (payload === undefined) return undefined;
  const parsed = withSource.safeParse(parseJson(decodeBase64Url(payload)));
  return parsed.success ? parsed.data.source.replace(/^urn:convenant:organisation:/, '') : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A character for each byte: enough for a name in which every partner's letters are plain ones, and the contents are not looked at here. */
function decodeBase64Url(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
