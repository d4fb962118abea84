/** The benefit that UWV itself pays a client (K6): its own record, for its own task. */
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
import { dateRefusals, happened, isInOrder, type CommandFor, type DateRefusal } from '@convenant/shared-domain';
import { z } from 'zod';

const date = z.iso.date();
const instant = z.iso.datetime();
const ids = { benefitId: z.string(), clientId: z.string() };
export const benefitKinds = ['wia-wga', 'wia-iva', 'wao', 'wajong', 'ziektewet', 'ww'] as const;
export type BenefitKind = (typeof benefitKinds)[number];
export interface BenefitDetails {
  readonly monthlyAmountEuro?: number | undefined;
  readonly remarks?: string | undefined;
}

export const BenefitRecorded = defineEvent('BenefitRecorded', {
  clear: { ...ids, from: date, at: instant },
  sealed: { kind: sealed<BenefitKind>('K6'), details: sealed<BenefitDetails>('K6') },
});
export const BenefitEnded = defineEvent('BenefitEnded', { clear: { ...ids, on: date, at: instant } });
export const benefitEvents = defineEvents(BenefitRecorded, BenefitEnded);
export type BenefitEvent = CatalogueEvent<typeof benefitEvents>;
export const benefitStream = (clientId: string): string => `benefit-${clientId}`;

export type BenefitCommand =
  CommandFor<'RecordBenefit', EventOf<typeof BenefitRecorded>> | CommandFor<'EndBenefit', EventOf<typeof BenefitEnded>>;
export type BenefitRefusal = 'benefit-unknown' | 'benefit-already-ended' | Extract<DateRefusal, 'dates-in-wrong-order'>;
export const benefitRefusals = {
  'dates-in-wrong-order': dateRefusals['dates-in-wrong-order'],
  'benefit-unknown': { nl: 'Deze uitkering is niet vastgelegd.', en: 'This benefit was not recorded.' },
  'benefit-already-ended': {
    nl: 'Deze uitkering is al beëindigd, op een andere datum.',
    en: 'This benefit has ended already, on another date.',
  },
} as const satisfies Refusals<BenefitRefusal>;

export type Benefits = Readonly<Record<string, { readonly from: string; readonly endedOn?: string }>>;

export const benefit: Decider<BenefitCommand, BenefitEvent, Benefits, BenefitRefusal> = {
  initial: {},
  evolve(state, event) {
    const known = state[event.benefitId];
    switch (event.type) {
      case 'BenefitRecorded':
        return { ...state, [event.benefitId]: { from: event.from } };
      case 'BenefitEnded':
        return known ? { ...state, [event.benefitId]: { ...known, endedOn: event.on } } : state;
    }
  },
  decide(command, state) {
    const known = state[command.benefitId];
    switch (command.type) {
      case 'RecordBenefit':
        return known ? accept() : accept(happened('BenefitRecorded', command));
      case 'EndBenefit':
        if (!known) return refuse('benefit-unknown');
        if (known.endedOn !== undefined)
          return known.endedOn === command.on ? accept() : refuse('benefit-already-ended');
        return isInOrder(known.from, command.on)
          ? accept(happened('BenefitEnded', command))
          : refuse('dates-in-wrong-order');
    }
  },
};

/** What is entered about a benefit, before sealing. */
export const benefitInput = z.strictObject({
  kind: z.enum(benefitKinds),
  details: z.strictObject({
    monthlyAmountEuro: z.number().min(0).max(20_000).optional(),
    remarks: z.string().max(1000).optional(),
  }),
});
