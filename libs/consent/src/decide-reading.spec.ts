/** Decisions about reading: own data by relation and row, received data by the register, and the client who reads everything of hers. */
import { describe, expect, it } from '@jest/globals';
import { categories, organisationKinds, type Category, type OrganisationKind } from '@convenant/kernel';
import { decideReading, type ReadingRequest, type RegisteredConsent, type Relation } from './decide-reading.js';
import { policy } from './matrix.js';
import { purposes, rolesByKind, type Role, type StaffRole } from './vocabulary.js';

const now = '2026-10-07T09:00:00.000Z';
const reading: ReadingRequest = {
  kind: 'uwv',
  role: 'labourExpert',
  relation: { kind: 'personal' },
  category: 'K2',
  purpose: 'support',
  source: { of: 'received', consentId: 'support-uwv' },
  subject: 'other',
  now,
};
const registered: RegisteredConsent = {
  consentId: 'support-uwv',
  version: 1,
  discloser: 'ggz-amstel',
  discloserKind: 'mental-health',
  purpose: 'support',
  roles: ['labourExpert', 'insurancePhysician'],
  categories: ['K1', 'K2'],
  until: '2027-10-06T09:00:00.000Z',
  closed: false,
};
const medical: RegisteredConsent = {
  ...registered,
  consentId: 'answer-1',
  purpose: 'medical-question',
  roles: ['insurancePhysician', 'labourExpert', 'benefitsAdviser'],
  categories: ['K1', 'K5'],
};
const read = (rest: Partial<ReadingRequest>, register: readonly RegisteredConsent[] = [registered]) =>
  decideReading({ ...reading, ...rest }, register, policy);
const everyRole: readonly (readonly [OrganisationKind, StaffRole])[] = organisationKinds.flatMap((kind) =>
  rolesByKind[kind].map((role) => [kind, role] as const),
);
const personal = categories.filter((category) => category !== 'K10');
const own = { of: 'own' } as const;

describe('the client', () => {
  it('reads everything of hers, always, also when it is closed, and for whatever task', () => {
    for (const category of categories)
      for (const source of [own, { of: 'received', consentId: 'unknown' }, { of: 'taken', decisionId: 'd' }] as const)
        for (const role of ['client', 'representative'] as const)
          expect(
            read({ role, relation: undefined, subject: 'self', category, source, purpose: 'claim-assessment' }, []),
          ).toHaveProperty('permit');
  });
  it('reads nothing about anybody else', () =>
    expect(read({ role: 'client', source: own })).toMatchObject({ denied: ['no-relation'] }));
  it('is not imitated by staff who say that they read about themselves', () =>
    expect(read({ subject: 'self', relation: undefined, source: own, category: 'K1' })).toMatchObject({
      denied: ['no-relation'],
    }));
});

describe('what the organisation recorded itself', () => {
  it('is read by the treating team', () =>
    expect(
      read({ kind: 'mental-health', role: 'caseManager', relation: { kind: 'team' }, category: 'K9a', source: own }),
    ).toMatchObject({ permit: { rows: ['mental-health/caseManager/K9a'], policyVersion: policy.version } }));
  it('keeps the medical file from the employment specialist by default', () =>
    expect(read({ kind: 'mental-health', role: 'employmentSpecialist', category: 'K5', source: own })).toMatchObject({
      denied: ['never'],
    }));
  it('shows figures to nobody who asks for a person', () =>
    expect(read({ category: 'K10', source: own })).toMatchObject({ denied: ['aggregate-only'] }));
  it('denies a role that this organisation does not have', () =>
    expect(read({ role: 'claimsOfficer', source: own })).toMatchObject({ denied: ['no-row'] }));
  it('is read as a stand-in', () =>
    expect(
      read({
        kind: 'mental-health',
        role: 'employmentSpecialist',
        relation: { kind: 'stand-in' },
        category: 'K3',
        source: own,
      }),
    ).toHaveProperty('permit'));
  it('is read by a supervisor for supervision alone', () => {
    const lead = { kind: 'mental-health', role: 'ipsProjectLeader', category: 'K2', source: own } as const;
    expect(read({ ...lead, relation: { kind: 'supervisor' }, purpose: 'supervision' })).toHaveProperty('permit');
    expect(read({ ...lead, relation: { kind: 'supervisor' }, purpose: 'support' })).toMatchObject({
      denied: ['relation-not-for-purpose'],
    });
    expect(read({ ...lead, relation: { kind: 'personal' }, purpose: 'supervision' })).toMatchObject({
      denied: ['relation-not-for-purpose'],
    });
  });
  it('is read by a delegate under the name of a physician, or not at all', () => {
    const nurse = { role: 'physicianDelegate', category: 'K5', source: own } as const;
    expect(read({ ...nurse, relation: { kind: 'delegate', responsible: 'physician-1' } })).toHaveProperty('permit');
    expect(read({ ...nurse, relation: { kind: 'delegate' } })).toMatchObject({ denied: ['no-responsible'] });
    expect(read({ ...nurse, relation: { kind: 'personal' } })).toMatchObject({ denied: ['no-responsible'] });
  });
});

