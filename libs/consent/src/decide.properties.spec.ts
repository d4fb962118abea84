/** The guarantees of the decision about leaving, tried on thousands of policies, consents and requests, and against a second way of saying it. */
import { describe, expect, it } from '@jest/globals';
import { isAfter, type Category, type OrganisationKind } from '@convenant/kernel';
import fc from 'fast-check';
import { decideDisclosure, type SharingRequest } from './decide.js';
import { nothingYet, type ConsentRecord, type DisclosureState, type Objection } from './disclosure-state.js';
import { policy as policyInForce } from './matrix.js';
import type { Policy, SharingRow } from './policy.js';
import {
  consentStates,
  rolesByKind,
  type ConsentCategory,
  type ConsentState,
  type Purpose,
  type StaffRole,
} from './vocabulary.js';

const runs = { numRuns: 1500 };
const moments = ['2026-10-05T09:00:00.000Z', '2026-10-06T09:00:00.000Z', '2026-10-07T09:00:00.000Z'] as const;
const kinds = ['mental-health', 'uwv', 'municipality'] as const;
const someCategories = ['K1', 'K2', 'K5'] as const satisfies readonly ConsentCategory[];
const somePurposes = ['support', 'medical-question', 'claim-assessment'] as const satisfies readonly Purpose[];
const recipients = ['uwv', 'uwv-elsewhere'] as const;
const questions = [undefined, 'question-1'] as const;

/** Mostly `usual`, so that what is drawn often fits together; the rest keeps it honest. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });
const someRoles = ['insurancePhysician', 'labourExpert', 'benefitsAdviser'] as const satisfies readonly StaffRole[];
const anyCategory = fc.constantFrom<Category>(...someCategories, ...someCategories, 'K9a', 'K10');

const rowOf = (row: Omit<SharingRow, 'id' | 'to' | 'source'>): SharingRow => ({
  id: JSON.stringify(row),
  to: 'uwv',
  source: 'chance',
  ...row,
});
const aRow = fc
  .record({
    from: mostly<OrganisationKind>('mental-health', ...kinds),
    role: fc.constantFrom(...someRoles),
    category: anyCategory,
    purpose: mostly<Purpose>('support', ...somePurposes),
    waiver: fc.constantFrom('consent' as const, 'never' as const, { notNeeded: 'a law' }),
    basis: mostly('a law', 'none'),
  })
  .map(rowOf);
/** Any part of what a client could open in principle, with a few rows of any kind besides. */
const openRow = someRoles.flatMap((role) =>
  someCategories.flatMap((category) =>
    kinds.flatMap((from) =>
      somePurposes.map((purpose) => rowOf({ from, role, category, purpose, waiver: 'consent', basis: 'a law' })),
    ),
  ),
);
const aPolicy = fc
  .tuple(fc.subarray(openRow), fc.array(aRow, { maxLength: 8 }))
  .map(([open, others]): Policy => ({ ...policyInForce, reading: [], sharing: [...open, ...others] }));

const aConsent = fc
  .record({
    recipient: mostly<string>('uwv', ...recipients),
    roles: fc.subarray(['insurancePhysician', 'labourExpert', 'claimsOfficer'], { minLength: 1 }),
    purpose: mostly<Purpose>('support', ...somePurposes),
    categories: fc.subarray([...someCategories], { minLength: 1 }),
    dataFrom: mostly(undefined, '2026-09-01'),
    until: mostly<string>(moments[2], ...moments),
    state: mostly<ConsentState>('given', ...consentStates),
    singleUseFor: mostly(...questions),
    changedAt: fc.constantFrom(...moments),
    version: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ dataFrom, singleUseFor, ...consent }): Omit<ConsentRecord, 'consentId'> => ({
    ...consent,
    ...(dataFrom ? { dataFrom } : {}),
    ...(singleUseFor ? { singleUseFor } : {}),
    recipientKind: 'uwv',
    offered: consent.categories,
    validMonths: 12,
    informationVersion: 'v',
    keys: [],
    closings: [],
    acknowledgements: [],
  }));
