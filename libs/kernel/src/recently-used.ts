/** A bounded memory of what was used last; what was not used for longest is forgotten first. */

export class RecentlyUsed<Value> {
  readonly #values = new Map<string, Value>();
  constructor(readonly limit: number) {}

  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) this.set(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    const [longestUnused] = this.#values.keys();
    if (this.#values.size > this.limit && longestUnused !== undefined) this.#values.delete(longestUnused);
  }

  delete(name: string): void {
    this.#values.delete(name);
  }
}
