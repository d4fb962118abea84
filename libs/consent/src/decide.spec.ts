/** Decisions about leaving, told as cases: the matrix, the client's answer, her objections, and the incidents that others had. */
import { describe, expect, it } from '@jest/globals';
import type { Category } from '@convenant/kernel';
import { decideDisclosure, type SharingRequest, type SharingVerdict } from './decide.js';
import type { DisclosureCommand } from './disclosure-commands.js';
import { nothingYet } from './disclosure-state.js';
import {
  after,
  day,
  given,
  medicalProposal,
  medicalRequest,
  no,
  notToday,
  permitFor,
  proposal,
  request,
  tuesday,
  wednesday,
  withdrawal,
  yes,
} from './examples.js';
import { policy } from './matrix.js';
import type { Policy, SharingRow } from './policy.js';

const reasons = (verdict: SharingVerdict): readonly string[] =>
  'denied' in verdict ? verdict.denied.map(({ reason }) => reason) : [];
const ask = (rest: Partial<SharingRequest>, ...before: readonly DisclosureCommand[]) =>
  decideDisclosure({ ...request, ...rest }, after(...before), policy);
const objection = (rest: Partial<Extract<DisclosureCommand, { type: 'Object' }>>): DisclosureCommand => ({
  type: 'Object',
  objectionId: 'objection-1',
  by: 'client',
  at: tuesday,
  ...rest,
});
const policyOf = (...sharing: readonly SharingRow[]): Policy => ({ ...policy, sharing });
const row: SharingRow = {
  id: 'row-1',
  from: 'mental-health',
  to: 'uwv',
  role: 'labourExpert',
  category: 'K2',
  purpose: 'support',
  waiver: 'consent',
  basis: 'a law',
  source: 'this spec',
};

describe('what the client granted', () => {
  it('may leave, with the deciding rows, the consent, the fields to keep and the end', () =>
    expect(permitFor(request, after(...given))).toMatchObject({
      consentId: 'support-uwv',
      consentVersion: 1,
      roles: ['insurancePhysician', 'labourExpert'],
      fields: ['state', 'referredOn'],
      categories: ['K2'],
      rows: ['mental-health>uwv/insurancePhysician/K2/support', 'mental-health>uwv/labourExpert/K2/support'],
      until: '2027-10-06T09:00:00.000Z',
      policyVersion: policy.version,
      withheld: [],
    }));
  it('leaves without the fields of what she did not grant, each with its reason', () => {
    const verdict = ask({ fields: { state: 'K2', jobs: 'K7', items: 'K4', note: 'K9a' } }, ...given);
    expect(verdict).toMatchObject({
      permit: {
        fields: ['state'],
        withheld: [
          { fields: ['jobs', 'items'], categories: ['K7', 'K4'], reason: 'category-not-granted' },
          { fields: ['note'], categories: ['K9a'], reason: 'never' },
        ],
      },
    });
  });
  it('reaches only those of the named roles that a row allows', () => {
    const both = { ...proposal, roles: ['insurancePhysician', 'labourExpert', 'objectionOfficer'] };
    expect(permitFor(request, after(both, yes('support-uwv', ['K1', 'K2']))).roles).toEqual([
      'insurancePhysician',
      'labourExpert',
    ]);
  });
});

describe('without a standing yes nothing leaves', () => {
  const pause: DisclosureCommand = { type: 'Pause', consentId: 'support-uwv', by: 'client', at: tuesday };
  it.each<[string, readonly DisclosureCommand[], string]>([
    ['nobody asked her', [], 'no-consent'],
    ['she was only asked', [proposal], 'no-consent'],
    ['she said no', [proposal, no('support-uwv')], 'refused'],
    ['she said not today', [proposal, notToday('support-uwv')], 'not-today'],
    ['she paused', [...given, pause], 'paused'],
    ['she withdrew', [...given, withdrawal('support-uwv')], 'withdrawn'],
    ['it ran out', [...given, { type: 'Expire', now: '2028-01-01T00:00:00.000Z' }], 'expired'],
  ])('because %s', (_why, before, reason) => expect(reasons(ask({}, ...before))).toEqual([reason]));
  it('because its term is over, whether or not that was recorded already', () =>
    expect(reasons(ask({ now: '2027-10-06T09:00:00.000Z' }, ...given))).toEqual(['expired']));
  it('because it is for facts from a later day on, or facts of unknown age', () => {
    const recent = [{ ...proposal, dataFrom: '2026-09-01' }, yes('support-uwv', ['K1', 'K2'])] as const;
    expect(reasons(ask({ dataFrom: '2026-08-31' }, ...recent))).toEqual(['outside-period']);
    expect(reasons(ask({}, ...recent))).toEqual(['outside-period']);
    expect(ask({ dataFrom: '2026-09-01' }, ...recent)).toHaveProperty('permit');
    expect(ask({ fields: { familyName: 'K1' } }, ...recent)).toHaveProperty('permit');
  });
  it('because a newer yes took its place', () => {
    const narrower = { ...proposal, consentId: 'support-uwv-2', at: tuesday };
    expect(reasons(ask({ fields: { profile: 'K3' } }, ...given, narrower, yes('support-uwv-2', ['K1', 'K2'])))).toEqual(
      ['category-not-granted'],
    );
  });
  it('to another organisation of the same kind', () =>
    expect(reasons(ask({ recipient: 'uwv-elsewhere' }, ...given))).toEqual(['no-consent']));
});

