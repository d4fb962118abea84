/** Who reads what of what their own organisation recorded itself: role by category (domain dossier 3.2, the cells O, T, L and A). */
import { categories, type Category, type OrganisationKind } from '@convenant/kernel';
import type { ReadingRow, ReadingScope } from './policy.js';
import type { rolesByKind, StaffRole } from './vocabulary.js';

type Cells = Readonly<Record<Exclude<Category, 'K10'>, ReadingScope>>;

/** In the order K1, K2, K3, K4, K5, K6, K7, K8, K9a, K9b. `-` is never. */
const cells = (line: string): Cells => {
  const words: Record<string, ReadingScope> = { O: 'own', T: 'team', L: 'own-task', '-': 'never' };
  const scopes = line.trim().split(/\s+/);
  const personal = categories.filter((category) => category !== 'K10');
  return Object.fromEntries(
    personal.map((category, index) => [category, words[scopes[index] ?? '-'] ?? 'never']),
  ) as Cells;
};

type RolesOf<K extends OrganisationKind> = (typeof rolesByKind)[K][number];
interface Line {
  readonly cells: Cells;
  readonly source: string;
}
const line = (text: string, source: string): Line => ({ cells: cells(text), source });

const logOnly = 'domain 3.2: a privacy officer reads the log, not the content';
const ownTask = 'domain 3.2, cell L; article to be confirmed by the privacy officer of the organisation';

/** `O` writes it herself, `T` treating team (BW 7:457 lid 2), `L` legal task of her own organisation. Each needs a working relation too. */
// prettier-ignore
//                                     K1 K2 K3 K4 K5 K6 K7 K8 K9a K9b
const table: { readonly [K in OrganisationKind]: Readonly<Record<RolesOf<K>, Line>> } = {
  'mental-health': {
    caseManager: line('                T  T  T  T  T  O  T  L  T   T', 'domain 3.2, row GGZ clinician / case manager; K6: as told by the client herself (U17)'),
    clinician: line('                  T  T  T  T  O  -  T  L  T   T', 'domain 3.2, row GGZ clinician / case manager'),
    employmentSpecialist: line('       T  O  O  T  -  O  O  L  O   O', 'domain 3.2, row IPS specialist in GGZ team; K5 off by default; K6: as told by the client herself (U18)'),
    ipsProjectLeader: line('           L  L  L  -  -  -  L  L  L   L', 'domain 3.2, row IPS team manager; as supervisor of named cases (U13)'),
    privacyOfficer: line('             -  -  -  -  -  -  -  -  -   -', logOnly),
  },
  uwv: {
    insurancePhysician: line('         L  -  -  O  O  L  -  -  -   -', `domain 3.2, row insurance physician: her own statement (K4) and medical file (K5, UWV Richtlijn BMG); ${ownTask}`),
    physicianDelegate: line('          L  -  -  O  O  L  -  -  -   -', 'domain 3.2, amendments: as the physician, under her responsibility'),
    labourExpert: line('               L  -  -  L  -  L  -  L  -   -', `domain 3.2, row labour expert: K4 is the physician's non-medical statement; ${ownTask}`),
    benefitsAdviser: line('            L  -  -  -  -  L  -  L  -   -', ownTask),
    objectionOfficer: line('           L  -  -  L  -  -  -  L  -   -', 'domain 3.2, amendments: the decision and the non-medical statement'),
    privacyOfficer: line('             -  -  -  -  -  -  -  -  -   -', logOnly),
  },
  municipality: {
    clientManager: line('              L  -  -  L  -  L  -  L  -   -', `domain 3.2, row client manager: K4 is the medical adviser's non-medical statement; ${ownTask}`),
    medicalAdviser: line('             L  -  -  O  O  -  -  -  -   -', 'domain 3.2, row municipality medical adviser: own advice and file'),
    objectionOfficer: line('           L  -  -  L  -  -  -  L  -   -', 'domain 3.2, amendments: the decision and the non-medical statement'),
    privacyOfficer: line('             -  -  -  -  -  -  -  -  -   -', logOnly),
  },
  insurer: {
    claimsOfficer: line('              L  -  -  -  -  -  -  L  -   -', 'domain 3.2, row claims officer: own task by the Health Insurance Act (U07a)'),
    privacyOfficer: line('             -  -  -  -  -  -  -  -  -   -', logOnly),
  },
  covenant: {
    manager: line('                    -  -  -  -  -  -  -  -  -   -', 'design 3: the secretariat holds no client-level data at all'),
    policyOfficer: line('              -  -  -  -  -  -  -  -  -   -', 'design 3: the secretariat holds no client-level data at all'),
    fidelityReviewer: line('           -  -  -  -  -  -  -  -  -   -', 'design 3: the secretariat holds no client-level data at all; chart samples are read on site (U23)'),
  },
};

export const readingRows: readonly ReadingRow[] = (Object.keys(table) as OrganisationKind[]).flatMap((kind) =>
  Object.entries(table[kind] as Readonly<Record<StaffRole, Line>>).flatMap(([role, { cells: scopes, source }]) =>
    categories.map((category) => ({
      kind,
      role: role as StaffRole,
      category,
      // Figures about nobody are for everybody, and no reading about one client can reach them.
      scope: category === 'K10' ? ('aggregate' as const) : scopes[category],
      source,
    })),
  ),
);
