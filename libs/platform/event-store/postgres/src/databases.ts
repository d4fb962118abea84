/** Makes a database with two roles per organisation on a server, so that no organisation's role can even connect to another's database. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { notOpened } from './failures.js';
import type { DatabaseAccess } from './open-postgres.js';

export type OrganisationDatabase = Required<DatabaseAccess>;
export interface EnsureDatabasesOptions {
  /** A role that may create roles and databases. */
  readonly admin: string;
  readonly organisations: readonly string[];
  /** Where generated passwords are kept, readable by this user alone. Without it they are made anew, and older instances lose access. */
  readonly passwordsFile: string;
  readonly settingName?: string;
}
type Passwords = Record<string, string>;

/** Creates what is missing and changes nothing that is there, except a role's password when the file does not know it. */
export async function ensureDatabases(
  options: EnsureDatabasesOptions,
): Promise<Readonly<Record<string, OrganisationDatabase>>> {
  const { admin, organisations, passwordsFile, settingName = 'CONVENANT_DATABASE_URL' } = options;
  const url = new URL(admin);
  for (const each of organisations) databaseOf(each);
  const client = new pg.Client({ connectionString: admin, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock(7305, 0)');
    const passwords = await readPasswords(passwordsFile);
    const fresh = organisations.flatMap(rolesOf).filter((role) => !passwords[role]);
    for (const role of fresh) passwords[role] = freshPassword();
    if (fresh.length > 0) await writePasswords(passwordsFile, passwords);
    const made: [string, OrganisationDatabase][] = [];
    for (const organisation of organisations) {
      await ensureDatabase(client, organisation, passwords, new Set(fresh));
      const [owner, application] = rolesOf(organisation).map((role) =>
        urlFor(url, role, passwords[role] ?? '', databaseOf(organisation)),
      );
      made.push([organisation, { owner: owner ?? '', application: application ?? '' }]);
    }
    return Object.fromEntries(made);
  } catch (error) {
    if (error instanceof PasswordsUnreadable) throw error;
    return notOpened(error, url.host, settingName);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const databaseOf = (organisation: string): string => {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(organisation))
    throw new Error('An organisation id has small letters, digits and hyphens only.');
  return `convenant-${organisation}`;
};
export const rolesOf = (organisation: string): string[] =>
  ['owner', 'application'].map((part) => `${databaseOf(organisation)}-${part}`);

export const freshPassword = (): string => randomBytes(24).toString('base64url');

async function ensureDatabase(
  client: pg.Client,
  organisation: string,
  passwords: Passwords,
  fresh: ReadonlySet<string>,
): Promise<void> {
  const [owner = '', application = ''] = rolesOf(organisation);
  const database = databaseOf(organisation);
  const quoted = (name: string): string => client.escapeIdentifier(name);
  const password = (role: string): string => client.escapeLiteral(passwords[role] ?? '');
  for (const role of [owner, application]) {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
    if (!rowCount) await client.query(`create role ${quoted(role)} login password ${password(role)}`);
    else if (fresh.has(role)) await client.query(`alter role ${quoted(role)} login password ${password(role)}`);
  }
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (rowCount) return;
  // An administrator that is not a superuser may give a database only to a role that it belongs to.
  await client.query(`grant ${quoted(owner)} to current_user`);
  await client.query(
    `create database ${quoted(database)} owner ${quoted(owner)} template template0 encoding 'UTF8' locale 'C'`,
  );
  await client.query(`revoke all on database ${quoted(database)} from public`);
  await client.query(`grant connect on database ${quoted(database)} to ${quoted(application)}`);
}

function urlFor(admin: URL, role: string, password: string, database: string): string {
  const url = new URL(admin);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}

/** What the parser says of a damaged file quotes it. */
class PasswordsUnreadable extends Error {
  override readonly name = 'PasswordsUnreadable';
  constructor(file: string) {
    super(`${file} is damaged. Restore it, or remove it: the roles of the database then get new passwords.`);
  }
}

export async function readPasswords(file: string): Promise<Passwords> {
  if (!existsSync(file)) return {};
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Passwords;
  } catch {
    throw new PasswordsUnreadable(file);
  }
}

/** Whole or not at all: a half-written file would lock everyone out. */
export async function writePasswords(file: string, passwords: Passwords): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(passwords, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
