/** That a command finds a deployed organisation by the settings that its service has, secrets in files among them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPlace } from './place.js';

const application = 'postgres://application:geheim@db.example:5432/uwv';
const owner = 'postgres://owner:geheim@db.example:5432/uwv';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convenant-place-'));
  writeFileSync(join(folder, 'application'), `${application}\n`);
  writeFileSync(join(folder, 'owner'), `${owner}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the place of a deployed organisation', () => {
  it('is known by addresses in files as it is by those in the environment', async () => {
    const env = {
      ORGANISATION_ID: 'uwv',
      ORGANISATION_DATABASE_URL_FILE: join(folder, 'application'),
      ORGANISATION_DATABASE_OWNER_URL_FILE: join(folder, 'owner'),
    };
    expect(await findPlace({}, { env })).toMatchObject({ organisation: 'uwv', application, owner });
    // An option goes before a setting.
    expect(await findPlace({ database: owner }, { env })).toMatchObject({ application: owner });
  });

  it('is not guessed when such a file cannot be read', async () => {
    const env = { ORGANISATION_ID: 'uwv', ORGANISATION_DATABASE_URL_FILE: join(folder, 'nowhere') };
    await expect(findPlace({}, { env })).rejects.toThrow(
      'ORGANISATION_DATABASE_URL_FILE: names a file that cannot be read.',
    );
  });
});