describe('what was received', () => {
  it('is read by a named role while the consent is open, until its end', () =>
    expect(read({})).toEqual({
      permit: expect.objectContaining({
        rows: ['mental-health>uwv/labourExpert/K2/support'],
        consentId: 'support-uwv',
        obligations: { until: '2027-10-06T09:00:00.000Z' },
        policyVersion: policy.version,
      }),
    }));
  it.each<[string, Partial<ReadingRequest>, Partial<RegisteredConsent>, string]>([
    ['another consent', { source: { of: 'received', consentId: 'another' } }, {}, 'not-registered'],
    ['a closed consent', {}, { closed: true }, 'closed'],
    ['a category that was closed', {}, { closed: ['K2'] }, 'closed'],
    ['a consent whose term is over', {}, { until: now }, 'expired'],
    ['a role that is not named', { role: 'benefitsAdviser' }, {}, 'role-not-named'],
    ['a category that is not named', { category: 'K3' }, {}, 'category-not-named'],
    [
      'a category that this message does not hold',
      { source: { of: 'received', consentId: 'support-uwv', categories: ['K1'] } },
      {},
      'category-not-named',
    ],
    ['another task than it was told for', { purpose: 'operational-meeting' }, {}, 'other-purpose'],
    ['a source from which no row comes', {}, { discloserKind: 'insurer' }, 'no-row'],
  ])('is denied for %s', (_what, asked, entry, reason) =>
    expect(read(asked, [{ ...registered, ...entry }])).toMatchObject({ denied: expect.arrayContaining([reason]) }),
  );
  it('is denied for want of a basis of one’s own', () => {
    const without = {
      ...policy,
      sharing: policy.sharing.map((row) => ({ ...row, ...(row.waiver === 'consent' ? { basis: 'none' } : {}) })),
    };
    expect(decideReading(reading, [registered], without)).toMatchObject({ denied: ['no-basis'] });
  });
  it('goes by the newest version of the consent, in whatever order the register holds them', () => {
    const closed = { ...registered, version: 2, closed: true };
    for (const register of [
      [registered, closed],
      [closed, registered],
    ])
      expect(read({}, register)).toMatchObject({ denied: ['closed'] });
  });
  it('is read by a delegate as by the physician whom the consent names', () => {
    const delegate: Relation = { kind: 'delegate', responsible: 'physician-1' };
    const ask = {
      role: 'physicianDelegate',
      relation: delegate,
      category: 'K5',
      purpose: 'medical-question',
      source: { of: 'received', consentId: 'answer-1' },
    } as const;
    expect(read(ask, [{ ...medical, roles: ['insurancePhysician'] }])).toHaveProperty('permit');
    expect(read(ask, [{ ...medical, roles: ['labourExpert'] }])).toMatchObject({ denied: ['role-not-named'] });
  });
});

describe('what was taken into a decision', () => {
  const taken = { of: 'taken', decisionId: 'statement-1' } as const;
  it('is read through that decision, until its term is over', () => {
    const physician = {
      role: 'insurancePhysician',
      category: 'K7',
      source: { ...taken, until: '2031-10-07T09:00:00.000Z' },
    } as const;
    expect(read(physician, [])).toMatchObject({
      permit: { rows: ['take/uwv/physician-statement/K7'], obligations: { until: '2031-10-07T09:00:00.000Z' } },
    });
    expect(read({ ...physician, source: { ...taken, until: now } }, [])).toMatchObject({ denied: ['expired'] });
  });
  it('is read by the objection officer where it is not medical', () => {
    expect(read({ role: 'objectionOfficer', category: 'K4', source: taken }, [])).toHaveProperty('permit');
    expect(read({ role: 'objectionOfficer', category: 'K5', source: taken }, [])).toMatchObject({ denied: ['no-row'] });
  });
});

