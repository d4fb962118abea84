/** A case manager refers a client who wants to work; an employment specialist takes her on, or says why not now. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
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

const instant = z.iso.datetime();
const date = z.iso.date();
const ids = { referralId: z.string(), clientId: z.string() };

/** Zero exclusion (R01): nobody is declined for not being ready, for symptoms or for substance use; no such reason exists. */
export const declineReasons = ['no-capacity', 'wish-withdrawn', 'already-in-trajectory'] as const;
export type DeclineReason = (typeof declineReasons)[number];

export const ClientReferred = defineEvent('ClientReferred', {
  clear: {
    ...ids,
    referredOn: date,
    referredBy: z.string(),
    toTeam: z.string().optional(),
    toSpecialist: z.string().optional(),
    at: instant,
  },
  /** Her own wish to work is what makes the referral; it is in her words. */
  sealed: { workWish: sealed<string>('K3') },
});
export const ReferralAccepted = defineEvent('ReferralAccepted', {
  clear: { ...ids, referredOn: date, by: z.string(), on: date, at: instant },
});
export const ReferralDeclined = defineEvent('ReferralDeclined', {
  clear: { ...ids, by: z.string(), on: date, reason: z.enum(declineReasons), at: instant },
});
export const ReferralWithdrawn = defineEvent('ReferralWithdrawn', {
  clear: { ...ids, by: z.string(), on: date, at: instant },
});
export const referralEvents = defineEvents(ClientReferred, ReferralAccepted, ReferralDeclined, ReferralWithdrawn);
export type ReferralEvent = CatalogueEvent<typeof referralEvents>;
export const referralStream = (referralId: string): string => `referral-${referralId}`;

interface Answer {
  readonly by: string;
  readonly on: string;
  readonly at: string;
}
export type ReferralCommand =
  | CommandFor<'ReferClient', EventOf<typeof ClientReferred>>
  | (Answer & { readonly type: 'AcceptReferral' })
  | (Answer & { readonly type: 'DeclineReferral'; readonly reason: DeclineReason })
  | (Answer & { readonly type: 'WithdrawReferral' });
export type ReferralRefusal = 'already-referred' | 'referral-unknown' | 'already-decided' | DateRefusal;
export const referralRefusals = {
  ...dateRefusals,
  'already-referred': {
    nl: 'Onder dit nummer staat al een aanmelding van een andere cliënt.',
    en: 'Another client was referred under this id.',
  },
  'referral-unknown': { nl: 'Deze aanmelding bestaat niet.', en: 'This referral does not exist.' },
  'already-decided': {
    nl: 'Over deze aanmelding is al beslist. Kijk wie haar heeft opgepakt.',
    en: 'This referral was decided already. Look who took it on.',
  },
} as const satisfies Refusals<ReferralRefusal>;

export type Referral =
  | { readonly status: 'none' }
  | ({ readonly referralId: string; readonly clientId: string; readonly referredOn: string } & (
      { readonly status: 'open' } | { readonly status: 'accepted' | 'declined' | 'withdrawn'; readonly by: string }
    ));

export const referral: Decider<ReferralCommand, ReferralEvent, Referral, ReferralRefusal> = {
  initial: { status: 'none' },
  evolve(state, event) {
    switch (event.type) {
      case 'ClientReferred': {
        const { referralId, clientId, referredOn } = event;
        return { status: 'open', referralId, clientId, referredOn };
      }
      case 'ReferralAccepted':
        return state.status === 'none' ? state : { ...state, status: 'accepted', by: event.by };
      case 'ReferralDeclined':
        return state.status === 'none' ? state : { ...state, status: 'declined', by: event.by };
      case 'ReferralWithdrawn':
        return state.status === 'none' ? state : { ...state, status: 'withdrawn', by: event.by };
    }
  },
  decide(command, state) {
    if (command.type === 'ReferClient') {
      if (state.status !== 'none') return state.clientId === command.clientId ? accept() : refuse('already-referred');
      if (isStillToCome(command.referredOn, command.at)) return refuse('date-in-future');
      return accept(happened('ClientReferred', command));
    }
    if (state.status === 'none') return refuse('referral-unknown');
    const { by, on, at } = command;
    // Of two people who decide at once, the second finds it decided; who repeats her own decision is not told off for it.
    if (state.status !== 'open')
      return state.by === by && state.status === answered[command.type] ? accept() : refuse('already-decided');
    if (!isInOrder(state.referredOn, on)) return refuse('dates-in-wrong-order');
    if (isStillToCome(on, at)) return refuse('date-in-future');
    const { referralId, clientId, referredOn } = state;
    switch (command.type) {
      case 'AcceptReferral':
        return accept({ type: 'ReferralAccepted', referralId, clientId, referredOn, by, on, at });
      case 'DeclineReferral':
        return accept({ type: 'ReferralDeclined', referralId, clientId, by, on, reason: command.reason, at });
      case 'WithdrawReferral':
        return accept({ type: 'ReferralWithdrawn', referralId, clientId, by, on, at });
    }
  },
};
const answered = { AcceptReferral: 'accepted', DeclineReferral: 'declined', WithdrawReferral: 'withdrawn' } as const;

/** What is entered with a referral, before sealing. */
export const referralInput = z.strictObject({ workWish: z.string().trim().min(1).max(2000) });
