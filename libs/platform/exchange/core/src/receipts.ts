/** What goes back for what was kept: how far each lane was received. What is to be said to one partner at about the same time is one message. */
import { messageType, organisationUrn, receiptV1, type Message } from '@convenant/contracts';
import { together } from './in-parallel.js';
import type { InboxPorts } from './inbox.js';
import type { Partner } from './partners.js';
import { sendOrGiveUp } from './send-or-give-up.js';

/** Everything in this lane up to here was received and kept. */
export interface Kept {
  readonly lane: string;
  readonly upTo: number;
  /** The pseudonym of the client that the lane is about. */
  readonly subject: string;
  /**
   * Said by itself and at once: of what is urgent, which waits for nothing, and of what came once more, since a sender whose release is from
   * before `also` reads no lane but the first.
   */
  readonly alone: boolean;
}

/** Far below the longest message, whatever the lanes are called. */
const lanesPerReceipt = 200;

/** Resolves when the receipt was handed over or given up on: a lost one is asked for again by the message itself. */
export function createReceipts(
  organisation: Partner,
  ports: InboxPorts,
): (sender: Partner, kept: Kept) => Promise<void> {
  const { ids, clock, checkpoints, signer } = ports;
  const bySender = new Map<string, (kept: Kept) => Promise<void>>();

  const send = async (sender: Partner, all: readonly Kept[]): Promise<void> => {
    // The furthest of each lane says everything.
    const furthest = new Map<string, Kept>();
    for (const kept of all) if (kept.upTo >= (furthest.get(kept.lane)?.upTo ?? 0)) furthest.set(kept.lane, kept);
    const [first, ...others] = [...furthest.values()];
    if (!first) return;
    const place = ({ lane, upTo }: Kept) => ({ lane, upTo });
    const receipt: Message = {
      specversion: '1.0',
      id: ids.derive('receipt', ...[first, ...others].flatMap(({ lane, upTo }) => [lane, String(upTo)])),
      source: organisationUrn(organisation.id),
      type: messageType(receiptV1),
      subject: first.subject,
      time: clock.now(),
      datacontenttype: 'application/json',
      recipient: sender.id,
      data: { ...place(first), ...(others.length > 0 ? { also: others.map(place) } : {}) },
    };
    checkpoints.pass('inbox: before receipt');
    const signed = await signer.sign(JSON.stringify(receipt));
    await sendOrGiveUp(ports, sender.id, signed).catch(() => undefined);
    checkpoints.pass('inbox: after receipt');
  };

  return (sender, kept) => {
    if (kept.alone) return send(sender, [kept]);
    const say = bySender.get(sender.id) ?? together(lanesPerReceipt, (all) => send(sender, all));
    bySender.set(sender.id, say);
    return say(kept);
  };
}
