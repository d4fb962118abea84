/** Requires that what went wrong elsewhere is tried here: each entry of the catalogue of incidents has a test that carries its number. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { testNames } from './test-names.mjs';

const root = join(import.meta.dirname, '..');

/** What happened to others, in the order of the catalogue; the numbers in between belong to later issues. */
const incidents: Readonly<Record<number, string>> = {
  1: 'totals told of records that were filtered out',
  3: 'a filter, an order or a search on a hidden field told its value',
  6: 'membership without a policy opened everything',
  7: 'a request that named no scope was permitted',
  8: 'the caller sent a flag that overruled the decision',
  9: 'consent was asked when something was made, and not when it left',
  12: 'of two consents that contradict each other the wrong one won',
  13: 'an event was lost in a gap of the sequence',
  14: 'what was acknowledged was lost when the process was killed',
  15: 'a rebuild brought withdrawn data back',
  16: 'the access log itself told about third parties, or that there was a restriction',
  17: 'the same question in another form got another decision',
  18: 'a refusal was kept, and one way out did not ask for it',
  20: 'somebody who is no physician opened a medical attachment',
  21: 'a civil servant of one town found a client of another',
  22: 'nobody could say who had looked',
  23: 'looking up a well-known person went unnoticed',
};

describe('the tests of this workspace', () => {
  const files = globSync('{apps,libs,tools}/**/*.{spec,contract}.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  }).filter((file) => file.replaceAll('\\', '/') !== 'tools/peers.spec.ts');
  const names = files.flatMap((file) => testNames(readFileSync(join(root, file), 'utf8'), file));

  it('are found at all', () => expect(names.length).toBeGreaterThan(500));

  it.each(Object.entries(incidents))('try incident %s of others: %s', (number) => {
    const found = names.filter((name) => new RegExp(`\\bpeer ${number}\\b`).test(name));
    expect(found).not.toEqual([]);
  });
});

describe('the name of a test', () => {
  it('is read with its groups, also in a table and through a function that names it', () =>
    expect(
      testNames(`
        describe('peer 1: a page', () => {
          it('is whole', () => {});
          it.each(['one', 'two'])('has row %s', () => {});
          const forced = (name: string, test: () => void) => { it(name, test); };
          forced('is forced', () => {});
        });`),
    ).toEqual([
      'peer 1: a page is whole',
      'peer 1: a page has row one',
      'peer 1: a page has row two',
      'peer 1: a page is forced',
    ]));

  it('is not read from a comment, another text, or a test that does not run', () =>
    expect(
      testNames(`
        // it('peer 1: only a comment', () => {});
        const text = "it('peer 2', () => {})";
        it.skip('peer 3', () => {});
        it.todo('peer 4');
        describe.skip('peer 5', () => { it('sleeps', () => {}); });
        xit('peer 6', () => {});`),
    ).toEqual([]));
});
