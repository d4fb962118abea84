/** An organisation's own record of who a client is: registered once, corrected when something was wrong. */
import {
  accept,
  defineEvent,
  defineEvents,
  isBsn,
  refuse,
  sealed,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { z } from 'zod';
import { happened, type CommandFor } from './command.js';

const instant = z.iso.datetime();
export interface ContactDetails {
  readonly telephone?: string | undefined;
  readonly email?: string | undefined;
  readonly address?: string | undefined;
}
const identity = {
  initials: sealed<string>('K1'),
  familyName: sealed<string>('K1'),
  dateOfBirth: sealed<string>('K1'),
  bsn: sealedOptional<string>('K1'),
  contact: sealedOptional<ContactDetails>('K1'),
};
/** Look-up digests under the organisation's own key, of `nameForMatching` and of the number; entries are removed at erasure. */
const digests = { nameDigest: z.string(), bsnDigest: z.string().optional() };

export const ClientRegistered = defineEvent('ClientRegistered', {
  clear: { clientId: z.string(), ...digests, at: instant },
  sealed: identity,
});
/** The whole record as it should have been; what it was stays in the log. */
export const ClientDetailsCorrected = defineEvent('ClientDetailsCorrected', {
  clear: { clientId: z.string(), correctionId: z.string(), ...digests, at: instant },
  sealed: identity,
});
export const clientRecordEvents = defineEvents(ClientRegistered, ClientDetailsCorrected);
export type ClientRecordEvent = CatalogueEvent<typeof clientRecordEvents>;
export const clientStream = (clientId: string): string => `client-${clientId}`;

export type ClientRecordCommand =
  | CommandFor<'RegisterClient', EventOf<typeof ClientRegistered>>
  | CommandFor<'CorrectClientDetails', EventOf<typeof ClientDetailsCorrected>>;
export type ClientRecordRefusal = 'already-registered' | 'client-unknown' | 'bsn-fails-eleven-test';
export const clientRecordRefusals = {
  'already-registered': {
    nl: 'Onder dit nummer staat al een andere cliënt.',
    en: 'Another client is registered under this id.',
  },
  'client-unknown': { nl: 'Deze cliënt is hier niet bekend.', en: 'This client is not known here.' },
  'bsn-fails-eleven-test': {
    nl: 'Dit burgerservicenummer klopt niet. Controleer de cijfers.',
    en: 'This citizen service number is not valid. Check the digits.',
  },
} as const satisfies Refusals<ClientRecordRefusal>;

export interface ClientRecord {
  readonly clientId?: string;
  readonly registeredAs?: string;
  readonly corrections: readonly string[];
}

export const clientRecord: Decider<ClientRecordCommand, ClientRecordEvent, ClientRecord, ClientRecordRefusal> = {
  initial: { corrections: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'ClientRegistered':
        return { ...state, clientId: event.clientId, registeredAs: event.nameDigest };
      case 'ClientDetailsCorrected':
        return { ...state, corrections: [...state.corrections, event.correctionId] };
    }
  },
  decide(command, state) {
    switch (command.type) {
      case 'RegisterClient':
        if (state.clientId === undefined) return accept(happened('ClientRegistered', command));
        return state.clientId === command.clientId && state.registeredAs === command.nameDigest
          ? accept()
          : refuse('already-registered');
      case 'CorrectClientDetails':
        if (state.clientId === undefined) return refuse('client-unknown');
        if (state.corrections.includes(command.correctionId)) return accept();
        return accept(happened('ClientDetailsCorrected', command));
    }
  },
};

/** What somebody enters about a client, before sealing. The message of a failed number is its refusal code. */
export const clientDetailsInput = z.strictObject({
  initials: z.string().trim().min(1).max(20),
  familyName: z.string().trim().min(1).max(200),
  dateOfBirth: z.iso.date(),
  bsn: z.string().refine(isBsn, 'bsn-fails-eleven-test').optional(),
  contact: z
    .strictObject({
      telephone: z.string().max(40).optional(),
      email: z.email().max(200).optional(),
      address: z.string().max(400).optional(),
    })
    .optional(),
});
export type ClientDetails = z.infer<typeof clientDetailsInput>;

/**
 * One spelling for names that are the same person's on paper: without accents, points, spaces, hyphens and capitals.
 * Two records match when these texts are equal; nothing fuzzy, a person decides about the rest.
 */
export const nameForMatching = (person: ClientIdentity): string =>
  [plain(person.familyName), person.dateOfBirth, plain(person.initials)].join('|');

/**
 * What a link to somebody introduced by a partner needs at the least: the same date of birth, and the same family name or the same
 * initials. A person decides with this; it is no way to find anybody.
 */
export function isLikelyTheSamePerson(one: ClientIdentity, other: ClientIdentity): boolean {
  const agreesOn = (field: 'familyName' | 'initials'): boolean =>
    plain(one[field]) !== '' && plain(one[field]) === plain(other[field]);
  return one.dateOfBirth === other.dateOfBirth && (agreesOn('familyName') || agreesOn('initials'));
}
type ClientIdentity = Pick<ClientDetails, 'initials' | 'familyName' | 'dateOfBirth'>;

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();
