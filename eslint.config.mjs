/** What lint requires of every file, by the kind of its project; the table itself is tools/lint/kinds.mjs, its proof tools/canaries. */
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import {
  forbiddenInPure,
  forbiddenMembers,
  forbiddenOutsideAdapters,
  inSpecs,
  kinds,
  organisations,
} from './tools/lint/kinds.mjs';
import own from './tools/lint/rules.mjs';
import { projects } from './tools/projects.mjs';

const specs = ['**/*.spec.ts', '**/*.contract.ts'];
const all = projects();
const filesOf = (kind, suffix = '*.ts') =>
  all.filter((project) => project.kind === kind).map(({ folder }) => `${folder}/src/**/${suffix}`);
const named = (table) => Object.entries(table).map(([name, message]) => ({ name, message }));

const tags = (list) => (list.includes('*') ? ['*'] : list.map((kind) => `kind:${kind}`));
const organisationWalls = [
  { sourceTag: 'org:shared', onlyDependOnLibsWithTags: ['org:shared'] },
  ...organisations.map((org) => ({ sourceTag: `org:${org}`, onlyDependOnLibsWithTags: [`org:${org}`, 'org:shared'] })),
  { sourceTag: 'org:all', onlyDependOnLibsWithTags: ['*'] },
];
const boundaries = (importsOf) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      enforceBuildableLibDependency: false,
      banTransitiveDependencies: false,
      allow: [],
      depConstraints: [
        ...Object.keys(kinds).map((kind) => ({
          sourceTag: `kind:${kind}`,
          onlyDependOnLibsWithTags: tags(importsOf(kind)),
        })),
        ...organisationWalls,
      ],
    },
  ],
});

const packagesOf = (kind, extra = []) => ({
  'convenant/allowed-packages': ['error', { kind, packages: [...kinds[kind].external, ...extra] }],
});

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/coverage/', '.cache/', '.nx/', '.data/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{ts,mjs}'], plugins: { convenant: own }, rules: { 'convenant/begins-with-purpose': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...boundaries((kind) => kinds[kind].imports),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: specs, rules: boundaries((kind) => inSpecs[kind] ?? kinds[kind].imports) },
  ...['pure', 'host', 'service'].flatMap((kind) => [
    {
      files: filesOf(kind),
      plugins: { convenant: own },
      rules: {
        ...packagesOf(kind),
        'no-restricted-globals': [
          'error',
          ...named({ ...forbiddenOutsideAdapters, ...(kind === 'pure' ? forbiddenInPure : {}) }),
        ],
        'no-restricted-properties': ['error', ...forbiddenMembers],
      },
    },
    {
      files: [...filesOf(kind, '*.spec.ts'), ...filesOf(kind, '*.contract.ts')],
      plugins: { convenant: own },
      rules: packagesOf(kind, inSpecs.external),
    },
    // Integration specs of a host or service talk to a real server, in real time.
    ...(kind === 'pure'
      ? []
      : [
          {
            files: filesOf(kind, '*.integration.spec.ts'),
            rules: { 'no-restricted-globals': 'off', 'convenant/allowed-packages': 'off' },
          },
        ]),
  ]),
);
