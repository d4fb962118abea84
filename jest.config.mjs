/** How Jest runs: `unit` is pure and takes milliseconds, `integration` needs a real server, `engines` needs Kafka too. */
import { projects } from './tools/projects.mjs';
import { swcOptions } from './tools/swc-options.mjs';

// The resolver runs in every worker, and is synchronous: it gets the list through the environment.
process.env.CONVENANT_SOURCES = JSON.stringify(
  Object.fromEntries(projects().map(({ name, folder }) => [name, folder])),
);

const shared = {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  resolver: '<rootDir>/tools/jest/resolver.cjs',
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.cache/', '<rootDir>/.data/'],
  watchPathIgnorePatterns: ['/dist/', '/.data/', '/.cache/'],
};

/**
 * What promises something about an engine itself. Every store in PostgreSQL is among it, though the integration project runs these too: one command is
 * to show what holds on the engines. What stands above the stores and runs on a PostgreSQL as well (restoring, killing `npm start`, bad
 * input) promises nothing about it, and is not run a second time. KurrentDB is not among the engines: no server of it can be had here.
 */
const engineSpecs = [
  '**/*.engines.spec.ts',
  '**/event-store/postgres/src/{postgres,killed,open-postgres,exchange-ledger,view-store}.integration.spec.ts',
  '**/access-log/postgres/src/*.integration.spec.ts',
];

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.(integration|engines)\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['**/*.integration.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
    // Only `npm run test:engines` asks for it: it takes minutes, Java and Maven.
    ...(process.env.CONVENANT_ENGINES ? [{ ...shared, displayName: 'engines', testMatch: engineSpecs }] : []),
  ],
  reporters: ['default', '<rootDir>/tools/jest/count-reporter.mjs'],
  // Jest takes this from here alone, not from a project: long enough for what takes a tenth of it on a quiet one.
  testTimeout: 300_000,
  passWithNoTests: true,
  maxWorkers: '100%',
};
