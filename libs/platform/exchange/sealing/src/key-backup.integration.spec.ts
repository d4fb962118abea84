/** Copies of keys: complete, apart from data, for a limited time, and powerless over what was destroyed. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileKeyStore } from './file-key-store.js';
import { backUpKeys, readKeyBackup, restoreKeys } from './key-backup.js';
import { Secret } from './key-store.js';

const made = new Date('2026-11-02T09:00:00.000Z');
const organisation = 'uwv';

describe('a backup of keys', () => {
  let root: string;
  let folder: string;
  let store: FileKeyStore;
  let to: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'convenant-key-backup-'));
    [folder, to] = [join(root, 'keys-of-uwv'), join(root, 'backup')];
    store = await FileKeyStore.open({ folder });
    for (const name of ['client/1', 'client/2', 'client/3']) await store.createIfAbsent(name, () => Buffer.from(name));
    await store.destroy(['client/3']);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const copy = () => backUpKeys({ folder, organisation, to, now: made });
  const into = (name: string, more: { newerList?: string; now?: Date } = {}) =>
    restoreKeys({ from: to, organisation, folder: join(root, name), now: made, ...more });
  const heldBy = async (name: string): Promise<Record<string, string | undefined>> => {
    const restored = await FileKeyStore.open({ folder: join(root, name) });
    const names = ['client/1', 'client/2', 'client/3'];
    const kept = await Promise.all(names.map((each) => restored.get(each)));
    return Object.fromEntries(
      kept.map((each, index) => [names[index], each instanceof Secret ? Buffer.from(each.reveal()).toString() : each]),
    );
  };

  it('brings every key back, and none that was destroyed', async () => {
    const { keepUntil, keys } = await copy();
    expect([Object.keys(keys).length, keepUntil]).toEqual([2, '2026-12-02T09:00:00.000Z']);
    expect(await into('new')).toEqual({ restored: 2, kept: 0, destroyed: 0 });
    expect(await heldBy('new')).toEqual({ 'client/1': 'client/1', 'client/2': 'client/2', 'client/3': 'destroyed' });
  });

  it('brings back nothing that was destroyed after it, where the list survived or a newer one is at hand', async () => {
    await copy();
    await store.destroy(['client/1']);
    await cp(join(folder, 'destroyed'), join(root, 'newest-list'));
    expect(await into('new', { newerList: join(root, 'newest-list') })).toMatchObject({ restored: 1, destroyed: 1 });
    expect(await heldBy('new')).toMatchObject({ 'client/1': 'destroyed', 'client/2': 'client/2' });
    await rm(join(folder, 'keys'), { recursive: true });
    expect(await into('keys-of-uwv')).toMatchObject({ restored: 1, destroyed: 1 });
    expect(await heldBy('keys-of-uwv')).toMatchObject({ 'client/1': 'destroyed', 'client/2': 'client/2' });
  });

  it('leaves alone what is there, and may be put back again', async () => {
    await copy();
    expect(await into('keys-of-uwv')).toEqual({ restored: 0, kept: 2, destroyed: 0 });
    await into('new');
    expect(await into('new')).toEqual({ restored: 0, kept: 2, destroyed: 0 });
  });

  it('is readable by the account of the operator and by nobody else', async () => {
    await copy();
    for (const entry of await readdir(to, { recursive: true, withFileTypes: true }))
      expect((await stat(join(entry.parentPath, entry.name))).mode & 0o077).toBe(0);
  });

  it('is refused inside a backup of data, finished or not, and inside the store itself', async () => {
    const data = join(root, 'data');
    await mkdir(data);
    await writeFile(join(data, 'events.copy'), '');
    const toInside = (place: string) => backUpKeys({ folder, organisation, to: place, now: made });
    await expect(toInside(join(data, 'keys'))).rejects.toThrow('kept apart from data');
    await rm(join(data, 'events.copy'));
    await writeFile(join(data, 'manifest.json'), '{"kind": "convenant-data"}');
    await expect(toInside(join(data, 'deeper', 'keys'))).rejects.toThrow('kept apart from data');
    await expect(toInside(join(folder, 'copy'))).rejects.toThrow('inside the key store');
  });

  it('is refused where something lies already', async () => {
    await copy();
    await expect(copy()).rejects.toThrow('not empty');
  });

  it('is refused after its thirty days, and of another organisation', async () => {
    await copy();
    await expect(into('new', { now: new Date('2026-12-02T09:00:00.001Z') })).rejects.toThrow('destroy it');
    const foreign = restoreKeys({ from: to, organisation: 'ggz-amstel', folder: join(root, 'new'), now: made });
    await expect(foreign).rejects.toThrow('the keys of uwv');
    await expect(stat(join(root, 'new'))).rejects.toThrow();
  });

  it('is refused when one byte of a key or of the list was changed, before anything is written', async () => {
    const { keys } = await copy();
    const [name = ''] = Object.keys(keys);
    const file = join(to, 'keys', name.slice(0, 2), name);
    const text = await readFile(file, 'latin1');
    await writeFile(file, text.replace('1 ', '2 '));
    await expect(into('new')).rejects.toThrow(file);
    await writeFile(file, text);
    await appendFile(join(to, 'destroyed'), '\n');
    await expect(into('new')).rejects.toThrow('destroyed is not as it was written');
    await expect(stat(join(root, 'new'))).rejects.toThrow();
  });

  it('that was interrupted is none', async () => {
    const stopped = backUpKeys({
      folder,
      organisation,
      to,
      now: made,
      signal: AbortSignal.abort(new Error('Stopped.')),
    });
    await expect(stopped).rejects.toThrow('Stopped.');
    await expect(readKeyBackup(to)).rejects.toThrow('no finished backup');
  });

  it('takes nothing for a destruction list that is none', async () => {
    await copy();
    await writeFile(join(root, 'no-list'), 'something else\n');
    await expect(into('new', { newerList: join(root, 'no-list') })).rejects.toThrow('is not a destruction list');
  });
});
