/** Key pairs for what partners disclose: one per scope, whose private half stays in this organisation's key store. */
import type { KeyUse, ScopeKeyDescription, ScopeKeys } from '@convenant/exchange';
import { KeyDestroyed, type Opened } from '@convenant/kernel';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { encodeText, parseObject } from './compact.js';
import { keyIdOf, open, seal } from './jwe.js';
import { opensFor } from './key-use.js';
import type { KeyStore, Secret } from './key-store.js';
import { NotSealedHere } from './not-sealed-here.js';
import { PublicKeyRing, publicMembers, sealingAlgorithm } from './public-keys.js';

interface ScopeKey {
  /** Kept with the private half, so that nobody can widen a scope without the key store. */
  readonly scope: ScopeKeyDescription;
  readonly publicKey: string;
  readonly key: CryptoKey;
}

export interface KeyStoreScopeKeysOptions {
  readonly curve?: 'P-256' | 'X25519';
}

export class KeyStoreScopeKeys implements ScopeKeys {
  readonly #store: KeyStore;
  readonly #curve: 'P-256' | 'X25519';
  readonly #imported = new WeakMap<Secret, Promise<ScopeKey>>();
  readonly #ring = new PublicKeyRing();

  constructor(store: KeyStore, { curve = 'P-256' }: KeyStoreScopeKeysOptions = {}) {
    this.#store = store;
    this.#curve = curve;
  }

  /** The first description stands; asking again with another one changes nothing. Throws `KeyDestroyed` for a destroyed id. */
  async make(keyId: string, scope: ScopeKeyDescription): Promise<string> {
    const secret = await this.#store.createIfAbsent(nameOf(keyId), () => generate(this.#curve, scope));
    if (secret === 'destroyed') throw new KeyDestroyed();
    return (await this.#import(secret)).publicKey;
  }

  /** Throws for anything but a public key of an accepted kind. */
  async seal(publicKey: string, keyId: string, value: unknown): Promise<string> {
    const { key } = await this.#ring.import((parseObject(publicKey) ?? {}) as JWK, 'sealing');
    return seal(value, sealingAlgorithm, keyId, key);
  }

  async open<T>(keyId: string, sealedText: string, use: KeyUse): Promise<Opened<T>> {
    const secret = await this.#store.get(nameOf(keyId));
    if (secret === undefined || secret === 'destroyed') return 'closed';
    const { scope, key } = await this.#import(secret);
    if (!opensFor(scope, use)) return 'closed';
    const opened =
      keyIdOf(sealedText, sealingAlgorithm) === keyId && (await open<T>(sealedText, sealingAlgorithm, key));
    if (!opened) throw new NotSealedHere();
    return opened;
  }

  destroy(keyIds: readonly string[]): Promise<void> {
    return this.#store.destroy(keyIds.map(nameOf));
  }

  async has(keyId: string): Promise<boolean> {
    const secret = await this.#store.get(nameOf(keyId));
    return secret !== undefined && secret !== 'destroyed';
  }

  #import(secret: Secret): Promise<ScopeKey> {
    const imported = this.#imported.get(secret) ?? importScopeKey(secret);
    this.#imported.set(secret, imported);
    return imported;
  }
}

const nameOf = (keyId: string): string => `scope/${keyId}`;

async function generate(curve: 'P-256' | 'X25519', scope: ScopeKeyDescription): Promise<Uint8Array> {
  const { privateKey } = await generateKeyPair(sealingAlgorithm, { crv: curve, extractable: true });
  return encodeText(JSON.stringify({ scope, privateKey: await exportJWK(privateKey) }));
}

async function importScopeKey(secret: Secret): Promise<ScopeKey> {
  const kept = JSON.parse(Buffer.from(secret.reveal()).toString('utf8')) as {
    scope: ScopeKeyDescription;
    privateKey: JWK;
  };
  return {
    scope: kept.scope,
    publicKey: JSON.stringify(publicMembers(kept.privateKey)),
    key: (await importJWK(kept.privateKey, sealingAlgorithm, { extractable: false })) as CryptoKey,
  };
}
