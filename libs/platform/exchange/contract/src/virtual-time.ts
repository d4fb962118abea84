/** A scheduler whose time passes only when a test says so. */
import type { Scheduler } from '@convenant/kernel';

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

export class VirtualTime implements Scheduler {
  readonly #waiting = new Set<Task>();
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const waiting = { dueMs: this.#nowMs + delayMs, run: task };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** Runs what comes due, in order of time and then of asking, and lets everything it sets off settle in between. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settle();
    for (let task = this.#next(untilMs); task; task = this.#next(untilMs)) {
      this.#waiting.delete(task);
      this.#nowMs = task.dueMs;
      task.run();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#waiting) {
      if (task.dueMs <= untilMs && (!next || task.dueMs < next.dueMs)) next = task;
    }
    return next;
  }
}

/** Everything that needs no time has happened after this. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
