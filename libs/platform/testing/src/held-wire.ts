/** A wire that a test holds and lets go: what is on its way can be made to arrive late, twice or out of order. */
import type { Transport } from '@convenant/exchange';

export class HeldWire implements Transport {
  readonly #inner: Transport;
  #holding = false;
  #held: { readonly recipient: string; readonly signed: string }[] = [];

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** From now on messages are taken and kept here. Those for which `unless` says so pass. */
  hold(unless: (signed: string) => boolean = () => false): void {
    this.#holding = true;
    this.#passes = unless;
  }
  #passes: (signed: string) => boolean = () => false;
  #refuses: (signed: string) => boolean = () => false;

  /** From now on these messages are surely not handed over, and the sender is told. */
  refuse(which: (signed: string) => boolean): void {
    this.#refuses = which;
  }
  accept(): void {
    this.#refuses = () => false;
  }

  /** How many are held. */
  get count(): number {
    return this.#held.length;
  }

  /** Lets everything arrive that is held, in the order in which `order` puts it, and holds nothing any more. */
  async release(order: <T>(held: readonly T[]) => readonly T[] = (held) => held): Promise<void> {
    this.#holding = false;
    const held = this.#held;
    this.#held = [];
    for (const { recipient, signed } of order(held)) await this.#inner.send(recipient, signed);
  }

  /** Forgets what is held, as a transport may. */
  forget(): void {
    this.#held = [];
    this.#holding = false;
  }

  async send(recipient: string, signed: string): Promise<void> {
    if (this.#refuses(signed)) throw new Error('The wire did not take the message.');
    if (!this.#holding || this.#passes(signed)) return this.#inner.send(recipient, signed);
    this.#held.push({ recipient, signed });
  }
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.#inner.subscribe(organisation, handler);
  }
  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** What a signed message says it is, for tests that let some pass. */
export const typeOfMessage = (signed: string): string =>
  (JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8')) as { type: string }).type;
