/** What no consent can let out: the cells `never` of the matrix, and the wall between support and claim assessment. */
import type { Category, OrganisationKind } from '@convenant/kernel';
import type { SharingBlock } from './policy.js';
import { purposes, rolesByKind, type StaffRole } from './vocabulary.js';

const everyPurpose = purposes.filter((purpose) => purpose !== 'claim-assessment');
const personal = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9a', 'K9b'] as const satisfies readonly Category[];
const never = (block: Omit<SharingBlock, 'waiver' | 'basis'>): SharingBlock => ({
  ...block,
  waiver: 'never',
  basis: 'none',
});

const pairs: readonly { readonly from: OrganisationKind; readonly to: OrganisationKind }[] = [
  { from: 'mental-health', to: 'uwv' },
  { from: 'mental-health', to: 'municipality' },
  { from: 'mental-health', to: 'insurer' },
  { from: 'mental-health', to: 'covenant' },
  { from: 'uwv', to: 'mental-health' },
  { from: 'uwv', to: 'municipality' },
  { from: 'municipality', to: 'mental-health' },
];
const physicians: readonly StaffRole[] = ['insurancePhysician', 'physicianDelegate'];
const mayHearMedical: readonly StaffRole[] = [...physicians, 'medicalAdviser'];

/** What no consent can let out. Written down although no row would mean no as well, so that a row added by mistake loses. */
export const forbidden: readonly SharingBlock[] = pairs.flatMap(({ from, to }): SharingBlock[] => {
  const roles: readonly StaffRole[] = rolesByKind[to];
  const others = roles.filter((role) => !mayHearMedical.includes(role));
  const doctors = roles.filter((role) => mayHearMedical.includes(role));
  if (to === 'covenant')
    return [
      never({
        from,
        to,
        roles,
        categories: personal,
        purposes: everyPurpose,
        source: 'design 3: the secretariat holds no client-level data at all',
      }),
    ];
  return [
    never({
      from,
      to,
      roles,
      categories: ['K9a'],
      purposes: everyPurpose,
      source: 'domain 3.2, amendment on K9: notes are never shared',
    }),
    never({
      from,
      to,
      roles: others,
      categories: ['K5'],
      purposes: everyPurpose,
      source: 'domain 3.2, column K5: diagnosis and treatment reach no role but a physician’s',
    }),
    never({
      from,
      to,
      roles: doctors,
      categories: ['K5'],
      purposes: everyPurpose.filter((purpose) => purpose !== 'medical-question'),
      source: 'design rule 7: medical data goes as the answer to one targeted question and in no other way',
    }),
    never({
      from,
      to,
      roles: roles.filter((role) => role === 'privacyOfficer'),
      categories: personal.filter((category) => category !== 'K5' && category !== 'K9a'),
      purposes: everyPurpose,
      source: 'domain 3.2: a privacy officer reads the log, not the content',
    }),
    ...(to === 'insurer'
      ? [
          never({
            from,
            to,
            roles: ['claimsOfficer'],
            categories: ['K2', 'K3', 'K4', 'K6', 'K7', 'K9b'],
            purposes: everyPurpose,
            source: 'domain 3.2, rows of the insurer; Wabvpz 15f lid 1',
          }),
          never({
            from,
            to,
            roles: ['claimsOfficer'],
            categories: ['K1', 'K8'],
            purposes: everyPurpose.filter((purpose) => purpose !== 'funding-settlement'),
            source: 'domain 3.2, amendment on the insurer: one cell, for funding-settlement',
          }),
        ]
      : []),
    ...(to === 'uwv'
      ? [
          never({
            from,
            to,
            roles: physicians,
            categories: ['K8'],
            purposes: everyPurpose,
            source: 'domain 3.2, row insurance physician, column K8',
          }),
        ]
      : []),
    ...(to === 'municipality'
      ? [
          never({
            from,
            to,
            roles: ['medicalAdviser'],
            categories: ['K6', 'K7', 'K8', 'K9b'],
            purposes: everyPurpose,
            source: 'domain 3.2, row municipality medical adviser',
          }),
        ]
      : []),
  ];
});

/** The wall between support and claim assessment (U02): the benefits bodies use their own powers and letters for that. */
export const wall: readonly SharingBlock[] = pairs.map(({ from, to }) =>
  never({
    from,
    to,
    roles: rolesByKind[to],
    categories: personal,
    purposes: ['claim-assessment'],
    source: 'U02 and design, Purposes: claim-assessment is never',
  }),
);
