/** That a secret in a file is taken as it stands there, and that nothing of it is ever said. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secretsFromFiles } from './secrets-from-files.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convenant-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (variables: Record<string, string>) => secretsFromFiles(variables, ['PASSWORD', 'URL']);

describe('a secret in a file', () => {
  it('takes the place of the setting, without the newline at its end', () => {
    const variables = {
      PASSWORD_FILE: file('password', 'geheim\n'),
      URL_FILE: file('url', 'postgres://x\r\n'),
      OTHER: '1',
    };
    expect(read(variables)).toEqual({
      variables: { ...variables, PASSWORD: 'geheim', URL: 'postgres://x' },
      wrong: new Map(),
    });
  });

  it('keeps everything else that stands in it', () => {
    expect(read({ PASSWORD_FILE: file('spaces', ' a b \n\n') }).variables['PASSWORD']).toBe(' a b \n');
  });

  it('is not looked for when only the setting is there, or nothing is', () => {
    expect(read({ PASSWORD: 'geheim', URL_FILE: '' })).toEqual({
      variables: { PASSWORD: 'geheim', URL_FILE: '' },
      wrong: new Map(),
    });
  });

  it('may stand beside a setting that was left empty', () => {
    expect(read({ PASSWORD: '', PASSWORD_FILE: file('beside', 'geheim') }).variables['PASSWORD']).toBe('geheim');
  });

  it('is read for secrets alone: another setting may end the same way', () => {
    expect(read({ CERTIFICATE_FILE: join(folder, 'nowhere') }).wrong.size).toBe(0);
  });

  it('is refused by name, and never quoted: given twice, not there, a folder, empty', () => {
    mkdirSync(join(folder, 'folder'));
    const there = file('twice', 'geheim');
    const refusals = [
      [{ PASSWORD: 'geheim', PASSWORD_FILE: there }, /^PASSWORD and PASSWORD_FILE are both there/],
      [{ PASSWORD_FILE: join(folder, 'nowhere') }, /^PASSWORD_FILE: .* cannot be read$/],
      [{ PASSWORD_FILE: join(folder, 'folder') }, /^PASSWORD_FILE: .* cannot be read$/],
      [{ PASSWORD_FILE: file('empty', '\n') }, /^PASSWORD_FILE: .* nothing in it$/],
    ] as const;
    for (const [variables, sentence] of refusals) {
      const said = read(variables).wrong.get('PASSWORD');
      expect(said).toMatch(sentence);
      expect(said).not.toMatch(/geheim|convenant-secrets/);
    }
  });
});
