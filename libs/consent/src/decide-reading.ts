/** The decision whether a person may read: a working relation, a purpose, and a row (own data) or an open consent in the register (received data). */
import { isAfter, type Category, type OrganisationKind } from '@convenant/kernel';
import { openRows, sharingRows, type Policy } from './policy.js';
import { maySeeThroughDecision } from './taking.js';
import { purposes, rolesByKind, type Purpose, type Role, type StaffRole } from './vocabulary.js';

export type Relation =
  | {
      readonly kind: 'personal' | 'team' | 'stand-in' | 'supervisor' | 'delegate';
      readonly responsible?: string | undefined;
    }
  | undefined;

/** Where the datum comes from: recorded here, received under a consent, or taken into a decision of this organisation. */
export type ReadingSource =
  | { readonly of: 'own' }
  | { readonly of: 'received'; readonly consentId: string; readonly categories?: readonly Category[] | undefined }
  | { readonly of: 'taken'; readonly decisionId: string; readonly until?: string | undefined };

export interface ReadingRequest {
  /** The kind of the reader's own organisation. */
  readonly kind: OrganisationKind;
  readonly role: Role;
  readonly relation: Relation;
  readonly category: Category;
  /** From the task at hand, never typed. */
  readonly purpose: Purpose;
  readonly source: ReadingSource;
  /** `self`: the client herself (or her representative for her). */
  readonly subject: 'self' | 'other';
  readonly now: string;
}

/** A consent that names this organisation as recipient, as it keeps it in its own register. */
export interface RegisteredConsent {
  readonly consentId: string;
  readonly version: number;
  readonly discloser: string;
  readonly discloserKind?: OrganisationKind;
  readonly purpose: Purpose;
  readonly roles: readonly string[];
  readonly categories: readonly Category[];
  readonly until: string;
  /** All of it, or the categories that were closed. A paused consent is closed. */
  readonly closed: boolean | readonly Category[];
}

export const readingDenials = [
  'no-relation',
  'no-purpose',
  'no-row',
  'never',
  'aggregate-only',
  'relation-not-for-purpose',
  'no-responsible',
  'not-registered',
  'closed',
  'expired',
  'role-not-named',
  'category-not-named',
  'other-purpose',
  'no-basis',
] as const;
export type ReadingDenial = (typeof readingDenials)[number];

const issued: unique symbol = Symbol('reading');
/** Made by `decideReading` alone. */
export interface ReadingPermit {
  readonly [issued]: true;
  readonly rows: readonly string[];
  readonly consentId?: string;
  /** Until when the answer may be shown. */
  readonly obligations: { readonly until?: string };
  readonly policyVersion: string;
}
export type ReadingVerdict =
  { readonly permit: ReadingPermit } | { readonly denied: readonly ReadingDenial[]; readonly policyVersion: string };

