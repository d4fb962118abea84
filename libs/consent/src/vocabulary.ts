/** The closed lists that the matrix, consents and decisions are written in: roles, purposes and how a consent may stand. */
import type { Category, OrganisationKind } from '@convenant/kernel';

/** A consent can name these; K5 goes by the medical channel only, K9a never leaves, K10 is about nobody. */
export const consentCategories = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9b'] as const satisfies readonly Category[];
export type ConsentCategory = (typeof consentCategories)[number];

export const rolesByKind = {
  'mental-health': ['caseManager', 'clinician', 'employmentSpecialist', 'ipsProjectLeader', 'privacyOfficer'],
  uwv: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser', 'objectionOfficer', 'privacyOfficer'],
  municipality: ['clientManager', 'medicalAdviser', 'objectionOfficer', 'privacyOfficer'],
  insurer: ['claimsOfficer', 'privacyOfficer'],
  covenant: ['manager', 'policyOfficer', 'fidelityReviewer'],
} as const satisfies Record<OrganisationKind, readonly string[]>;
export type StaffRole = (typeof rolesByKind)[OrganisationKind][number];
/** `client` and `representative` exist at every organisation that knows clients. */
export type Role = StaffRole | 'client' | 'representative';

export const purposes = [
  'support',
  'funding-decision',
  'funding-settlement',
  'benefits-answer',
  'medical-question',
  'operational-meeting',
  'fidelity-sample',
  'supervision',
  'claim-assessment',
] as const;
/** A closed list. `claim-assessment` stands in it only to be refused: it is `never` for every category and role. */
export type Purpose = (typeof purposes)[number];

export const consentStates = ['proposed', 'given', 'refused', 'not-today', 'paused', 'withdrawn', 'expired', 'superseded', 'used'] as const;
/** `used`: a consent for one answer that was given; nothing more may leave under it. */
export type ConsentState = (typeof consentStates)[number];
