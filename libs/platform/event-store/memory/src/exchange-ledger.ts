/** The bookkeeping of door and inbox in memory: for pure tests and simulations, held to the same contract as the durable ones. */
import { ExchangeLedger } from '@convenant/exchange';
import type { AfterRestore, Enqueued, OutboxItem, ParkedMessage, WaitingLane } from '@convenant/exchange';
import { assertStorable, compareText } from './stored.js';

interface Waiting {
  readonly item: OutboxItem;
  readonly handedOver: boolean;
}
interface Lane {
  readonly items: Waiting[];
  receipt: number;
  /** Set while what was received goes again: the number up to which it went. */
  again?: number;
}
const handedTo = ({ again, receipt }: Lane): number => again ?? receipt;

export class MemoryExchangeLedger extends ExchangeLedger {
  readonly #lanes = new Map<string, Lane>();
  readonly #laneOf = new Map<string, Lane>();
  readonly #received = new Map<string, number>();
  readonly #parked = new Map<string, ParkedMessage>();
  readonly #redrives = new Set<string>();
  readonly #checkpoints = new Map<string, string>();
  /** Nothing in memory is ever restored; a test may say that it was. */
  restored: AfterRestore = { series: undefined, held: false };

  override async enqueue(item: Omit<OutboxItem, 'number'>): Promise<Enqueued> {
    for (const text of [item.lane, item.messageId, item.recipient, item.stream]) assertStorable('outbox item', text);
    const known = this.#find(item.messageId);
    if (known) return { ...known.item, isNext: false };
    const lane = this.#lanes.get(item.lane) ?? { items: [], receipt: 0 };
    const { lane: name, messageId, recipient, stream, streamVersion, index } = item;
    const number = lane.items.length + 1;
    const numbered = { lane: name, number, messageId, recipient, stream, streamVersion, index };
    const isNext = lane.again === undefined && lane.receipt === lane.items.length;
    lane.items.push({ item: numbered, handedOver: false });
    this.#lanes.set(name, lane);
    this.#laneOf.set(messageId, lane);
    return { ...numbered, isNext };
  }

  override async waiting(lane: string, limit: number): Promise<readonly OutboxItem[]> {
    const found = this.#lanes.get(lane);
    if (!found) return [];
    const from = handedTo(found);
    return found.items
      .slice(from, from + limit)
      .map(({ item }) => (item.number <= found.receipt ? { ...item, again: true } : item));
  }

  override async waitingLanes(): Promise<readonly WaitingLane[]> {
    return [...this.#lanes.values()]
      .flatMap((lane) => {
        const item = lane.items[handedTo(lane)]?.item;
        return item ? [{ ...item, waiting: lane.items.length - handedTo(lane) }] : [];
      })
      .map(({ lane, recipient, stream, streamVersion, waiting }) => ({
        lane,
        recipient,
        stream,
        streamVersion,
        waiting,
      }))
      .sort((a, b) => compareText(a.lane, b.lane));
  }

  override async noteReceipt(lane: string, upTo: number, recipient: string): Promise<number | undefined> {
    const found = this.#lanes.get(lane);
    if (!found?.items.some(({ item }) => item.recipient === recipient)) return undefined;
    // A receipt for what does not exist yet must not swallow the messages that get those numbers later.
    const reached = Math.min(upTo, found.items.length);
    if (reached >= found.receipt) delete found.again;
    else if (found.again !== undefined) found.again = Math.max(found.again, reached);
    found.receipt = Math.max(found.receipt, reached);
    return found.items.length - handedTo(found);
  }

  override async sendAgain(recipient: string): Promise<number> {
    const lanes = [...this.#lanes.values()].filter(
      ({ items, receipt }) => receipt > 0 && items.some(({ item }) => item.recipient === recipient),
    );
    for (const lane of lanes) lane.again = 0;
    return lanes.length;
  }

  override async takeOut(messageId: string): Promise<boolean> {
    const lane = this.#laneOf.get(messageId);
    const at = lane?.items.findIndex(({ item }) => item.messageId === messageId) ?? -1;
    // Whatever follows moves up one number, so none of it may have been told to the partner under its present one.
    if (!lane || at < lane.receipt || lane.items.slice(at).some(({ handedOver }) => handedOver)) return false;
    lane.items.splice(at, 1);
    lane.items.forEach(({ item, handedOver }, index) => {
      lane.items[index] = { item: { ...item, number: index + 1 }, handedOver };
    });
    this.#laneOf.delete(messageId);
    return true;
  }

  override async markHandedOver(messageId: string): Promise<number | undefined> {
    const lane = this.#laneOf.get(messageId);
    const found = this.#find(messageId);
    if (lane && found) lane.items[found.item.number - 1] = { item: found.item, handedOver: true };
    return found?.item.number;
  }

  override async receivedUpTo(lane: string): Promise<number> {
    return this.#received.get(lane) ?? 0;
  }

  override async noteReceived(lane: string, upTo: number): Promise<void> {
    assertStorable('lane', lane);
    this.#received.set(lane, Math.max(this.#received.get(lane) ?? 0, upTo));
  }

  override async park(message: ParkedMessage): Promise<void> {
    for (const text of Object.values(message).map(String)) assertStorable('parked message', text);
    this.#parked.set(message.messageId, { ...message });
  }

  override async unpark(messageId: string): Promise<void> {
    this.#parked.delete(messageId);
  }

  override async parked(): Promise<readonly ParkedMessage[]> {
    return [...this.#parked.values()].sort((a, b) => compareText(a.at, b.at) || compareText(a.messageId, b.messageId));
  }

  override async askRedrive(messageId: string): Promise<boolean> {
    if (!this.#parked.has(messageId)) return false;
    this.#redrives.add(messageId);
    return true;
  }

  override async redrivesAsked(): Promise<readonly string[]> {
    return [...this.#redrives].filter((messageId) => this.#parked.has(messageId)).sort(compareText);
  }

  override async redriveTried(messageId: string): Promise<void> {
    this.#redrives.delete(messageId);
  }

  override async afterRestore(): Promise<AfterRestore> {
    return this.restored;
  }

  override async checkpoint(reader: string): Promise<string | undefined> {
    return this.#checkpoints.get(reader);
  }

  override async saveCheckpoint(reader: string, expected: string | undefined, next: string): Promise<boolean> {
    assertStorable('reader', reader);
    if (this.#checkpoints.get(reader) !== expected) return false;
    this.#checkpoints.set(reader, next);
    return true;
  }

  #find(messageId: string): Waiting | undefined {
    return this.#laneOf.get(messageId)?.items.find(({ item }) => item.messageId === messageId);
  }
}
