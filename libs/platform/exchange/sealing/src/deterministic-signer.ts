/** Signatures and sealed letters for simulations and pure tests. NOT SECURE: whoever knows the seed signs as anybody. */
import type { Signer } from '@convenant/exchange';
import { conceal, fromBase64url, mac, refuseInProduction, reveal, simulatedKey } from './deterministic-cipher.js';

export interface DeterministicSignerOptions {
  /** Shared by all organisations of one simulated world: it stands for all their key pairs. */
  readonly seed: string;
  readonly organisation: string;
  /** Whose keys this organisation has pinned; by default everybody's. */
  readonly pinned?: (organisation: string) => boolean;
  /** True makes the constructor throw. */
  readonly production?: boolean;
}

/** NOT SECURE. Keeps the promises of `Signer` within one simulated world; protects nothing against an attacker. */
export class DeterministicSigner implements Signer {
  readonly #seed: string;
  readonly #organisation: string;
  readonly #pinned: (organisation: string) => boolean;
  #sealed = 0;

  constructor({ seed, organisation, pinned = () => true, production }: DeterministicSignerOptions) {
    refuseInProduction('DeterministicSigner', production);
    this.#seed = seed;
    this.#organisation = organisation;
    this.#pinned = pinned;
  }

  async sign(payload: string): Promise<string> {
    if (!payload.isWellFormed()) throw new TypeError('Only well-formed text can be signed.');
    const header = encode(JSON.stringify({ alg: 'simulated', kid: this.#organisation }));
    const signingInput = `${header}.${encode(payload)}`;
    return `${signingInput}.${this.#signature(this.#organisation, signingInput)}`;
  }

  async verify(signed: string, organisation: string): Promise<string | undefined> {
    if (!this.#pinned(organisation)) return undefined;
    const [header = '', payload = '', signature, ...rest] = signed.split('.');
    if (rest.length > 0 || signature !== this.#signature(organisation, `${header}.${payload}`)) return undefined;
    return fromBase64url(payload)?.toString('utf8');
  }

  async sealTo(organisation: string, value: unknown): Promise<string> {
    if (!this.#pinned(organisation)) throw new Error(`No key of ${organisation} is pinned here.`);
    const number = ++this.#sealed;
    // Two senders count alike; their own name keeps their texts apart.
    const letter = JSON.stringify({ from: this.#organisation, value });
    return `simulated.${conceal(simulatedKey(this.#seed, 'letters to', organisation), number, letter)}`;
  }

  async openOwn(sealedText: string): Promise<unknown> {
    const [mark, concealed = '', ...rest] = sealedText.split('.');
    if (mark !== 'simulated' || rest.length > 0) return undefined;
    const letter = reveal(simulatedKey(this.#seed, 'letters to', this.#organisation), concealed);
    return letter === undefined ? undefined : (JSON.parse(letter) as { value: unknown }).value;
  }

  #signature(organisation: string, signingInput: string): string {
    return mac(simulatedKey(this.#seed, 'signatures of', organisation), signingInput).toString('base64url');
  }
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
