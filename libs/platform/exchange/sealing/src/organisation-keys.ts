/** An organisation's own signing and sealing keys: making them, publishing their public halves, and changing them. */
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { encodeText, parseObject } from './compact.js';
import { sign, verify, type SigningKey } from './jws.js';
import type { KeyStore } from './key-store.js';
import {
  PublicKeyRing,
  algorithmOf,
  fingerprint,
  isPublicKey,
  publicMembers,
  sealingAlgorithm,
  type PublicKeys,
  type SigningAlgorithm,
} from './public-keys.js';

/** The private halves cannot be exported or printed from here. */
export interface OrganisationKeys {
  readonly organisation: string;
  readonly published: PublicKeys;
  readonly signing: SigningKey;
  readonly sealing: { readonly kid: string; readonly key: CryptoKey };
}

export interface OrganisationKeyOptions {
  readonly algorithm?: SigningAlgorithm;
  /** 1 for the first keys; the next number for what a change of keys puts in their place. */
  readonly generation?: number;
}

/** The keys of this generation out of the store; made when there are none yet. Every process gets the same ones. */
export async function organisationKeys(
  store: KeyStore,
  organisation: string,
  { algorithm = 'ES256', generation = 1 }: OrganisationKeyOptions = {},
): Promise<OrganisationKeys> {
  const kept = await store.createIfAbsent(`organisation/${organisation}/${generation}`, () => generate(algorithm));
  if (kept === 'destroyed') throw new Error('These keys of the organisation were destroyed; use the next generation.');
  const { signing, sealing } = JSON.parse(Buffer.from(kept.reveal()).toString('utf8')) as {
    signing: JWK;
    sealing: JWK;
  };
  const alg = algorithmOf(signing, 'signing') as SigningAlgorithm;
  const kid = await fingerprint(signing);
  return {
    organisation,
    published: { signing: [{ ...publicMembers(signing), alg, kid }], sealing: publicMembers(sealing) },
    signing: { kid, alg, key: await importPrivate(signing, alg) },
    sealing: { kid: await fingerprint(sealing), key: await importPrivate(sealing, sealingAlgorithm) },
  };
}

/** A statement by which partners who pinned the previous keys may take over the next ones without comparing a fingerprint again. */
export async function signKeyChange(previous: OrganisationKeys, next: PublicKeys): Promise<string> {
  const statement = { signing: next.signing.map(publicMembers), sealing: publicMembers(next.sealing) };
  return sign(JSON.stringify(statement), 'key-change+jws', previous.signing);
}

/**
 * The next keys of an organisation, when one of its pinned signing keys signed the statement; undefined for anything else.
 * A key that is no longer pinned vouches for nothing, so an old statement stops working once its change was carried out.
 */
export async function verifyKeyChange(previous: PublicKeys, statement: string): Promise<PublicKeys | undefined> {
  const text = await verify(statement, 'key-change+jws', previous.signing, new PublicKeyRing());
  const next = text === undefined ? undefined : parseObject(text);
  if (!next || !Array.isArray(next.signing)) return undefined;
  const signing = next.signing as JWK[];
  const sealing = next.sealing as JWK;
  const acceptable = signing.length > 0 && signing.every((key) => isKey(key, 'signing')) && isKey(sealing, 'sealing');
  return acceptable ? { signing: signing.map(publicMembers), sealing: publicMembers(sealing) } : undefined;
}

const isKey = (key: JWK | undefined | null, use: 'signing' | 'sealing'): boolean =>
  typeof key === 'object' && key !== null && isPublicKey(key, use);

async function generate(algorithm: SigningAlgorithm): Promise<Uint8Array> {
  const signing = await generateKeyPair(algorithm, { extractable: true });
  const sealing = await generateKeyPair(sealingAlgorithm, { crv: 'P-256', extractable: true });
  const keys = { signing: await exportJWK(signing.privateKey), sealing: await exportJWK(sealing.privateKey) };
  return encodeText(JSON.stringify(keys));
}

const importPrivate = async (key: JWK, alg: string): Promise<CryptoKey> =>
  (await importJWK(key, alg, { extractable: false })) as CryptoKey;