describe('incidents that others had', () => {
  it('peer 6: a working relation alone opens nothing: a role without rows reads nothing', () => {
    const empty = { ...policy, sharing: [], reading: [] };
    for (const [kind, role] of everyRole)
      for (const source of [own, reading.source])
        expect(
          decideReading({ ...reading, kind, role, relation: relationOf(role), source }, [registered], empty),
        ).toHaveProperty('denied');
  });
  it('peer 7: without a purpose, or with one that does not exist, nothing is read', () => {
    const { purpose: _purpose, ...without } = reading;
    expect(decideReading(without as ReadingRequest, [registered], policy)).toMatchObject({ denied: ['no-purpose'] });
    expect(read({ purpose: 'curiosity' as never })).toMatchObject({ denied: ['no-purpose'] });
    expect(read({}, [])).toMatchObject({ denied: ['not-registered'] });
  });
  it('peer 8: a flag to overrule does not exist, and one that is sent along changes nothing', () => {
    const overruling = {
      ...reading,
      relation: undefined,
      breakGlass: true,
      override: 'emergency',
      role: 'labourExpert',
    } as ReadingRequest;
    expect(decideReading(overruling, [registered], policy)).toMatchObject({ denied: ['no-relation'] });
  });
  it('peer 20: nobody at UWV but the physician and those who work under her name opens a medical answer', () => {
    const asked = {
      category: 'K5',
      purpose: 'medical-question',
      source: { of: 'received', consentId: 'answer-1' },
    } as const;
    const readers = rolesByKind.uwv.filter(
      (role) => 'permit' in read({ ...asked, role, relation: relationOf(role) }, [medical]),
    );
    expect(readers).toEqual(['insurancePhysician', 'physicianDelegate']);
    expect(read({ ...asked, role: 'labourExpert' }, [medical])).toMatchObject({ denied: ['never'] });
  });
  it('peer 20: no role outside medicine has a row for medical data, received, own or taken', () => {
    const medicine: readonly Role[] = [
      'clinician',
      'caseManager',
      'insurancePhysician',
      'physicianDelegate',
      'medicalAdviser',
    ];
    for (const [kind, role] of everyRole.filter(([, one]) => !medicine.includes(one)))
      for (const purpose of purposes)
        for (const source of [
          own,
          { of: 'received', consentId: 'answer-1' },
          { of: 'taken', decisionId: 'd' },
        ] as const)
          expect(
            read({ kind, role, relation: relationOf(role), category: 'K5', purpose, source }, [
              { ...medical, purpose, roles: [role] },
            ]),
          ).toHaveProperty('denied');
  });
  it('peer 23: without a working relation nobody reads anything about anybody, and the answer says no more than that', () => {
    for (const [kind, role] of everyRole)
      for (const category of categories)
        for (const source of [own, reading.source, { of: 'taken', decisionId: 'd' }] as const)
          expect(read({ kind, role, relation: undefined, category, source })).toEqual({
            denied: ['no-relation'],
            policyVersion: policy.version,
          });
  });
  it('lets nobody but the client read for claim assessment', () => {
    for (const [kind, role] of everyRole)
      for (const category of personal)
        expect(
          read({ kind, role, relation: relationOf(role), category, purpose: 'claim-assessment', source: own }),
        ).toMatchObject({ denied: ['never'] });
  });
});

const relationOf = (role: Role): Relation =>
  role === 'physicianDelegate' ? { kind: 'delegate', responsible: 'physician-1' } : { kind: 'personal' };

describe('every category', () => {
  it.each<Category>(personal)('%s has a reading row for every role of every organisation', (category) => {
    const missing = everyRole.filter(
      ([kind, role]) =>
        !policy.reading.some((row) => row.kind === kind && row.role === role && row.category === category),
    );
    expect(missing).toEqual([]);
  });
});
