/** The fictional people of the local organisations: at least one for every role. Nobody here exists; no list knows of another list. */
import { rolesByKind, type Role } from '@convenant/consent';
import type { OrganisationKind } from '@convenant/kernel';

export interface DemoPerson {
  /** What one signs in with; stable, and nothing but a name for this demonstration. */
  readonly account: string;
  readonly name: string;
  readonly role: Role;
}
export interface LocalOrganisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: string;
}

export const localOrganisations: readonly LocalOrganisation[] = [
  { id: 'ggz-amstel', kind: 'mental-health', name: 'GGZ Amstel' },
  { id: 'ggz-duin', kind: 'mental-health', name: 'GGZ Duin' },
  { id: 'uwv', kind: 'uwv', name: 'UWV' },
  { id: 'gemeente-amstelveld', kind: 'municipality', name: 'Gemeente Amstelveld' },
  { id: 'gemeente-duinrand', kind: 'municipality', name: 'Gemeente Duinrand' },
  { id: 'verzekeraar-zilver', kind: 'insurer', name: 'Verzekeraar Zilver' },
  { id: 'secretariaat', kind: 'covenant', name: 'Secretariaat van het convenant' },
];

const person = (name: string, role: Role): DemoPerson => ({ account: name.toLowerCase(), name, role });

/** By organisation. A client who comes to several organisations signs in at each on her own, and is somebody else there. */
export const demoPeople: Readonly<Record<string, readonly DemoPerson[]>> = {
  'ggz-amstel': [
    person('Karin', 'caseManager'),
    person('Bram', 'caseManager'),
    person('Saskia', 'clinician'),
    person('Yusuf', 'clinician'),
    person('Joost', 'employmentSpecialist'),
    person('Fatima', 'employmentSpecialist'),
    person('Lieke', 'employmentSpecialist'),
    person('Marieke', 'ipsProjectLeader'),
    person('Pieter', 'privacyOfficer'),
    person('Noor', 'client'),
    person('Daan', 'client'),
    person('Willem', 'representative'),
  ],
  'ggz-duin': [
    person('Lotte', 'caseManager'),
    person('Ruben', 'clinician'),
    person('Esra', 'employmentSpecialist'),
    person('Hans', 'ipsProjectLeader'),
    person('Ineke', 'privacyOfficer'),
    person('Sem', 'client'),
    person('Anneke', 'representative'),
  ],
  uwv: [
    person('Wouter', 'insurancePhysician'),
    person('Mirjam', 'insurancePhysician'),
    person('Tessa', 'physicianDelegate'),
    person('Erik', 'labourExpert'),
    person('Sanne', 'benefitsAdviser'),
    person('Kees', 'objectionOfficer'),
    person('Renske', 'privacyOfficer'),
    person('Noor', 'client'),
    person('Daan', 'client'),
    person('Sem', 'client'),
    person('Willem', 'representative'),
  ],
  'gemeente-amstelveld': [
    person('Mehmet', 'clientManager'),
    person('Ilse', 'clientManager'),
    person('Floor', 'medicalAdviser'),
    person('Gerard', 'objectionOfficer'),
    person('Hetty', 'privacyOfficer'),
    person('Noor', 'client'),
    person('Daan', 'client'),
    person('Willem', 'representative'),
  ],
  'gemeente-duinrand': [
    person('Jolanda', 'clientManager'),
    person('Maarten', 'medicalAdviser'),
    person('Thea', 'objectionOfficer'),
    person('Bas', 'privacyOfficer'),
    person('Sem', 'client'),
    person('Anneke', 'representative'),
  ],
  'verzekeraar-zilver': [
    person('Petra', 'claimsOfficer'),
    person('Sjoerd', 'privacyOfficer'),
    person('Noor', 'client'),
    person('Willem', 'representative'),
  ],
  secretariaat: [
    person('Hanneke', 'manager'),
    person('Thijs', 'policyOfficer'),
    person('Liesbeth', 'fidelityReviewer'),
  ],
};

/** Numbered synthetic clients, `client-1` to `client-9999`, exist wherever clients do and are made at the first sign-in. */
export function findPerson(
  organisation: Pick<LocalOrganisation, 'kind'>,
  people: readonly DemoPerson[],
  account: string,
): DemoPerson | undefined {
  const known = people.find((each) => each.account === account);
  if (known) return known;
  const number = /^client-([1-9]\d{0,3})$/.exec(account)?.[1];
  return number && organisation.kind !== 'covenant' ? { account, name: `Cliënt ${number}`, role: 'client' } : undefined;
}

/** Roles of this kind of organisation, staff first. */
export const rolesAt = (kind: OrganisationKind): readonly Role[] =>
  kind === 'covenant' ? rolesByKind[kind] : [...rolesByKind[kind], 'client', 'representative'];
