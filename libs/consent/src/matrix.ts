/** The matrix between organisations, as a privacy officer reads and signs it: dated data, one block per rule (domain dossier 3.2 with its amendments). */
import type { Category, OrganisationKind } from '@convenant/kernel';
import { readingRows } from './inside.js';
import { forbidden, wall } from './matrix-never.js';
import { rowsOf, type Policy, type SharingBlock } from './policy.js';
import type { Purpose, StaffRole } from './vocabulary.js';

const toBeConfirmed = (who: string): string => `article to be confirmed by the privacy officer of ${who}`;

/** The recipient's own basis: what allows it to have the datum, beside the client's waiver. */
const basis = {
  uwv: 'Wet SUWI 30a; UAVG 30 lid 1 b',
  uwvPhysician: 'Wet SUWI 30a; UAVG 30 lid 1 b; Wet BIG 88',
  municipality: 'Participatiewet 7; UAVG 30 lid 1 b',
  municipalPhysician: 'Participatiewet 7; UAVG 30 lid 1 b; Wet BIG 88',
  insurer: 'covenant agreement on milestones; UAVG 30 lid 3 b',
  agency: 'BW 7:454; UAVG 30 lid 3 a',
};

const consent = (
  from: OrganisationKind,
  to: OrganisationKind,
  recipientBasis: string,
  source: string,
  lines: readonly { roles: readonly StaffRole[]; categories: readonly Category[]; purposes: readonly Purpose[] }[],
): SharingBlock[] => lines.map((line) => ({ from, to, ...line, waiver: 'consent', basis: recipientBasis, source }));

const physicians = ['insurancePhysician', 'physicianDelegate'] as const;
const meeting = ['support', 'operational-meeting'] as const;
const funding = ['funding-decision', 'funding-settlement'] as const;

/** What the client's consent can let out. Identity (K1) is added below for every purpose that has a row here. */
const permitted: readonly SharingBlock[] = [
  ...consent(
    'mental-health',
    'uwv',
    basis.uwvPhysician,
    `domain 3.2, row insurance physician and her delegates; K9b by amendment; ${toBeConfirmed('UWV')}`,
    [
      { roles: physicians, categories: ['K2', 'K3', 'K7', 'K9b'], purposes: meeting },
      { roles: physicians, categories: ['K4'], purposes: ['support'] },
    ],
  ),
  ...consent(
    'mental-health',
    'uwv',
    basis.uwvPhysician,
    `domain 3.2, K5: separate medical channel, targeted question, push only (Wabvpz 15f); ${toBeConfirmed('UWV')}`,
    [{ roles: physicians, categories: ['K5'], purposes: ['medical-question'] }],
  ),
  ...consent(
    'mental-health',
    'uwv',
    basis.uwv,
    `domain 3.2, rows labour expert and UWV client adviser; K9b by amendment; ${toBeConfirmed('UWV')}`,
    [
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K2', 'K3', 'K7', 'K9b'], purposes: meeting },
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K4'], purposes: ['support'] },
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K6'], purposes: ['benefits-answer'] },
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K2', 'K3'], purposes: ['funding-decision'] },
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K2'], purposes: ['funding-settlement'] },
      { roles: ['labourExpert', 'benefitsAdviser'], categories: ['K8'], purposes: funding },
    ],
  ),
  ...consent(
    'mental-health',
    'municipality',
    basis.municipality,
    `domain 3.2, row municipality client manager; ${toBeConfirmed('the municipality')}`,
    [
      { roles: ['clientManager'], categories: ['K2', 'K3', 'K7', 'K9b'], purposes: meeting },
      { roles: ['clientManager'], categories: ['K4'], purposes: ['support'] },
      { roles: ['clientManager'], categories: ['K6'], purposes: ['benefits-answer'] },
      { roles: ['clientManager'], categories: ['K2', 'K3'], purposes: ['funding-decision'] },
      { roles: ['clientManager'], categories: ['K2'], purposes: ['funding-settlement'] },
      { roles: ['clientManager'], categories: ['K8'], purposes: funding },
    ],
  ),
  ...consent(
    'mental-health',
    'municipality',
    basis.municipalPhysician,
    `domain 3.2, row municipality medical adviser; ${toBeConfirmed('the municipality')}`,
    [
      { roles: ['medicalAdviser'], categories: ['K2', 'K3', 'K4'], purposes: ['support'] },
      { roles: ['medicalAdviser'], categories: ['K5'], purposes: ['medical-question'] },
    ],
  ),
  ...consent(
    'mental-health',
    'insurer',
    basis.insurer,
    'domain 3.2, amendment on the insurer: scheme, milestone code, month and pseudonymous number; to be confirmed by the privacy officer of the insurer',
    [{ roles: ['claimsOfficer'], categories: ['K8'], purposes: ['funding-settlement'] }],
  ),
  ...consent('uwv', 'mental-health', basis.agency, "design rule 7 and U10: the physician's own non-medical statement", [
    { roles: ['employmentSpecialist', 'caseManager'], categories: ['K4'], purposes: ['support'] },
  ]),
  ...consent(
    'uwv',
    'municipality',
    basis.municipality,
    `design rule 7: the physician's own non-medical statement; ${toBeConfirmed('the municipality')}`,
    [{ roles: ['clientManager'], categories: ['K4'], purposes: ['support'] }],
  ),
  ...consent(
    'municipality',
    'mental-health',
    basis.agency,
    "design rule 7: the medical adviser's own non-medical statement",
    [{ roles: ['employmentSpecialist', 'caseManager'], categories: ['K4'], purposes: ['support'] }],
  ),
  ...(['uwv', 'municipality'] as const).flatMap((from) =>
    consent(
      from,
      'mental-health',
      basis.agency,
      `domain 3.2, column K6 and note 2: bound by SUWI 74 or Participatiewet 65; ${toBeConfirmed('the disclosing organisation')}`,
      [
        {
          roles: ['employmentSpecialist', 'caseManager', 'clinician'],
          categories: ['K6'],
          purposes: ['benefits-answer'],
        },
      ],
    ),
  ),
  ...(['uwv', 'municipality'] as const).flatMap((from) =>
    consent(
      from,
      'mental-health',
      basis.agency,
      `domain 3.2, column K8: an L that crosses becomes consent; ${toBeConfirmed('the disclosing organisation')}`,
      [{ roles: ['employmentSpecialist', 'ipsProjectLeader'], categories: ['K8'], purposes: funding }],
    ),
  ),
];

