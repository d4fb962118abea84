/** What is written with every event that a partner's message leads to. */
import type { Clock, EventMeta } from '@convenant/kernel';
import type { Incoming } from './inbox.js';

/** The message is the cause, so that the same message twice leads to the same events once; its trace goes on in them. */
export const metaOf = ({ message, sender }: Incoming, clock: Clock, client?: string): EventMeta => ({
  at: clock.now(),
  actor: { kind: 'partner', organisation: sender.id, message: message.id },
  cause: message.id,
  ...(client ? { client } : {}),
  ...(message.traceparent ? { traceparent: message.traceparent } : {}),
});
