/** Holds what is written by hand to what is true: words, tests, canaries, commands and links that the documents name must exist. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consentStates, purposes, roleNames, rolesByKind } from '@convenant/consent';
import { categories, organisationKinds } from '@convenant/kernel';
import { describe, expect, it } from '@jest/globals';
import { hasTest } from './generate/coverage.mjs';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('docs/{decisions,how-to}/*.md', { cwd: root }),
].sort();

/** The cells of every row of every table, without the heads. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );

describe('the glossary', () => {
  const rows = rowsOf(read('GLOSSARY.md'));
  const words = new Map(
    rows.map(([code = '', dutch = '']) => [code.replaceAll('`', '').replace(/ \(.*\)$/, ''), dutch]),
  );

  it.each<[string, readonly string[]]>([
    ['role', [...Object.values(rolesByKind).flat(), 'client', 'representative']],
    ['purpose', purposes],
    ['category', [...categories, 'own']],
    ['state of a consent', consentStates],
    ['kind of organisation', organisationKinds],
  ])('has a Dutch word for every %s of the code', (_, names) => {
    expect(names.filter((name) => !words.get(name))).toEqual([]);
  });

  it('has for every role the word that people read', () => {
    const read = Object.entries(roleNames).map(([role, { nl }]) => [role, nl]);
    expect(read.map(([role = '']) => [role, words.get(role)])).toEqual(read);
  });

  it('says everything once', () => {
    const names = rows.map(([code]) => code).filter((code) => code !== 'in code');
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md');
  const rules = rowsOf(text).filter(([number = '']) => /^\d+$/.test(number));

  it('has the ten rules, each with a test that guards it or the word that it is for later', () => {
    expect(rules.map(([number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(
      rules.filter(
        ([, , test = '', canary = '']) => !/“[^”]+” in `[^`]+`/.test(test) && !/later issue/.test(`${test} ${canary}`),
      ),
    ).toEqual([]);
  });

  it('names tests that exist', () => {
    const named = [...text.matchAll(/((?:“[^”]+”(?: and )?)+) in `([^`]+)`/g)].flatMap(([, names = '', file = '']) =>
      [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ file, name })),
    );
    expect(named.length).toBeGreaterThan(9);
    expect(named.filter(({ file, name }) => !hasTest(file, name))).toEqual([]);
  });

  it('names canaries that exist, each with the rule that it stands for', async () => {
    const list = './canaries/guard-list/index.mjs';
    const { guards } = (await import(list)) as { guards: readonly { id: string; rule: number }[] };
    const wrong = rules.flatMap(([number, , , canaries = '']) =>
      [...canaries.matchAll(/`([^`]+)`/g)]
        .map(([, id = '']) => id)
        .filter((id) => !guards.some((guard) => guard.id === id && guard.rule === Number(number)))
        .map((id) => `${number}: ${id}`),
    );
    expect(wrong).toEqual([]);
  });

  it('fits on one page', () => {
    expect(text.split('\n').length).toBeLessThan(120);
  });
});

describe('every document', () => {
  it.each(documents)('%s begins by saying what it is for, and leads to what exists', (file) => {
    const text = read(file);
    expect(text).toMatch(/^(<!-- .+ -->\n)?# .+/);
    const links = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !link.startsWith('http'));
    expect(links.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
    // In running text; what stands in a fenced block may be an example to fill in.
    const prose = text.replace(/```[^]*?```/g, '');
    const paths = [...prose.matchAll(/`((?:apps|libs|tools|docs)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const wrong = documents.flatMap((file) =>
      [...read(file).matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)]
        .map(([, named, short]) => named ?? short ?? '')
        .filter((name) => !(name in scripts))
        .map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('publiccode.yml', () => {
  it('says what package.json says', () => {
    const { name, license } = JSON.parse(read('package.json')) as Record<string, string>;
    const text = read('publiccode.yml');
    const value = (key: string): string | undefined => new RegExp(`^\\s*${key}: '?([^'\\n]+)'?$`, 'm').exec(text)?.[1];
    expect(value('publiccodeYmlVersion')).toMatch(/^0(\.\d)?$/);
    expect(value('name')?.toLowerCase()).toBe(name);
    expect(value('license')).toBe(license);
  });

  it('has what the standard asks of every language', () => {
    const text = read('publiccode.yml');
    for (const key of [
      'url',
      'softwareType',
      'developmentStatus',
      'platforms',
      'categories',
      'localisationReady',
      'type',
    ])
      expect(new RegExp(`^\\s*${key}:`, 'm').test(text) ? '' : `${key} is missing`).toBe('');
    const short = [...text.matchAll(/shortDescription: (.+)/g)].map(([, words = '']) => words);
    expect(short.length).toBeGreaterThan(1);
    expect(short.filter((words) => words.length > 150)).toEqual([]);
    const long = [...text.matchAll(/longDescription: \|\n((?: {6}.*\n)+)/g)].map(([, words = '']) =>
      words.replace(/\s+/g, ' ').trim(),
    );
    expect(long.filter((words) => words.length < 150 || words.length > 10_000)).toEqual([]);
  });
});