/** Whoever may be told anything must first be told who she is: K1 in every purpose for which another row to that role exists. */
const introductions: readonly SharingBlock[] = [
  ...new Map(
    permitted.flatMap((block) =>
      block.roles.flatMap((role) =>
        block.purposes.map(
          (purpose) =>
            [
              `${block.from}>${block.to}/${role}/${purpose}`,
              {
                ...block,
                roles: [role],
                categories: ['K1' as const],
                purposes: [purpose],
                source: `introduction under consent (design, Names between organisations); ${block.source}`,
              },
            ] as const,
        ),
      ),
    ),
  ).values(),
];

/** The policy in force. A change is a new version with its own date; what was decided keeps the version that it was decided under. */
export const policy: Policy = {
  version: '2026-10-01.1',
  validFrom: '2026-10-01',
  sharing: [...permitted, ...introductions, ...forbidden, ...wall].flatMap(rowsOf),
  reading: readingRows,
};

/** People and organisations that the matrix speaks of and that have no place in this product (yet): printed so that nobody looks for a row. */
export const outsideParticipants: readonly { readonly who: string; readonly rule: string; readonly source: string }[] =
  [
    { who: 'external re-integration company', rule: 'never (no such participant)', source: 'domain 3.2, amendments' },
    {
      who: 'employer',
      rule: 'never (no such participant)',
      source: 'domain 3.2, amendments; U22: nothing goes to an employer through the product',
    },
    { who: 'researcher', rule: 'never (no such participant)', source: 'domain 3.2, amendments' },
    {
      who: 'insurer medical adviser',
      rule: 'never (no such participant)',
      source: 'domain 3.2: material control goes outside this system; Wabvpz 15f lid 1',
    },
    {
      who: 'family or another close person',
      rule: 'spoken only, agreed per person: K2, K3 and appointments; nothing leaves through the door',
      source: 'domain 3.2, amendments; U22',
    },
    {
      who: 'administrator (bewindvoerder)',
      rule: 'K6, and of K7 wage and hours only, by consent; nothing leaves through the door yet',
      source: 'domain 3.2, amendments',
    },
    {
      who: 'municipal joint body',
      rule: 'as the municipality for which it acts under mandate',
      source: 'domain 3.2, amendments',
    },
  ];
