/** Shows this organisation's public keys, and pins those of a partner after their fingerprint was compared. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const help = `npm run partners -- COMMAND [options]

Commands
  keys               prints what a partner needs to pin this organisation, as JSON: its id, kind, public keys and their fingerprint
  list               prints whom this organisation pinned, with the fingerprints
  pin FILE           pins the partner in FILE, as its own "keys" printed it; needs --fingerprint
  meet FOLDER        for trials, where whoever starts this owns all keys: lays the public keys down in FOLDER, waits for those of --with,
                     and pins them without anybody comparing anything

Options
  --organisation ID  this organisation; or ORGANISATION_ID
  --kind KIND        what kind it is (keys, meet); or ORGANISATION_KIND
  --folder FOLDER    where its keys and pinned partners stand; or ORGANISATION_FOLDER
  --fingerprint TEXT what the partner read to you over another channel; spaces and capitals do not matter
  --replace          pin other keys for a partner that is pinned already
  --with ID,ID       whom to wait for (meet)
  --wait SECONDS     how long at most (meet)   120
  --json             list as one line of JSON
  --help             this text

A service reads the pinned partners when it starts: start it again afterwards. Exit code 0: done. 1: not done, and nothing changed.
2: an option is not understood. 130: stopped by Ctrl+C.
`;

class Misunderstood extends Error {}

process.once('SIGINT', () => process.exit(130));
try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof Misunderstood ? 2 : 1;
}

async function main() {
  const { values, positionals } = readOptions();
  const [command, target] = positionals;
  if (values.help) return process.stdout.write(help);
  const commands = { keys: printKeys, list, pin, meet };
  if (!Object.hasOwn(commands, command ?? ''))
    throw new Misunderstood(`Say what to do: keys, list, pin or meet.\n\n${help}`);
  await build();
  await commands[command](values, target);
}

async function printKeys(values) {
  process.stdout.write(`${JSON.stringify(await ownKeys(values), undefined, 2)}\n`);
}

async function list(values) {
  const { fingerprintOfAll } = await import('@convenant/exchange-sealing');
  const { partners } = await pinnedAt(values);
  const pinned = await Promise.all(
    partners.map(async ({ id, kind, keys }) => ({ id, kind, fingerprint: await fingerprintOfAll(keys) })),
  );
  if (values.json) return process.stdout.write(`${JSON.stringify({ pinned })}\n`);
  for (const { id, kind, fingerprint } of pinned) process.stdout.write(`${id} (${kind})\n  ${fingerprint}\n`);
  if (pinned.length === 0) process.stdout.write('Nobody is pinned: nothing is exchanged with anybody.\n');
}

async function pin(values, file) {
  if (!file) throw new Misunderstood('Say which file to pin: pin FILE.');
  if (!values.fingerprint)
    throw new Misunderstood(
      'Say with --fingerprint what the partner read to you over another channel: without it anybody could be pinned.',
    );
  const partner = await readPartner(file);
  if (plain(values.fingerprint) !== plain(partner.fingerprint))
    throw new Error(
      `The keys in ${file} do not have this fingerprint. Pin nothing; ask the partner over a channel that you trust.`,
    );
  const { partners, file: pinnedFile } = await pinnedAt(values);
  const before = partners.find(({ id }) => id === partner.id);
  if (before && !values.replace && JSON.stringify(before.keys) !== JSON.stringify(partner.keys))
    throw new Error(`${partner.id} is pinned with other keys. With --replace these take their place.`);
  await writePinned(pinnedFile, [...partners.filter(({ id }) => id !== partner.id), partner]);
  process.stdout.write(`${partner.id} is pinned. Start the service again, so that it reads this.\n`);
}

async function meet(values, folder) {
  if (!folder) throw new Misunderstood('Say where to meet: meet FOLDER.');
  const wait = Number(values.wait);
  if (!Number.isInteger(wait) || wait < 1) throw new Misunderstood('--wait is a whole number of seconds.');
  const own = await ownKeys(values);
  const others = (values.with ?? '').split(',').filter((id) => id !== '' && id !== own.id);
  if (others.length === 0) throw new Misunderstood('Say with --with whom to wait for.');
  mkdirSync(folder, { recursive: true });
  const at = (id) => join(folder, `${id}.json`);
  writeFileSync(`${at(own.id)}.new`, JSON.stringify(own));
  renameSync(`${at(own.id)}.new`, at(own.id));
  const until = Date.now() + wait * 1000;
  for (let away; (away = others.filter((id) => !existsSync(at(id)))).length > 0;) {
    if (Date.now() > until) throw new Error(`Not there after ${wait} seconds: ${away.join(', ')}.`);
    process.stderr.write(`Waiting for ${away.join(', ')}\n`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const partners = await Promise.all(others.map((id) => readPartner(at(id))));
  const { file } = await pinnedAt(values);
  await writePinned(file, partners);
  process.stdout.write(`${own.id} pinned ${others.join(', ')}.\n`);
}

async function ownKeys(values) {
  const [{ openKeys }, { fingerprintOfAll }] = await Promise.all([
    import('@convenant/launch'),
    import('@convenant/exchange-sealing'),
  ]);
  const { organisationKinds } = await import('@convenant/kernel');
  const id = organisationOf(values);
  const kind = values.kind ?? process.env.ORGANISATION_KIND;
  if (!organisationKinds.includes(kind)) throw new Misunderstood(`--kind is one of ${organisationKinds.join(', ')}.`);
  const folder = folderOf(values);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { published } = await openKeys(folder, id);
  return { id, kind, fingerprint: await fingerprintOfAll(published), keys: published };
}

/** Throws for what is not a partner with public keys, or whose own fingerprint is not that of its keys. */
async function readPartner(file) {
  const { fingerprintOfAll } = await import('@convenant/exchange-sealing');
  const { organisationKinds } = await import('@convenant/kernel');
  let read;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} is not there, or is not JSON.`);
  }
  const { id, kind, keys } = read;
  const all = [...(Array.isArray(keys?.signing) ? keys.signing : []), keys?.sealing];
  if (typeof id !== 'string' || !organisationKinds.includes(kind) || all.length < 2 || all.some((key) => !key?.kty))
    throw new Error(`${file} does not hold a partner: it needs id, kind, and keys with signing and sealing.`);
  if (all.some((key) => 'd' in key))
    throw new Error(`${file} holds a private key, and nothing of it is pinned. Its owner needs new keys.`);
  const fingerprint = await fingerprintOfAll(keys).catch(() => undefined);
  if (fingerprint === undefined || plain(read.fingerprint ?? '') !== plain(fingerprint))
    throw new Error(`The fingerprint in ${file} is not that of the keys in it.`);
  return { id, kind, keys, fingerprint };
}

async function pinnedAt(values) {
  const { PinnedPartners, pinnedFile } = await import('@convenant/launch');
  const folder = folderOf(values);
  // A folder with a slip of the pen in its name would be pinned into, and no service would ever read it.
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}. A service, or "keys", makes it.`);
  const file = pinnedFile(folder);
  const known = await PinnedPartners.open(file);
  return { file, partners: known.all().map(({ id, kind }) => ({ id, kind, keys: known.keysOf(id) })) };
}

async function writePinned(file, partners) {
  const { PinnedPartners } = await import('@convenant/launch');
  await PinnedPartners.pin(
    file,
    partners.map(({ id, kind, keys }) => ({ id, kind, keys })),
  );
}

function organisationOf(values) {
  const id = values.organisation ?? process.env.ORGANISATION_ID;
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(id ?? ''))
    throw new Misunderstood('Say with --organisation which organisation this is: small letters, digits and hyphens.');
  return id;
}

function folderOf(values) {
  const folder = values.folder ?? process.env.ORGANISATION_FOLDER;
  if (!folder) throw new Misunderstood('Say with --folder where the keys and the pinned partners stand.');
  return folder;
}

/** A function, because the command runs before the constants below it exist. */
function plain(fingerprint) {
  return fingerprint.replace(/\s/g, '').toUpperCase();
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        organisation: { type: 'string' },
        kind: { type: 'string' },
        folder: { type: 'string' },
        fingerprint: { type: 'string' },
        replace: { type: 'boolean', default: false },
        with: { type: 'string' },
        wait: { type: 'string', default: '120' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Misunderstood(`${error.message}\n\n${help}`, { cause: error });
  }
}
