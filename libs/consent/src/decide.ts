/** The decision whether something may leave: matrix first, then objections, then the client's consent; what is not allowed is denied. */
import { addMonths, type Category, type OrganisationKind } from '@convenant/kernel';
import { applicableConsent, isMoreSpecific, speaksOf, whyNotGranted } from './consent-standing.js';
import type { WithheldReason } from './disclosure-events.js';
import { entry, type ConsentRecord, type DisclosureState } from './disclosure-state.js';
import { openRows, sharingRows, type Policy, type SharingRow } from './policy.js';
import { consentCategories, rolesByKind, type ConsentCategory, type Purpose, type StaffRole } from './vocabulary.js';

/** One contract to one recipient for one purpose. There is no field that overrules anything, and unknown fields are not looked at. */
export interface SharingRequest {
  readonly source: OrganisationKind;
  readonly sourceOrganisation: string;
  readonly recipient: string;
  readonly recipientKind: OrganisationKind;
  readonly purpose: Purpose;
  readonly contract: string;
  /** Every field that would leave, with its category. */
  readonly fields: Readonly<Record<string, Category>>;
  /** The day of the oldest fact in it. Needed when the consent is for facts from a day on; identity (K1) has no age. */
  readonly dataFrom?: string;
  /** The question that this answers. A consent for one answer covers requests that name its question, and nothing else. */
  readonly singleUseFor?: string;
  readonly now: string;
}

const issued: unique symbol = Symbol('issued');

/** What may leave now. Made by `decideDisclosure` alone; a copy or a look-alike is not a permit. */
export interface Permit {
  readonly [issued]: true;
  readonly source: OrganisationKind;
  readonly sourceOrganisation: string;
  readonly recipient: string;
  readonly recipientKind: OrganisationKind;
  readonly purpose: Purpose;
  readonly contract: string;
  readonly decidedAt: string;
  /** `law:<law>` with version 0 where the law lifts confidentiality and no consent is asked. */
  readonly consentId: string;
  readonly consentVersion: number;
  /** The roles of the consent that at least one row allows. Which role may read which category is asked again at reading. */
  readonly roles: readonly StaffRole[];
  /** The fields to keep; every other field is dropped. */
  readonly fields: readonly string[];
  readonly categories: readonly ConsentCategory[];
  /** The rows that decided. */
  readonly rows: readonly string[];
  readonly until: string;
  readonly policyVersion: string;
  readonly withheld: readonly Withholding[];
}
export interface Withholding {
  readonly fields: readonly string[];
  readonly categories: readonly Category[];
  readonly reason: WithheldReason;
}
export type SharingVerdict =
  | { readonly permit: Permit }
  | {
      readonly denied: readonly { readonly reason: WithheldReason; readonly categories: readonly Category[] }[];
      readonly policyVersion: string;
    };

const permits = new WeakMap<Permit, { request: SharingRequest; policy: Policy }>();
export const isIssued = (permit: Permit): boolean => permits.has(permit);

/** Pure. Answers with the deciding rows, the consent and the obligations, or with a reason for every category. */
export const decideDisclosure = (request: SharingRequest, state: DisclosureState, policy: Policy): SharingVerdict =>
  decide(request, state, policy, applicableConsent(request, state));

/**
 * The second asking, right before handing over a message that is recorded as disclosed. It may go only when all of it is still
 * permitted under the consent that it was recorded under; what was recorded under a consent for one answer may still go.
 */
export function decideHandingOver(
  messageId: string,
  request: SharingRequest,
  state: DisclosureState,
  policy: Policy,
): { readonly permit: Permit } | { readonly stopped: WithheldReason } {
  const disclosed = entry(state.disclosed, messageId);
  const consent = disclosed && entry(state.consents, disclosed.consentId);
  const isThisMessage =
    disclosed !== undefined &&
    !disclosed.stopped &&
    disclosed.recipient === request.recipient &&
    disclosed.purpose === request.purpose &&
    disclosed.contract === request.contract &&
    disclosed.fields.every((field) => Object.hasOwn(request.fields, field)) &&
    (consent === undefined || consent.recipientKind === request.recipientKind);
  if (!isThisMessage) return { stopped: 'no-consent' };
  const verdict = decide(request, state, policy, consent, true);
  if ('denied' in verdict) return { stopped: verdict.denied[0]?.reason ?? 'no-row' };
  const [withheld] = verdict.permit.withheld;
  return withheld ? { stopped: withheld.reason } : verdict;
}

/** What this permit was asked for, as it is recorded with the event. */
export function askedFor(permit: Permit): AskedFor | undefined {
  const request = permits.get(permit)?.request;
  return request && recordable(request);
}
export interface AskedFor {
  readonly fields: Readonly<Record<string, Category>>;
  readonly dataFrom?: string;
  readonly singleUseFor?: string;
}
export const recordable = ({ fields, dataFrom, singleUseFor }: SharingRequest): AskedFor => ({
  fields,
  ...(dataFrom === undefined ? {} : { dataFrom }),
  ...(singleUseFor === undefined ? {} : { singleUseFor }),
});

/** Whether a permit still holds on this (newer) state: decided again, under the same consent version, with nothing less permitted. */
export function stillHolds(permit: Permit, state: DisclosureState, now: string): boolean {
  const issuedFor = permits.get(permit);
  if (!issuedFor) return false;
  const verdict = decideDisclosure({ ...issuedFor.request, now }, state, issuedFor.policy);
  return (
    'permit' in verdict &&
    verdict.permit.consentId === permit.consentId &&
    verdict.permit.consentVersion === permit.consentVersion &&
    permit.fields.every((field) => verdict.permit.fields.includes(field))
  );
}