describe('two keys', () => {
  const state = after(...given);
  it('denies a recipient without a basis of its own, whatever the client granted', () =>
    expect(reasons(decideDisclosure(request, state, policyOf({ ...row, basis: 'none' })))).toEqual(['no-basis']));
  it('never lets a law alone open the confidentiality of a mental health agency', () =>
    expect(reasons(decideDisclosure(request, state, policyOf({ ...row, waiver: { notNeeded: 'a law' } })))).toEqual([
      'never',
    ]));
  it('lets a law lift the confidentiality of another organisation, unless she objects', () => {
    const byLaw: Policy = policyOf({ ...row, from: 'municipality', waiver: { notNeeded: 'a law' } });
    const fromTown: SharingRequest = { ...request, source: 'municipality' };
    expect(decideDisclosure(fromTown, nothingYet, byLaw)).toMatchObject({
      permit: { consentId: 'law:a law', consentVersion: 0, roles: ['labourExpert'] },
    });
    expect(reasons(decideDisclosure(fromTown, after(objection({ recipientKind: 'uwv' })), byLaw))).toEqual([
      'objection',
    ]);
  });
  it('denies for want of a row when the consent names roles that no row allows', () =>
    expect(reasons(decideDisclosure(request, state, policyOf({ ...row, role: 'benefitsAdviser' })))).toEqual([
      'no-row',
    ]));
});

describe('an objection', () => {
  const same = { recipient: 'uwv', purpose: 'support', categories: ['K2'] } as const;
  const saidYes = yes('support-uwv', ['K1', 'K2', 'K3']);
  it('peer 12: wins from a consent that is as specific', () =>
    expect(reasons(ask({}, ...given, objection(same)))).toEqual(['objection']));
  it('peer 12: wins from it whichever of the two came first', () =>
    expect(reasons(ask({}, proposal, objection(same), saidYes))).toEqual(['objection']));
  it('peer 12: yields to a consent that is more specific and came after it', () => {
    for (const general of [
      { recipientKind: 'uwv' },
      { recipient: 'uwv' },
      { recipient: 'uwv', purpose: 'support' },
      {},
    ] as const)
      expect(ask({}, proposal, objection(general), saidYes)).toHaveProperty('permit');
  });
  it('speaks of its own category, recipient and purpose only', () => {
    expect(ask({}, ...given, objection({ ...same, categories: ['K3'] }))).toHaveProperty('permit');
    expect(ask({}, ...given, objection({ ...same, recipient: 'gemeente-amstelveld' }))).toHaveProperty('permit');
    expect(ask({}, ...given, objection({ ...same, purpose: 'operational-meeting' }))).toHaveProperty('permit');
  });
  it('keeps back its own part and lets the rest go', () =>
    expect(
      ask({ fields: { state: 'K2', profile: 'K3' } }, ...given, objection({ ...same, categories: ['K3'] })),
    ).toMatchObject({
      permit: { fields: ['state'], withheld: [{ reason: 'objection', categories: ['K3'] }] },
    }));
  it('is gone when she lifts it; what it ended she has to agree to anew', () =>
    expect(
      ask(
        {},
        objection(same),
        {
          type: 'LiftObjection',
          objectionId: 'objection-1',
          by: 'client',
          at: wednesday,
        },
        ...given,
      ),
    ).toHaveProperty('permit'));
  it('peer 18: holds on every way out: the door, the hand-over and the telephone', () => {
    const state = after(...given, objection(same));
    for (const contract of ['trajectory-status.v1', 'client-introduced.v1', 'any-other.v9'])
      expect(reasons(decideDisclosure({ ...request, contract }, state, policy))).toEqual(['objection']);
    expect(reasons(ask({}, objection({ purpose: 'support' })))).toEqual(['objection']);
  });
});

