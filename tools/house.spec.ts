/** Keeps the house in order: what every file must be and what may stand in none, so that nobody has to say it in a review. */
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { joinCatalogues, type NewEvent } from '@convenant/kernel';
import { describe, expect, it } from '@jest/globals';
import { storedEvents } from './generate/event-catalogue.mjs';
import { services } from './generate/services.mjs';

const root = join(import.meta.dirname, '..');
const unkept = new Set(['node_modules', 'dist', 'coverage', '.cache', '.nx', '.data', '.git']);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const files = everyFile(root);
const texts = files.filter((file) => !/\.(png|ico|woff2?|jpg|pdf)$/.test(file));
const code = files.filter((file) => /\.(ts|mts|mjs|js|cjs)$/.test(file));

/** Longer than this wants a reason. */
const mostLines = 400;
const mayBeLonger: Readonly<Record<string, string>> = {
  'tools/generate/coverage-data.mjs': 'a table of sixty requirements, read from top to bottom',
  'libs/consent/src/disclosure-records.spec.ts': 'one test per rule of what is recorded on the disclosure stream',
  'libs/organisations/shared/service/src/consents.spec.ts':
    'the life of a consent, from the question to the proof of its end',
  'libs/platform/identity/core/src/resolve-relation.spec.ts':
    'every way in which somebody can work with a client, side by side',
  'apps/journeys/src/together/support.spec.ts':
    'one client at all her organisations, from the first fact to the last closing',
  'libs/platform/testing/src/exchange/door-and-inbox.spec.ts':
    'what door and inbox promise each other, in the order of a disclosure',
};

describe('every file', () => {
  it('of code begins with one sentence that says what it is for', () => {
    expect(code.filter((file) => !/^(#!.*\n)?\/\*\*\s+(\* )?[\w`][^*]*?[.:?!]/.test(read(file)))).toEqual([]);
  });

  it('of code is at most 400 lines long, or is listed with the reason why not', () => {
    const long = code.filter((file) => read(file).split('\n').length - 1 > mostLines);
    expect(long.filter((file) => !(file in mayBeLonger))).toEqual([]);
    expect(Object.keys(mayBeLonger).filter((file) => !long.includes(file))).toEqual([]);
  });

  it('of code exports by name', () => {
    expect(code.filter((file) => /^\s*export \*/m.test(read(file)))).toEqual([]);
  });

  it('leaves nothing for later in a comment', () => {
    const later = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    expect(texts.filter((file) => !/^(LICENSE|package-lock\.json)$/.test(file) && later.test(read(file)))).toEqual([]);
  });

  // What cannot be had everywhere must show as not run, which only a skipped test does: a KurrentDB server.
  const skipsWithout = ['libs/platform/event-store/kurrent/src/kurrent.integration.spec.ts'];
  it('skips no test and runs none alone', () => {
    const marked = /\b(it|test|describe)\.(only|skip|todo)\b|\b(xit|xdescribe|fit|fdescribe)\(/;
    expect(
      code.filter(
        (file) =>
          !['tools/house.spec.ts', 'tools/peers.spec.ts', ...skipsWithout].includes(file) &&
          /\.(spec|contract)\.ts$/.test(file) &&
          marked.test(read(file)),
      ),
    ).toEqual([]);
  });

  it('names no folder of one machine and no registry', () => {
    const machine = /(^|[\s"'`(=:])\/(work|root|home\/\w+|Users\/\w+|tmp\/\w+)\//m;
    const registry =
      /registry\.(npmjs|yarnpkg)|https?:\/\/[^\s"'/]*(registry|verdaccio|artifactory|nexus)|"resolved": "http/;
    const own = ['tools/house.spec.ts'];
    expect(
      texts.filter((file) => !own.includes(file) && (machine.test(read(file)) || registry.test(read(file)))),
    ).toEqual([]);
  });
});

describe('what is stored for ever', () => {
  const events = storedEvents(services);
  const kept = files
    .filter((file) => file.endsWith('.history.json'))
    .map((file) => ({
      file,
      examples: JSON.parse(read(file)) as Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>[],
    }));

  it('can still be read: every kept example decodes, and holds what its event declares', () => {
    const broken = kept.flatMap(({ file, examples }) => {
      const near = services.filter(
        ({ kind }) => !file.includes('libs/organisations/') || file.includes(`/${kind}/`) || file.includes('/shared/'),
      );
      return examples.flatMap((example) => {
        const service = near.find(({ catalogues }) => joinCatalogues(...catalogues).knows(example.type));
        if (!service) return [`${file}: ${example.type} is known to no service`];
        try {
          const catalogue = service.catalogues.find((each) => each.knows(example.type));
          const { type: _type, ...fields } = catalogue?.decode(example) as { type: string } & Record<string, unknown>;
          const definition = catalogue?.definitions.find(({ type }) => type === example.type);
          const sealed = Object.keys(definition?.sealed ?? {});
          const clear = Object.fromEntries(Object.entries(fields).filter(([name]) => !sealed.includes(name)));
          return definition?.schema.safeParse(clear).success
            ? []
            : [`${file}: ${example.type} version ${example.version} does not fit`];
        } catch {
          return [`${file}: ${example.type} version ${example.version} cannot be read`];
        }
      });
    });
    expect(kept.length).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });

  it('has a kept example of its present version', () => {
    const missing = events
      .filter(({ file, definition }) => {
        const beside = kept.filter((one) => one.file.startsWith(file.slice(0, file.lastIndexOf('/'))));
        return !beside.some(({ examples }) =>
          examples.some(({ type, version }) => type === definition.type && version === definition.version),
        );
      })
      .map(({ definition }) => definition.type);
    expect(missing).toEqual([]);
  });
});

describe('every organisation', () => {
  const organisations = readdirSync(join(root, 'libs/organisations'))
    .filter((name) => name !== 'shared')
    .sort();

  it('is a kind that the kernel knows, with a service and an app', () => {
    expect(organisations).toEqual(services.map(({ kind }) => kind).sort());
    expect(organisations.filter((name) => !existsSync(join(root, 'apps', name, 'package.json')))).toEqual([]);
  });

  it.each(organisations)('%s has the same layout', (name) => {
    const folder = `libs/organisations/${name}`;
    expect(readdirSync(join(root, folder)).sort()).toEqual(['domain', 'service']);
    for (const part of ['domain', 'service']) {
      const { name: project, nx } = JSON.parse(read(`${folder}/${part}/package.json`)) as {
        name: string;
        nx: { tags: string[] };
      };
      expect(project).toBe(`@convenant/${name}-${part}`);
      expect(nx.tags).toEqual([`kind:${part === 'domain' ? 'pure' : 'service'}`, `org:${name}`]);
    }
    for (const file of [
      'domain/src/index.ts',
      'domain/src/catalogue.ts',
      'service/src/index.ts',
      `service/src/${name}.service.ts`,
      `service/src/${name}.graphql`,
    ])
      expect(existsSync(join(root, folder, file)) ? '' : `${folder}/${file} is missing`).toBe('');
  });

  it('tests the rules of every decider that it has', () => {
    const deciders = globSync('libs/organisations/*/domain/src/*.ts', { cwd: root }).filter((file) =>
      /^export const \w+: Decider</m.test(read(file)),
    );
    expect(
      deciders.filter(
        (file) => !file.endsWith('.spec.ts') && !existsSync(join(root, file.replace(/\.ts$/, '.spec.ts'))),
      ),
    ).toEqual([]);
  });
});

function everyFile(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (unkept.has(name)) return [];
    return statSync(path).isDirectory() ? everyFile(path) : [relative(root, path)];
  });
}
