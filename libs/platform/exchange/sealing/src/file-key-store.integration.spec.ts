/** The key store on disk: durable, private, shared by processes, and deaf to restored keys that were destroyed. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scopeKeysContract, sealerContract } from '@convenant/exchange-contract';
import { appendFile, cp, link, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSealer } from './client-sealer.js';
import { FileKeyStore } from './file-key-store.js';
import { Secret } from './key-store.js';
import { KeyStoreScopeKeys } from './key-store-scope-keys.js';

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'convenant-keys-'));
const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

sealerContract('ClientSealer on files', async () => {
  const folder = await temporaryFolder();
  const open = async (name: string) => new ClientSealer(await FileKeyStore.open({ folder: join(folder, name) }));
  return {
    sealer: await open('amstel'),
    restarted: () => open('amstel'),
    stranger: await open('duin'),
    close: () => remove(folder),
  };
});

scopeKeysContract('KeyStoreScopeKeys on files', async () => {
  const folder = await temporaryFolder();
  const open = async (name: string) => new KeyStoreScopeKeys(await FileKeyStore.open({ folder: join(folder, name) }));
  return {
    recipient: await open('uwv'),
    restarted: () => open('uwv'),
    discloser: await open('amstel'),
    close: () => remove(folder),
  };
});

describe('a folder of keys', () => {
  let folder: string;
  let store: FileKeyStore;
  beforeEach(async () => {
    folder = join(await temporaryFolder(), 'uwv');
    store = await FileKeyStore.open({ folder });
  });
  afterEach(() => remove(join(folder, '..')));

  const keyFiles = async (): Promise<string[]> =>
    (await readdir(join(folder, 'keys'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const bytesOf = async (name: string, from = store): Promise<string | undefined> => {
    const kept = await from.get(name);
    return kept instanceof Secret ? Buffer.from(kept.reveal()).toString('hex') : kept;
  };

  it('is readable by the account of the service and by nobody else', async () => {
    await store.createIfAbsent('client/1', random);
    await store.destroy(['client/2']);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect([entry.name, mode & 0o777]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('names no client in the names of its files, nor in the destruction list', async () => {
    await store.createIfAbsent('client/c-17', random);
    await store.destroy(['client/c-18']);
    const [file = ''] = await keyFiles();
    expect(file).not.toContain('c-17');
    expect(await readFile(join(folder, 'destroyed'), 'utf8')).not.toContain('c-18');
  });

  it('keeps one key when twenty processes make it at the same moment, and leaves nothing unfinished', async () => {
    const stores = await Promise.all(Array.from({ length: 20 }, () => FileKeyStore.open({ folder })));
    await Promise.all(stores.map((each) => each.createIfAbsent('client/1', random)));
    expect(new Set(await Promise.all(stores.map((each) => bytesOf('client/1', each)))).size).toBe(1);
    expect(await keyFiles()).toHaveLength(1);
    expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
  });

  it('opens for none once destroyed in one of two processes, though the other has the key in memory', async () => {
    const other = await FileKeyStore.open({ folder });
    await other.createIfAbsent('client/1', random);
    expect(await other.get('client/1')).toBeInstanceOf(Secret);
    await store.destroy(['client/1']);
    expect(await other.get('client/1')).toBe('destroyed');
    expect(await other.createIfAbsent('client/1', random)).toBe('destroyed');
    expect(await keyFiles()).toEqual([]);
  });

  it('ends destroyed when one process makes a key while another destroys it', async () => {
    const other = await FileKeyStore.open({ folder });
    for (let round = 0; round < 30; round++) {
      const name = `client/${round}`;
      await Promise.all([other.createIfAbsent(name, random), store.destroy([name])]);
      expect([await store.get(name), await other.get(name)]).toEqual(['destroyed', 'destroyed']);
    }
    expect(await keyFiles()).toEqual([]);
  });

  it('overwrites a key before it removes it', async () => {
    await store.createIfAbsent('client/1', random);
    const [file = ''] = await keyFiles();
    const before = await readFile(file, 'latin1');
    const second = join(folder, 'second-name');
    await link(file, second);
    await store.destroy(['client/1']);
    expect(await readFile(second, 'latin1')).not.toContain(before.slice(20, 40));
  });

  it('peer 19: a restored key folder does not bring a destroyed key back', async () => {
    await store.createIfAbsent('client/1', random);
    await store.createIfAbsent('client/2', random);
    const kept = await bytesOf('client/2');
    const backup = join(folder, '..', 'backup');
    await cp(join(folder, 'keys'), backup, { recursive: true });
    await store.destroy(['client/1']);

    await rm(join(folder, 'keys'), { recursive: true });
    await cp(backup, join(folder, 'keys'), { recursive: true });
    // A process that never stopped does not fall for it either.
    expect(await store.get('client/1')).toBe('destroyed');
    const restored = await FileKeyStore.open({ folder });
    expect(await restored.get('client/1')).toBe('destroyed');
    expect(await restored.createIfAbsent('client/1', random)).toBe('destroyed');
    expect(await bytesOf('client/2', restored)).toBe(kept);
    expect(await keyFiles()).toHaveLength(1);
  });

  it('refuses to open restored keys without a destruction list, and says what to do', async () => {
    await store.createIfAbsent('client/1', random);
    await rm(join(folder, 'destroyed'));
    await expect(FileKeyStore.open({ folder })).rejects.toThrow(/Restore the list first/);
  });

  it('finishes at the next start what a crash between list and file left undone', async () => {
    await store.createIfAbsent('client/1', random);
    const [file = ''] = await keyFiles();
    await appendFile(join(folder, 'destroyed'), `\n${file.slice(-64)}\n`);
    expect(await (await FileKeyStore.open({ folder })).get('client/1')).toBe('destroyed');
    expect(await keyFiles()).toEqual([]);
  });

  it('overlooks a line that a crash cut short, and refuses a list that is damaged otherwise', async () => {
    await store.createIfAbsent('client/1', random);
    await appendFile(join(folder, 'destroyed'), '\nabc123');
    await store.destroy(['client/2']);
    const reopened = await FileKeyStore.open({ folder });
    expect([await reopened.get('client/2'), await reopened.get('client/1')]).toEqual(['destroyed', expect.any(Secret)]);
    await appendFile(join(folder, 'destroyed'), '\nnot a digest\n');
    await expect(FileKeyStore.open({ folder })).rejects.toThrow(/destruction list/);
    await expect(reopened.get('client/1')).rejects.toThrow(/destruction list/);
  });

  it('sees a list that an operator put in place while it was running, and forgets nothing of the old one', async () => {
    await store.createIfAbsent('client/1', random);
    const [file = ''] = await keyFiles();
    await store.createIfAbsent('client/2', random);
    await store.destroy(['client/2']);
    await rm(join(folder, 'destroyed'));
    await writeFile(join(folder, 'destroyed'), `${file.slice(-64)}\n`);
    expect([await store.get('client/1'), await store.get('client/2')]).toEqual(['destroyed', 'destroyed']);
  });

  it('says that a key file is damaged, without showing it', async () => {
    await store.createIfAbsent('client/1', random);
    const [file = ''] = await keyFiles();
    await writeFile(file, (await readFile(file, 'latin1')).slice(0, 30));
    const reopened = await FileKeyStore.open({ folder });
    await expect(reopened.get('client/1')).rejects.toThrow(
      /^A key file is damaged: restore the keys, the destruction list first\.$/,
    );
  });

  it('shreds the destroyed among restored keys, and opens within seconds with a hundred thousand destroyed and a thousand restored ones', async () => {
    const digests = Array.from({ length: 100_000 }, () => Buffer.from(random()).toString('hex'));
    await appendFile(join(folder, 'destroyed'), `${digests.join('\n')}\n`);
    const restored = Array.from({ length: 1_000 }, () => Buffer.from(random()).toString('hex'));
    for (const digest of [...restored, ...digests.slice(0, 50)]) {
      await mkdir(join(folder, 'keys', digest.slice(0, 2)), { recursive: true });
      await writeFile(join(folder, 'keys', digest.slice(0, 2), digest), 'convenant-key 1 AAAA\n');
    }
    // What was destroyed is overwritten at the first opening, with two flushes of the disk for each: how long these take is the disk's.
    await FileKeyStore.open({ folder });
    expect(await keyFiles()).toHaveLength(1_000);
    const started = performance.now();
    const reopened = await FileKeyStore.open({ folder });
    await reopened.createIfAbsent('client/1', random);
    for (let time = 0; time < 1_000; time++) await reopened.get('client/1');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await keyFiles()).toHaveLength(1_001);
  });
});