const anObjection = fc
  .record(
    {
      recipient: fc.constantFrom(...recipients),
      recipientKind: mostly<OrganisationKind>('uwv', 'municipality'),
      purpose: fc.constantFrom(...somePurposes),
      categories: fc.subarray([...someCategories], { minLength: 1 }),
      liftedAt: fc.constant(moments[0]),
    },
    { requiredKeys: [] },
  )
  .map((objection) => ({ ...objection, at: moments[0] }) as Objection);

/** As the decider leaves it: at most one given consent per recipient, purpose and question, and none beside a general one. */
const aState = fc
  .record({ consents: fc.array(aConsent, { maxLength: 4 }), objections: fc.array(anObjection, { maxLength: 2 }) })
  .map(({ consents, objections }): DisclosureState => {
    const standing = new Set<string>();
    const kept = consents.filter(({ state, recipient, purpose }) => {
      if (state !== 'given') return true;
      const first = !standing.has(`${recipient} ${purpose}`);
      standing.add(`${recipient} ${purpose}`);
      return first;
    });
    return {
      ...nothingYet,
      consents: Object.fromEntries(kept.map((consent, index) => [`c${index}`, { ...consent, consentId: `c${index}` }])),
      objections: Object.fromEntries(objections.map((objection, index) => [`o${index}`, objection])),
    };
  });
const aRequest = fc
  .record({
    source: mostly<OrganisationKind>('mental-health', ...kinds),
    recipient: mostly<string>('uwv', ...recipients),
    purpose: mostly<Purpose>('support', ...somePurposes),
    fields: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), anyCategory, { noNullPrototype: true }),
    dataFrom: fc.constantFrom(undefined, '2026-08-01', '2026-10-01'),
    singleUseFor: mostly(...questions),
    now: fc.constantFrom(moments[0], moments[1]),
  })
  .map(({ dataFrom, singleUseFor, ...request }): SharingRequest => ({
    ...request,
    ...(dataFrom ? { dataFrom } : {}),
    ...(singleUseFor ? { singleUseFor } : {}),
    sourceOrganisation: 'somewhere',
    recipientKind: 'uwv',
    contract: 'some-contract.v1',
  }));

const keptFields = (request: SharingRequest, state: DisclosureState, policy: Policy): readonly string[] => {
  const verdict = decideDisclosure(request, state, policy);
  return 'permit' in verdict ? verdict.permit.fields : [];
};

/**
 * The second, executable specification: one sentence per field, without an index, an order or a reason.
 * A field may leave when a row is open for a role that she named and she granted it and nothing as specific objects,
 * or when a law opens it for somebody else than a mental health agency and nobody objects at all.
 */
function mayLeave(
  field: string,
  request: SharingRequest,
  { consents, objections }: DisclosureState,
  { sharing }: Policy,
): boolean {
  const category = request.fields[field];
  if (request.purpose === 'claim-assessment' || !category || category === 'K9a' || category === 'K10') return false;
  const rowsOf = (role: string) =>
    sharing.filter(
      (row) =>
        row.from === request.source &&
        row.to === request.recipientKind &&
        row.role === role &&
        row.category === category &&
        row.purpose === request.purpose,
    );
  const open = (role: string, by: (row: SharingRow) => boolean) =>
    rowsOf(role).every((row) => row.waiver !== 'never') && rowsOf(role).some((row) => row.basis !== 'none' && by(row));
  const against = Object.values(objections).filter(
    (no) =>
      !no.liftedAt &&
      [undefined, request.recipient].includes(no.recipient) &&
      [undefined, request.recipientKind].includes(no.recipientKind) &&
      [undefined, request.purpose].includes(no.purpose) &&
      (no.categories ?? someCategories).some((one) => one === category),
  );
  const granted = Object.values(consents).some(
    (yes) =>
      yes.state === 'given' &&
      yes.recipient === request.recipient &&
      yes.purpose === request.purpose &&
      [undefined, request.singleUseFor].includes(yes.singleUseFor) &&
      yes.categories.some((one) => one === category) &&
      yes.until !== undefined &&
      isAfter(yes.until, request.now) &&
      (category === 'K1' || !yes.dataFrom || (request.dataFrom ?? '') >= yes.dataFrom) &&
      yes.roles.some(
        (role) => rolesByKind.uwv.some((one) => one === role) && open(role, (row) => row.waiver === 'consent'),
      ) &&
      against.every((no) => !(no.recipient && no.purpose && no.categories)),
  );
  const byLaw =
    request.source !== 'mental-health' &&
    against.length === 0 &&
    rolesByKind.uwv.some((role) => open(role, (row) => typeof row.waiver === 'object'));
  return granted || byLaw;
}

