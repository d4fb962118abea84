/** Prints a policy as a privacy officer reads and signs it: docs/generated/consent-matrix.md. */
import { categories, categoryNames, organisationKinds, type Category, type OrganisationKind } from '@convenant/kernel';
import { outsideParticipants } from './matrix.js';
import type { Policy, ReadingScope, SharingRow } from './policy.js';
import { takingTable } from './taking.js';
import { purposes, rolesByKind, type Purpose, type StaffRole } from './vocabulary.js';

const personal = categories.filter((category) => category !== 'K10');
const sharablePurposes = purposes.filter((purpose) => purpose !== 'claim-assessment');

/** The same text for the same policy, whatever the order of its rows. */
export const printMatrix = (policy: Policy): string =>
  [
    `# Who may tell and read what`,
    `Version ${policy.version}, in force from ${policy.validFrom}. Generated from the policy; do not edit. No row means no.`,
    `Categories: ${categories.map((category) => `**${category}** ${categoryNames[category].en}`).join(' · ')}.`,
    ...sharingSections(policy),
    ...wallSection(policy),
    ...readingSections(policy),
    ...takingSection(),
    '## People and organisations that take no part',
    table(
      ['who', 'rule', 'source'],
      outsideParticipants.map(({ who, rule, source }) => [who, rule, source]),
    ),
  ].join('\n\n') + '\n';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

function sharingSections(policy: Policy): string[] {
  const rows = policy.sharing.filter(({ purpose }) => purpose !== 'claim-assessment');
  const pairs = organisationKinds.flatMap((from) => organisationKinds.map((to) => ({ from, to })));
  return [
    '## Between organisations',
    'A cell names the purposes for which it holds. `consent`: only when the client says yes to this recipient, purpose and category. `never`: not even then. Empty: no row, so no. Purposes that a cell does not name are denied.',
    ...pairs.flatMap(({ from, to }) => {
      const between = rows.filter((row) => row.from === from && row.to === to);
      return between.length === 0 ? [] : [`### ${from} → ${to}`, cellsTable(between, to), grounds(between)];
    }),
  ];
}

const cellsTable = (rows: readonly SharingRow[], to: OrganisationKind): string =>
  table(
    ['role', ...personal],
    rolesByKind[to].map((role: StaffRole) => [
      role,
      ...personal.map((category) => cell(rows.filter((row) => row.role === role && row.category === category))),
    ]),
  );

/** The open purposes by waiver; a bare `never` when every purpose is. */
function cell(rows: readonly SharingRow[]): string {
  const names = (waiver: (row: SharingRow) => boolean): string =>
    sharablePurposes.filter((purpose) => rows.some((row) => row.purpose === purpose && waiver(row))).join(', ');
  const open = names(({ waiver }) => waiver === 'consent');
  const laws = [
    ...new Set(rows.flatMap(({ waiver }) => (typeof waiver === 'object' ? [waiver.notNeeded] : []))),
  ].toSorted();
  const closed = names(({ waiver }) => waiver === 'never');
  return [
    ...(open ? [`consent: ${open}`] : []),
    ...laws.map(
      (law) => `not needed (${law}): ${names(({ waiver }) => typeof waiver === 'object' && waiver.notNeeded === law)}`,
    ),
    ...(closed ? [open || laws.length > 0 ? 'otherwise never' : 'never'] : []),
  ].join('; ');
}

/** The recipient's own basis and the source. Each line stands for exactly its roles by its categories by its purposes, and no row more. */
function grounds(rows: readonly SharingRow[]): string {
  const fold = (lines: readonly Ground[], column: 'roles' | 'categories' | 'purposes'): readonly Ground[] =>
    [...Map.groupBy(lines, (line) => JSON.stringify({ ...line, [column]: [] })).values()].flatMap((same) => {
      const [first] = same;
      return first
        ? [
            {
              ...first,
              [column]: orderOf[column].filter((value) =>
                same.some((line) => line[column].some((one) => one === value)),
              ),
            },
          ]
        : [];
    });
  const lines = rows.map(({ role, category, purpose, waiver, basis, source }): Ground => ({
    roles: [role],
    categories: [category],
    purposes: [purpose],
    rest: [typeof waiver === 'object' ? `not needed: ${waiver.notNeeded}` : waiver, basis, source],
  }));
  const sorted = lines.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return table(
    ['role', 'category', 'purpose', 'waiver', "recipient's basis", 'source'],
    fold(fold(fold(sorted, 'purposes'), 'roles'), 'categories')
      .map(({ roles, categories: named, purposes: held, rest }) => [
        roles.join(', '),
        named.join(', '),
        held.join(', '),
        ...rest,
      ])
      .toSorted((a, b) => (a.join('|') < b.join('|') ? -1 : 1)),
  );
}

