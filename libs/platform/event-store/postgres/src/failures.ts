/** What went wrong with the database, in words for whoever runs it, and without anything that the database held or was given. */
import { EngineFailure, type EngineTroubleCode } from '@convenant/kernel';
import { queryTimeout, troubleCodeOf } from './trouble.js';

/** Carries the code of the server or the system; never a value, a password or the text of a statement. */
export class PostgresFailure extends EngineFailure {
  override readonly name: string = 'PostgresFailure';
  /** `setting` is the one that names the database. */
  constructor(
    message: string,
    readonly code: string,
    setting: string,
  ) {
    const trouble = troubleCodeOf(code);
    super(message, { code: trouble, setting: (whatToMend[trouble] ?? itself)(setting), reason: code || 'unknown' });
  }
}

/** Where the database is, and the settings that say so: of the application's role and of the owner's. Never a user or a password. */
export interface NamedDatabase {
  readonly where: string;
  readonly setting: string;
  readonly ownerSetting: string;
}

/** The server refused this content (a constraint, a value out of range): trying the others without it may succeed. */
export const concernsContent = (error: unknown): boolean => /^(21|22|23)/.test(codeOf(error));

/** What rethrows without the details that drivers add, which may quote a row. `setting` is the one that names the database. */
export const describedBy =
  (setting: string) =>
  (error: unknown): never => {
    if (error instanceof EngineFailure) throw error;
    const code = codeOf(error);
    if (!code) throw error;
    throw new PostgresFailure(`PostgreSQL: ${reasonOf(code) ?? `it failed with code ${code}`}.`, code, setting);
  };

/** For opening: names the setting that has to be mended. `where` is host, port and database, never the password. */
export function notOpened(error: unknown, where: string, setting: string): never {
  if (error instanceof EngineFailure) throw error;
  const code = codeOf(error);
  const reason = openingReasons[code] ?? reasonOf(code) ?? (code ? `code ${code}` : unnamed(error));
  throw new PostgresFailure(`The database at ${where} cannot be used: ${reason}. Check ${setting}.`, code, setting);
}

const itself = (setting: string): string => setting;
/** Of the troubles that no setting of the service mends. */
const whatToMend: Readonly<Partial<Record<EngineTroubleCode, (setting: string) => string>>> = {
  'database-out-of-connections': (setting) => `max_connections of the server in ${setting}`,
  'database-full': (setting) => `data_directory of the server in ${setting}`,
  'database-slow': (setting) => `load and locks of the server in ${setting}`,
};

/** The driver has no code for some of what it refuses by itself; its own sentence may quote what it was given. */
const unnamed = (error: unknown): string =>
  error instanceof Error && /SSL/.test(error.message)
    ? 'it does not speak TLS, which sslmode asks for'
    : `it failed without a code (${error instanceof Error ? error.name : typeof error})`;

const codeOf = (error: unknown): string => {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : undefined;
  if (typeof code === 'string') return code;
  if (!(inner instanceof Error)) return '';
  if (/terminated|not queryable/i.test(inner.message)) return 'ECONNRESET';
  if (/^SASL|password must be/i.test(inner.message)) return '28P01';
  // The second: every connection of the pool is at work, though the server answers.
  if (/^Query read timeout$|^timeout exceeded when trying to connect$/.test(inner.message)) return queryTimeout;
  return /timeout/i.test(inner.message) ? 'ETIMEDOUT' : '';
};

const reasonOf = (code: string): string | undefined => reasons[code] ?? reasons[code.slice(0, 2)];
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'this host is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this host',
  ENOENT: 'a file that is needed for it is not there',
  ETIMEDOUT: 'it did not answer in time',
  [queryTimeout]: 'it did not answer in time',
  '08': 'the connection broke',
  '23': 'a constraint refused it',
  '25006': 'the server takes no changes, as one that stands by for another',
  '25P03': 'a transaction stood idle for too long and was ended',
  '28': 'user name or password is wrong',
  '40P01': 'two transactions waited for each other',
  '42501': 'this role has no right to do that',
  '53': 'the server is short of memory or of something else',
  '53100': 'the disk of the server is full',
  '53300': 'the server has no connection left',
  '55P03': 'a lock was not free in time',
  '57014': 'it took too long and was stopped',
  '57': 'the server is stopping or starting',
};
const openingReasons: Readonly<Record<string, string>> = {
  '28P01': 'user name or password is wrong',
  '28000': 'this user may not connect from here',
  '3D000': 'there is no database of this name',
  '42501': 'this role lacks a right that it needs',
};
