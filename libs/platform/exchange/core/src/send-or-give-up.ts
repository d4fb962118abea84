/** Sending through a transport that may say nothing for ever. */
import type { Scheduler } from '@convenant/kernel';
import type { Transport } from './ports.js';

/** A transport that says nothing for this long has given the message up: whether it arrives is not known, and others go on. */
export const giveUpMs = 30_000;

/** Rejects only when the message surely was not handed over. */
export async function sendOrGiveUp(
  { transport, scheduler }: { readonly transport: Transport; readonly scheduler: Scheduler },
  recipient: string,
  message: string,
  afterMs = giveUpMs,
): Promise<void> {
  const givenUp = Promise.withResolvers<void>();
  const cancel = scheduler.after(afterMs, givenUp.resolve);
  await Promise.race([transport.send(recipient, message), givenUp.promise]).finally(cancel);
}
