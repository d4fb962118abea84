/** The log of the KurrentDB double: what is kept, the checks before an append and the order of reading, as far as the adapter leans on them. */

export interface DoubleRecord {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Bytes from the beginning of the log: commit and prepare position are both this, as of every record that commits itself. */
  readonly position: bigint;
}
export interface DoubleAppend {
  readonly stream: string;
  /** -1 for a stream that does not exist. */
  readonly expected: number;
  readonly records: readonly Pick<DoubleRecord, 'id' | 'type' | 'data' | 'metadata'>[];
}
export type DoubleAnswer =
  | { readonly outcome: 'dropped' }
  | { readonly outcome: 'confused' }
  | { readonly outcome: 'written'; readonly last: readonly number[]; readonly position: bigint }
  | { readonly outcome: 'conflict'; readonly stream: string; readonly expected: number; readonly actual: number };

type Check = 'ok' | 'idempotent' | 'not-ready' | 'corrupted' | 'failed';

export class DoubleLog {
  readonly #records: DoubleRecord[] = [];
  readonly #streams = new Map<string, DoubleRecord[]>();
  readonly #watchers = new Set<() => void>();
  #readable = 0;
  #end = 4_096n;

  constructor() {
    // A real log begins with events of the server's own.
    this.#systemEvent();
    this.#readable = this.#records.length;
  }

  /**
   * Checks every stream and then writes everything in the order of asking, or nothing. When exactly these ids stand in every stream where they
   * would be written, the append is a repetition; while that cannot be read yet, its writer gets no answer at all (`dropped`), and when only the
   * first ids stand there, a server of 25.1 fails (`confused`). What was written can be conflicted with at once and read only after `settle`,
   * as on a cluster, where others must have it first.
   */
  append(appends: readonly DoubleAppend[]): DoubleAnswer {
    const checks = appends.map((append) => this.#check(append));
    for (const check of checks) {
      if (check === 'not-ready') return { outcome: 'dropped' };
      if (check === 'corrupted') return { outcome: 'confused' };
    }
    if (checks.every((check) => check === 'idempotent')) {
      const last = appends.map(({ expected, records }) => expected + records.length);
      const positions = appends.map(({ stream }, index) => this.#of(stream)[last[index] ?? 0]?.position ?? 0n);
      return { outcome: 'written', last, position: positions.reduce((a, b) => (a > b ? a : b)) };
    }
    const wrong = appends[checks.findIndex((check) => check !== 'ok')];
    if (wrong) {
      const { stream, expected } = wrong;
      return { outcome: 'conflict', stream, expected, actual: this.#of(stream).length - 1 };
    }
    const last = appends.map((append) => this.#write(append));
    const position = this.#records.at(-1)?.position ?? 0n;
    if (this.#records.length % 7 === 0) this.#systemEvent();
    return { outcome: 'written', last, position };
  }

  /** Makes everything that was written until now readable. */
  settle(): void {
    this.#readable = this.#records.length;
    this.#watchers.forEach((watcher) => watcher());
  }

  /** Undefined for a stream of which nothing can be read. */
  stream(name: string): readonly DoubleRecord[] | undefined {
    const readable = this.#of(name).filter(({ position }) => position <= this.#readableEnd());
    return readable.length > 0 ? readable : undefined;
  }

  all(): readonly DoubleRecord[] {
    return this.#records.slice(0, this.#readable);
  }

  /** Calls back after every `settle` until it is told to stop. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  #readableEnd(): bigint {
    return this.#records[this.#readable - 1]?.position ?? -1n;
  }

  #of(stream: string): DoubleRecord[] {
    const found = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, found);
    return found;
  }

  #check({ stream, expected, records }: DoubleAppend): Check {
    const present = this.#of(stream);
    const actual = present.length - 1;
    if (expected === actual) return 'ok';
    if (expected > actual) return 'failed';
    const there = records.map(({ id }, index) => present[expected + 1 + index]?.id === id);
    if (there.every(Boolean))
      return (present.at(expected + records.length)?.position ?? 0n) <= this.#readableEnd()
        ? 'idempotent'
        : 'not-ready';
    return there[0] ? 'corrupted' : 'failed';
  }

  #write({ stream, records }: DoubleAppend): number {
    const present = this.#of(stream);
    for (const record of records) {
      const written = { ...record, stream, revision: present.length, position: this.#end };
      this.#end += BigInt(180 + record.data.byteLength + record.metadata.byteLength);
      present.push(written);
      this.#records.push(written);
    }
    return present.length - 1;
  }

  #systemEvent(): void {
    const nothing = new TextEncoder().encode('{}');
    const id = `00000000-0000-4000-8000-${String(this.#records.length).padStart(12, '0')}`;
    this.#write({
      stream: '$stats-127.0.0.1:2113',
      expected: -1,
      records: [{ id, type: '$statsCollected', data: nothing, metadata: nothing }],
    });
  }
}
