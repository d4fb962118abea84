/** The matrix as a privacy officer would check it: what it lets out, what it never does, and how it is printed. */
import { describe, expect, it } from '@jest/globals';
import type { Category, OrganisationKind } from '@convenant/kernel';
import { policy } from './matrix.js';
import { openRows, sharingRows } from './policy.js';
import { printMatrix } from './print-matrix.js';
import { purposes, rolesByKind, type Purpose, type StaffRole } from './vocabulary.js';

const open = policy.sharing.filter(({ waiver }) => waiver !== 'never');
/** `to role: category, category` for one purpose. */
const opened = (from: OrganisationKind, purpose: Purpose): readonly string[] => {
  const rows = open.filter((row) => row.from === from && row.purpose === purpose);
  const byRole = Map.groupBy(rows, ({ to, role }) => `${to} ${role}`);
  return [...byRole]
    .map(([role, group]) => `${role}: ${[...new Set(group.map(({ category }) => category))].toSorted().join(' ')}`)
    .toSorted();
};

describe('the matrix between organisations', () => {
  it('lets a mental health agency tell this for support', () =>
    expect(opened('mental-health', 'support')).toEqual([
      'municipality clientManager: K1 K2 K3 K4 K7 K9b',
      'municipality medicalAdviser: K1 K2 K3 K4',
      'uwv benefitsAdviser: K1 K2 K3 K4 K7 K9b',
      'uwv insurancePhysician: K1 K2 K3 K4 K7 K9b',
      'uwv labourExpert: K1 K2 K3 K4 K7 K9b',
      'uwv physicianDelegate: K1 K2 K3 K4 K7 K9b',
    ]));
  it('lets it answer a medical question to physicians alone', () =>
    expect(opened('mental-health', 'medical-question')).toEqual([
      'municipality medicalAdviser: K1 K5',
      'uwv insurancePhysician: K1 K5',
      'uwv physicianDelegate: K1 K5',
    ]));
  it('lets it claim from an insurer with funding facts alone', () => {
    expect(opened('mental-health', 'funding-settlement')).toEqual([
      'insurer claimsOfficer: K1 K8',
      'municipality clientManager: K1 K2 K8',
      'uwv benefitsAdviser: K1 K2 K8',
      'uwv labourExpert: K1 K2 K8',
    ]);
    expect(new Set(open.filter(({ to }) => to === 'insurer').map(({ purpose }) => purpose))).toEqual(
      new Set(['funding-settlement']),
    );
  });
  it('lets physicians’ non-medical statements and benefits answers come back', () => {
    expect(opened('uwv', 'support')).toEqual([
      'mental-health caseManager: K1 K4',
      'mental-health employmentSpecialist: K1 K4',
      'municipality clientManager: K1 K4',
    ]);
    expect(opened('municipality', 'benefits-answer')).toEqual([
      'mental-health caseManager: K1 K6',
      'mental-health clinician: K1 K6',
      'mental-health employmentSpecialist: K1 K6',
    ]);
  });
  it('tells the secretariat nothing about any client', () =>
    expect(open.filter(({ to, from }) => to === 'covenant' || from === 'covenant')).toEqual([]));
  it('has every waiver from the client: no law lifts confidentiality by itself', () =>
    expect(open.filter(({ waiver }) => waiver !== 'consent')).toEqual([]));
  it('names a basis and a source in every open row', () =>
    expect(open.filter(({ basis, source }) => basis === 'none' || basis === '' || source === '')).toEqual([]));
  it.each<Category>(['K9a', 'K10'])('never lets %s out', (category) =>
    expect(open.filter((row) => row.category === category)).toEqual([]),
  );
  it('introduces the client wherever it tells anything, and nowhere else', () => {
    const without = open.filter(
      ({ from, to, role, purpose }) =>
        openRows(sharingRows(policy, { from, to, role, category: 'K1', purpose })).length === 0,
    );
    expect(without).toEqual([]);
    const bare = open.filter(
      ({ category, from, to, role, purpose }) =>
        category === 'K1' &&
        !open.some(
          (row) =>
            row.category !== 'K1' && row.from === from && row.to === to && row.role === role && row.purpose === purpose,
        ),
    );
    expect(bare).toEqual([]);
  });
  it('gives the physician’s delegates exactly what it gives the physician', () => {
    const of = (role: StaffRole) =>
      open
        .filter((row) => row.role === role)
        .map(({ category, purpose }) => `${category} ${purpose}`)
        .toSorted();
    expect(of('physicianDelegate')).toEqual(of('insurancePhysician'));
  });
  it('stands as a wall before claim assessment: every pair, role and personal category, never', () => {
    const wall = policy.sharing.filter(({ purpose }) => purpose === 'claim-assessment');
    expect(new Set(wall.map(({ waiver }) => waiver))).toEqual(new Set(['never']));
    for (const { from, to } of open)
      for (const role of rolesByKind[to])
        expect(wall.filter((row) => row.from === from && row.to === to && row.role === role)).toHaveLength(10);
  });
  it('says everything once: no two rows answer the same question', () => {
    const ids = policy.sharing.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
  it('names only roles that the recipient has', () =>
    expect(policy.sharing.filter(({ to, role }) => !rolesByKind[to].some((one) => one === role))).toEqual([]));
});

describe('the printed matrix', () => {
  const printed = printMatrix(policy);
  it('is dated, and reads role by role', () => {
    expect(printed).toContain(`Version ${policy.version}, in force from ${policy.validFrom}.`);
    expect(printed).toContain('### mental-health → uwv');
    expect(printed).toMatch(/\| labourExpert \| consent: support, .*operational-meeting \|.* never \|/);
    expect(printed).toContain('consent: medical-question; otherwise never');
  });
  it('prints the wall before claim assessment', () => {
    expect(printed).toContain('## The wall between support and claim assessment');
    expect(printed).toMatch(/\| mental-health → uwv \| insurancePhysician, .* \| K1, .*K9b \| never \|/);
  });
  it.each(['external re-integration company', 'employer', 'researcher'])(
    'prints %s as never, for there is no such participant',
    (who) => expect(printed).toContain(`| ${who} | never (no such participant) |`),
  );
  it('promises in its lists of grounds exactly the rows that the policy holds, and not one more', () => {
    let pair = '';
    const promised = printed.split('\n').flatMap((text) => {
      if (text.startsWith('#')) pair = text.startsWith('### ') ? text.slice(4).replace(' → ', '>') : '';
      const [roles, named, held, waiver] = text
        .split('|')
        .slice(1)
        .map((part) => part.trim().split(', '));
      if (!pair.includes('>') || !['never', 'consent'].includes(waiver?.join() ?? '')) return [];
      if (held?.some((one) => !purposes.some((purpose) => purpose === one))) return [];
      return (roles ?? []).flatMap((role) =>
        (named ?? []).flatMap((category) =>
          (held ?? []).map((purpose) => `${pair}/${role}/${category}/${purpose} ${waiver?.join()}`),
        ),
      );
    });
    const held = policy.sharing
      .filter(({ purpose }) => purpose !== 'claim-assessment')
      .map(({ id, waiver }) => `${id} ${typeof waiver === 'string' ? waiver : 'by law'}`);
    expect(promised.toSorted()).toEqual(held.toSorted());
  });
  it('is the same text whatever the order of the rows', () =>
    expect(printMatrix({ ...policy, sharing: policy.sharing.toReversed(), reading: policy.reading.toReversed() })).toBe(
      printed,
    ));
});
