/** Puts what waits for one topic in as few requests as possible: one is on its way, and everything that comes meanwhile goes with the next. */

export interface Waiting {
  readonly key: string;
  readonly signed: string;
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

export interface BatchLimits {
  /** A request holds at most this, unless one message alone is longer. */
  readonly bytesMax: number;
  /** More than this does not wait here: the sender is told, and tries again later. */
  readonly waitingMax: number;
}

/** Keeps the order in which messages were added. `hand` rejects when none of them was handed over. */
export class Batches {
  readonly #hand: (messages: readonly Waiting[]) => Promise<void>;
  readonly #limits: BatchLimits;
  #waiting: Waiting[] = [];
  #underway: Promise<void> | undefined;

  constructor(hand: (messages: readonly Waiting[]) => Promise<void>, limits: BatchLimits) {
    this.#hand = hand;
    this.#limits = limits;
  }

  add(key: string, signed: string): Promise<void> {
    if (this.#waiting.length >= this.#limits.waitingMax)
      return Promise.reject(new Error('Too much is waiting for this recipient already.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, signed, bytes: Buffer.byteLength(signed) + key.length + 200, resolve, reject });
      this.#underway ??= this.#run().finally(() => (this.#underway = undefined));
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#underway) await this.#underway;
  }

  async #run(): Promise<void> {
    // What is asked for in the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        await this.#hand(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  #next(): Waiting[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex(
      (message, index) => (bytes += message.bytes) > this.#limits.bytesMax && index > 0,
    );
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : fits);
  }
}
