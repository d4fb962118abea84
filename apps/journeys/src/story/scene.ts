/** One client of the story with everybody around her: registered where she comes, each signed in, and what was checked about her so far. */
import { addDaysToDate, dayOf } from '@convenant/kernel';
import type { Claims } from './claims.js';
import type { SyntheticClient } from './cohort.js';
import type { Installation } from './installation.js';
import type { Narrator, Tally } from './narrate.js';
import type { Person } from './person.js';

export const agency = 'ggz-amstel';
export const uwv = 'uwv';
export const municipality = 'gemeente-amstelveld';
export const insurer = 'verzekeraar-zilver';
export const otherMunicipality = 'gemeente-duinrand';
export const secretariat = 'secretariaat';

/** The professionals of one client. Colleagues share the work, so that many clients side by side do not wait for one person. */
export interface Cast {
  readonly caseManager: Person;
  readonly otherCaseManager: Person;
  readonly clinician: Person;
  readonly specialist: Person;
  readonly colleague: Person;
  readonly successor: Person;
  readonly projectLeader: Person;
  readonly agencyOfficer: Person;
  readonly physician: Person;
  readonly labourExpert: Person;
  readonly benefitsAdviser: Person;
  readonly uwvOfficer: Person;
  readonly clientManager: Person;
  readonly claimsOfficer: Person;
  readonly insurerOfficer: Person;
  readonly otherClientManager: Person;
  readonly otherOfficer: Person;
  readonly covenantManager: Person;
}

export async function castFor(number: number, installation: Installation): Promise<Cast> {
  const odd = number % 2 === 1;
  const at = (organisation: string, first: string, second = first): Promise<Person> =>
    installation.staff(organisation, odd ? first : second);
  const people = {
    caseManager: at(agency, 'karin', 'bram'),
    otherCaseManager: at(agency, 'bram', 'karin'),
    clinician: at(agency, 'saskia', 'yusuf'),
    specialist: at(agency, 'joost', 'fatima'),
    colleague: at(agency, 'fatima', 'joost'),
    successor: at(agency, 'lieke'),
    projectLeader: at(agency, 'marieke'),
    agencyOfficer: at(agency, 'pieter'),
    physician: at(uwv, 'wouter', 'mirjam'),
    labourExpert: at(uwv, 'erik'),
    benefitsAdviser: at(uwv, 'sanne'),
    uwvOfficer: at(uwv, 'renske'),
    clientManager: at(municipality, 'mehmet', 'ilse'),
    claimsOfficer: at(insurer, 'petra'),
    insurerOfficer: at(insurer, 'sjoerd'),
    otherClientManager: at(otherMunicipality, 'jolanda'),
    otherOfficer: at(otherMunicipality, 'bas'),
    covenantManager: at(secretariat, 'hanneke'),
  };
  const signedIn = await Promise.all(
    Object.entries(people).map(async ([part, person]) => [part, await person] as const),
  );
  return Object.fromEntries(signedIn) as unknown as Cast;
}

export interface Scene {
  readonly person: SyntheticClient;
  readonly cast: Cast;
  readonly claims: Claims;
  readonly narrate: Narrator;
  readonly tally: Tally;
  readonly installation: Installation;
  /** The day of the story, and days around it. */
  readonly day: (offset?: number) => string;
  /** Draws the next account that a client may sign in with. */
  readonly nextAccount: () => string;
}

/** Her own references and logins at each organisation; none knows another's. */
export interface Known {
  readonly clientId: Readonly<Record<typeof agency | typeof uwv | typeof municipality | typeof insurer, string>>;
  readonly herself: Readonly<Record<typeof agency | typeof uwv | typeof municipality, Person>>;
}

export const today = (): string => dayOf(new Date().toISOString());
export const daysFrom =
  (day: string) =>
  (offset = 0): string =>
    addDaysToDate(day, offset);
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
