/** Signing texts as compact JWS and verifying them against pinned keys, with a type so that no text passes for another kind. */
import { CompactSign, compactVerify, errors, type CryptoKey, type JWK } from 'jose';
import { decodeText, encodeText, readHeader } from './compact.js';
import type { PublicKeyRing, SigningAlgorithm } from './public-keys.js';

/** A message of the exchange is never taken for a change of keys, nor the other way round. */
export type SignedType = 'message+jws' | 'key-change+jws';

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly key: CryptoKey;
}

export async function sign(payload: string, typ: SignedType, { kid, alg, key }: SigningKey): Promise<string> {
  if (!payload.isWellFormed()) throw new TypeError('Only well-formed text can be signed.');
  return new CompactSign(encodeText(payload)).setProtectedHeader({ alg, kid, typ }).sign(key);
}

/** The text, when one of these keys signed exactly this; undefined for anything else. The header chooses among the keys, nothing more. */
export async function verify(
  signed: string,
  typ: SignedType,
  pinned: readonly JWK[],
  ring: PublicKeyRing,
): Promise<string | undefined> {
  const header = readHeader(signed, 3, ['alg', 'kid', 'typ']);
  if (header?.typ !== typ) return undefined;
  const candidates = await Promise.all(pinned.map((key) => ring.import(key, 'signing')));
  const key = candidates.find(({ kid }) => kid === header.kid);
  if (!key) return undefined;
  try {
    const { payload } = await compactVerify(signed, key.key, { algorithms: [key.alg] });
    return decodeText(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
