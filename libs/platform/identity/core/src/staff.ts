/** Who stands in for whom, who works under whose responsibility, and how a caseload changes hands: the rules of `staff-<person>`. */
import { accept, addDays, isAfter, refuse, type Decider, type Decision, type Refusals } from '@convenant/kernel';
import type { Role, StaffRole } from '@convenant/consent';
import type { StaffEvent } from './relation-events.js';

/** U13: longer than this is no longer standing in but a hand-over. */
export const standInDays = 28;
/** Who may arrange this for a colleague; everybody may for herself. */
export const leadRoles: readonly string[] = ['ipsProjectLeader'] satisfies StaffRole[];
export const isLead = (role: string): boolean => leadRoles.includes(role);
/** Which professional can have work prepared under her responsibility, and by whom. */
export const delegatesOf: Readonly<Record<string, readonly string[]>> = {
  insurancePhysician: ['physicianDelegate'],
} satisfies Partial<Record<StaffRole, readonly StaffRole[]>>;

interface By {
  readonly person: string;
  readonly role: string;
}
/** `person` is the one whose stream it is: the absent one, the responsible one, the predecessor. */
export type StaffCommand =
  | {
      readonly type: 'AppointStandIn';
      readonly standInId: string;
      readonly person: string;
      readonly standIn: string;
      readonly from: string;
      readonly until: string;
      readonly by: By;
      readonly at: string;
    }
  | {
      readonly type: 'EndStandIn';
      readonly standInId: string;
      readonly person: string;
      readonly by: By;
      readonly at: string;
    }
  | {
      readonly type: 'AppointDelegate';
      readonly delegateId: string;
      readonly person: string;
      readonly responsibleRole: Role;
      readonly delegate: string;
      readonly role: Role;
      readonly from: string;
      readonly until?: string;
      readonly by: By;
      readonly at: string;
    }
  | {
      readonly type: 'EndDelegate';
      readonly delegateId: string;
      readonly person: string;
      readonly by: By;
      readonly at: string;
    }
  | {
      readonly type: 'HandOverCaseload';
      readonly handOverId: string;
      readonly person: string;
      readonly role: Role;
      readonly to: string;
      readonly clients: readonly string[];
      readonly by: By;
      readonly at: string;
    };

export const staffRefusals = {
  'not-yours-to-arrange': {
    nl: 'Dit regelt uw collega zelf, of uw leidinggevende.',
    en: 'Your colleague arranges this herself, or the lead does.',
  },
  'only-the-responsible': {
    nl: 'Alleen wie verantwoordelijk is, laat een ander onder eigen verantwoordelijkheid werken.',
    en: 'Only the responsible professional lets another work under her responsibility.',
  },
  'not-for-oneself': { nl: 'Kies een collega, niet dezelfde persoon.', en: 'Choose a colleague, not the same person.' },
  'ends-before-it-begins': {
    nl: 'De einddatum ligt vóór de begindatum.',
    en: 'The end lies before the beginning.',
  },
  'already-over': { nl: 'Deze periode is al voorbij.', en: 'This period is already over.' },
  'longer-than-four-weeks': {
    nl: 'Invallen kan voor ten hoogste vier weken. Duurt het langer, draag de cliënten dan over.',
    en: 'Standing in lasts four weeks at most. If it takes longer, hand the clients over.',
  },
  'already-stands-in': {
    nl: 'Deze collega valt in deze periode al in.',
    en: 'This colleague already stands in during this period.',
  },
  'role-has-no-delegates': {
    nl: 'In deze rol kan niemand onder uw verantwoordelijkheid werken.',
    en: 'In this role nobody can work under your responsibility.',
  },
  'already-delegate': {
    nl: 'Deze collega werkt al onder uw verantwoordelijkheid.',
    en: 'This colleague already works under your responsibility.',
  },
  'no-clients': { nl: 'Kies ten minste één cliënt.', en: 'Choose at least one client.' },
  'id-in-use': {
    nl: 'Dit nummer is al gebruikt voor iets anders.',
    en: 'This id is already in use for something else.',
  },
  'unknown-stand-in': { nl: 'Deze vervanging is niet bekend.', en: 'This stand-in is not known.' },
  'unknown-delegate': { nl: 'Deze medewerker is hier niet bekend.', en: 'This delegate is not known.' },
} as const satisfies Refusals<string>;
export type StaffRefusal = keyof typeof staffRefusals;

interface Appointment {
  readonly person: string;
  readonly role: string | undefined;
  readonly from: string;
  readonly until: string | undefined;
  readonly ended: boolean;
}
export interface StaffArrangements {
  readonly standIns: Readonly<Record<string, Appointment>>;
  readonly delegates: Readonly<Record<string, Appointment>>;
  readonly handOvers: Readonly<Record<string, { readonly to: string; readonly clients: readonly string[] }>>;
}

