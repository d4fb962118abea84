/** What a client may be asked at all: nothing that no row could ever let out, and nothing for a purpose that is never. */
import type { OrganisationKind } from '@convenant/kernel';
import { openRows, sharingRows, type Policy } from './policy.js';
import { rolesByKind, type ConsentCategory, type Purpose, type StaffRole } from './vocabulary.js';

interface Scope {
  readonly source: OrganisationKind;
  readonly recipientKind: OrganisationKind;
  readonly roles: readonly string[];
  readonly purpose: Purpose;
  readonly categories: readonly ConsentCategory[];
}

/** Every category must be open to at least one of the roles; which role gets which is decided again when something leaves and when it is read. */
export function whyNotAskable(
  { source, recipientKind, roles, purpose, categories }: Scope,
  policy: Policy,
): 'purpose-never' | 'empty-scope' | 'role-unknown' | 'never-shared' | undefined {
  if (purpose === 'claim-assessment') return 'purpose-never';
  if (roles.length === 0 || categories.length === 0) return 'empty-scope';
  const known: readonly StaffRole[] = rolesByKind[recipientKind];
  const named = known.filter((role) => roles.includes(role));
  if (!roles.every((role) => named.some((one) => one === role))) return 'role-unknown';
  const askable = categories.every((category) =>
    named.some(
      (role) => openRows(sharingRows(policy, { from: source, to: recipientKind, role, category, purpose })).length > 0,
    ),
  );
  return askable ? undefined : 'never-shared';
}
