/** Holds docs/generated to the code, and every field about a client to a category: what lacks one fails here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { categories } from '@convenant/kernel';
import { controlContracts, disclosureContracts } from '@convenant/contracts';
import { describe, expect, it } from '@jest/globals';
import { faults, operationsOf } from './coverage.mjs';
import { catalogueSources, storedEvents } from './event-catalogue.mjs';
import { drift, generate, generated } from './generated.mjs';
import { services } from './services.mjs';

const fieldCategories: readonly string[] = [...categories, 'own'];
const texts = generated();

describe('the generated documents', () => {
  it('are what the code says; npm run generate renews them', () => {
    expect(drift(texts)).toEqual([]);
  });

  it('are renewed where they differ, and left alone where they do not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'convenant-generated-'));
    try {
      expect(drift(texts, folder)).toEqual([...texts.keys()]);
      expect(generate(texts, folder)).toEqual([...texts.keys()]);
      expect(generate(texts, folder)).toEqual([]);
      expect(drift(new Map(texts).set('docs/generated/messages.md', 'other'), folder)).toEqual([
        'docs/generated/messages.md',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('describe every message once, with nothing that refers to what is not there', () => {
    const asyncapi = texts.get('docs/generated/asyncapi.yaml') ?? '';
    for (const { name, version } of [...disclosureContracts, ...controlContracts])
      expect(asyncapi.split(`name: "nl.convenant.${name}.v${version}"`)).toHaveLength(2);
    const defined = new Set([...asyncapi.matchAll(/^ {4}"?([\w.-]+)"?:/gm)].map(([, name]) => name));
    const wanted = [...asyncapi.matchAll(/#\/components\/\w+\/([\w.-]+)"/g)].map(([, name]) => name);
    expect(wanted.filter((name) => !defined.has(name))).toEqual([]);
  });
});

describe('the coverage of the domain', () => {
  it('says of every requirement what covers it, or that it is not built yet', () => {
    expect(faults(operationsOf(services))).toEqual([]);
  });

  it('notices a command, a file and a test that do not exist', () => {
    const requirement = {
      id: 'R01',
      what: 'x',
      operations: ['none'],
      files: ['none.ts'],
      tests: [['README.md', 'nothing']] as const,
    };
    expect(faults(new Set(), [requirement]).filter((fault) => fault.startsWith('R01'))).toEqual([
      'R01 names none, which no service offers.',
      'R01 names none.ts, which does not exist.',
      'R01 names the test “nothing”, which is not in README.md.',
    ]);
  });
});

describe('every field about a client has a category', () => {
  it('in every contract between organisations', () => {
    const without = [...disclosureContracts, ...controlContracts].flatMap(({ name, fields }) =>
      Object.entries(fields).flatMap(([field, { category }]) =>
        fieldCategories.includes(category) ? [] : [`${name}.${field}`],
      ),
    );
    expect(without).toEqual([]);
  });

  it('in every column of every view of every service', () => {
    const columns = services.flatMap(({ kind, views }) =>
      views.flatMap(({ view }) =>
        Object.entries(view.columns).map(([name, column]) => ({ at: `${kind} ${view.name}.${name}`, ...column })),
      ),
    );
    expect(columns.length).toBeGreaterThan(100);
    expect(columns.filter(({ category }) => !fieldCategories.includes(category))).toEqual([]);
    expect(columns.filter(({ category, sealed }) => sealed && category === 'own')).toEqual([]);
  });

  it('in every sealed field of every stored event', () => {
    const sealed = storedEvents(services).flatMap(({ definition }) =>
      Object.entries(definition.sealed).map(([name, { category }]) => ({ at: `${definition.type}.${name}`, category })),
    );
    expect(sealed.length).toBeGreaterThan(30);
    expect(sealed.filter(({ category }) => !(categories as readonly string[]).includes(category))).toEqual([]);
  });

  // Every field of the API: tools/schema/rules.mjs, asked when schemas are composed; the first test here composes them.
});

describe('the covenant', () => {
  it('has no view column, event field or contract about a client', () => {
    const covenant = services.filter(({ kind }) => kind === 'covenant');
    expect(
      covenant
        .flatMap(({ views }) => views.flatMap(({ view }) => Object.values(view.columns)))
        .every(({ category }) => category === 'own'),
    ).toBe(true);
    expect(storedEvents(covenant).flatMap(({ definition }) => Object.keys(definition.sealed))).toEqual([]);
    expect(
      [...disclosureContracts, ...controlContracts].filter(({ from, to }) => [...from, ...to].includes('covenant')),
    ).toEqual([]);
  });
});

describe('the streams', () => {
  it('are kept by some service, each catalogue of them', () => {
    const kept = new Set(storedEvents(services).map(({ file, stream }) => `${file} ${stream}`));
    expect(
      catalogueSources()
        .map(({ file, stream }) => `${file} ${stream}`)
        .filter((one) => !kept.has(one)),
    ).toEqual([]);
  });
});
