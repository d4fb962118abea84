/** A client manager takes a client of the municipality on, and lets her go again: one client manager at a time. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import {
  dateRefusals,
  happened,
  isInOrder,
  isStillToCome,
  type CommandFor,
  type DateRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';

const clear = { clientId: z.string(), by: z.string(), on: z.iso.date(), at: z.iso.datetime() };
export const ClientTakenOn = defineEvent('ClientTakenOn', { clear });
export const SupportEnded = defineEvent('SupportEnded', { clear });
export const supportEvents = defineEvents(ClientTakenOn, SupportEnded);
export type SupportEvent = CatalogueEvent<typeof supportEvents>;
export const supportStream = (clientId: string): string => `support-${clientId}`;

export type SupportCommand =
  CommandFor<'TakeOnClient', EventOf<typeof ClientTakenOn>> | CommandFor<'EndSupport', EventOf<typeof SupportEnded>>;
export type SupportRefusal = 'already-taken-on' | 'not-taken-on' | Exclude<DateRefusal, 'date-too-far-ahead'>;
export const supportRefusals = {
  'dates-in-wrong-order': dateRefusals['dates-in-wrong-order'],
  'date-in-future': dateRefusals['date-in-future'],
  'already-taken-on': {
    nl: 'Een collega begeleidt deze cliënt al.',
    en: 'A colleague supports this client already.',
  },
  'not-taken-on': { nl: 'Niemand begeleidt deze cliënt nu.', en: 'Nobody supports this client now.' },
} as const satisfies Refusals<SupportRefusal>;

export interface Support {
  readonly status: 'none' | 'taken-on' | 'ended';
  readonly by?: string;
  readonly on?: string;
}

export const supportTask: Decider<SupportCommand, SupportEvent, Support, SupportRefusal> = {
  initial: { status: 'none' },
  evolve: (_state, { type, by, on }) => ({ status: type === 'ClientTakenOn' ? 'taken-on' : 'ended', by, on }),
  decide(command, state) {
    const { by, on, at } = command;
    const isRepeated = state.by === by && state.on === on;
    const wantedStatus = command.type === 'TakeOnClient' ? 'taken-on' : 'ended';
    if (state.status === wantedStatus && isRepeated) return accept();
    if (command.type === 'TakeOnClient' && state.status === 'taken-on') return refuse('already-taken-on');
    if (command.type === 'EndSupport' && state.status !== 'taken-on') return refuse('not-taken-on');
    if (!isInOrder(state.on, on)) return refuse('dates-in-wrong-order');
    if (isStillToCome(on, at)) return refuse('date-in-future');
    return accept(
      command.type === 'TakeOnClient' ? happened('ClientTakenOn', command) : happened('SupportEnded', command),
    );
  },
};