describe('incidents that others had', () => {
  it('peer 6: a role without a row gets nothing, however well she is known to it', () =>
    expect(reasons(decideDisclosure(request, after(...given), policyOf()))).toEqual(['no-row']));
  it('peer 7: a request without a purpose, or with one that does not exist, is denied', () => {
    const { purpose: _purpose, ...without } = request;
    expect(reasons(decideDisclosure(without as SharingRequest, after(...given), policy))).toEqual(['no-row']);
    expect(reasons(ask({ purpose: 'anything' as never }, ...given))).toEqual(['no-row']);
  });
  it('peer 7: a request that names no field is denied, not empty', () =>
    expect(ask({ fields: {} }, ...given)).toEqual({
      denied: [{ reason: 'no-row', categories: [] }],
      policyVersion: policy.version,
    }));
  it('peer 8: a flag to overrule does not exist, and one that is sent along changes nothing', () => {
    const overruling = {
      ...request,
      override: true,
      emergency: true,
      consented: true,
      breakGlass: 'yes',
      consentId: 'support-uwv',
    };
    expect(decideDisclosure(overruling, after(proposal), policy)).toEqual(
      decideDisclosure(request, after(proposal), policy),
    );
  });
  it('peer 20: no role but a physician’s is ever told anything medical', () => {
    const rows = policy.sharing.filter((one) => one.category === 'K5' && one.waiver !== 'never');
    expect([...new Set(rows.map(({ to, role, purpose }) => `${to} ${role} ${purpose}`))]).toEqual([
      'uwv insurancePhysician medical-question',
      'uwv physicianDelegate medical-question',
      'municipality medicalAdviser medical-question',
    ]);
    const roles = ['insurancePhysician', 'labourExpert', 'benefitsAdviser'];
    const state = after({ ...medicalProposal, roles }, yes('answer-1', ['K1', 'K5']));
    expect(permitFor(medicalRequest, state).roles).toEqual(['insurancePhysician']);
  });
  it('keeps claim assessment shut even if a row were added by mistake', () =>
    expect(
      reasons(
        decideDisclosure(
          { ...request, purpose: 'claim-assessment' },
          after(...given),
          policyOf({ ...row, purpose: 'claim-assessment' }),
        ),
      ),
    ).toEqual(['never']));
  it.each<Category>(['K9a', 'K10'])(
    'keeps %s in even if a row were added by mistake, and lets what goes with it leave under the consent (found by chance)',
    (category) => {
      const byLaw: SharingRow = { ...row, id: 'row-2', from: 'municipality', category, waiver: { notNeeded: 'a law' } };
      const asked: SharingRequest = { ...request, source: 'municipality', fields: { state: 'K2', other: category } };
      expect(decideDisclosure(asked, after(...given), policyOf({ ...row, from: 'municipality' }, byLaw))).toMatchObject(
        {
          permit: { consentId: 'support-uwv', fields: ['state'], withheld: [{ fields: ['other'], reason: 'never' }] },
        },
      );
    },
  );
  it('lets a row "never" win from a row added by mistake, in whatever order they stand', () => {
    const never: SharingRow = { ...row, id: 'row-2', waiver: 'never', basis: 'none' };
    const only = after({ ...proposal, roles: ['labourExpert'] }, yes('support-uwv', ['K2']));
    expect(reasons(decideDisclosure(request, only, policyOf(row, never)))).toEqual(['never']);
    expect(reasons(decideDisclosure(request, only, policyOf(never, row)))).toEqual(['never']);
  });
});

describe('a medical answer', () => {
  const asked = [medicalProposal, yes('answer-1', ['K1', 'K5'])] as const;
  it('leaves for the question that the client authorised', () =>
    expect(decideDisclosure(medicalRequest, after(...asked), policy)).toMatchObject({
      permit: { roles: ['insurancePhysician'], categories: ['K5'] },
    }));
  it('does not leave when the request does not say which question it answers', () => {
    const { singleUseFor: _question, ...unnamed } = medicalRequest;
    expect(reasons(decideDisclosure(unnamed, after(...asked), policy))).toEqual(['no-consent']);
  });
  it('is told of each question by its own answer', () => {
    const second = { ...medicalProposal, consentId: 'answer-2', singleUseFor: 'question-2', at: day(7) };
    const state = after(...asked, second, no('answer-2'));
    expect(reasons(decideDisclosure({ ...medicalRequest, singleUseFor: 'question-2' }, state, policy))).toEqual([
      'refused',
    ]);
    expect(decideDisclosure(medicalRequest, state, policy)).toHaveProperty('permit');
  });
  it.each<Category>(['K2', 'K3', 'K4', 'K7'])('never brings %s along', (category) =>
    expect(
      decideDisclosure({ ...medicalRequest, fields: { answers: 'K5', other: category } }, after(...asked), policy),
    ).toMatchObject({ permit: { fields: ['answers'] } }),
  );
});
