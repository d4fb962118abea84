/** A wire that changes nothing and sees how much is on its way: what came in, how much of it is handled at once, and what a lane has out without a receipt. */
import type { Transport } from '@convenant/exchange';

interface Read {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly recipient: string;
  readonly sequence?: string;
  readonly data: {
    readonly lane?: string;
    readonly upTo?: number;
    readonly also?: readonly { readonly lane: string; readonly upTo: number }[];
  };
}

export class WatchedWire implements Transport {
  /** The ids of everything that came, as often as it came. */
  readonly arrived: string[] = [];
  mostAtOnce = 0;
  /** The most that any lane had out: handed over here, and no receipt for it was here yet. */
  mostWithoutReceipt = 0;
  #atOnce = 0;
  readonly #receipts = new Map<string, number>();

  constructor(readonly inner: Transport) {}

  send(recipient: string, signed: string): Promise<void> {
    const { subject, sequence } = read(signed);
    if (sequence !== undefined) {
      const receipt = this.#receipts.get(`${recipient}/${subject}`) ?? 0;
      this.mostWithoutReceipt = Math.max(this.mostWithoutReceipt, Number(sequence) - receipt);
    }
    return this.inner.send(recipient, signed);
  }
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.inner.subscribe(organisation, async (signed) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
      try {
        this.#see(read(signed));
        await handler(signed);
      } finally {
        this.#atOnce--;
      }
    });
  }
  close(): Promise<void> {
    return this.inner.close();
  }

  #see({ id, type, data: { lane, upTo, also = [] } }: Read): void {
    this.arrived.push(id);
    if (!type.includes('.receipt.') || lane === undefined || upTo === undefined) return;
    for (const each of [{ lane, upTo }, ...also]) {
      // `sender>recipient/pseudonym`
      const name = each.lane.split('>')[1] ?? '';
      this.#receipts.set(name, Math.max(each.upTo, this.#receipts.get(name) ?? 0));
    }
  }
}

const read = (signed: string): Read =>
  JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8')) as Read;
