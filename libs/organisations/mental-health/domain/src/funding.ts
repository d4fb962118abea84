/** Who pays for a trajectory and which milestones were reached (K8): facts about money, nothing about the job behind them. */
import {
  accept,
  compareDates,
  dayOf,
  defineEvent,
  defineEvents,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
  type Sentence,
} from '@convenant/kernel';
import { happened, type CommandFor } from '@convenant/shared-domain';
import { z } from 'zod';

export interface FundingScheme {
  readonly scheme: string;
  readonly payer: 'uwv' | 'municipality' | 'insurer';
  readonly name: Sentence;
  readonly from: string;
  readonly until?: string;
  /** Where the rule was found; a scheme whose terms nobody confirmed says so. */
  readonly source: string;
}
/** Dated configuration: an amount is nowhere in it, because none was found that holds for all. */
export const fundingSchemes: readonly FundingScheme[] = [
  {
    scheme: 'uwv-ips',
    payer: 'uwv',
    name: { nl: 'IPS via UWV', en: 'IPS through UWV' },
    from: '2018-01-01',
    source: 'domain dossier 5.1; terms to be confirmed by UWV',
  },
  {
    scheme: 'municipal-ips',
    payer: 'municipality',
    name: {
      nl: 'Subsidieregeling IPS-trajecten gemeentelijke doelgroep',
      en: 'Subsidy scheme for IPS, municipal group',
    },
    from: '2023-03-01',
    source: 'stcrt-2023-6260',
  },
  {
    scheme: 'insurer-milestone',
    payer: 'insurer',
    name: { nl: 'Mijlpaal volgens het convenant', en: 'Milestone under the covenant' },
    from: '2016-01-01',
    source: 'to be confirmed in the covenant',
  },
];
/** Milestones of organisations, never of a person who works there (R22). */
export const milestones = [
  'started',
  'plan-agreed',
  'work-resumed',
  'placed',
  'kept-3-months',
  'kept-6-months',
  'kept-12-months',
  'ended-early',
] as const;
export type Milestone = (typeof milestones)[number];

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const instant = z.iso.datetime();
// Codes and months are states that rules compare; they stand in clear and are K8 in every view and contract.
export const FundingArranged = defineEvent('FundingArranged', {
  clear: { clientId: z.string(), scheme: z.string(), from: z.iso.date(), at: instant },
});
export const MilestoneReached = defineEvent('MilestoneReached', {
  clear: { clientId: z.string(), scheme: z.string(), milestone: z.enum(milestones), month, at: instant },
});
export const fundingEvents = defineEvents(FundingArranged, MilestoneReached);
export type FundingEvent = CatalogueEvent<typeof fundingEvents>;
export const fundingStream = (clientId: string): string => `funding-${clientId}`;

export type FundingCommand =
  | CommandFor<'ArrangeFunding', EventOf<typeof FundingArranged>>
  | CommandFor<'ReachMilestone', EventOf<typeof MilestoneReached>>;
export type FundingRefusal =
  | 'scheme-unknown'
  | 'scheme-not-in-force'
  | 'scheme-already-arranged'
  | 'funding-not-arranged'
  | 'milestone-already-reached'
  | 'month-before-funding'
  | 'month-in-future';
export const fundingRefusals = {
  'scheme-unknown': { nl: 'Deze regeling kennen wij niet.', en: 'This scheme is not known.' },
  'scheme-not-in-force': {
    nl: 'Deze regeling gold niet op die datum.',
    en: 'This scheme was not in force on that date.',
  },
  'scheme-already-arranged': {
    nl: 'Deze bekostiging is al geregeld, met een andere begindatum.',
    en: 'This funding was arranged already, from another date.',
  },
  'funding-not-arranged': {
    nl: 'Voor deze cliënt is deze bekostiging niet geregeld.',
    en: 'This funding was not arranged for this client.',
  },
  'milestone-already-reached': {
    nl: 'Deze mijlpaal is al vastgelegd, voor een andere maand.',
    en: 'This milestone was recorded already, for another month.',
  },
  'month-before-funding': {
    nl: 'Deze maand ligt voor het begin van de bekostiging.',
    en: 'This month lies before the funding began.',
  },
  'month-in-future': { nl: 'Deze maand moet nog komen.', en: 'This month is still to come.' },
} as const satisfies Refusals<FundingRefusal>;

interface Arranged {
  readonly from: string;
  readonly reached: Readonly<Record<string, string>>;
}
export type Funding = Readonly<Record<string, Arranged>>;

export const funding: Decider<FundingCommand, FundingEvent, Funding, FundingRefusal> = {
  initial: {},
  evolve(state, event) {
    switch (event.type) {
      case 'FundingArranged':
        return { ...state, [event.scheme]: { from: event.from, reached: {} } };
      case 'MilestoneReached': {
        const arranged = state[event.scheme];
        if (!arranged) return state;
        return {
          ...state,
          [event.scheme]: { ...arranged, reached: { ...arranged.reached, [event.milestone]: event.month } },
        };
      }
    }
  },
  decide(command, state) {
    const arranged = state[command.scheme];
    switch (command.type) {
      case 'ArrangeFunding': {
        if (arranged) return arranged.from === command.from ? accept() : refuse('scheme-already-arranged');
        const scheme = fundingSchemes.find((each) => each.scheme === command.scheme);
        if (!scheme) return refuse('scheme-unknown');
        if (!isInForce(scheme, command.from)) return refuse('scheme-not-in-force');
        return accept(happened('FundingArranged', command));
      }
      case 'ReachMilestone': {
        if (!arranged) return refuse('funding-not-arranged');
        const before = arranged.reached[command.milestone];
        if (before !== undefined) return before === command.month ? accept() : refuse('milestone-already-reached');
        if (command.month < arranged.from.slice(0, 7)) return refuse('month-before-funding');
        if (command.month > dayOf(command.at).slice(0, 7)) return refuse('month-in-future');
        return accept(happened('MilestoneReached', command));
      }
    }
  },
};

const isInForce = ({ from, until }: FundingScheme, on: string): boolean =>
  compareDates(from, on) <= 0 && (until === undefined || compareDates(on, until) <= 0);
