/** Processes that stop between two durable steps, as `kill -9` leaves them, until a test starts them again. */
import type { Checkpoints } from '@convenant/kernel';

class Stopped extends Error {}

abstract class Stopping implements Checkpoints {
  /** Stopped, and not started again yet: whatever comes to a point fails there. */
  down = false;

  pass(point: string): void {
    if (!this.down && this.stopsHere(point)) this.down = true;
    if (this.down) throw new Stopped();
  }
  protected abstract stopsHere(point: string): boolean;
}

/** Stops at the nth passing of a point. */
export class StopsAt extends Stopping {
  readonly passed = new Map<string, number>();
  constructor(
    readonly point = '',
    readonly nth = 0,
  ) {
    super();
  }
  protected stopsHere(point: string): boolean {
    const count = (this.passed.get(point) ?? 0) + 1;
    this.passed.set(point, count);
    return point === this.point && count === this.nth;
  }
}

/** Stops once it has passed so many points, whichever they are. */
export class StopsAfter extends Stopping {
  #left = Number.POSITIVE_INFINITY;

  stopAfter(points: number): void {
    this.#left = points;
  }
  started(): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.down = false;
  }
  protected stopsHere(): boolean {
    return --this.#left <= 0;
  }
}
