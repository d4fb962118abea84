/** Where an organisation keeps its secrets, apart from its data, so that destroying one makes every copy of what it sealed unreadable. */

/** Bytes that nobody prints by accident: neither `JSON.stringify` nor `console.log` shows them. */
export class Secret {
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
  }
  /** The bytes themselves, to import and to forget; never to log, to store elsewhere or to change. */
  reveal(): Uint8Array {
    return this.#bytes;
  }
}

/** `destroyed` is for good: a name on the destruction list never holds a secret again. */
export type KeptSecret = Secret | 'destroyed';

/** Several processes may work on one store; what one of them destroys is destroyed for all from their next call on. */
export abstract class KeyStore {
  /**
   * What is kept under this name; when nothing is, keeps what `make` returns, durably. Callers that race, also from different
   * processes, all get the same secret. The same secret is usually the same object, so that imported keys can be cached by it.
   */
  abstract createIfAbsent(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<KeptSecret>;
  /** Undefined when nothing was ever kept under this name. */
  abstract get(name: string): Promise<KeptSecret | undefined>;
  /**
   * Puts the names on the destruction list, durably, and then overwrites and removes their secrets. When it returns, no copy that
   * is put back from a backup of the keys brings one back. Names that never held a secret are put on the list too; repeating changes nothing.
   */
  abstract destroy(names: readonly string[]): Promise<void>;
}
