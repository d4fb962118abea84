/** A line between the organisations on which messages wait, overtake one another, come twice and get lost, so that a death finds them anywhere on their way. */
import type { Transport } from '@convenant/exchange';
import { DirectTransport } from '@convenant/exchange-direct';

const trouble = { refused: 0.2, forgotten: 0.03, repeated: 0.1, delayMs: 15 };

export class BadLine implements Transport {
  private readonly line = new DirectTransport();

  constructor(private readonly chance: () => number) {}

  async send(recipient: string, signed: string): Promise<void> {
    if (this.chance() < trouble.refused) throw new Error('The line is busy.');
    if (this.chance() < trouble.forgotten) return;
    const times = this.chance() < trouble.repeated ? 2 : 1;
    for (let time = 0; time < times; time++)
      setTimeout(() => void this.line.send(recipient, signed).catch(() => undefined), this.chance() * trouble.delayMs);
  }
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.line.subscribe(organisation, handler);
  }
  close(): Promise<void> {
    return this.line.close();
  }
}
