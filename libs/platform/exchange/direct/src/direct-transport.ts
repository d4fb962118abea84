/** Delivery within one process, straight from the sender's door to the recipient's inbox. */
import type { Transport } from '@convenant/exchange';

/**
 * Keeps nothing: what nobody takes now is for the door to send again from its log. `send` waits for the recipient's handler, and
 * resolves when that fails too, because the message may have had its effect; callers must not rely on having been waited for.
 */
export class DirectTransport implements Transport {
  readonly #handlers = new Map<string, (signed: string) => Promise<void>>();
  readonly #underway = new Set<Promise<void>>();
  #closed = false;

  /** Rejects, with nothing handed over, when the recipient is not subscribed in this process or the transport is closed. */
  async send(recipient: string, signed: string): Promise<void> {
    const handler = this.#handlers.get(recipient);
    if (this.#closed || !handler) throw new Error(`${recipient} takes no messages here at the moment.`);
    const delivery = Promise.resolve(signed)
      .then(handler)
      // The recipient's failure is the recipient's to report; the missing receipt is all the sender is told.
      .catch(() => undefined);
    this.#underway.add(delivery);
    await delivery;
    this.#underway.delete(delivery);
  }

  /** One handler per organisation: a second one throws, because one of the two would silently get nothing. */
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    if (this.#handlers.has(organisation)) throw new Error(`${organisation} is subscribed already.`);
    this.#handlers.set(organisation, handler);
    return () => {
      if (this.#handlers.get(organisation) === handler) this.#handlers.delete(organisation);
    };
  }

  /** Takes nothing more, and resolves when every handler that is at work has finished. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#handlers.clear();
    await Promise.all(this.#underway);
  }
}
