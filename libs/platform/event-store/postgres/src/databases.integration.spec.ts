/** Making the databases of organisations when the file with their passwords is damaged: the file is named, and neither it nor the server is changed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ensureDatabases } from './databases.js';
import { testDatabase } from './for-tests/test-database.js';

it('names the file and quotes nothing of it', async () => {
  const test = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'convenant-passwords-'));
  const passwordsFile = join(folder, 'passwords.json');
  const damaged = '{"convenant-sample-owner":"geheim';
  await writeFile(passwordsFile, damaged);
  try {
    const failure = await ensureDatabases({ admin: test.admin, organisations: ['sample'], passwordsFile }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure?.message).toContain(`${passwordsFile} is damaged`);
    expect(`${failure?.message} ${failure?.stack}`).not.toContain('geheim');
    expect(await readFile(passwordsFile, 'utf8')).toBe(damaged);
  } finally {
    await rm(folder, { recursive: true });
    await test.drop();
  }
});