export const staff: Decider<StaffCommand, StaffEvent, StaffArrangements, StaffRefusal> = {
  initial: { standIns: {}, delegates: {}, handOvers: {} },
  evolve(state, event) {
    switch (event.type) {
      case 'StandInAppointed': {
        const { standIn: person, from, until } = event;
        return {
          ...state,
          standIns: { ...state.standIns, [event.standInId]: { person, role: undefined, from, until, ended: false } },
        };
      }
      case 'StandInEnded':
        return { ...state, standIns: end(state.standIns, event.standInId) };
      case 'DelegateAppointed': {
        const { delegate: person, role, from, until } = event;
        return {
          ...state,
          delegates: { ...state.delegates, [event.delegateId]: { person, role, from, until, ended: false } },
        };
      }
      case 'DelegateEnded':
        return { ...state, delegates: end(state.delegates, event.delegateId) };
      case 'CaseloadHandedOver': {
        const { to, clients } = event;
        return { ...state, handOvers: { ...state.handOvers, [event.handOverId]: { to, clients } } };
      }
    }
  },
  decide(command, state): Decision<StaffEvent, StaffRefusal> {
    switch (command.type) {
      case 'AppointStandIn': {
        const { standInId, person, standIn, from, until, by, at } = command;
        const known = state.standIns[standInId];
        if (known) return known.person === standIn && known.from === from ? accept() : refuse('id-in-use');
        if (!mayArrange(by, person)) return refuse('not-yours-to-arrange');
        if (standIn === person) return refuse('not-for-oneself');
        if (!isAfter(until, from)) return refuse('ends-before-it-begins');
        if (!isAfter(until, at)) return refuse('already-over');
        if (isAfter(until, addDays(from, standInDays))) return refuse('longer-than-four-weeks');
        if (overlaps(state.standIns, standIn, from, until)) return refuse('already-stands-in');
        return accept({ type: 'StandInAppointed', standInId, person, standIn, from, until, by: by.person, at });
      }
      case 'EndStandIn': {
        const { standInId, person, by, at } = command;
        const known = state.standIns[standInId];
        if (!known) return refuse('unknown-stand-in');
        if (!mayArrange(by, person) && by.person !== known.person) return refuse('not-yours-to-arrange');
        return known.ended ? accept() : accept({ type: 'StandInEnded', standInId, person, at });
      }
      case 'AppointDelegate': {
        const { delegateId, person, responsibleRole, delegate, role, from, until, by, at } = command;
        const known = state.delegates[delegateId];
        if (known) return known.person === delegate && known.from === from ? accept() : refuse('id-in-use');
        if (by.person !== person || by.role !== responsibleRole) return refuse('only-the-responsible');
        if (delegate === person) return refuse('not-for-oneself');
        if (!delegatesOf[responsibleRole]?.includes(role)) return refuse('role-has-no-delegates');
        if (until !== undefined && !isAfter(until, from)) return refuse('ends-before-it-begins');
        if (until !== undefined && !isAfter(until, at)) return refuse('already-over');
        if (overlaps(state.delegates, delegate, from, until)) return refuse('already-delegate');
        return accept({
          type: 'DelegateAppointed',
          delegateId,
          person,
          responsibleRole,
          delegate,
          role,
          from,
          at,
          ...(until === undefined ? {} : { until }),
        });
      }
      case 'EndDelegate': {
        const { delegateId, person, by, at } = command;
        const known = state.delegates[delegateId];
        if (!known) return refuse('unknown-delegate');
        if (!mayArrange(by, person)) return refuse('not-yours-to-arrange');
        return known.ended ? accept() : accept({ type: 'DelegateEnded', delegateId, person, at });
      }
      case 'HandOverCaseload': {
        const { handOverId, person, role, to, clients, by, at } = command;
        const known = state.handOvers[handOverId];
        if (known) return known.to === to && sameClients(known.clients, clients) ? accept() : refuse('id-in-use');
        if (!mayArrange(by, person)) return refuse('not-yours-to-arrange');
        if (to === person) return refuse('not-for-oneself');
        if (clients.length === 0) return refuse('no-clients');
        return accept({
          type: 'CaseloadHandedOver',
          handOverId,
          person,
          role,
          to,
          clients: [...new Set(clients)],
          by: by.person,
          at,
        });
      }
    }
  },
};

/** To be asked before anything that would tell whose caseload somebody is on. */
export const mayArrange = (by: By, person: string): boolean => by.person === person || isLead(by.role);

const end = (
  appointments: Readonly<Record<string, Appointment>>,
  id: string,
): Readonly<Record<string, Appointment>> => {
  const known = appointments[id];
  return known ? { ...appointments, [id]: { ...known, ended: true } } : appointments;
};

const overlaps = (
  appointments: Readonly<Record<string, Appointment>>,
  person: string,
  from: string,
  until: string | undefined,
): boolean =>
  Object.values(appointments).some(
    (each) =>
      !each.ended &&
      each.person === person &&
      (each.until === undefined || isAfter(each.until, from)) &&
      (until === undefined || isAfter(until, each.from)),
  );

const sameClients = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === new Set(b).size && b.every((client) => a.includes(client));
