/** Public keys of organisations: which kinds are accepted, their fingerprints, and their imported form. */
import { createHash } from 'node:crypto';
import { RecentlyUsed } from '@convenant/kernel';
import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';

/** What an organisation publishes and its partners pin. Several signing keys are valid side by side during a change. */
export interface PublicKeys {
  readonly signing: readonly JWK[];
  readonly sealing: JWK;
}

/** The keys that this organisation pinned for another one, after comparing their fingerprint; undefined for a stranger. */
export type Pinned = (organisation: string) => PublicKeys | undefined | Promise<PublicKeys | undefined>;

export type SigningAlgorithm = 'ES256' | 'EdDSA';
export const sealingAlgorithm = 'ECDH-ES+A256KW';

export interface ImportedPublicKey {
  /** The RFC 7638 thumbprint, whatever the key says about itself. */
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey;
}

/** RFC 7638, SHA-256. */
export const fingerprint = (key: JWK): Promise<string> => calculateJwkThumbprint(publicMembers(key), 'sha256');

/** One line for two people to compare by telephone; covers every key that is published, so that none can be exchanged unseen. */
export async function fingerprintOfAll(keys: PublicKeys): Promise<string> {
  const signing = await Promise.all(keys.signing.map(fingerprint));
  const all = JSON.stringify([...signing.sort(), await fingerprint(keys.sealing)]);
  const digest = createHash('sha256').update(all).digest('hex').toUpperCase();
  return digest.match(/.{4}/g)?.join(' ') ?? digest;
}

const byCurve: Record<'signing' | 'sealing', Readonly<Record<string, string>>> = {
  signing: { 'EC P-256': 'ES256', 'OKP Ed25519': 'EdDSA' },
  sealing: { 'EC P-256': sealingAlgorithm, 'OKP X25519': sealingAlgorithm },
};

/** The one algorithm that a key of this kind is used with; undefined for a kind that is not accepted. */
export const algorithmOf = (key: JWK, use: 'signing' | 'sealing'): string | undefined =>
  byCurve[use][`${key.kty} ${key.crv}`];

/** True for a key of an accepted kind that does not carry its private half. */
export const isPublicKey = (key: JWK, use: 'signing' | 'sealing'): boolean =>
  algorithmOf(key, use) !== undefined &&
  typeof key.x === 'string' &&
  (key.kty === 'OKP' || typeof key.y === 'string') &&
  !('d' in key);

export const publicMembers = ({ kty, crv, x, y }: JWK): JWK =>
  ({ kty, crv, x, ...(y === undefined ? {} : { y }) }) as JWK;

/** Importing costs more than verifying, so what was imported lately is kept. */
export class PublicKeyRing {
  readonly #imported = new RecentlyUsed<Promise<ImportedPublicKey>>(10_000);

  /** Throws for a key that is of no accepted kind or not on its curve. */
  import(key: JWK, use: 'signing' | 'sealing'): Promise<ImportedPublicKey> {
    const name = `${use} ${JSON.stringify(publicMembers(key))}`;
    const known = this.#imported.get(name);
    if (known) return known;
    const imported = importPublic(key, use);
    this.#imported.set(name, imported);
    return imported;
  }
}

async function importPublic(key: JWK, use: 'signing' | 'sealing'): Promise<ImportedPublicKey> {
  const alg = algorithmOf(key, use);
  if (alg === undefined || !isPublicKey(key, use))
    throw new Error(`This is not a public ${use} key of an accepted kind.`);
  return { kid: await fingerprint(key), alg, key: (await importJWK(publicMembers(key), alg)) as CryptoKey };
}
