/** Signs and seals messages between organisations with JOSE, trusting pinned keys only. */
import type { Signer } from '@convenant/exchange';
import { keyIdOf, open, seal } from './jwe.js';
import { sign, verify } from './jws.js';
import type { OrganisationKeys } from './organisation-keys.js';
import { PublicKeyRing, sealingAlgorithm, type Pinned } from './public-keys.js';

export class JoseSigner implements Signer {
  readonly #own: OrganisationKeys;
  readonly #pinned: Pinned;
  readonly #ring = new PublicKeyRing();

  constructor(own: OrganisationKeys, pinned: Pinned) {
    this.#own = own;
    this.#pinned = pinned;
  }

  sign(payload: string): Promise<string> {
    return sign(payload, 'message+jws', this.#own.signing);
  }

  async verify(signed: string, organisation: string): Promise<string | undefined> {
    const keys = await this.#pinned(organisation);
    return keys && verify(signed, 'message+jws', keys.signing, this.#ring);
  }

  /** Throws when no key of that organisation is pinned. */
  async sealTo(organisation: string, value: unknown): Promise<string> {
    const keys = await this.#pinned(organisation);
    if (!keys) throw new Error(`No key of ${organisation} is pinned here.`);
    const { kid, key } = await this.#ring.import(keys.sealing, 'sealing');
    return seal(value, sealingAlgorithm, kid, key);
  }

  async openOwn(sealedText: string): Promise<unknown> {
    if (keyIdOf(sealedText, sealingAlgorithm) !== this.#own.sealing.kid) return undefined;
    return (await open(sealedText, sealingAlgorithm, this.#own.sealing.key))?.value;
  }
}