describe('the decision about leaving', () => {
  it('agrees with its second specification, whatever the policy, the consents and the question', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        expect(keptFields(request, state, policy)).toEqual(
          Object.keys(request.fields).filter((field) => mayLeave(field, request, state, policy)),
        );
      }),
      { numRuns: 5000 },
    ));

  it('no row, no permit', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        const verdict = decideDisclosure(request, state, policy);
        if ('denied' in verdict) return;
        for (const category of verdict.permit.categories) {
          const rows = policy.sharing.filter(
            (row) =>
              row.category === category &&
              row.purpose === request.purpose &&
              row.from === request.source &&
              verdict.permit.rows.includes(row.id),
          );
          expect(rows.length).toBeGreaterThan(0);
          const without = { ...policy, sharing: policy.sharing.filter((row) => row.category !== category) };
          expect(keptFields(request, state, without).some((field) => request.fields[field] === category)).toBe(false);
        }
      }),
      runs,
    ));

  it('withdrawn means denied', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        const consents = Object.fromEntries(
          Object.entries(state.consents).map(([id, consent]) => [id, { ...consent, state: 'withdrawn' as const }]),
        );
        const verdict = decideDisclosure({ ...request, source: 'mental-health' }, { ...state, consents }, policy);
        expect(verdict).toHaveProperty('denied');
      }),
      runs,
    ));

  it('order of rows does not matter', () =>
    fc.assert(
      fc.property(
        aRequest,
        aState,
        aPolicy.chain((policy) =>
          fc.tuple(fc.constant(policy), fc.shuffledSubarray([...policy.sharing], { minLength: policy.sharing.length })),
        ),
        (request, state, [policy, shuffled]) => {
          expect(decideDisclosure(request, state, { ...policy, sharing: shuffled })).toEqual(
            decideDisclosure(request, state, policy),
          );
        },
      ),
      runs,
    ));

  it('no unlisted field leaves', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        const verdict = decideDisclosure(request, state, policy);
        if ('denied' in verdict) return;
        const { fields, categories, withheld } = verdict.permit;
        expect(fields.every((field) => categories.some((category) => category === request.fields[field]))).toBe(true);
        expect([...fields, ...withheld.flatMap((kept) => kept.fields)].toSorted()).toEqual(
          Object.keys(request.fields).toSorted(),
        );
      }),
      runs,
    ));

  it('peer 12: objection wins at equal specificity', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, fc.constantFrom(...someCategories), (request, state, policy, category) => {
        const objection: Objection = {
          recipient: request.recipient,
          purpose: request.purpose,
          categories: [category],
          at: moments[0],
        };
        const kept = keptFields(request, { ...state, objections: { ...state.objections, last: objection } }, policy);
        expect(kept.some((field) => request.fields[field] === category)).toBe(false);
      }),
      runs,
    ));

  it('consent never overrides never', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        const closed = policy.sharing.map((row): SharingRow => ({ ...row, id: `${row.id}!`, waiver: 'never' }));
        expect(decideDisclosure(request, state, { ...policy, sharing: [...policy.sharing, ...closed] })).toHaveProperty(
          'denied',
        );
      }),
      runs,
    ));

  it('claim assessment is denied whatever the policy says', () =>
    fc.assert(
      fc.property(aRequest, aState, aPolicy, (request, state, policy) => {
        expect(decideDisclosure({ ...request, purpose: 'claim-assessment' }, state, policy)).toHaveProperty('denied');
      }),
      runs,
    ));
});
