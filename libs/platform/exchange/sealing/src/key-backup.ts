/** Copies of a key store: kept apart from data, for a limited time; what was destroyed meanwhile stays destroyed when a copy is put back. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { DestructionList } from './destruction-list.js';
import { flushFolder, hasCode, makePrivateFolder, writeOnce } from './durable-file.js';

/** How long a copy of keys may be kept: as long as it exists, a destroyed key can be read from it. Clients are told this term. */
export const keyBackupTerm = {
  days: 30,
  since: '2026-11-22',
  source: 'docs/decisions/0027-backup-by-copy.md; the promise is in SECURITY.md',
} as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const manifestSchema = z.strictObject({
  kind: z.literal('convenant-keys'),
  format: z.literal(1),
  organisation: z.string(),
  madeAt: z.iso.datetime(),
  keepUntil: z.iso.datetime(),
  term: z.strictObject({ days: z.number().int(), since: z.iso.date(), source: z.string() }),
  /** By the name of the file, the SHA-256 of what is in it. */
  keys: z.record(digest, digest),
  destroyed: z.strictObject({ lines: z.number().int(), sha256: digest }),
});
export type KeyBackup = z.infer<typeof manifestSchema>;

const keyFile = /^convenant-key 1 [A-Za-z0-9_-]+\n$/;
const manifestName = 'manifest.json';
const listName = 'destroyed';