type Outcome = { readonly rows: readonly SharingRow[]; readonly byLaw?: string } | { readonly reason: WithheldReason };

function decide(
  request: SharingRequest,
  state: DisclosureState,
  policy: Policy,
  consent: ConsentRecord | undefined,
  handingOver = false,
): SharingVerdict {
  const asked = Object.entries(request.fields);
  const categories = [...new Set(asked.map(([, category]) => category))];
  const outcomes = new Map(
    categories.map((category) => [category, decideCategory(category, request, consent, state, policy, handingOver)]),
  );
  const permitted = consentCategories.filter((category) => 'rows' in (outcomes.get(category) ?? {}));
  const withheld = withholdings(asked, outcomes);
  if (permitted.length === 0) {
    const denied = withheld.map(({ reason, categories: denied }) => ({ reason, categories: denied }));
    return {
      denied: denied.length > 0 ? denied : [{ reason: 'no-row', categories: [] }],
      policyVersion: policy.version,
    };
  }

  const rows = permitted.flatMap((category) => {
    const outcome = outcomes.get(category);
    return outcome && 'rows' in outcome ? outcome.rows : [];
  });
  const laws = [...outcomes.values()].flatMap((outcome) =>
    'byLaw' in outcome && outcome.byLaw ? [outcome.byLaw] : [],
  );
  const underConsent = laws.length < permitted.length && consent?.until !== undefined ? consent : undefined;
  const permit: Permit = Object.freeze({
    [issued]: true as const,
    source: request.source,
    sourceOrganisation: request.sourceOrganisation,
    recipient: request.recipient,
    recipientKind: request.recipientKind,
    purpose: request.purpose,
    contract: request.contract,
    decidedAt: request.now,
    consentId: underConsent?.consentId ?? `law:${laws.toSorted()[0] ?? ''}`,
    consentVersion: underConsent?.version ?? 0,
    roles: Object.freeze(rolesOf(request.recipientKind).filter((role) => rows.some((row) => row.role === role))),
    fields: Object.freeze(
      asked.flatMap(([field, category]) => (permitted.some((one) => one === category) ? [field] : [])),
    ),
    categories: Object.freeze(permitted),
    rows: Object.freeze([...new Set(rows.map(({ id }) => id))].toSorted()),
    until: underConsent?.until ?? addMonths(request.now, 12),
    policyVersion: policy.version,
    withheld: Object.freeze(withheld),
  });
  permits.set(permit, { request: structuredCopy(request), policy });
  return { permit };
}

const rolesOf = (kind: OrganisationKind): readonly StaffRole[] => rolesByKind[kind];
const structuredCopy = (request: SharingRequest): SharingRequest => ({ ...request, fields: { ...request.fields } });

function decideCategory(
  category: Category,
  request: SharingRequest,
  consent: ConsentRecord | undefined,
  state: DisclosureState,
  policy: Policy,
  handingOver: boolean,
): Outcome {
  // The wall stands in the matrix as rows; it stands here too, so that no edit of the data can open it.
  if (request.purpose === 'claim-assessment') return { reason: 'never' };
  // Notes and figures are told about nobody: no row can let them out.
  if (!consentCategories.some((one) => one === category)) return { reason: 'never' };

  const { source: from, recipientKind: to, purpose } = request;
  const ofRoles = rolesOf(to).map((role) => {
    const rows = sharingRows(policy, { from, to, role, category, purpose });
    return { rows, open: openRows(rows), isNamed: consent === undefined || consent.roles.includes(role) };
  });
  const named = ofRoles.filter(({ isNamed }) => isNamed);
  const open = named.flatMap(({ open }) => open);
  const byLaw = ofRoles.flatMap(({ open }) => open).filter((row) => typeof row.waiver === 'object');
  const withConsent = open.filter(({ waiver }) => waiver === 'consent');
  if (withConsent.length === 0 && byLaw.length === 0)
    return { reason: closedBecause(named.flatMap(({ rows }) => rows)) };

  const objections = Object.values(state.objections).filter((objection) => speaksOf(objection, category, request));
  const [law] = byLaw.flatMap(({ waiver }) => (typeof waiver === 'object' ? [waiver.notNeeded] : [])).toSorted();
  const allowedByLaw: Outcome | undefined = law === undefined ? undefined : { rows: byLaw, byLaw: law };
  if (objections.some((objection) => !isMoreSpecific(consent, objection))) return { reason: 'objection' };
  if (!consent || withConsent.length === 0)
    return allowedByLaw && objections.length === 0 ? allowedByLaw : { reason: 'no-consent' };
  const missing = whyNotGranted(consent, category, request, handingOver);
  if (missing === undefined) return { rows: withConsent };
  return allowedByLaw && objections.length === 0 ? allowedByLaw : { reason: missing };
}

/** Why no row is open, the firmest reason first, whatever the order of the rows. */
const closedBecause = (rows: readonly SharingRow[]): WithheldReason =>
  rows.length === 0
    ? 'no-row'
    : rows.some(({ waiver, from }) => waiver === 'never' || (typeof waiver === 'object' && from === 'mental-health'))
      ? 'never'
      : 'no-basis';

function withholdings(
  asked: readonly (readonly [string, Category])[],
  outcomes: ReadonlyMap<Category, Outcome>,
): Withholding[] {
  const reasons = [...outcomes].flatMap(([category, outcome]) =>
    'reason' in outcome ? [{ category, reason: outcome.reason }] : [],
  );
  return [...Map.groupBy(reasons, ({ reason }) => reason)].map(([reason, group]) => {
    const categories = group.map(({ category }) => category);
    return Object.freeze({
      fields: asked.flatMap(([field, category]) => (categories.includes(category) ? [field] : [])),
      categories,
      reason,
    });
  });
}
