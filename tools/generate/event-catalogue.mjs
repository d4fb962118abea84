/** Writes down every event that is stored: on which stream, by whom, its clear fields and its sealed fields with their category. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';
import { fieldsOf, generatedNote, table } from './shapes.mjs';

/**
 * Where each catalogue and its stream stand in the source: `{ file, org, stream, types }`. The nth catalogue of a file belongs to the nth
 * stream of that file. Throws when a file has another number of the two, because then nobody could tell which belongs to which.
 */
export function catalogueSources(folder = root) {
  return globSync('libs/**/src/**/*.ts', { cwd: folder, exclude: (name) => name === 'node_modules' || name === 'dist' })
    .filter(
      (file) =>
        !file.endsWith('.spec.ts') && !file.includes('libs/kernel/') && !/\/(testing|example|for-tests)\//.test(file),
    )
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const catalogues = [...text.matchAll(/^export const \w+Events = defineEvents\(([^)]*)\)/gm)];
      const streams = [...text.matchAll(/^export const \w+Stream = \([^)]*\)(?:: string)? =>\s*`([^`]+)`/gm)];
      if (catalogues.length === 0) return [];
      if (catalogues.length !== streams.length)
        throw new Error(`${file} has ${catalogues.length} event catalogues and ${streams.length} streams.`);
      return catalogues.map(([, types], index) => ({
        file,
        org: file.match(/libs\/organisations\/([^/]+)\//)?.[1] ?? 'shared',
        stream: streams[index][1].replace(/\$\{(\w+)\}/g, '<$1>'),
        types: types
          .split(',')
          .map((type) => type.trim())
          .filter(Boolean),
      }));
    });
}

/** Every stored event once per place where it is declared: `{ stream, file, keptBy, definition }`. */
export function storedEvents(services, folder = root) {
  const sources = catalogueSources(folder);
  const found = new Map();
  for (const { kind, catalogues } of services) {
    for (const definition of catalogues.flatMap((catalogue) => catalogue.definitions)) {
      const source = sources.find(
        ({ org, types }) => (org === kind || org === 'shared') && types.includes(definition.type),
      );
      if (!source)
        throw new Error(`${definition.type} of ${kind} stands in no catalogue that could be found in the source.`);
      const key = `${source.file} ${definition.type}`;
      const known = found.get(key) ?? { ...source, definition, keptBy: [] };
      if (!known.keptBy.includes(kind)) known.keptBy.push(kind);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** Kept examples by event type and version, from the `*.history.json` beside the source file. */
const keptVersions = (file, folder) =>
  globSync(`${file.slice(0, file.lastIndexOf('/'))}/*.history.json`, { cwd: folder }).flatMap((history) =>
    JSON.parse(readFileSync(join(folder, history), 'utf8')),
  );

export function eventCatalogue(services, folder = root) {
  const events = storedEvents(services, folder);
  const groups = Map.groupBy(events, ({ stream, file }) => `${stream} ${file}`);
  const sections = [...groups.values()]
    .sort(([a], [b]) => (`${a.stream} ${a.file}` < `${b.stream} ${b.file}` ? -1 : 1))
    .map((group) => section(group, folder));
  return [
    '# Every event that is stored',
    generatedNote,
    'Names and shapes are stored for ever: `docs/how-to/change-an-event.md` says how one changes. Clear fields are what rules and sorting need. Sealed fields are encrypted under the key of the client, and open only while an answer is given. Every event also carries `at`, the actor, the cause and, when it is about a client, her id; the host sets these.',
    table(
      ['stream', 'kept by', 'events'],
      [...groups.values()]
        .map((group) => [
          `\`${group[0].stream}\``,
          group[0].keptBy.join(', '),
          group.map(({ definition }) => definition.type).join(', '),
        ])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

function section(group, folder) {
  const [{ stream, file, keptBy }] = group;
  const kept = keptVersions(file, folder);
  return [
    `## \`${stream}\``,
    `Kept by ${keptBy.join(', ')}. Declared in \`${file}\`.`,
    table(
      ['event', 'version', 'clear', 'sealed'],
      group.map(({ definition }) => [
        definition.type,
        versions(definition, kept),
        fieldsOf(definition.schema)
          .map(([name, words, optional]) => `${name}${optional ? '?' : ''}: ${words}`)
          .join('<br>'),
        Object.entries(definition.sealed)
          .map(([name, { category, optional }]) => `${name}${optional ? '?' : ''}: **${category}**`)
          .join('<br>') || '–',
      ]),
    ),
  ].join('\n\n');
}

/** The version that is written now, and the older ones that can still be read. */
function versions({ type, version }, kept) {
  const older = [
    ...new Set(
      kept.filter((example) => example.type === type && example.version < version).map((example) => example.version),
    ),
  ];
  return older.length ? `${version} (reads ${older.sort().join(', ')})` : String(version);
}
