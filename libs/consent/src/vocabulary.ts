/** The closed lists that the matrix, consents and decisions are written in: roles, purposes and how a consent may stand. */
import type { Category, OrganisationKind } from '@convenant/kernel';

/** A consent can name these; K5 goes by the medical channel only, K9a never leaves, K10 is about nobody. */
export const consentCategories = [
  'K1',
  'K2',
  'K3',
  'K4',
  'K5',
  'K6',
  'K7',
  'K8',
  'K9b',
] as const satisfies readonly Category[];
export type ConsentCategory = (typeof consentCategories)[number];

export const rolesByKind = {
  'mental-health': ['caseManager', 'clinician', 'employmentSpecialist', 'ipsProjectLeader', 'privacyOfficer'],
  uwv: [
    'insurancePhysician',
    'physicianDelegate',
    'labourExpert',
    'benefitsAdviser',
    'objectionOfficer',
    'privacyOfficer',
  ],
  municipality: ['clientManager', 'medicalAdviser', 'objectionOfficer', 'privacyOfficer'],
  insurer: ['claimsOfficer', 'privacyOfficer'],
  covenant: ['manager', 'policyOfficer', 'fidelityReviewer'],
} as const satisfies Record<OrganisationKind, readonly string[]>;
export type StaffRole = (typeof rolesByKind)[OrganisationKind][number];
/** `client` and `representative` exist at every organisation that knows clients. */
export type Role = StaffRole | 'client' | 'representative';
/** Every role of every kind, each once. */
export const staffRoles = [...new Set<StaffRole>(Object.values(rolesByKind).flat())] as [StaffRole, ...StaffRole[]];

/** Why somebody may decide for a client who cannot, in the order of the law (BW 7:465 lid 3). An administrator acts for money matters only (BW 1:441). */
export const representationBases = [
  'curator',
  'mentor',
  'written-proxy',
  'partner',
  'parent-child-or-sibling',
  'administrator-money-only',
] as const;
export type RepresentationBasis = (typeof representationBases)[number];

/** How an answer reached us. On paper or aloud, it is a member of staff who records it. */
export const answerMethods = ['digital', 'paper', 'spoken-with-witness'] as const;
export type Method = (typeof answerMethods)[number];

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

export const consentStates = [
  'proposed',
  'given',
  'refused',
  'not-today',
  'paused',
  'withdrawn',
  'expired',
  'superseded',
  'used',
] as const;
/** `used`: a consent for one answer that was given; nothing more may leave under it. */
export type ConsentState = (typeof consentStates)[number];
