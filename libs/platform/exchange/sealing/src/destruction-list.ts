/** The list of destroyed keys: a file that only grows, read again whenever another process added to it. */
import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from './durable-file.js';

/**
 * One line per key, the digest of its name. Two lists are merged by putting one after the other; the order does not matter and
 * repeats do no harm. A list is never shortened.
 */
export class DestructionList {
  readonly #destroyed = new Set<string>();
  #inode = 0;
  #size = -1;
  #changedAtMs = 0;
  #readUpTo = 0;

  private constructor(
    readonly file: string,
    readonly onDestroyed: (digest: string) => void,
  ) {}

  /** Makes an empty list when there is none yet; whether that is right is for the caller to know. */
  static async open(file: string, onDestroyed: (digest: string) => void): Promise<DestructionList> {
    const handle = await open(file, 'a', 0o600);
    await handle.sync();
    await handle.close();
    await flushFolder(dirname(file));
    const list = new DestructionList(file, onDestroyed);
    list.#refresh();
    return list;
  }

  /** Asks the file each time: costs a few microseconds, and sees what another process destroyed a moment ago. */
  has(digest: string): boolean {
    this.#refresh();
    return this.#destroyed.has(digest);
  }

  all(): ReadonlySet<string> {
    this.#refresh();
    return this.#destroyed;
  }

  /** When it returns, the digests are on disk. */
  async add(digests: readonly string[]): Promise<void> {
    const added = digests.filter((digest) => !this.has(digest));
    if (added.length === 0) return;
    const handle = await open(this.file, 'a', 0o600);
    try {
      // Begins with a line end too: a line that a crash cut short then spoils nothing but itself, and was never acknowledged.
      await handle.writeFile(`\n${added.join('\n')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#refresh();
  }

  #refresh(): void {
    if (this.#isAsRead(statSync(this.file))) return;
    const file = openSync(this.file, 'r');
    try {
      const { ino, size, mtimeMs } = fstatSync(file);
      // Another file, or a shorter one: an operator merged or restored. What was destroyed before stays destroyed.
      if (ino !== this.#inode || size <= this.#size) this.#readUpTo = 0;
      const unread = Buffer.alloc(Math.max(0, size - this.#readUpTo));
      const bytes = readSync(file, unread, 0, unread.length, this.#readUpTo);
      const wholeLines = unread.subarray(0, bytes).lastIndexOf('\n') + 1;
      this.#remember(unread.subarray(0, wholeLines).toString('latin1'));
      this.#readUpTo += wholeLines;
      this.#inode = ino;
      this.#size = size;
      this.#changedAtMs = mtimeMs;
    } finally {
      closeSync(file);
    }
  }

  #isAsRead({ ino, size, mtimeMs }: Stats): boolean {
    return ino === this.#inode && size === this.#size && mtimeMs === this.#changedAtMs;
  }

  #remember(lines: string): void {
    for (const line of lines.split('\n')) {
      if (/^[0-9a-f]{64}$/.test(line)) {
        if (this.#destroyed.has(line)) continue;
        this.#destroyed.add(line);
        this.onDestroyed(line);
      } else if (!/^[0-9a-f]{0,63}$/.test(line)) {
        throw new Error(
          'The destruction list holds a line that is not a digest: restore it from its own backup before opening keys.',
        );
      }
    }
  }
}
