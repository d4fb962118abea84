/** A key store that is gone when the process ends; for tests, and for what must not outlive a demonstration. */
import { Secret, type KeptSecret, type KeyStore } from './key-store.js';

export class MemoryKeyStore implements KeyStore {
  readonly #kept = new Map<string, Secret>();
  readonly #destroyed = new Set<string>();

  async createIfAbsent(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<KeptSecret> {
    const kept = await this.get(name);
    if (kept) return kept;
    const made = new Secret(await make());
    if (this.#destroyed.has(name)) return 'destroyed';
    // Another caller may have been first while this one was making.
    const first = this.#kept.get(name);
    if (first) return first;
    this.#kept.set(name, made);
    return made;
  }

  async get(name: string): Promise<KeptSecret | undefined> {
    return this.#destroyed.has(name) ? 'destroyed' : this.#kept.get(name);
  }

  async destroy(names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#destroyed.add(name);
      this.#kept.delete(name);
    }
  }
}
