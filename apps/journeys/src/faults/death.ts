/** When a process kills itself: at a named point between two durable steps, after so many points, or after so much time. */
import { Checkpoints } from '@convenant/kernel';

export type Death =
  { readonly at: string; readonly pass: number } | { readonly afterPasses: number } | { readonly afterMs: number };

export const inWords = (death: Death): string =>
  'at' in death
    ? `${death.at} (pass ${death.pass})`
    : 'afterMs' in death
      ? `after ${death.afterMs} ms`
      : `after ${death.afterPasses} points`;

/** Counts the points that are passed, and ends the process as `kill -9` does: nothing is finished, nothing is flushed. */
export class DeadlyCheckpoints extends Checkpoints {
  private passes = 0;

  constructor(
    private readonly death: Death,
    private readonly kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
  ) {
    super();
    if ('afterMs' in death) setTimeout(kill, death.afterMs);
  }

  pass(point: string): void {
    if ('afterMs' in this.death || ('at' in this.death && this.death.at !== point)) return;
    this.passes++;
    if (this.passes === ('at' in this.death ? this.death.pass : this.death.afterPasses)) this.kill();
  }
}
