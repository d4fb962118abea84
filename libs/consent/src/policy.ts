/** What a policy is made of: dated rows that say who may tell what to whom and who may read what. Data only; no row means no. */
import type { Category, OrganisationKind } from '@convenant/kernel';
import type { Purpose, StaffRole } from './vocabulary.js';

/** `notNeeded` names the law that lifts confidentiality by itself. It never holds for what a mental health agency tells. */
export type Waiver = 'never' | 'consent' | { readonly notNeeded: string };

/** One permission (or one explicit `never`) between two kinds of organisation. */
export interface SharingRow {
  readonly id: string;
  readonly from: OrganisationKind;
  readonly to: OrganisationKind;
  readonly role: StaffRole;
  readonly category: Category;
  readonly purpose: Purpose;
  /** What lifts the confidentiality of the organisation that tells. */
  readonly waiver: Waiver;
  /** What allows the recipient to have it: a law or an agreement. `none` denies, whatever the client consents to. */
  readonly basis: string;
  /** Where the rule comes from, and who still has to confirm it when it was never confirmed. */
  readonly source: string;
}

/** `own`: writes it herself. `team`: the treating team. `own-task`: her organisation's legal task. All three need a working relation. */
export type ReadingScope = 'own' | 'team' | 'own-task' | 'aggregate' | 'never';

/** What a role may read of what its own organisation recorded itself. What was received from others goes by sharing rows. */
export interface ReadingRow {
  readonly kind: OrganisationKind;
  readonly role: StaffRole;
  readonly category: Category;
  readonly scope: ReadingScope;
  readonly source: string;
}

export interface Policy {
  readonly version: string;
  /** The first day on which this version holds. */
  readonly validFrom: string;
  readonly sharing: readonly SharingRow[];
  readonly reading: readonly ReadingRow[];
}

const keyOf = (row: Omit<SharingRow, 'id' | 'waiver' | 'basis' | 'source'>): string =>
  `${row.from}>${row.to}/${row.role}/${row.category}/${row.purpose}`;

const indexes = new WeakMap<Policy, ReadonlyMap<string, readonly SharingRow[]>>();

/** The rows for exactly this question, usually one; the order of rows in the policy has no influence on any decision. */
export function sharingRows(
  policy: Policy,
  question: Omit<SharingRow, 'id' | 'waiver' | 'basis' | 'source'>,
): readonly SharingRow[] {
  let index = indexes.get(policy);
  if (!index) {
    index = Map.groupBy(policy.sharing, keyOf);
    indexes.set(policy, index);
  }
  return index.get(keyOf(question)) ?? [];
}

/** Whether these rows let something leave when the client consents: a `never` among them decides, and a row without a basis counts for nothing. */
export const openRows = (rows: readonly SharingRow[]): readonly SharingRow[] =>
  rows.some(({ waiver }) => waiver === 'never')
    ? []
    : rows.filter(({ basis, waiver, from }) => basis !== 'none' && (waiver === 'consent' || from !== 'mental-health'));

/** A block of the matrix as a privacy officer would write it; `rowsOf` spells it out. */
export interface SharingBlock {
  readonly from: OrganisationKind;
  readonly to: OrganisationKind;
  readonly roles: readonly StaffRole[];
  readonly categories: readonly Category[];
  readonly purposes: readonly Purpose[];
  readonly waiver: Waiver;
  readonly basis: string;
  readonly source: string;
}

export const rowsOf = (block: SharingBlock): SharingRow[] =>
  block.roles.flatMap((role) =>
    block.categories.flatMap((category) =>
      block.purposes.map((purpose) => {
        const { from, to, waiver, basis, source } = block;
        return {
          id: keyOf({ from, to, role, category, purpose }),
          from,
          to,
          role,
          category,
          purpose,
          waiver,
          basis,
          source,
        };
      }),
    ),
  );
