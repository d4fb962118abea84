/** Everything that pure code must not reach for by itself: time, waiting, chance and names. */

export abstract class Clock {
  /** The present moment as an ISO 8601 instant in UTC with milliseconds. */
  abstract now(): string;
}

export abstract class Scheduler {
  /** Runs `task` after at least `delayMs`. The returned function cancels it when it has not started. Errors of the task are its own. */
  abstract after(delayMs: number, task: () => void): () => void;
}

/** Resolves after `delayMs` of the scheduler's time. */
export const sleep = (scheduler: Scheduler, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    scheduler.after(delayMs, resolve);
  });

export abstract class Random {
  /** A number in [0, 1). Not for secrets. */
  abstract number(): number;
  /** Text of at least 128 bits that cannot be guessed (in a simulation: that is reproducible). */
  abstract secret(): string;
}

export abstract class Ids {
  /** A fresh UUID. */
  abstract fresh(): string;
  /** The same UUID for the same parts, every time and everywhere. */
  abstract derive(...parts: readonly string[]): string;
}

/** A named point between two durable steps. In production nothing happens there; tests stop the process at one of them. */
export abstract class Checkpoints {
  abstract pass(point: string): void;
}
export const noCheckpoints: Checkpoints = { pass: () => undefined };
