/** Handles messages side by side, at most so many at once, and those of one key one after the other. */

export interface Task {
  readonly key: string;
  /** Rejects when it has to be tried again. */
  run(): Promise<void>;
  /** False once the result is of no use to anybody: it is then dropped instead of begun or tried again. */
  isWanted(): boolean;
  /** It was handled, or was set aside after it failed again and again while others did not. */
  finished(outcome: 'handled' | 'set-aside'): void;
}
export interface OrderSettings {
  readonly atOnce: number;
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /**
   * After so many failures a message is set aside, but only when others were begun and handled since the first: a database that is away is no
   * fault of a message.
   */
  readonly attemptsMax: number;
}

/** A task that fails holds its own key and nothing else. */
export class InOrder {
  readonly #settings: OrderSettings;
  readonly #last = new Map<string, Promise<void>>();
  readonly #waitingForRoom: (() => void)[] = [];
  readonly #pauses = new Set<() => void>();
  #working = 0;
  #begun = 0;
  /** The latest begun of those that were handled. */
  #handled = 0;
  #stopped = false;

  constructor(settings: OrderSettings) {
    this.#settings = settings;
  }

  add(task: Task): void {
    const before = this.#last.get(task.key) ?? Promise.resolve();
    const mine = before.then(() => this.#work(task));
    this.#last.set(task.key, mine);
    void mine.then(() => {
      if (this.#last.get(task.key) === mine) this.#last.delete(task.key);
    });
  }

  /** What is at work is finished, nothing else is begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wake of this.#pauses) wake();
    await Promise.all(this.#last.values());
  }

  async #work(task: Task): Promise<void> {
    let begunBefore = 0;
    for (let attempt = 1; !this.#stopped && task.isWanted(); attempt++) {
      if (await this.#attempt(task)) return task.finished('handled');
      // What was at work already when the first attempt failed may have had the database just before it went away.
      if (attempt === 1) begunBefore = this.#begun;
      if (attempt >= this.#settings.attemptsMax && this.#handled > begunBefore) return task.finished('set-aside');
      await this.#pause(
        Math.min(this.#settings.lastRetryMs, this.#settings.firstRetryMs * 2 ** Math.min(attempt - 1, 16)),
      );
    }
  }

  async #attempt(task: Task): Promise<boolean> {
    if (this.#working >= this.#settings.atOnce)
      await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    else this.#working++;
    try {
      if (this.#stopped || !task.isWanted()) return false;
      const place = ++this.#begun;
      await task.run();
      this.#handled = Math.max(this.#handled, place);
      return true;
    } catch {
      return false;
    } finally {
      const next = this.#waitingForRoom.shift();
      // The place goes from hand to hand.
      if (next) next();
      else this.#working--;
    }
  }

  #pause(delayMs: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delayMs);
      this.#pauses.add(wake);
    });
  }
}
