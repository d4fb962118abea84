/** With whom, how and where the work of a trajectory was done (R07), and the talks with employers for one client (R05). */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { dateRefusals, happened, isStillToCome, type CommandFor, type DateRefusal } from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const who = { contactId: z.string(), clientId: z.string(), on: z.iso.date(), by: z.string() };
export const counterparts = ['client', 'family', 'clinician', 'employer', 'other'] as const;
export const contactModes = ['in-person', 'telephone', 'other'] as const;
export const contactSettings = ['agency', 'community', 'at-a-distance'] as const;
export const employerContactKinds = ['first-acquaintance', 'about-this-client', 'follow-up', 'job-carving'] as const;
export type EmployerContactKind = (typeof employerContactKinds)[number];

export const ContactRecorded = defineEvent('ContactRecorded', {
  clear: {
    ...who,
    counterpart: z.enum(counterparts),
    mode: z.enum(contactModes),
    setting: z.enum(contactSettings),
    minutes: z.number().int().positive().optional(),
    at: instant,
  },
  /** Never shared between organisations, whatever the consent. */
  sealed: { note: sealedOptional<string>('K9a') },
});
export const EmployerContactRecorded = defineEvent('EmployerContactRecorded', {
  clear: { ...who, at: instant },
  sealed: {
    employer: sealed<string>('K7'),
    kind: sealed<EmployerContactKind>('K7'),
    matchesPreference: sealed<boolean>('K3'),
  },
});
export const contactEvents = defineEvents(ContactRecorded);
export type ContactEvent = CatalogueEvent<typeof contactEvents>;
export const contactsStream = (clientId: string): string => `contacts-${clientId}`;
export const employerContactEvents = defineEvents(EmployerContactRecorded);
export type EmployerContactEvent = CatalogueEvent<typeof employerContactEvents>;
export const employerContactsStream = (clientId: string): string => `employer-contacts-${clientId}`;

export type ContactCommand = CommandFor<'RecordContact', EventOf<typeof ContactRecorded>>;
export type EmployerContactCommand = CommandFor<'RecordEmployerContact', EventOf<typeof EmployerContactRecorded>>;
export type ContactRefusal = Extract<DateRefusal, 'date-in-future'>;
export const contactRefusals = {
  'date-in-future': dateRefusals['date-in-future'],
} as const satisfies Refusals<ContactRefusal>;

/** The ids of what was recorded; a contact is recorded once. */
export interface Contacts {
  readonly recorded: readonly string[];
}
const initial: Contacts = { recorded: [] };
const evolve = ({ recorded }: Contacts, { contactId }: { contactId: string }): Contacts => ({
  recorded: [...recorded, contactId],
});

export const contacts: Decider<ContactCommand, ContactEvent, Contacts, ContactRefusal> = {
  initial,
  evolve,
  decide(command, { recorded }) {
    if (recorded.includes(command.contactId)) return accept();
    if (isStillToCome(command.on, command.at)) return refuse('date-in-future');
    return accept(happened('ContactRecorded', command));
  },
};
export const employerContacts: Decider<EmployerContactCommand, EmployerContactEvent, Contacts, ContactRefusal> = {
  initial,
  evolve,
  decide(command, { recorded }) {
    if (recorded.includes(command.contactId)) return accept();
    if (isStillToCome(command.on, command.at)) return refuse('date-in-future');
    return accept(happened('EmployerContactRecorded', command));
  },
};

/** What is entered about a contact and about a talk with an employer, before sealing. */
export const contactInput = z.strictObject({ note: z.string().max(4000).optional() });
export const employerContactInput = z.strictObject({
  employer: z.string().trim().min(1).max(200),
  kind: z.enum(employerContactKinds),
  matchesPreference: z.boolean(),
});
