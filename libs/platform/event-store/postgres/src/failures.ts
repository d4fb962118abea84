/** What went wrong with the database, in words for whoever runs it, and without anything that the database held or was given. */

/** Carries the code of the server or the system; never a value, a password or the text of a statement. */
export class PostgresFailure extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** The server refused this content (a constraint, a value out of range): trying the others without it may succeed. */
export const concernsContent = (error: unknown): boolean => /^(21|22|23)/.test(codeOf(error));

/** Rethrows without the details that drivers add, which may quote a row. */
export function described(error: unknown): never {
  if (error instanceof PostgresFailure) throw error;
  const code = codeOf(error);
  if (!code) throw error;
  throw new PostgresFailure(
    `PostgreSQL: ${reasons[code] ?? reasons[code.slice(0, 2)] ?? `it failed with code ${code}`}.`,
    code,
  );
}

/** For opening: names the setting that has to be mended. `where` is host, port and database, never the password. */
export function notOpened(error: unknown, where: string, setting: string): never {
  if (error instanceof PostgresFailure) throw error;
  const code = codeOf(error);
  const reason = openingReasons[code] ?? reasons[code] ?? reasons[code.slice(0, 2)];
  if (!reason && error instanceof Error && !code) throw error;
  throw new PostgresFailure(
    `The database at ${where} cannot be used: ${reason ?? `code ${code}`}. Check ${setting}.`,
    code,
  );
}

const codeOf = (error: unknown): string => {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : undefined;
  if (typeof code === 'string') return code;
  if (!(inner instanceof Error)) return '';
  if (/terminated/i.test(inner.message)) return 'ECONNRESET';
  return /timeout/i.test(inner.message) ? 'ETIMEDOUT' : '';
};

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'this host is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  '08': 'the connection broke',
  '23': 'a constraint refused it',
  '25P03': 'a transaction stood idle for too long and was ended',
  '40P01': 'two transactions waited for each other',
  '42501': 'this role has no right to do that',
  '53': 'the server is short of connections, memory or disk',
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
