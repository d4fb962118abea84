/** Reads the image files without an engine: what they are made from, who runs in them, and whether they say that they are well. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installation } from './installation.mjs';
import { isThere, json, text, yaml, type Composed } from './read.js';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}
/** One instruction per entry, continued lines joined, comments left out. */
const instructionsOf = (file: string): Instruction[] =>
  text(file)
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));

const folder = 'infra/images';
const files = globSync(`${folder}/*.Dockerfile`, { cwd: join(import.meta.dirname, '../..') }).sort();
const node = `${folder}/node.Dockerfile`;
const { services } = yaml<Composed>('docker-compose.yml');

describe('every image file', () => {
  it('is used by the compose file', () => {
    expect([...new Set(Object.values(services).flatMap(({ build }) => build?.dockerfile ?? []))].sort()).toEqual(files);
  });

  it.each(files)('%s names the version of all that it begins with', (file) => {
    const all = instructionsOf(file);
    const defaults = new Map(
      all.filter(({ name }) => name === 'ARG').map(({ rest }) => rest.split('=') as [string, string | undefined]),
    );
    const stages = new Set(all.flatMap(({ rest }) => / AS (\S+)$/.exec(rest)?.[1] ?? []));
    const bases = all
      .filter(({ name }) => name === 'FROM')
      .map(({ rest }) =>
        rest.replace(/ AS \S+$/, '').replace(/\$\{(\w+)\}/g, (_, arg: string) => defaults.get(arg) ?? ''),
      );
    expect(bases.filter((base) => !stages.has(base) && !/^[\w./-]+:v?\d+(\.\d+)+(-[\w-]+)?$/.test(base))).toEqual([]);
  });

  it.each(files)(
    '%s ends as an account that is not root, says whether it is well, and fetches nothing by hand',
    (file) => {
      const all = instructionsOf(file);
      const lastStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
      expect(lastStage.findLast(({ name }) => name === 'USER')?.rest).toMatch(/^[1-9]\d*(:[1-9]\d*)?$/);
      expect(lastStage.findLast(({ name }) => name === 'HEALTHCHECK')?.rest).toContain('CMD [');
      expect(all.filter(({ name }) => name === 'ADD')).toEqual([]);
      expect(all.filter(({ rest }) => /\b(curl|wget) .*https?:|:latest\b/.test(rest))).toEqual([]);
      // A command in a list needs no shell.
      expect(lastStage.filter(({ name, rest }) => /^(CMD|ENTRYPOINT)$/.test(name) && !rest.startsWith('['))).toEqual(
        [],
      );
    },
  );
});

describe('the image of every service written in Node', () => {
  const all = instructionsOf(node);
  it('runs on the Node of the workspace', () => {
    const { optionalDependencies } = json<{ optionalDependencies: Record<string, string> }>('package.json');
    expect(all.find(({ name }) => name === 'ARG')?.rest).toMatch(
      new RegExp(`^NODE_IMAGE=node:${optionalDependencies['node']}-`),
    );
  });

  it('has what runs and no tools of development', () => {
    const stages = text(node).split(/^FROM /m);
    expect(stages[1]).toMatch(/npm ci(?!.*--omit=dev)[^]*node tools\/build\.mjs/);
    expect(stages[2]).toMatch(/npm ci --omit=dev/);
    expect(stages[3]).not.toMatch(/^RUN npm|COPY --from=build/m);
  });

  it('is the same for all services up to the line that says which', () => {
    const [, , , last = ''] = text(node).split(/^FROM /m);
    expect(last.indexOf('ARG APP')).toBeGreaterThan(last.indexOf('COPY --from=production'));
  });

  it('hears the signal to stop', () => {
    expect(all.find(({ name }) => name === 'STOPSIGNAL')?.rest).toBe('SIGTERM');
    expect(all.find(({ name }) => name === 'ENTRYPOINT')?.rest).toMatch(/^\["node"/);
  });

  it('copies files that exist, and can run every program that is composed', () => {
    const copied = all
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
      .filter((path) => path !== '.');
    expect(copied.filter((path) => !isThere(path))).toEqual([]);
    const run = Object.values(services).flatMap(({ command = [] }) =>
      command.filter((each) => each.startsWith('/app/')),
    );
    const missing = run.map((path) => path.replace('/app/', '')).filter((path) => !copied.includes(path));
    expect(missing).toEqual([]);
    for (const { kind } of installation) expect(isThere(`apps/${kind}/src/main.ts`) ? '' : kind).toBe('');
  });

  it('is made without what must be in no image', () => {
    const kept = text('.dockerignore').split('\n');
    for (const path of ['.git', '.data', 'infra/secrets', '**/node_modules', '**/dist', '**/.env'])
      expect(kept).toContain(path);
  });
});