/** Pure. The client reads everything of hers, always; everybody else needs a working relation first, and then a row. */
export function decideReading(
  request: ReadingRequest,
  register: readonly RegisteredConsent[],
  policy: Policy,
): ReadingVerdict {
  const permit = (rows: readonly string[], rest: { consentId?: string; until?: string } = {}): ReadingVerdict => ({
    permit: Object.freeze({
      [issued]: true as const,
      rows,
      ...(rest.consentId === undefined ? {} : { consentId: rest.consentId }),
      obligations: rest.until === undefined ? {} : { until: rest.until },
      policyVersion: policy.version,
    }),
  });
  const deny = (...denied: readonly ReadingDenial[]): ReadingVerdict => ({ denied, policyVersion: policy.version });

  const { role, source } = request;
  if (role === 'client' || role === 'representative')
    return request.subject === 'self' ? permit([`self/${role}`]) : deny('no-relation');
  // Without a relation no other reason is given: even "never" would say that there is somebody to read about.
  if (!request.relation) return deny('no-relation');
  if (!purposes.includes(request.purpose)) return deny('no-purpose');
  if (request.purpose === 'claim-assessment') return deny('never');
  const unfit = whyRelationUnfit(request, request.relation);
  if (unfit) return deny(unfit);

  switch (source.of) {
    case 'own': {
      const rows = policy.reading.filter(
        (row) => row.kind === request.kind && row.role === role && row.category === request.category,
      );
      if (rows.length === 0) return deny('no-row');
      if (rows.some(({ scope }) => scope === 'never')) return deny('never');
      if (rows.some(({ scope }) => scope === 'aggregate')) return deny('aggregate-only');
      return permit(rows.map(readingRowId).toSorted());
    }
    case 'received':
      return decideReceived(request, role, source, register, policy, permit, deny);
    case 'taken': {
      if (source.until !== undefined && !isAfter(source.until, request.now)) return deny('expired');
      const rows = maySeeThroughDecision(request.kind, role, request.category);
      return rows.length > 0
        ? permit(
            rows.map(({ id }) => id),
            source.until === undefined ? {} : { until: source.until },
          )
        : deny('no-row');
    }
  }
}

export const readingRowId = (row: { kind: OrganisationKind; role: StaffRole; category: Category }): string =>
  `${row.kind}/${row.role}/${row.category}`;

function whyRelationUnfit(
  { role, purpose }: ReadingRequest,
  relation: NonNullable<Relation>,
): ReadingDenial | undefined {
  if ((relation.kind === 'supervisor') !== (purpose === 'supervision')) return 'relation-not-for-purpose';
  if (relation.kind === 'delegate' && !relation.responsible) return 'no-responsible';
  // A secretary or nurse works under a physician's name or not at all.
  if (role === 'physicianDelegate' && relation.kind !== 'delegate') return 'no-responsible';
  return undefined;
}

/** A delegate reads as the physician does: a consent that names the physician names those who work under her responsibility. */
const isNamed = (roles: readonly string[], role: StaffRole): boolean =>
  roles.includes(role) || (role === 'physicianDelegate' && roles.includes('insurancePhysician'));

function decideReceived(
  request: ReadingRequest,
  role: StaffRole,
  source: Extract<ReadingSource, { of: 'received' }>,
  register: readonly RegisteredConsent[],
  policy: Policy,
  permit: (rows: readonly string[], rest: { consentId: string; until: string }) => ReadingVerdict,
  deny: (...denied: readonly ReadingDenial[]) => ReadingVerdict,
): ReadingVerdict {
  const { category, purpose, now } = request;
  // Several entries for one consent can only be versions of it: the newest speaks.
  const consent = register
    .filter(({ consentId }) => consentId === source.consentId)
    .toSorted((a, b) => b.version - a.version)[0];
  if (!consent) return deny('not-registered');
  const denied: ReadingDenial[] = [];
  if (consent.closed === true || (consent.closed !== false && consent.closed.includes(category))) denied.push('closed');
  if (!isAfter(consent.until, now)) denied.push('expired');
  if (!isNamed(consent.roles, role)) denied.push('role-not-named');
  if (!consent.categories.includes(category) || (source.categories && !source.categories.includes(category)))
    denied.push('category-not-named');
  if (consent.purpose !== purpose) denied.push('other-purpose');

  const sources = consent.discloserKind ? [consent.discloserKind] : (Object.keys(rolesByKind) as OrganisationKind[]);
  const rows = sources.map((from) => sharingRows(policy, { from, to: request.kind, role, category, purpose }));
  const open = rows.flatMap(openRows);
  if (open.length === 0) {
    const all = rows.flat();
    denied.push(all.length === 0 ? 'no-row' : all.some(({ waiver }) => waiver === 'never') ? 'never' : 'no-basis');
  }
  if (denied.length > 0) return deny(...denied);
  return permit(open.map(({ id }) => id).toSorted(), { consentId: consent.consentId, until: consent.until });
}
