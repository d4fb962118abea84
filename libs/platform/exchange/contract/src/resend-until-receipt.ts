/** The least that a sender and a receiver have to do over any transport: number, remember, send again until the receipt. */
import type { Transport } from '@convenant/exchange';
import type { Scheduler } from '@convenant/kernel';

interface Numbered {
  readonly lane: string;
  readonly number: number;
  readonly text: string;
}

/** Keeps every message until the receiver said that it has it. */
export class ResendingSender {
  readonly #lanes = new Map<string, string[]>();
  readonly #receivedUpTo = new Map<string, number>();
  readonly #stopListening: () => void;
  #cancelRound: () => void = () => undefined;
  #stopped = false;

  constructor(
    readonly transport: Transport,
    readonly from: string,
    readonly to: string,
    readonly scheduler: Scheduler,
    readonly resendAfterMs: number,
  ) {
    this.#stopListening = transport.subscribe(from, async (receipt) => {
      const { lane, number } = JSON.parse(receipt) as Numbered;
      this.#receivedUpTo.set(lane, Math.max(number, this.#receivedUpTo.get(lane) ?? 0));
    });
  }

  put(lane: string, text: string): void {
    this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), text]);
  }

  /** Everything without a receipt, now and again after a while, until `stop`. */
  start(): void {
    if (this.#stopped) return;
    for (const { lane, number, text } of this.#waiting()) {
      const message: Numbered = { lane, number, text };
      // Surely not handed over, or perhaps: the answer is the same, send it again later.
      void this.transport.send(this.to, JSON.stringify(message)).catch(() => undefined);
    }
    this.#cancelRound = this.scheduler.after(this.resendAfterMs, () => this.start());
  }

  get done(): boolean {
    return this.#waiting().length === 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRound();
    this.#stopListening();
  }

  #waiting(): Numbered[] {
    return [...this.#lanes].flatMap(([lane, texts]) =>
      texts
        .map((text, index) => ({ lane, number: index + 1, text }))
        .filter(({ number }) => number > (this.#receivedUpTo.get(lane) ?? 0)),
    );
  }
}

/** Lets a message have its effect once, in the order of its lane; answers every message with how far the lane has come. */
export class OnceReceiver {
  /** What had its effect, in order. */
  readonly effects: { readonly lane: string; readonly text: string }[] = [];
  readonly #receivedUpTo = new Map<string, number>();
  readonly #stopListening: () => void;

  constructor(
    transport: Transport,
    organisation: string,
    sender: string,
    /** True when a storage that is sometimes away is away now. */
    isDown: () => boolean = () => false,
  ) {
    this.#stopListening = transport.subscribe(organisation, async (received) => {
      if (isDown()) throw new Error('The database is away for a moment.');
      const { lane, number, text } = JSON.parse(received) as Numbered;
      const upTo = this.#receivedUpTo.get(lane) ?? 0;
      if (number === upTo + 1) {
        this.effects.push({ lane, text });
        this.#receivedUpTo.set(lane, number);
      }
      const receipt = { lane, number: this.#receivedUpTo.get(lane) ?? 0 };
      await transport.send(sender, JSON.stringify(receipt)).catch(() => undefined);
    });
  }

  stop(): void {
    this.#stopListening();
  }
}
