/** Writing, making and shredding small files so that a crash at any moment leaves either the old state or the new one. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What was made or removed in this folder survives a loss of power. Windows keeps folders durable itself and opens none. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only for the account that the service runs as. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await flushFolder(dirname(folder));
}

/**
 * Puts a whole, flushed file in place, or leaves the one that is there: false then. A rename would replace it and with it the key
 * that somebody else has just begun to use, so the finished file is linked to its name, which fails when the name is taken.
 * `folderForUnfinished` must be on the same file system.
 */
export async function writeOnce(file: string, contents: string, folderForUnfinished: string): Promise<boolean> {
  const unfinished = join(folderForUnfinished, `${process.pid}-${randomBytes(8).toString('hex')}`);
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(unfinished, file);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return false;
  } finally {
    await unlink(unfinished);
    await flushFolder(dirname(file));
  }
}

/** Overwrites and removes. A file that is gone already is fine. */
export async function shred(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      const { size } = await handle.stat();
      await handle.write(randomBytes(size), 0, size, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file);
    await flushFolder(dirname(file));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

export const hasCode = (error: unknown, code: string): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === code;
