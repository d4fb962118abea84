/** That pgbench is found where it may be, and that what it prints is read. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPgbench, rateIn } from './pgbench.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convenant-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('pgbench', () => {
  it('is taken from the PATH first', async () => {
    const file = join(folder, 'pgbench');
    await writeFile(file, '');
    await chmod(file, 0o755);
    expect(await findPgbench(['', join(folder, 'nothing'), folder].join(delimiter))).toBe(file);
  });
  it('is found where Debian keeps it, the newest first', async () => {
    for (const version of ['9', '18', '16']) {
      await mkdir(join(folder, 'postgresql', version, 'bin'), { recursive: true });
      await writeFile(join(folder, 'postgresql', version, 'bin', 'pgbench'), '', { mode: 0o755 });
    }
    const kept = join(folder, 'postgresql', '*', 'bin', 'pgbench');
    expect(await findPgbench('', kept)).toBe(join(folder, 'postgresql', '18', 'bin', 'pgbench'));
  });
  it('may be nowhere', async () => {
    expect(await findPgbench(join(folder, 'nothing'), join(folder, 'nothing'))).toBeUndefined();
  });
  it.each([
    ['tps = 1234.567890 (without initial connection time)', 1234.56789],
    ['tps = 900.1 (including connections establishing)\ntps = 901.25 (excluding connections establishing)\n', 901.25],
    ['pgbench: error: connection failed', undefined],
  ])('says how many transactions it did: %s', (output, rate) => {
    expect(rateIn(`latency average = 1 ms\n${output}`)).toBe(rate);
  });
});
