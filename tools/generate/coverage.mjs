/** Prints which requirement is covered by what, and refuses to print what does not exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';
import { requirements } from './coverage-data.mjs';
import { generatedNote, table } from './shapes.mjs';

const expected = [...numbered('R', 35), ...numbered('U', 25)];

/** Every operation, file and test that is named and does not exist, and every requirement that is missing or doubled; as sentences. */
export function faults(operations, list = requirements, folder = root) {
  const ids = list.map(({ id }) => id);
  return [
    ...expected.filter((id) => !ids.includes(id)).map((id) => `${id} is not in the list.`),
    ...ids
      .filter((id, index) => !expected.includes(id) || ids.indexOf(id) !== index)
      .map((id) => `${id} is unknown or in the list twice.`),
    ...list.flatMap(({ id, operations: named = [], files = [], tests = [] }) => [
      ...named.filter((name) => !operations.has(name)).map((name) => `${id} names ${name}, which no service offers.`),
      ...files.filter((file) => !isThere(file, folder)).map((file) => `${id} names ${file}, which does not exist.`),
      ...tests
        .filter(([file, name]) => !hasTest(file, name, folder))
        .map(([file, name]) => `${id} names the test “${name}”, which is not in ${file}.`),
      ...((named.length || files.length) && !tests.length ? [`${id} names what covers it and no test.`] : []),
    ]),
  ];
}

/** Whether the file holds a test of this name, as it is written there. */
export const hasTest = (file, name, folder = root) =>
  existsSync(join(folder, file)) &&
  ["'", '"', '`'].some((quote) => readFileSync(join(folder, file), 'utf8').includes(`${quote}${name}${quote}`));

/** What is generated is there once this was run. */
const isThere = (file, folder) => file.startsWith('docs/generated/') || existsSync(join(folder, file));

export function operationsOf(services) {
  return new Set(services.flatMap(({ commands, queries }) => [...commands, ...queries].map(({ name }) => name)));
}

export function coverage(services, list = requirements) {
  const broken = faults(operationsOf(services), list);
  if (broken.length) throw new Error(broken.join('\n'));
  const state = ({ operations, files, missing }) =>
    operations || files ? (missing ? 'in part' : 'built') : 'not built yet';
  const count = (words) => list.filter((one) => state(one) === words).length;
  const rows = (letter) =>
    list
      .filter(({ id }) => id.startsWith(letter))
      .map((one) => [
        one.id,
        one.what,
        `**${state(one)}**${one.missing ? `; missing: ${one.missing}` : ''}`,
        (one.operations ?? []).map((name) => `\`${name}\``).join(', '),
        (one.files ?? []).map((file) => `\`${file}\``).join('<br>'),
        (one.tests ?? []).map(([file, name]) => `“${name}” in \`${file}\``).join('<br>'),
      ]);
  const head = ['', 'asked for', 'state', 'commands and queries', 'where', 'test'];
  return [
    '# What is covered, and what is not',
    generatedNote,
    `Of ${list.length} requirements ${count('built')} are built, ${count('in part')} in part and ${count('not built yet')} not yet. Pages for people (design section 4, \`apps/web\`) do not exist yet: what is built is built as commands and queries. The list is kept in \`tools/generate/coverage-data.mjs\`; every command, file and test in it is checked to exist.`,
    '## From the founding articles',
    table(head, rows('R')),
    '## From the people who will work with it',
    table(head, rows('U')),
  ]
    .join('\n\n')
    .concat('\n');
}

function numbered(letter, count) {
  return Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
}
