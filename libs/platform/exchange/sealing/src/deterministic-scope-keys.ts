/** Scope keys for simulations and pure tests. NOT SECURE: the public half opens what it sealed. */
import type { KeyUse, ScopeKeyDescription, ScopeKeys } from '@convenant/exchange';
import { KeyDestroyed, type Opened } from '@convenant/kernel';
import { conceal, refuseInProduction, reveal, simulatedKey } from './deterministic-cipher.js';
import { opensFor } from './key-use.js';
import { NotSealedHere } from './not-sealed-here.js';

/** What a simulated organisation keeps on its key disk; hand the same one to the next instance when its process restarts. */
export interface DeterministicScopeKeyDisk {
  readonly scopes: Map<string, ScopeKeyDescription>;
  readonly destroyed: Set<string>;
}

export interface DeterministicScopeKeysOptions {
  /** One per organisation. */
  readonly seed: string;
  readonly disk?: DeterministicScopeKeyDisk;
  /** True makes the constructor throw. */
  readonly production?: boolean;
}

/** NOT SECURE. Keeps the promises of `ScopeKeys` about use and destruction; protects nothing against an attacker. */
export class DeterministicScopeKeys implements ScopeKeys {
  readonly #seed: string;
  readonly #disk: DeterministicScopeKeyDisk;
  #sealed = 0;

  constructor({ seed, disk, production }: DeterministicScopeKeysOptions) {
    refuseInProduction('DeterministicScopeKeys', production);
    this.#seed = seed;
    this.#disk = disk ?? { scopes: new Map(), destroyed: new Set() };
  }

  async make(keyId: string, scope: ScopeKeyDescription): Promise<string> {
    const { scopes, destroyed } = this.#disk;
    if (destroyed.has(keyId)) throw new KeyDestroyed();
    if (!scopes.has(keyId)) scopes.set(keyId, structuredClone(scope));
    return this.#publicKey(keyId);
  }

  async seal(publicKey: string, keyId: string, value: unknown): Promise<string> {
    const text = conceal(simulatedKey('scope', publicKey, keyId), ++this.#sealed, JSON.stringify(value));
    return `simulated.${text}`;
  }

  async open<T>(keyId: string, sealedText: string, use: KeyUse): Promise<Opened<T>> {
    const scope = (await this.has(keyId)) ? this.#disk.scopes.get(keyId) : undefined;
    if (!scope || !opensFor(scope, use)) return 'closed';
    const [mark, concealed = '', ...rest] = sealedText.split('.');
    const text = reveal(simulatedKey('scope', this.#publicKey(keyId), keyId), concealed);
    if (mark !== 'simulated' || rest.length > 0 || text === undefined) throw new NotSealedHere();
    return { value: JSON.parse(text) as T };
  }

  async destroy(keyIds: readonly string[]): Promise<void> {
    for (const keyId of keyIds) {
      this.#disk.destroyed.add(keyId);
      this.#disk.scopes.delete(keyId);
    }
  }

  async has(keyId: string): Promise<boolean> {
    return !this.#disk.destroyed.has(keyId) && this.#disk.scopes.has(keyId);
  }

  #publicKey(keyId: string): string {
    return JSON.stringify({ kty: 'simulated', x: simulatedKey(this.#seed, 'scope', keyId).toString('base64url') });
  }
}
