/** Appends that wait while others are under way go together in the next round trip: one transaction and one fsync for all of them. */
import type { NewEvent } from '@convenant/kernel';

export interface Append {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
}
interface Waiting<Answer> {
  readonly append: Append;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface AppendQueueSettings {
  /** How many round trips may be under way at once. */
  readonly flights: number;
  readonly appendsPerFlight: number;
  /** Whether an error concerns this content alone, so that those who travelled with it deserve a flight of their own. */
  readonly concernsContent: (error: unknown) => boolean;
}

export class AppendQueue<Answer> {
  readonly #waiting: Waiting<Answer>[] = [];
  #flying = 0;
  #landed: (() => void) | undefined;

  constructor(
    private readonly send: (batch: readonly Append[]) => Promise<readonly Answer[]>,
    private readonly settings: AppendQueueSettings,
  ) {}

  add(append: Append): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      // Not at once: what is asked in the same moment goes in the same flight.
      queueMicrotask(() => this.#depart());
    });
  }

  /** Resolves when everything that was added has its answer. */
  async idle(): Promise<void> {
    if (this.#flying > 0 || this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#landed = resolve));
  }

  #depart(): void {
    while (this.#waiting.length > 0 && this.#flying < this.settings.flights) {
      this.#flying++;
      void this.#fly(this.#waiting.splice(0, this.settings.appendsPerFlight)).then(() => {
        this.#flying--;
        this.#depart();
        if (this.#flying === 0) this.#landed?.();
      });
    }
  }

  async #fly(batch: readonly Waiting<Answer>[]): Promise<void> {
    try {
      const answers = await this.send(batch.map(({ append }) => append));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (batch.length > 1 && this.settings.concernsContent(error)) for (const one of batch) await this.#fly([one]);
      else batch.forEach(({ reject }) => reject(error));
    }
  }
}
