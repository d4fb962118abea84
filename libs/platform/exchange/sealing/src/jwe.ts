/** Sealing JSON values as compact JWE with AES-256-GCM, under a shared key or to somebody's public key. */
import { CompactEncrypt, compactDecrypt, type CryptoKey } from 'jose';
import { decodeText, encodeText, readHeader } from './compact.js';

/** `dir`: under a key that both ends have. The other: to a public key, opened with its private half. */
export type SealingAlgorithm = 'dir' | 'ECDH-ES+A256KW';

const members: Record<SealingAlgorithm, readonly string[]> = {
  dir: ['alg', 'enc', 'kid'],
  'ECDH-ES+A256KW': ['alg', 'enc', 'kid', 'epk'],
};

export async function seal(value: unknown, alg: SealingAlgorithm, kid: string, key: CryptoKey): Promise<string> {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('Only what JSON can hold can be sealed.');
  return new CompactEncrypt(encodeText(text)).setProtectedHeader({ alg, enc: 'A256GCM', kid }).encrypt(key);
}

/** The id of the key that opens this text, or undefined for another form. Whether the text was sealed in this way is for `open` to tell. */
export function keyIdOf(text: string, alg: SealingAlgorithm): string | undefined {
  const header = readHeader(text, 5, members[alg]);
  return typeof header?.kid === 'string' ? header.kid : undefined;
}

/** The value, or undefined when this key did not seal exactly this text. Ask `keyIdOf` first: it checks the form. */
export async function open<T>(text: string, alg: SealingAlgorithm, key: CryptoKey): Promise<{ value: T } | undefined> {
  try {
    const { plaintext } = await compactDecrypt(text, key, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return { value: JSON.parse(decodeText(plaintext) ?? '') as T };
  } catch {
    // The key was imported before, so whatever fails here is due to the text, and an error about it might quote it.
    return undefined;
  }
}
