/** What is wrong at this moment between a service and Kafka, by topic or recipient, and when operators hear of it. */
import { levelOf, type KafkaNote, type Trouble } from './trouble.js';

interface Wrong {
  readonly trouble: Trouble;
  readonly sinceMs: number;
  /** As which it was told. */
  readonly level: 'warning' | 'error';
}
export interface TroubleListener {
  trouble(trouble: Trouble): void;
  /** The broker did what was asked. */
  well(): void;
}

export class Troubles {
  readonly #wrong = new Map<string, Wrong>();

  constructor(
    private readonly note: KafkaNote,
    /** Of any clock that only goes forward. */
    private readonly nowMs: () => number,
  ) {}

  get now(): ReadonlyMap<string, Trouble> {
    return new Map([...this.#wrong].map(([where, { trouble }]) => [where, trouble]));
  }

  /** Told once when it begins, changes or has come to be an error by lasting, and once when it is over; not at every attempt. */
  listenerFor(where: string): TroubleListener {
    return {
      trouble: (trouble) => {
        const { code, setting, reason } = trouble;
        const known = this.#wrong.get(where);
        const isSame = known?.trouble.code === code;
        const sinceMs = isSame ? known.sinceMs : this.nowMs();
        const level = levelOf(trouble, this.nowMs() - sinceMs);
        this.#wrong.set(where, { trouble, sinceMs, level });
        if (!isSame || known.level !== level) this.note(level, code, { where, setting, reason });
      },
      well: () => {
        if (this.#wrong.delete(where)) this.note('info', 'kafka-well-again', { where });
      },
    };
  }
}
