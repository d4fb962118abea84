/** What an organisation may take into a decision of its own while the consent is open, on which law, and for how long (U06). */
import { addMonths, isAfter, type Category, type OrganisationKind } from '@convenant/kernel';
import type { RegisteredConsent } from './decide-reading.js';
import type { StaffRole } from './vocabulary.js';

export const decisionKinds = [
  'physician-statement',
  'medical-advice',
  'funding-decision',
  'funding-settlement',
  'benefits-counselling',
  'treatment-plan',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface TakingRow {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly decision: DecisionKind;
  readonly category: Category;
  /** Who may take it. */
  readonly roles: readonly StaffRole[];
  /** Who may see it afterwards, through that decision alone: for accounting, objection and archive. */
  readonly readers: readonly StaffRole[];
  readonly law: string;
  readonly termMonths: number;
  readonly source: string;
}

const confirm = (who: string): string =>
  `domain 3.4 and U06; term and article to be confirmed by the privacy officer of ${who}`;
const block = (row: Omit<TakingRow, 'id' | 'category'>, categories: readonly Category[]): TakingRow[] =>
  categories.map((category) => ({ id: `take/${row.kind}/${row.decision}/${category}`, category, ...row }));

/** No row means that it may only be shown. K9a never arrives, so it cannot be taken. */
export const takingTable: readonly TakingRow[] = [
  ...block(
    {
      kind: 'uwv',
      decision: 'physician-statement',
      roles: ['insurancePhysician'],
      readers: ['insurancePhysician', 'physicianDelegate', 'objectionOfficer'],
      law: 'Wet SUWI 30a; Archiefwet',
      termMonths: 60,
      source: confirm('UWV'),
    },
    ['K2', 'K3', 'K4', 'K7', 'K9b'],
  ),
  ...block(
    {
      kind: 'uwv',
      decision: 'physician-statement',
      roles: ['insurancePhysician'],
      readers: ['insurancePhysician', 'physicianDelegate'],
      law: 'Wet BIG 88; UWV Richtlijn BMG',
      termMonths: 240,
      source: confirm('UWV'),
    },
    ['K5'],
  ),
  ...block(
    {
      kind: 'uwv',
      decision: 'funding-decision',
      roles: ['labourExpert', 'benefitsAdviser'],
      readers: ['labourExpert', 'benefitsAdviser', 'objectionOfficer'],
      law: 'Wet SUWI 30a; Archiefwet',
      termMonths: 84,
      source: confirm('UWV'),
    },
    ['K2', 'K3', 'K8'],
  ),
  ...block(
    {
      kind: 'uwv',
      decision: 'funding-settlement',
      roles: ['labourExpert', 'benefitsAdviser'],
      readers: ['labourExpert', 'benefitsAdviser', 'objectionOfficer'],
      law: 'Algemene wet inzake rijksbelastingen 52',
      termMonths: 84,
      source: confirm('UWV'),
    },
    ['K2', 'K8'],
  ),
  ...block(
    {
      kind: 'municipality',
      decision: 'medical-advice',
      roles: ['medicalAdviser'],
      readers: ['medicalAdviser', 'objectionOfficer'],
      law: 'Participatiewet 7; Archiefwet',
      termMonths: 60,
      source: confirm('the municipality'),
    },
    ['K2', 'K3', 'K4'],
  ),
  ...block(
    {
      kind: 'municipality',
      decision: 'medical-advice',
      roles: ['medicalAdviser'],
      readers: ['medicalAdviser'],
      law: 'Wet BIG 88; Participatiewet 7',
      termMonths: 240,
      source: confirm('the municipality'),
    },
    ['K5'],
  ),
  ...block(
    {
      kind: 'municipality',
      decision: 'funding-decision',
      roles: ['clientManager'],
      readers: ['clientManager', 'objectionOfficer'],
      law: 'Participatiewet 7; Archiefwet',
      termMonths: 84,
      source: confirm('the municipality'),
    },
    ['K2', 'K3', 'K8'],
  ),
  ...block(
    {
      kind: 'municipality',
      decision: 'funding-settlement',
      roles: ['clientManager'],
      readers: ['clientManager', 'objectionOfficer'],
      law: 'Algemene wet inzake rijksbelastingen 52',
      termMonths: 84,
      source: confirm('the municipality'),
    },
    ['K2', 'K8'],
  ),
  ...block(
    {
      kind: 'insurer',
      decision: 'funding-settlement',
      roles: ['claimsOfficer'],
      readers: ['claimsOfficer'],
      law: 'Algemene wet inzake rijksbelastingen 52',
      termMonths: 84,
      source: confirm('the insurer'),
    },
    ['K8'],
  ),
  ...block(
    {
      kind: 'mental-health',
      decision: 'benefits-counselling',
      roles: ['employmentSpecialist', 'caseManager'],
      readers: ['employmentSpecialist', 'caseManager'],
      law: 'BW 7:454',
      termMonths: 240,
      source: 'domain 3.1 and 3.4: patient file, 20 years',
    },
    ['K6'],
  ),
  ...block(
    {
      kind: 'mental-health',
      decision: 'treatment-plan',
      roles: ['employmentSpecialist', 'caseManager'],
      readers: ['employmentSpecialist', 'caseManager', 'clinician'],
      law: 'BW 7:454',
      termMonths: 240,
      source: 'domain 3.1 and 3.4: patient file, 20 years',
    },
    ['K4'],
  ),
];

export interface TakingRequest {
  readonly kind: OrganisationKind;
  readonly role: StaffRole;
  readonly decision: DecisionKind;
  /** One datum at a time: a request names one category of one consent, so nothing can be taken in bulk. */
  readonly category: Category;
  readonly consentId: string;
  readonly now: string;
}
export type TakingDenial = 'no-row' | 'not-registered' | 'closed' | 'expired' | 'category-not-named' | 'role-not-named';
export type TakingVerdict =
  | { readonly permit: { readonly row: string; readonly law: string; readonly until: string } }
  | { readonly denied: readonly TakingDenial[] };

/** Pure. After a closing or an expiry nothing can be taken any more, whatever the table says. */
export function mayTakeIntoDecision(
  request: TakingRequest,
  register: readonly RegisteredConsent[],
  table: readonly TakingRow[] = takingTable,
): TakingVerdict {
  const { category } = request;
  const row = table.find(
    (candidate) =>
      candidate.kind === request.kind && candidate.decision === request.decision && candidate.category === category,
  );
  const consent = register.find(({ consentId }) => consentId === request.consentId);
  if (!consent) return { denied: ['not-registered'] };
  const denied: TakingDenial[] = [];
  if (!row || !row.roles.includes(request.role)) denied.push('no-row');
  if (consent.closed === true || (consent.closed !== false && consent.closed.includes(category))) denied.push('closed');
  if (!isAfter(consent.until, request.now)) denied.push('expired');
  if (!consent.roles.includes(request.role)) denied.push('role-not-named');
  if (!consent.categories.includes(category)) denied.push('category-not-named');
  return row && denied.length === 0
    ? { permit: { row: row.id, law: row.law, until: addMonths(request.now, row.termMonths) } }
    : { denied };
}

/** The rows by which this role may still see such a datum through the decision that it was taken into. */
export const maySeeThroughDecision = (
  kind: OrganisationKind,
  role: StaffRole,
  category: Category,
): readonly TakingRow[] =>
  takingTable.filter((row) => row.kind === kind && row.category === category && row.readers.includes(role));
