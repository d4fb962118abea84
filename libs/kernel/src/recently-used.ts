/** A bounded memory of what was used last; what was not used for longest is forgotten first. */

export class RecentlyUsed<Value> {
  readonly #values = new Map<string, Value>();
  #weight = 0;

  /** `limit` is for all values together, each with its weight; one that is heavier than that by itself is not kept. */
  constructor(
    readonly limit: number,
    private readonly weightOf: (value: Value) => number = () => 1,
  ) {}

  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    this.#values.delete(name);
    this.#values.set(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    this.delete(name);
    if (this.weightOf(value) > this.limit) return;
    this.#values.set(name, value);
    this.#weight += this.weightOf(value);
    for (const longestUnused of this.#values.keys()) {
      if (this.#weight <= this.limit) return;
      this.delete(longestUnused);
    }
  }

  delete(name: string): void {
    const value = this.#values.get(name);
    if (value === undefined) return;
    this.#weight -= this.weightOf(value);
    this.#values.delete(name);
  }
}
