/** Compiles the src folder of every project to its own dist folder, only what changed, and removes what has no source any more. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { root } from './bootstrap.mjs';
import { projects } from './projects.mjs';
import { swcOptions } from './swc-options.mjs';

const copied = new Set(['.graphql', '.json', '.html', '.css', '.sql']);
const memory = join(root, '.cache/build.json');

/** Returns { compiled, copied, unchanged, removed }; throws with the compiler's message when a file does not parse. */
export async function build() {
  // A container image carries what was compiled and no sources: compiling there would remove all of it as stale.
  if (process.env.CONVENANT_BUILT) return { compiled: 0, copied: 0, unchanged: 0, removed: 0 };
  const settings = digestOf([JSON.stringify(swcOptions), readFileSync(join(root, 'package-lock.json'))]);
  const known = await recall(settings);
  const files = (await Promise.all(projects().map(({ folder }) => filesOf(join(root, folder))))).flat();
  const made = { compiled: 0, copied: 0, unchanged: 0, removed: 0 };
  const next = {};
  const failures = [];
  await inParallel(files, 8, async (file) => {
    const key = relative(root, file.source);
    const { mtimeMs, size } = await stat(file.source);
    const before = known[key];
    const there = await exists(file.output);
    if (there && before?.mtimeMs === mtimeMs && before.size === size) {
      next[key] = before;
      made.unchanged++;
      return;
    }
    try {
      const content = await readFile(file.source);
      const digest = digestOf([content]);
      if (there && before?.digest === digest) made.unchanged++;
      else await make(file, content, made);
      next[key] = { mtimeMs, size, digest };
    } catch (error) {
      failures.push(`${key}\n${error.message}`);
    }
  });
  made.removed = await removeStale(files);
  await writeWhole(memory, JSON.stringify({ settings, files: next }));
  if (failures.length) throw new Error(`These files do not compile:\n\n${failures.join('\n\n')}`);
  return made;
}

async function make(file, content, made) {
  await mkdir(dirname(file.output), { recursive: true });
  if (!file.output.endsWith('.js')) {
    await copyFile(file.source, file.output);
    made.copied++;
    return;
  }
  const { transform } = await import('@swc/core');
  const { code, map } = await transform(content.toString(), {
    ...swcOptions,
    filename: file.source,
    sourceFileName: relative(dirname(file.output), file.source),
    sourceMaps: true,
  });
  await writeWhole(`${file.output}.map`, map);
  await writeWhole(file.output, `${code}//# sourceMappingURL=${basename(file.output)}.map\n`);
  made.compiled++;
}

async function filesOf(folder) {
  const src = join(folder, 'src');
  const entries = await readdir(src, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => {
    if (!entry.isFile() || /\.spec\.ts$|\.d\.ts$|\.history\.json$/.test(entry.name)) return [];
    const source = join(entry.parentPath, entry.name);
    const output = join(folder, 'dist', relative(src, source));
    if (extname(source) === '.ts') return [{ source, output: output.replace(/\.ts$/, '.js') }];
    return copied.has(extname(source)) ? [{ source, output }] : [];
  });
}

async function removeStale(files) {
  const wanted = new Set(files.flatMap(({ output }) => [output, `${output}.map`]));
  let removed = 0;
  for (const { folder } of projects()) {
    const entries = await readdir(join(root, folder, 'dist'), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || wanted.has(path) || path.endsWith('.part')) continue;
      await rm(path, { force: true });
      removed++;
    }
  }
  return removed;
}

async function recall(settings) {
  const found = await readFile(memory, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  return found?.settings === settings ? found.files : {};
}

/** Two builds may run at once: a reader never sees half a file. */
async function writeWhole(path, content) {
  const part = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(part, content);
  await rename(part, path);
}

async function inParallel(items, width, work) {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item; (item = queue.pop());) await work(item);
    }),
  );
}

const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );
const digestOf = (parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

if (process.argv[1]?.endsWith('build.mjs')) {
  const started = performance.now();
  const { compiled, copied: files, unchanged, removed } = await build();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `Built in ${seconds} s: ${compiled} compiled, ${files} copied, ${unchanged} unchanged, ${removed} removed.`,
  );
}
