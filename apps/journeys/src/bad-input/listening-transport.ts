/** Delivers as direct delivery does, and remembers every message that passed, as somebody on the line would. */
import { messageSchema, type Message } from '@convenant/contracts';
import type { Transport } from '@convenant/exchange';
import { DirectTransport } from '@convenant/exchange-direct';

export interface Overheard {
  readonly recipient: string;
  readonly signed: string;
  readonly message: Message;
}

export class ListeningTransport implements Transport {
  readonly overheard: Overheard[] = [];
  private readonly line = new DirectTransport();

  send(recipient: string, signed: string): Promise<void> {
    this.overheard.push({ recipient, signed, message: messageIn(signed) });
    return this.line.send(recipient, signed);
  }
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.line.subscribe(organisation, handler);
  }
  close(): Promise<void> {
    return this.line.close();
  }

  /** Messages of this type to this organisation, from old to new; `type` without its version. */
  of(type: string, recipient: string): readonly Overheard[] {
    return this.overheard.filter(
      (each) => each.recipient === recipient && each.message.type.startsWith(`nl.convenant.${type}.v`),
    );
  }
}

const messageIn = (signed: string): Message =>
  messageSchema.parse(JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()));
