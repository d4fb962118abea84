/** Seals what an organisation keeps about its clients, each under a key of her own that can be destroyed. */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { KeyDestroyed, type Opened, type Sealed, type Sealer } from '@convenant/kernel';
import type { CryptoKey } from 'jose';
import { keyIdOf, open, seal } from './jwe.js';
import type { KeyStore, Secret } from './key-store.js';
import { NotSealedHere } from './not-sealed-here.js';

interface ClientKeys {
  readonly sealing: CryptoKey;
  readonly digest: Uint8Array;
}

/** The store answers on every call whether the key still exists; what is remembered here is only its imported form. */
export class ClientSealer implements Sealer {
  readonly #store: KeyStore;
  readonly #imported = new WeakMap<Secret, Promise<ClientKeys>>();

  constructor(store: KeyStore) {
    this.#store = store;
  }

  async seal<T>(clientId: string, value: T): Promise<Sealed<T>> {
    const { sealing } = await this.#keysOf(clientId);
    return (await seal(value, 'dir', clientId, sealing)) as Sealed<T>;
  }

  async open<T>(sealed: Sealed<T>): Promise<Opened<T>> {
    const clientId = keyIdOf(sealed, 'dir');
    const secret = clientId === undefined ? undefined : await this.#store.get(nameOf(clientId));
    if (secret === 'destroyed') return 'erased';
    const opened = secret && (await open<T>(sealed, 'dir', (await this.#import(secret)).sealing));
    if (!opened) throw new NotSealedHere();
    return opened;
  }

  async digest(clientId: string, text: string): Promise<string> {
    return hmac((await this.#keysOf(clientId)).digest, text);
  }

  async lookupDigest(text: string): Promise<string> {
    const secret = await this.#store.createIfAbsent('look-up', () => randomBytes(32));
    if (secret === 'destroyed') throw new Error('The look-up key of this organisation was destroyed.');
    return hmac(secret.reveal(), text);
  }

  destroy(clientId: string): Promise<void> {
    return this.#store.destroy([nameOf(clientId)]);
  }

  async #keysOf(clientId: string): Promise<ClientKeys> {
    const secret = await this.#store.createIfAbsent(nameOf(clientId), () => randomBytes(32));
    if (secret === 'destroyed') throw new KeyDestroyed();
    return this.#import(secret);
  }

  #import(secret: Secret): Promise<ClientKeys> {
    const imported = this.#imported.get(secret) ?? importClientKeys(secret);
    this.#imported.set(secret, imported);
    return imported;
  }
}

const nameOf = (clientId: string): string => `client/${clientId}`;
const hmac = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('base64url');

/** One secret, one key per use: a digest that is stored in the clear tells nothing about the key that seals. */
async function importClientKeys(secret: Secret): Promise<ClientKeys> {
  const derive = (use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret.reveal(), '', use, 32));
  const sealing = await crypto.subtle.importKey('raw', Buffer.from(derive('seal')), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return { sealing, digest: derive('digest') };
}
