/** Runs the commands of an installation as an operator would: secrets are drawn once, and partners are pinned by what was compared. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PinnedPartners } from '@convenant/launch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const tools = join(import.meta.dirname, '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convenant-commands-'));
  mkdirSync(join(folder, 'ggz-voorbeeld'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
const run = (tool: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(tools, tool), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += String(data)));
    child.stderr.on('data', (data) => (err += String(data)));
    child.once('close', (code) => resolve({ code, out, err }));
  });

const partners = (organisation: string, kind: string, ...args: string[]): Promise<Ended> =>
  run('partners.mjs', ...args, '--organisation', organisation, '--kind', kind, '--folder', join(folder, organisation));
const agency = (...args: string[]): Promise<Ended> => partners('ggz-voorbeeld', 'mental-health', ...args);

/** The file that UWV sends, and the fingerprint that it reads aloud. */
async function sent(): Promise<{ file: string; fingerprint: string; shown: { keys: { signing: object[] } } }> {
  const { out } = await partners('uwv', 'uwv', 'keys');
  const file = join(folder, 'uwv.json');
  writeFileSync(file, out);
  const shown = JSON.parse(out) as { fingerprint: string; keys: { signing: object[] } };
  return { file, fingerprint: shown.fingerprint, shown };
}
const pinnedBy = async (organisation: string): Promise<PinnedPartners> =>
  PinnedPartners.open(join(folder, organisation, 'pinned-partners.json'));

describe('pinning a partner', () => {
  it('takes what was read aloud, whatever its spaces and capitals, and shows it afterwards', async () => {
    const { file, fingerprint, shown } = await sent();
    const pinned = await agency('pin', file, '--fingerprint', fingerprint.toLowerCase().replaceAll(' ', ''));
    expect(pinned).toMatchObject({ code: 0, err: '' });
    expect((await pinnedBy('ggz-voorbeeld')).keysOf('uwv')).toEqual(shown.keys);
    const { out } = await agency('list', '--json');
    expect(JSON.parse(out)).toEqual({ pinned: [{ id: 'uwv', kind: 'uwv', fingerprint }] });
  });

  it('pins nobody without a fingerprint, or with another one', async () => {
    const { file, fingerprint } = await sent();
    expect((await agency('pin', file)).code).toBe(2);
    const nowhere = await run(
      'partners.mjs',
      'pin',
      file,
      '--fingerprint',
      fingerprint,
      '--folder',
      join(folder, 'nowhere'),
    );
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('nowhere') });
    const other = fingerprint.replace(/\w/g, (digit) => (digit === '0' ? '1' : '0'));
    expect((await agency('pin', file, '--fingerprint', other)).code).toBe(1);
    expect((await pinnedBy('ggz-voorbeeld')).all()).toEqual([]);
  });

  it('refuses a file that was changed on the way, and one with a private key', async () => {
    const { file, fingerprint, shown } = await sent();
    writeFileSync(file, JSON.stringify({ ...shown, keys: { ...shown.keys, signing: [] } }));
    expect((await agency('pin', file, '--fingerprint', fingerprint)).err).toMatch(/does not hold a partner/);
    const [signing] = shown.keys.signing;
    writeFileSync(file, JSON.stringify({ ...shown, keys: { ...shown.keys, signing: [{ ...signing, d: 'x' }] } }));
    expect((await agency('pin', file, '--fingerprint', fingerprint)).err).toMatch(/private key/);
    writeFileSync(file, JSON.stringify({ ...shown, fingerprint: 'AAAA' }));
    expect((await agency('pin', file, '--fingerprint', 'AAAA')).err).toMatch(/is not that of the keys/);
    expect((await pinnedBy('ggz-voorbeeld')).all()).toEqual([]);
  });

  it('takes other keys for the same partner only when it is told to', async () => {
    const first = await sent();
    await agency('pin', first.file, '--fingerprint', first.fingerprint);
    rmSync(join(folder, 'uwv'), { recursive: true });
    const second = await sent();
    expect((await agency('pin', second.file, '--fingerprint', second.fingerprint)).code).toBe(1);
    expect((await pinnedBy('ggz-voorbeeld')).keysOf('uwv')).toEqual(first.shown.keys);
    expect((await agency('pin', second.file, '--fingerprint', second.fingerprint, '--replace')).code).toBe(0);
    expect((await pinnedBy('ggz-voorbeeld')).keysOf('uwv')).toEqual(second.shown.keys);
  });

  it('in a trial waits for everybody, and gives nobody a private key', async () => {
    const meeting = join(folder, 'meeting');
    const ids = ['uwv', 'ggz-voorbeeld'];
    const met = await Promise.all([
      partners('uwv', 'uwv', 'meet', meeting, '--with', ids.join()),
      agency('meet', meeting, '--with', ids.join()),
    ]);
    expect(met.map(({ code }) => code)).toEqual([0, 0]);
    expect((await pinnedBy('uwv')).all().map(({ id }) => id)).toEqual(['ggz-voorbeeld']);
    expect((await pinnedBy('ggz-voorbeeld')).all().map(({ id }) => id)).toEqual(['uwv']);
    for (const file of readdirSync(meeting)) expect(readFileSync(join(meeting, file), 'utf8')).not.toMatch(/"d":/);
    const alone = await agency('meet', meeting, '--with', 'insurer-voorbeeld', '--wait', '1');
    expect(alone).toMatchObject({ code: 1, err: expect.stringContaining('insurer-voorbeeld') });
  });
});

describe('drawing secrets', () => {
  it('keeps what was drawn, completes what is missing, and never shows a value', async () => {
    const secrets = join(folder, 'secrets');
    const draw = (): Promise<Ended> => run('deploy-secrets.mjs', '--folder', secrets, '--json');
    const first = await draw();
    const all = join(secrets, 'all.json');
    const drawn = JSON.parse(readFileSync(all, 'utf8')) as Record<string, string>;
    expect(Object.values(drawn).filter((value) => first.out.includes(value))).toEqual([]);
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
    expect(statSync(all).mode & 0o777).toBe(0o600);
    expect(statSync(join(secrets, 'keycloak.env')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(secrets, 'uwv-gateway-secret'), 'utf8')).toBe(drawn['uwv/gateway']);

    const { 'uwv/gateway': forgotten, ...kept } = drawn;
    writeFileSync(all, JSON.stringify(kept));
    expect(JSON.parse((await draw()).out)).toMatchObject({ drawn: ['uwv/gateway'] });
    const again = JSON.parse(readFileSync(all, 'utf8')) as Record<string, string>;
    expect(again).toMatchObject(kept);
    expect(again['uwv/gateway']).not.toBe(forgotten);
    expect(readFileSync(join(secrets, 'gateway-uwv-organisation-secret'), 'utf8')).toBe(again['uwv/gateway']);
  });
});
