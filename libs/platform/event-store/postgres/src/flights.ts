/** What is asked while others are under way goes together in the next round trip: one statement, and one fsync, for all of it. */

interface Waiting<Task, Answer> {
  readonly task: Task;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface FlightSettings {
  /** How many round trips may be under way at once. */
  readonly atOnce: number;
  readonly tasksPerFlight: number;
  /** Whether an error concerns this content alone, so that those who travelled with it deserve a flight of their own. */
  readonly concernsContent: (error: unknown) => boolean;
}

/**
 * Nobody waits for company: what finds nothing under way departs in this turn. Tasks that were added first depart first, and a flight departs
 * after everything in it was added, so that it sees whatever was committed before that.
 */
export class Flights<Task, Answer> {
  #waiting: Waiting<Task, Answer>[] = [];
  #flying = 0;
  #boarding: NodeJS.Immediate | undefined;
  #landed: (() => void) | undefined;

  /** `send` answers for each task, in their order. */
  constructor(
    private readonly send: (tasks: readonly Task[]) => Promise<readonly Answer[]>,
    private readonly settings: FlightSettings,
  ) {}

  add(task: Task): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      // Not at once: what is asked in the same turn of the event loop goes in the same flight.
      if (this.#flying < this.settings.atOnce) this.#boarding ??= setImmediate(() => this.#close());
    });
  }

  /** Resolves when everything that was added has its answer. */
  async idle(): Promise<void> {
    if (this.#flying > 0 || this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#landed = resolve));
  }

  #close(): void {
    this.#boarding = undefined;
    this.#depart();
  }

  #depart(): void {
    const { atOnce, tasksPerFlight } = this.settings;
    while (this.#waiting.length > 0 && this.#flying < atOnce) {
      this.#flying++;
      const flight = this.#waiting.slice(0, tasksPerFlight);
      this.#waiting = this.#waiting.slice(tasksPerFlight);
      void this.#fly(flight).then(() => {
        this.#flying--;
        this.#depart();
        if (this.#flying === 0) this.#landed?.();
      });
    }
  }

  async #fly(flight: readonly Waiting<Task, Answer>[]): Promise<void> {
    try {
      const answers = await this.send(flight.map(({ task }) => task));
      flight.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (flight.length > 1 && this.settings.concernsContent(error)) for (const one of flight) await this.#fly([one]);
      else flight.forEach(({ reject }) => reject(error));
    }
  }
}