export interface BackUpKeysOptions {
  /** Of the key store. The service may go on meanwhile. */
  readonly folder: string;
  readonly destructionList?: string;
  readonly organisation: string;
  /** Made; must not be there or must be empty. */
  readonly to: string;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** The manifest is written last: a folder without one is no backup. */
export async function backUpKeys(options: BackUpKeysOptions): Promise<KeyBackup> {
  const { folder, organisation, to, now, signal, onProgress } = options;
  const target = resolve(to);
  if (isWithin(target, resolve(folder)))
    throw new Error('A copy of the keys inside the key store is no copy: name another folder.');
  const data = await dataBackupAround(target);
  if (data !== undefined)
    throw new Error(`Keys are kept apart from data, and ${data} holds a backup of data: name another folder.`);
  await makeEmptyFolder(target);
  const keys: Record<string, string> = {};
  const names = await namesOfKeys(folder);
  await makePrivateFolder(join(target, 'keys'));
  for (const [index, name] of names.entries()) {
    signal?.throwIfAborted();
    const contents = await readIfThere(join(folder, 'keys', name.slice(0, 2), name));
    // Destroyed a moment ago, and perhaps half overwritten when it was read.
    if (contents !== undefined && keyFile.test(contents)) {
      await mkdir(join(target, 'keys', name.slice(0, 2)), { recursive: true, mode: 0o700 });
      await writeFile(join(target, 'keys', name.slice(0, 2), name), contents, { mode: 0o600, flag: 'wx', flush: true });
      keys[name] = sha256(contents);
    }
    onProgress?.(index + 1, names.length);
  }
  // After the keys: whatever was destroyed while they were copied is on it.
  const list = (await readIfThere(options.destructionList ?? join(folder, listName))) ?? '';
  await writeFile(join(target, listName), list, { mode: 0o600, flag: 'wx', flush: true });
  signal?.throwIfAborted();
  const manifest: KeyBackup = {
    kind: 'convenant-keys',
    format: 1,
    organisation,
    madeAt: now.toISOString(),
    keepUntil: new Date(now.getTime() + keyBackupTerm.days * 86_400_000).toISOString(),
    term: keyBackupTerm,
    keys,
    destroyed: { lines: digestsIn(list).length, sha256: sha256(list) },
  };
  await writeFile(join(target, `${manifestName}.part`), `${JSON.stringify(manifest, undefined, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await rename(join(target, `${manifestName}.part`), join(target, manifestName));
  await flushFolder(target);
  return manifest;
}

export interface RestoreKeysOptions {
  readonly from: string;
  readonly organisation: string;
  /** Of the key store; made when it is not there. Keys that are there already stay as they are. */
  readonly folder: string;
  readonly destructionList?: string;
  /** A newer copy of the list than the one that lies beside the keys. */
  readonly newerList?: string;
  readonly now: Date;
}
export interface RestoredKeys {
  readonly restored: number;
  /** Were there already. */
  readonly kept: number;
  /** Are on the list: not put back. */
  readonly destroyed: number;
}

/**
 * Checks everything before it writes anything, then makes the list whole, then puts keys back; stopped anywhere in between, doing it again
 * ends it. A service must not run on the store meanwhile.
 */
export async function restoreKeys(options: RestoreKeysOptions): Promise<RestoredKeys> {
  const { from, organisation, folder, now, newerList } = options;
  const manifest = await readKeyBackup(from);
  if (manifest.organisation !== organisation)
    throw new Error(`These are the keys of ${manifest.organisation}, not of ${organisation}.`);
  if (now.toISOString() > manifest.keepUntil)
    throw new Error(
      `This backup of keys could be kept until ${manifest.keepUntil} and no longer: destroy it. Keys in it may have been destroyed since.`,
    );
  const list = await readChecked(join(from, listName), manifest.destroyed.sha256);
  const newer = newerList === undefined ? '' : await readFile(newerList, 'latin1');
  if (newer.split('\n').some((line) => !/^([0-9a-f]{64})?$/.test(line)))
    throw new Error(`${newerList} is not a destruction list: a line in it is not a digest.`);
  const contents = new Map<string, string>();
  for (const [name, sum] of Object.entries(manifest.keys))
    contents.set(name, await readChecked(join(from, 'keys', name.slice(0, 2), name), sum));

  await makePrivateFolder(folder);
  const destroyed = await DestructionList.open(options.destructionList ?? join(folder, listName), () => undefined);
  await destroyed.add([...new Set([...digestsIn(list), ...digestsIn(newer)])]);
  await makePrivateFolder(join(folder, 'keys'));
  await makePrivateFolder(join(folder, 'unfinished'));
  const done = { restored: 0, kept: 0, destroyed: 0 };
  for (const [name, text] of contents) {
    if (destroyed.has(name)) {
      done.destroyed++;
      continue;
    }
    await makePrivateFolder(join(folder, 'keys', name.slice(0, 2)));
    const written = await writeOnce(join(folder, 'keys', name.slice(0, 2), name), text, join(folder, 'unfinished'));
    done[written ? 'restored' : 'kept']++;
  }
  return done;
}

/** Throws when the folder is no finished backup of keys. */
export async function readKeyBackup(from: string): Promise<KeyBackup> {
  const text = await readIfThere(join(from, manifestName));
  if (text === undefined) throw new Error(`${from} holds no finished backup of keys: there is no ${manifestName}.`);
  const read = manifestSchema.safeParse(attempt(() => JSON.parse(text) as unknown));
  if (!read.success) throw new Error(`${join(from, manifestName)} is not the manifest of a backup of keys.`);
  return read.data;
}

const attempt = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

async function readChecked(file: string, expected: string): Promise<string> {
  const contents = await readIfThere(file);
  if (contents === undefined) throw new Error(`${file} is missing from the backup.`);
  if (sha256(contents) !== expected) throw new Error(`${file} is not as it was written: its SHA-256 differs.`);
  return contents;
}

async function namesOfKeys(folder: string): Promise<readonly string[]> {
  const shards = await readdir(join(folder, 'keys')).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw new Error(`There is no key store in ${folder}.`, { cause: error });
    throw error;
  });
  const names = await Promise.all(shards.map((shard) => readdir(join(folder, 'keys', shard))));
  return names
    .flat()
    .filter((name) => digest.safeParse(name).success)
    .sort();
}

/** The folder itself or one above it that holds a backup of data, finished or not. */
async function dataBackupAround(target: string): Promise<string | undefined> {
  for (let folder = target; ; folder = dirname(folder)) {
    const text = await readIfThere(join(folder, manifestName));
    const begun = await readIfThere(join(folder, 'events.copy'));
    if (begun !== undefined || (text !== undefined && /"kind":\s*"convenant-data"/.test(text))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function makeEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new Error(`${folder} is not empty: name a folder that is not there yet.`);
}

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer + sep);
const digestsIn = (list: string): readonly string[] => list.split('\n').filter((line) => line.length === 64);
const sha256 = (contents: string): string => createHash('sha256').update(contents, 'latin1').digest('hex');

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
