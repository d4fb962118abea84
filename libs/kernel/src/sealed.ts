/** Values that only their key opens. Rules, views and upcasters carry them unopened. */

declare const content: unique symbol;

/** Text that hides a `T`. Safe to store, to compare for identity and to pass on; nothing about the `T` can be read from it but its rough length. */
export type Sealed<T> = string & { readonly [content]: T };

/** `erased`: the client's key was destroyed. `closed`: the scope under which it was received is closed. */
export type Opened<T> = { readonly value: T } | 'erased' | 'closed';

/**
 * Seals what an organisation itself keeps about a client, under one key per client.
 * The key is made at first use. An adapter promises that after `destroy` no copy of a sealed value can be opened,
 * and that `seal` for that client fails with `KeyDestroyed` from then on.
 */
export abstract class Sealer {
  abstract seal<T>(clientId: string, value: T): Promise<Sealed<T>>;
  /** Yields `erased` when the key is gone; throws only for text that was never sealed here (a bug or tampering). */
  abstract open<T>(sealed: Sealed<T>): Promise<Opened<T>>;
  /** A keyed digest for exact look-up of one client's value, or to compare contents; it dies with the client's key. */
  abstract digest(clientId: string, text: string): Promise<string>;
  /** A digest under the organisation's own look-up key, to find a client by an identifier. Entries are removed at erasure. */
  abstract lookupDigest(text: string): Promise<string>;
  abstract destroy(clientId: string): Promise<void>;
}

export class KeyDestroyed extends Error {
  constructor() {
    super('The key of this client was destroyed; nothing can be sealed for her any more.');
  }
}
