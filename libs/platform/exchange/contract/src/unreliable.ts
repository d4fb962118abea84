/** A bad network around any transport: everything that `Transport` leaves open happens, and the same seed makes it happen again. */
import type { Transport } from '@convenant/exchange';
import type { Scheduler } from '@convenant/kernel';

/** Any source of numbers in [0, 1): the `Random` port will do. */
export interface Chance {
  number(): number;
}

/** Shares of the messages, each between 0 and 1. */
export interface Trouble {
  /** Told to the sender: surely not handed over. */
  readonly refused: number;
  /** Taken and never heard of again. */
  readonly forgotten: number;
  /** Delivered again, up to three times; some much later. */
  readonly repeated: number;
  /** A handler that failed gets the message once more. */
  readonly redelivered: number;
  /** Each delivery waits for a time of its own up to this, so that messages overtake one another. */
  readonly delayMsMax: number;
}

export const badNetwork: Trouble = {
  refused: 0.1,
  forgotten: 0.2,
  repeated: 0.25,
  redelivered: 0.5,
  delayMsMax: 2_000,
};

export class UnreliableTransport implements Transport {
  readonly #inner: Transport;
  readonly #chance: Chance;
  readonly #scheduler: Scheduler;
  #trouble: Trouble;
  readonly #pending = new Set<() => void>();
  #closed = false;

  constructor(inner: Transport, chance: Chance, scheduler: Scheduler, trouble: Trouble) {
    this.#inner = inner;
    this.#chance = chance;
    this.#scheduler = scheduler;
    this.#trouble = trouble;
  }

  async send(recipient: string, signed: string): Promise<void> {
    if (this.#closed) throw new Error('The network is closed.');
    const { refused, forgotten, repeated } = this.#trouble;
    if (this.#happens(refused)) throw new Error('The network did not take the message.');
    if (this.#happens(forgotten)) return;
    const deliveries = this.#happens(repeated) ? 2 + Math.floor(this.#chance.number() * 3) : 1;
    for (let delivery = 0; delivery < deliveries; delivery++) {
      // A late copy stands for what lay in a broker while the world went on.
      const lateness = delivery > 1 ? 20 : 1;
      this.#later(lateness, () => this.#inner.send(recipient, signed));
    }
  }

  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.#inner.subscribe(organisation, async (signed) => {
      try {
        await handler(signed);
      } catch (error) {
        if (this.#happens(this.#trouble.redelivered)) this.#later(1, () => this.#inner.send(organisation, signed));
        throw error;
      }
    });
  }

  /** What is under way is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
    await this.#inner.close();
  }

  /** From now on nothing goes wrong any more; what is under way still arrives as it was going to. */
  heal(): void {
    this.#trouble = { refused: 0, forgotten: 0, repeated: 0, redelivered: 0, delayMsMax: this.#trouble.delayMsMax };
  }

  #happens(share: number): boolean {
    return this.#chance.number() < share;
  }

  #later(lateness: number, deliver: () => Promise<void>): void {
    const delayMs = Math.floor(this.#chance.number() * this.#trouble.delayMsMax * lateness);
    const cancel = this.#scheduler.after(delayMs, () => {
      this.#pending.delete(cancel);
      // Nobody there: forgotten, as the port allows.
      void deliver().catch(() => undefined);
    });
    this.#pending.add(cancel);
  }
}

/** The transport behind a bad network. Same chance, same scheduler, same calls: same trouble. */
export const unreliable = (
  transport: Transport,
  seededRandom: Chance,
  scheduler: Scheduler,
  trouble: Trouble = badNetwork,
): UnreliableTransport => new UnreliableTransport(transport, seededRandom, scheduler, trouble);
