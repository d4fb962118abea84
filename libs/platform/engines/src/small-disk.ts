/** A file system of so many bytes in memory, for what happens when a disk is full; where nobody may mount one, a limit on every file stands in. */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

/**
 * `file-system`: writing fails with ENOSPC, as on any full disk. `largest-file`: this process may not mount anything, so every file of the server
 * stops growing at that size instead, and writing fails with EFBIG.
 */
export type SmallDiskKind = 'file-system' | 'largest-file';

export interface SmallDisk {
  readonly kind: SmallDiskKind;
  /** Room for everything from now on; under `largest-file` from the next start of the server on. */
  makeRoom(): void;
  /** For the process that is kept on it. */
  limits(): { readonly mounted?: string; readonly largestFileBytes?: number };
  /** Everything on it is gone. */
  remove(): void;
}

const leastForAFile = 12_000_000;

export async function smallDisk(folder: string, bytes: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  if (mount('-t', 'tmpfs', '-o', `size=${bytes}`, 'convenant-small-disk', folder))
    return {
      kind: 'file-system',
      makeRoom() {
        if (!mount('-o', `remount,size=${bytes * 50}`, folder))
          throw new Error('The small disk could not be enlarged.');
      },
      limits: () => ({ mounted: folder }),
      remove: () => void spawnSync('umount', [folder]),
    };
  // An index file of Kafka is made as long as it may become.
  let limit: number | undefined = Math.max(bytes, leastForAFile);
  return {
    kind: 'largest-file',
    makeRoom: () => void (limit = undefined),
    limits: () => (limit === undefined ? {} : { largestFileBytes: limit }),
    remove: () => undefined,
  };
}

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args).status === 0;
