/** A sealer for simulations and pure tests: the same run gives the same texts. NOT SECURE: whoever knows the seed opens everything. */
import { KeyDestroyed, type Opened, type Sealed, type Sealer } from '@convenant/kernel';
import { conceal, fromBase64url, mac, refuseInProduction, reveal, simulatedKey } from './deterministic-cipher.js';
import { NotSealedHere } from './not-sealed-here.js';

export interface DeterministicSealerOptions {
  /** One per organisation, so that one organisation does not open what another sealed. */
  readonly seed: string;
  /** Clients whose key was destroyed. Hand the same set to the next instance when a simulated process restarts. */
  readonly destroyed?: Set<string>;
  /** True makes the constructor throw. */
  readonly production?: boolean;
}

/** NOT SECURE. Keeps the promises of `Sealer` about destruction, tampering and look-up; protects nothing against an attacker. */
export class DeterministicSealer implements Sealer {
  readonly #seed: string;
  readonly #destroyed: Set<string>;
  #sealed = 0;

  constructor({ seed, destroyed = new Set(), production }: DeterministicSealerOptions) {
    refuseInProduction('DeterministicSealer', production);
    this.#seed = seed;
    this.#destroyed = destroyed;
  }

  async seal<T>(clientId: string, value: T): Promise<Sealed<T>> {
    const concealed = conceal(this.#key(clientId), ++this.#sealed, JSON.stringify(value));
    return `simulated.${Buffer.from(clientId).toString('base64url')}.${concealed}` as Sealed<T>;
  }

  async open<T>(sealed: Sealed<T>): Promise<Opened<T>> {
    const [mark, client = '', concealed = '', ...rest] = sealed.split('.');
    const clientId = fromBase64url(client)?.toString('utf8');
    if (mark !== 'simulated' || clientId === undefined || rest.length > 0) throw new NotSealedHere();
    if (this.#destroyed.has(clientId)) return 'erased';
    const text = reveal(this.#key(clientId), concealed);
    if (text === undefined) throw new NotSealedHere();
    return { value: JSON.parse(text) as T };
  }

  async digest(clientId: string, text: string): Promise<string> {
    return mac(this.#key(clientId), `digest ${text}`).toString('base64url');
  }

  async lookupDigest(text: string): Promise<string> {
    return mac(simulatedKey(this.#seed, 'look-up'), text).toString('base64url');
  }

  async destroy(clientId: string): Promise<void> {
    this.#destroyed.add(clientId);
  }

  #key(clientId: string): Buffer {
    if (this.#destroyed.has(clientId)) throw new KeyDestroyed();
    return simulatedKey(this.#seed, 'client', clientId);
  }
}
