/** What a backup of an organisation's data is: a file per table, and a manifest that is written last and says what every file must be. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const manifestName = 'manifest.json';
/** Views are made from the log; what the server knows of itself belongs to the server; the steps stand in the manifest. */
export const leftOut = ['views', 'view_rows', 'view_index', 'log_state', 'migrations'];

const count = z.number().int().min(0);
const file = z.strictObject({
  file: z.string().regex(/^[a-z0-9_-]+\.(copy|json)$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const manifestSchema = z.strictObject({
  kind: z.literal('convenant-data'),
  format: z.literal(1),
  product: z.string(),
  organisation: z.string(),
  madeAt: z.iso.datetime(),
  /** By component, how far its schema had been brought. */
  steps: z.record(z.string(), count),
  eventLog: z.strictObject({ epoch: count, events: count, position: z.string().optional() }),
  accessLog: z.strictObject({ links: count, signedHead: z.string().optional() }),
  tables: z.array(z.strictObject({ table: name, columns: z.array(name), rows: count, ...file.shape })),
  /** The partners whose keys were pinned; absent when the folder of the organisation was not named. */
  pinnedPartners: file.optional(),
});
export type DataBackup = z.infer<typeof manifestSchema>;

/** Throws when the folder is no finished backup of data. */
export async function readDataBackup(folder: string): Promise<DataBackup> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new Error(
      `${folder} holds no finished backup of data: there is no ${manifestName}. A backup that was interrupted is none.`,
    );
  const read = manifestSchema.safeParse(parsed(text));
  if (!read.success)
    throw new Error(`${join(folder, manifestName)} is not the manifest of a backup of data that this release knows.`);
  return read.data;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Throws for the first file that is missing or of which anything was changed, and names it. */
export async function checkFiles(
  folder: string,
  { tables, pinnedPartners }: DataBackup,
  signal?: AbortSignal,
): Promise<void> {
  for (const expected of [...tables, ...(pinnedPartners ? [pinnedPartners] : [])]) {
    const path = join(folder, expected.file);
    const measure = new Measure();
    await pipeline(createReadStream(path), measure, async (source) => {
      for await (const _ of source) signal?.throwIfAborted();
    }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new Error(`${path} is missing from the backup.`, { cause: error });
      throw error;
    });
    if (measure.sha256 !== expected.sha256) throw new Error(`${path} is not as it was written: its SHA-256 differs.`);
  }
}

/** Lets everything through, and knows its digest and its number of lines; in this form of COPY a row is a line, whatever is in it. */
export class Measure extends Transform {
  readonly #hash = createHash('sha256');
  #digest: string | undefined;
  lines = 0;

  constructor(private readonly onLines: (lines: number) => void = () => undefined) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.lines++;
    this.onLines(this.lines);
    done(null, chunk);
  }

  get sha256(): string {
    return (this.#digest ??= this.#hash.digest('hex'));
  }
}
