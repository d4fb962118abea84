/** Which client a pseudonym stands for, on a stream of its own: written before the pseudonym is first used, and found without any view. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventStore,
} from '@convenant/kernel';
import { z } from 'zod';

export const PseudonymAssigned = defineEvent('PseudonymAssigned', {
  clear: { partner: z.string(), pseudonym: z.string(), clientId: z.string(), at: z.iso.datetime() },
});
export const clientNameEvents = defineEvents(PseudonymAssigned);
type ClientNameEvent = CatalogueEvent<typeof clientNameEvents>;

interface AssignPseudonym {
  readonly partner: string;
  readonly pseudonym: string;
  readonly clientId: string;
  readonly at: string;
}
export const clientName: Decider<AssignPseudonym, ClientNameEvent, { readonly clientId?: string }, 'already-assigned'> =
  {
    initial: {},
    evolve: (_state, event) => ({ clientId: event.clientId }),
    decide: (command, state) =>
      state.clientId === undefined
        ? accept<ClientNameEvent>({ type: 'PseudonymAssigned', ...command })
        : state.clientId === command.clientId
          ? accept()
          : refuse('already-assigned'),
  };
export const clientNameStream = (partner: string, pseudonym: string): string => `pseudonym-${partner}-${pseudonym}`;

/** The own client behind a partner's pseudonym; `undefined` when it was never assigned. */
export async function clientOf(store: EventStore, partner: string, pseudonym: string): Promise<string | undefined> {
  const [first] = await store.read(clientNameStream(partner, pseudonym));
  return first && (clientNameEvents.decode(first) as ClientNameEvent).clientId;
}
