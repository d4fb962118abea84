/** Holds the list of guards to the code, so that a guard that moved is noticed at once and not when somebody runs the canaries. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { guards } from './guard-list/index.mjs';
import { Drift, NotAProgram, withoutGuard } from './mutation.mjs';

const root = join(import.meta.dirname, '../..');
const there = guards.flatMap((entry) => ('later' in entry ? [] : [entry]));

describe('the list of guards', () => {
  it('names each once, and at least one for each of the ten rules', () => {
    const ids = guards.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect([...new Set(guards.map(({ rule }) => rule))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each(there.map((entry) => [entry.id, entry] as const))(
    'still finds %s in the code, and the tests that miss it',
    (_, entry) => {
      const text = readFileSync(join(root, entry.file), 'utf8');
      expect(withoutGuard(text, entry)).not.toBe(text);
      expect(entry.tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
      expect(entry.tests).not.toEqual([]);
    },
  );
});

describe('taking out a guard', () => {
  const text = "if (\n  closed,\n) return refuse('closed');\nreturn accept();\n";
  const taken = (from: string, to = '') => withoutGuard(`function decide() {\n${text}}\n`, { file: 'a.ts', from, to });

  it('finds it however a formatter breaks the lines', () =>
    expect(taken("if (closed) return refuse('closed');")).toBe('function decide() {\n\nreturn accept();\n}\n'));

  it('finds an arrow function with or without brackets around its one name', () =>
    expect(
      withoutGuard('rows.filter(row => row.open);\nrows.map((row) => row);\n', {
        file: 'a.ts',
        from: 'rows.filter((row) => row.open);',
        to: 'rows;',
      }),
    ).toBe('rows;\nrows.map((row) => row);\n'));

  it('is refused when it is not there, or more than once', () => {
    expect(() => taken("if (open) return refuse('closed');")).toThrow(Drift);
    expect(() => taken('return')).toThrow(Drift);
  });

  it('is refused when what is left is no program', () =>
    expect(() => taken("return refuse('closed');", 'return refuse(')).toThrow(NotAProgram));
});
