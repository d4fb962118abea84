/** Keeps the latest signed head in a file, out of reach of whoever changes the database; without it a cut tail would not show. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadAnchor } from '@convenant/access-log';

/**
 * The file is replaced as a whole and flushed before it takes the old one's place: after a crash there is the old head or the new one,
 * never half of one. Instances of one organisation may share a file; it then lags at most behind the one that was last.
 */
export class FileHeadAnchor extends HeadAnchor {
  readonly #file: string;

  constructor(file: string) {
    super();
    this.#file = file;
  }

  override async write(signed: string): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const unfinished = `${this.#file}.${randomBytes(6).toString('hex')}`;
    try {
      const handle = await open(unfinished, 'wx', 0o600);
      try {
        await handle.writeFile(`${signed}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, this.#file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** `undefined` when there is no file; whatever else is wrong with it is not hidden. */
  override async read(): Promise<string | undefined> {
    try {
      return (await readFile(this.#file, 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
