/** A covenant agreement (R20): who agreed what, from when until when, and when somebody must be warned that it ends. */
import {
  accept,
  addMonthsToDate,
  compareDates,
  defineEvent,
  defineEvents,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { happened, type CommandFor } from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();
/** Money is agreed for a subject and a period; what it is per client is nowhere. */
export const financialTerm = z.strictObject({
  payer: z.string(),
  subject: z.string().max(400),
  from: date,
  until: date,
});
export type FinancialTerm = z.infer<typeof financialTerm>;

export const AgreementMade = defineEvent('AgreementMade', {
  clear: {
    agreementId: z.string(),
    title: z.string(),
    parties: z.array(z.string()).readonly(),
    goals: z.array(z.string()).readonly(),
    financialTerms: z.array(financialTerm).readonly(),
    from: date,
    until: date,
    at: instant,
  },
});
export const AgreementExtended = defineEvent('AgreementExtended', {
  clear: { agreementId: z.string(), until: date, at: instant },
});
export const AgreementEnded = defineEvent('AgreementEnded', {
  clear: { agreementId: z.string(), on: date, at: instant },
});
export const agreementEvents = defineEvents(AgreementMade, AgreementExtended, AgreementEnded);
export type AgreementEvent = CatalogueEvent<typeof agreementEvents>;
export const agreementStream = (agreementId: string): string => `agreement-${agreementId}`;

export type AgreementCommand =
  | CommandFor<'MakeAgreement', EventOf<typeof AgreementMade>>
  | CommandFor<'ExtendAgreement', EventOf<typeof AgreementExtended>>
  | CommandFor<'EndAgreement', EventOf<typeof AgreementEnded>>;
export type AgreementRefusal =
  'agreement-already-made' | 'agreement-unknown' | 'agreement-ended' | 'too-few-parties' | 'dates-in-wrong-order';
export const agreementRefusals = {
  'agreement-already-made': {
    nl: 'Onder dit nummer bestaat al een andere afspraak.',
    en: 'Another agreement exists under this id.',
  },
  'agreement-unknown': { nl: 'Deze afspraak bestaat niet.', en: 'This agreement does not exist.' },
  'agreement-ended': { nl: 'Deze afspraak is al beëindigd.', en: 'This agreement has ended already.' },
  'too-few-parties': {
    nl: 'Een afspraak heeft ten minste twee partijen.',
    en: 'An agreement has two parties at least.',
  },
  'dates-in-wrong-order': {
    nl: 'De datums staan in de verkeerde volgorde. Iets kan niet eindigen voordat het begint.',
    en: 'The dates are in the wrong order. Something cannot end before it begins.',
  },
} as const satisfies Refusals<AgreementRefusal>;

export interface Agreement {
  readonly status: 'none' | 'in-force' | 'ended';
  readonly title?: string;
  readonly from: string;
  readonly until: string;
  readonly endedOn?: string;
}

export const agreement: Decider<AgreementCommand, AgreementEvent, Agreement, AgreementRefusal> = {
  initial: { status: 'none', from: '', until: '' },
  evolve(state, event) {
    switch (event.type) {
      case 'AgreementMade':
        return { status: 'in-force', title: event.title, from: event.from, until: event.until };
      case 'AgreementExtended':
        return { ...state, until: event.until };
      case 'AgreementEnded':
        return { ...state, status: 'ended', endedOn: event.on };
    }
  },
  decide(command, state) {
    if (command.type === 'MakeAgreement') {
      if (state.status !== 'none') return state.title === command.title ? accept() : refuse('agreement-already-made');
      if (new Set(command.parties).size < 2) return refuse('too-few-parties');
      const periods = [command, ...command.financialTerms];
      if (periods.some(({ from, until }) => compareDates(from, until) > 0)) return refuse('dates-in-wrong-order');
      return accept(happened('AgreementMade', command));
    }
    if (state.status === 'none') return refuse('agreement-unknown');
    switch (command.type) {
      case 'ExtendAgreement':
        if (state.status === 'ended') return refuse('agreement-ended');
        if (state.until === command.until) return accept();
        if (compareDates(state.until, command.until) > 0) return refuse('dates-in-wrong-order');
        return accept(happened('AgreementExtended', command));
      case 'EndAgreement':
        if (state.status === 'ended') return state.endedOn === command.on ? accept() : refuse('agreement-ended');
        if (compareDates(state.from, command.on) > 0) return refuse('dates-in-wrong-order');
        return accept(happened('AgreementEnded', command));
    }
  },
};

const warningMonths = [1, 3, 6] as const;
export type ExpiryWarning = 'ended' | 'within-1-month' | 'within-3-months' | 'within-6-months';
/** The sharpest warning about an end on this day, seen from `today`; absent while the end is more than six months away. */
export function expiryWarning(until: string, today: string): ExpiryWarning | undefined {
  if (compareDates(until, today) < 0) return 'ended';
  const months = warningMonths.find((each) => compareDates(until, addMonthsToDate(today, each)) <= 0);
  if (months === undefined) return undefined;
  return months === 1 ? 'within-1-month' : `within-${months}-months`;
}