interface Ground {
  readonly roles: readonly StaffRole[];
  readonly categories: readonly Category[];
  readonly purposes: readonly Purpose[];
  readonly rest: readonly string[];
}
const orderOf: Readonly<Record<'roles' | 'categories' | 'purposes', readonly (StaffRole | Category | Purpose)[]>> = {
  roles: organisationKinds
    .flatMap((kind): readonly StaffRole[] => rolesByKind[kind])
    .filter((role, index, all) => all.indexOf(role) === index),
  categories,
  purposes,
};

const ordered = (
  all: readonly (StaffRole | Category | Purpose)[],
  rows: readonly SharingRow[],
  column: 'role' | 'category' | 'purpose',
): string => all.filter((value) => rows.some((row) => row[column] === value)).join(', ');

function wallSection(policy: Policy): string[] {
  const rows = policy.sharing.filter(({ purpose }) => purpose === 'claim-assessment');
  const pairs = organisationKinds.flatMap((from) =>
    organisationKinds.flatMap((to) => {
      const between = rows.filter((row) => row.from === from && row.to === to);
      if (between.length === 0) return [];
      const waivers = [
        ...new Set(between.map(({ waiver }) => (typeof waiver === 'object' ? 'not needed' : waiver))),
      ].toSorted();
      return [
        [
          `${from} → ${to}`,
          ordered(rolesByKind[to], between, 'role'),
          ordered(categories, between, 'category'),
          waivers.join(', '),
        ],
      ];
    }),
  );
  return [
    '## The wall between support and claim assessment',
    '`claim-assessment` (entitlement, reassessment, sanction, recovery) is `never` for every category and every role, in telling and in reading. The benefits bodies use their own powers and letters for that, outside this product. What this does not protect against: they may still ask the client herself, and they see her wages.',
    table(['between', 'roles', 'categories', 'waiver'], pairs),
  ];
}

const scopeWords: Readonly<Record<ReadingScope, string>> = {
  own: 'own record',
  team: 'team',
  'own-task': 'own task',
  aggregate: 'figures only',
  never: 'never',
};

function readingSections(policy: Policy): string[] {
  return [
    '## Inside an organisation',
    'What a role may read of what its own organisation recorded. Own record, team and own task all need a working relation with the client; supervision needs a supervisor’s relation. Received data goes by the rows above and by the register of consents. The client reads everything of hers, always.',
    ...organisationKinds.flatMap((kind) => {
      const rows = policy.reading.filter((row) => row.kind === kind);
      const scopeOf = (role: StaffRole, category: Category): string => {
        const scopes = rows.filter((row) => row.role === role && row.category === category).map(({ scope }) => scope);
        return scopes.includes('never')
          ? 'never'
          : [...new Set(scopes.map((scope) => scopeWords[scope]))].toSorted().join(', ');
      };
      return [
        `### ${kind}`,
        table(
          ['role', ...categories, 'source'],
          rolesByKind[kind].map((role: StaffRole) => [
            role,
            ...categories.map((category) => scopeOf(role, category)),
            [...new Set(rows.filter((row) => row.role === role).map(({ source }) => source))].toSorted().join('; '),
          ]),
        ),
      ];
    }),
  ];
}

const takingSection = (): string[] => [
  '## What may be taken into a decision',
  'A received datum is only shown until somebody takes it into a decision, one at a time, while the consent is open. Without a row it can only be shown.',
  table(
    ['organisation', 'decision', 'category', 'taken by', 'seen afterwards by', 'law', 'months', 'source'],
    takingTable.map((row) => [
      row.kind,
      row.decision,
      row.category,
      row.roles.join(', '),
      row.readers.join(', '),
      row.law,
      String(row.termMonths),
      row.source,
    ]),
  ),
];
