/** What was taken from one partition and is not finished: it says up to where the offset may be committed. */

/** Offsets are text in the driver, and longer than a number holds exactly. */
export class PartitionWork {
  readonly #open = new Set<bigint>();
  #next: bigint | undefined;
  #committed: bigint | undefined;
  #given = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get openCount(): number {
    return this.#open.size;
  }
  /** True after another instance may have got this partition: nothing of it is committed from here any more. */
  get isGivenAway(): boolean {
    return this.#given;
  }

  take(offset: string): void {
    this.#open.add(BigInt(offset));
    this.#next = BigInt(offset) + 1n;
  }
  finish(offset: string): void {
    this.#open.delete(BigInt(offset));
  }
  giveAway(): void {
    this.#given = true;
  }

  /** Everything before this is finished; undefined when nothing new is. */
  toCommit(): string | undefined {
    if (this.#given || this.#next === undefined) return undefined;
    let upTo = this.#next;
    for (const offset of this.#open) if (offset < upTo) upTo = offset;
    return upTo === this.#committed ? undefined : String(upTo);
  }
  committed(offset: string): void {
    this.#committed = BigInt(offset);
  }
}
