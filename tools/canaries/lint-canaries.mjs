/** Offers lint one deliberate violation per rule and requires each to be reported; a rule that stays silent fails the build. */
import { ESLint } from 'eslint';
import { root } from '../bootstrap.mjs';
import { refreshGraph } from '../lint/graph.mjs';
import { projects } from '../projects.mjs';
import { join } from 'node:path';

const boundary = '@nx/enforce-module-boundaries';
const packages = 'convenant/allowed-packages';
const globals = 'no-restricted-globals';
const members = 'no-restricted-properties';

/** [project, code, the rule that must report it, file name (default index.ts)] */
const violations = [
  // Kinds.
  ['kernel', "import '@convenant/host';", boundary],
  ['kernel', "import '@convenant/event-store-memory';", boundary],
  ['consent', "export * from '@convenant/uwv-service';", boundary],
  ['contracts', "export const late = import('@convenant/identity-oidc');", boundary],
  ['event-store-postgres', "import '@convenant/host';", boundary],
  ['event-store-postgres', "import '@convenant/event-store-memory';", boundary],
  ['host', "import '@convenant/event-store-postgres';", boundary],
  ['host', "import '@convenant/uwv-service';", boundary],
  ['uwv-service', "import '@convenant/event-store-postgres';", boundary],
  ['uwv-service', "import '@convenant/exchange-direct';", boundary],
  ['kernel', "import '@convenant/event-store-memory';", boundary, 'canary.spec.ts'],
  // Walls between organisations, and no shared project that knows one.
  ['mental-health-domain', "import '@convenant/uwv-domain';", boundary],
  ['uwv-domain', "import '@convenant/mental-health-domain';", boundary],
  ['municipality-service', "import '@convenant/insurer-domain';", boundary],
  ['insurer-service', "import '@convenant/municipality-service';", boundary],
  ['covenant-service', "import '@convenant/mental-health-domain';", boundary],
  ['shared-domain', "import '@convenant/uwv-domain';", boundary],
  ['exchange', "import '@convenant/covenant-domain';", boundary],
  ['testing', "import '@convenant/covenant-domain';", boundary],
  ['app-uwv', "import '@convenant/insurer-service';", boundary, 'main.ts'],
  ['app-gateway', "import '@convenant/uwv-service';", boundary],
  ['mental-health-service', "import '@convenant/uwv-service';", boundary, 'canary.spec.ts'],
  ['uwv-domain', "import '../../../insurer/domain/src/index.js';", boundary],
  // Packages.
  ...['node:fs', 'fs', 'node:crypto', 'node:timers/promises', 'pg', '@nestjs/common', 'rxjs', 'fast-check', 'jose'].map(
    (name) => ['kernel', `import '${name}';`, packages],
  ),
  ['consent', "export { readFile } from 'node:fs/promises';", packages],
  ['consent', "export const late = import('node:fs');", packages],
  ['consent', "const name = 'node:' + 'fs'; export const late = import(name);", packages],
  ['kernel', "import 'pg';", packages, 'canary.spec.ts'],
  ['uwv-service', "import 'pg';", packages],
  ['uwv-service', "import 'node:crypto';", packages],
  ['host', "import 'node:timers';", packages],
  ['host', "import 'pg';", packages],
  // Clock, chance, timers, cryptography.
  ...['kernel', 'uwv-domain', 'host', 'uwv-service'].flatMap((project) => [
    [project, 'export const a = new Date();', globals],
    [project, 'export const a = Date.now();', globals],
    [project, 'setTimeout(() => {}, 1);', globals],
    [project, 'setInterval(() => {}, 1);', globals],
    [project, 'setImmediate(() => {});', globals],
    [project, 'export const a = crypto.randomUUID();', globals],
    [project, 'export const a = Math.random();', members],
    [project, 'export const { random } = Math;', members],
    [project, "export const a = globalThis['Date'];", members],
    [project, "import { Temporal } from 'temporal-polyfill'; export const a = Temporal.Now.instant();", members],
  ]),
  ...['performance.now()', 'process.env', "fetch('')", 'globalThis.process', 'console.log(1)'].map((code) => [
    'consent',
    `export const a = ${code};`,
    globals,
  ]),
  ['kernel', 'export const a = new Date();', globals, 'canary.spec.ts'],
  // Promises, types, and the sentence at the top.
  [
    'uwv-service',
    'const work = async () => 1; export function f() { work(); }',
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'event-store-postgres',
    'const work = async () => 1; export function f() { work(); }',
    '@typescript-eslint/no-floating-promises',
  ],
  ['kernel', 'export const f = (a: any) => a;', '@typescript-eslint/no-explicit-any'],
  [
    'kernel',
    "export const f = (a: 'x' | 'y') => { switch (a) { case 'x': return 1; } };",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['kernel', 'export const a = 1;', 'convenant/begins-with-purpose', 'index.ts', ''],
];

/** What must pass, so that a rule that reports everything is noticed too. */
const allowed = [
  ['kernel', "import { z } from 'zod'; export const a = z.string();"],
  ['uwv-domain', "import '@convenant/kernel'; import '@convenant/shared-domain';"],
  [
    'uwv-service',
    "import '@convenant/uwv-domain'; import '@convenant/host'; import { Inject } from '@nestjs/common'; export const a = Inject;",
  ],
  [
    'kernel',
    "import fc from 'fast-check'; import { it } from '@jest/globals'; it('x', () => fc.pre(true));",
    'canary.spec.ts',
  ],
  ['event-store-memory', "import '@convenant/event-store-contract';", 'canary.spec.ts'],
  ['uwv-service', "import '@convenant/event-store-memory';", 'canary.spec.ts'],
  ['event-store-postgres', "import 'pg'; import 'node:crypto'; export const a = new Date();"],
  ['app-local', "import '@convenant/uwv-service'; import '@convenant/insurer-service';"],
  ['app-uwv', "import '@convenant/uwv-service'; import '@convenant/event-store-postgres';", 'main.ts'],
];

/** Returns { passed, silent: [sentence] }. */
export async function lintCanaries() {
  await refreshGraph();
  const folders = new Map(projects().map(({ name, folder }) => [name.replace('@convenant/', ''), folder]));
  const typed = new ESLint({ cwd: root });
  // A file that is not on disk has no types: the rules that need them rest.
  const untyped = new ESLint({
    cwd: root,
    overrideConfig: {
      files: ['**/*.spec.ts'],
      languageOptions: { parserOptions: { projectService: false } },
      rules: Object.fromEntries(
        ['no-floating-promises', 'no-misused-promises', 'await-thenable', 'switch-exhaustiveness-check'].map((rule) => [
          `@typescript-eslint/${rule}`,
          'off',
        ]),
      ),
    },
  });
  const reports = async (project, code, file = 'index.ts', top = '/** A canary. */\n') => {
    const folder = folders.get(project);
    if (!folder) throw new Error(`There is no project ${project}: the canary needs another.`);
    const [result] = await (file.endsWith('.spec.ts') ? untyped : typed).lintText(`${top}${code}\n`, {
      filePath: join(root, folder, 'src', file),
    });
    return result.messages;
  };

  const silent = [];
  for (const [project, code, rule, file, top] of violations) {
    const messages = await reports(project, code, file, top);
    if (!messages.some(({ ruleId }) => ruleId === rule))
      silent.push(
        `${rule} stays silent in ${project} (${file ?? 'index.ts'}) on: ${code} ${JSON.stringify(messages.map(({ ruleId, message }) => ruleId ?? message))}`,
      );
  }
  for (const [project, code, file] of allowed) {
    const messages = await reports(project, code, file);
    for (const { ruleId, message } of messages)
      silent.push(`${ruleId} wrongly reports ${project} (${file ?? 'index.ts'}) on: ${code} (${message})`);
  }
  return { passed: violations.length + allowed.length - silent.length, silent };
}

if (process.argv[1]?.endsWith('lint-canaries.mjs')) {
  const { passed, silent } = await lintCanaries();
  for (const sentence of silent) console.error(sentence);
  console.log(`${passed} lint canaries hold, ${silent.length} do not.`);
  process.exit(silent.length ? 1 : 0);
}
