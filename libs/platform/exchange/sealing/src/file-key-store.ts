/** A key store in a folder of its own, one file per secret; for one machine, with as many processes as one likes. */
import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RecentlyUsed } from '@convenant/kernel';
import { DestructionList } from './destruction-list.js';
import { flushFolder, hasCode, makePrivateFolder, shred, writeOnce } from './durable-file.js';
import { Secret, type KeptSecret, type KeyStore } from './key-store.js';

export interface FileKeyStoreOptions {
  /** One per organisation; made when it does not exist. */
  readonly folder: string;
  /** Where the destruction list is, by default `destroyed` in the folder. Its backups are kept for ever and the newest is restored first. */
  readonly destructionList?: string;
  /** How many secrets stay in memory. */
  readonly remembered?: number;
}

/**
 * Readable for the account of the service only. Whoever is that account, or root, reads the keys: see SECURITY.md.
 * Overwriting a file does not reach what a copying file system or a worn flash cell keeps; disk encryption has to.
 */
export class FileKeyStore implements KeyStore {
  readonly #making = new Map<string, Promise<KeptSecret>>();
  readonly #shards = new Set<string>();

  private constructor(
    readonly folder: string,
    readonly list: DestructionList,
    readonly recent: RecentlyUsed<Secret>,
  ) {}

  /** Applies the destruction list before anything can be read: a key that is on it is removed, wherever it came from. */
  static async open({ folder, destructionList, remembered = 10_000 }: FileKeyStoreOptions): Promise<FileKeyStore> {
    const listFile = destructionList ?? join(folder, 'destroyed');
    await makePrivateFolder(folder);
    await chmod(folder, 0o700);
    // The list is made before the folder of keys, so keys without a list mean a restore that went half way.
    if ((await exists(join(folder, 'keys'))) && !(await exists(listFile))) {
      throw new Error(
        'These keys have no destruction list. Restore the list first; without it destroyed keys would come back.',
      );
    }
    const recent = new RecentlyUsed<Secret>(remembered);
    const list = await DestructionList.open(listFile, (digest) => recent.delete(digest));
    await makePrivateFolder(join(folder, 'keys'));
    await makePrivateFolder(join(folder, 'unfinished'));
    const store = new FileKeyStore(folder, list, recent);
    await store.#applyDestructionList();
    await store.#clearUnfinished();
    return store;
  }

  async createIfAbsent(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<KeptSecret> {
    const underway = this.#making.get(name);
    if (underway) return underway;
    const kept = this.#create(name, make).finally(() => this.#making.delete(name));
    this.#making.set(name, kept);
    return kept;
  }

  async get(name: string): Promise<KeptSecret | undefined> {
    const digest = digestOf(name);
    if (this.list.has(digest)) return 'destroyed';
    const remembered = this.recent.get(digest);
    if (remembered) return remembered;
    const contents = await readIfThere(this.#fileOf(digest));
    // Asked again: while this process was reading, another one may have put the name on the list and overwritten the file.
    if (this.list.has(digest)) return 'destroyed';
    if (contents === undefined) return undefined;
    const secret = parse(contents);
    this.recent.set(digest, secret);
    return secret;
  }

  async destroy(names: readonly string[]): Promise<void> {
    const digests = names.map(digestOf);
    await this.list.add(digests);
    for (const digest of digests) {
      this.recent.delete(digest);
      await shred(this.#fileOf(digest));
    }
  }

  async #create(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<KeptSecret> {
    const kept = await this.get(name);
    if (kept) return kept;
    const digest = digestOf(name);
    const contents = `convenant-key 1 ${Buffer.from(await make()).toString('base64url')}\n`;
    await this.#makeShard(digest);
    await writeOnce(this.#fileOf(digest), contents, join(this.folder, 'unfinished'));
    const first = await this.get(name);
    if (first === undefined) throw new Error('A key was gone right after it was written.');
    // Destroyed by another process between the question and the writing: that process found no file to remove.
    if (first === 'destroyed') await shred(this.#fileOf(digest));
    return first;
  }

  async #makeShard(digest: string): Promise<void> {
    const shard = digest.slice(0, 2);
    if (this.#shards.has(shard)) return;
    await makePrivateFolder(join(this.folder, 'keys', shard));
    this.#shards.add(shard);
  }

  async #applyDestructionList(): Promise<void> {
    const destroyed = this.list.all();
    if (destroyed.size === 0) return;
    for (const shard of await readdir(join(this.folder, 'keys'))) {
      for (const digest of await readdir(join(this.folder, 'keys', shard))) {
        if (destroyed.has(digest)) await shred(this.#fileOf(digest));
      }
    }
  }

  /**
   * What a crash left unfinished. Another process may be writing just now, so only what is old goes; and it is not overwritten,
   * because it may be a second name of a key that is in use.
   */
  async #clearUnfinished(): Promise<void> {
    const folder = join(this.folder, 'unfinished');
    const anHourAgoMs = Date.now() - 3_600_000;
    for (const name of await readdir(folder)) {
      const left = await stat(join(folder, name)).catch(() => undefined);
      if (left && left.mtimeMs < anHourAgoMs) await rm(join(folder, name), { force: true });
    }
    await flushFolder(folder);
  }

  /** Two hundred and fifty-six folders, so that no folder grows large. */
  #fileOf(digest: string): string {
    return join(this.folder, 'keys', digest.slice(0, 2), digest);
  }
}

/** Names are stored as digests: any text is a name, on every file system, and the list of destroyed keys names nobody. */
const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');

function parse(contents: string): Secret {
  const encoded = /^convenant-key 1 ([A-Za-z0-9_-]+)\n$/.exec(contents)?.[1];
  if (encoded === undefined) throw new Error('A key file is damaged: restore the keys, the destruction list first.');
  return new Secret(Buffer.from(encoded, 'base64url'));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const exists = async (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
