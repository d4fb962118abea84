/** Which trouble of the closed list an SQLSTATE of PostgreSQL, or an error code of the machine, stands for. */
import type { EngineTroubleCode } from '@convenant/kernel';

/** Our own word for what the driver gave up waiting for, without a code and without telling the server. */
export const queryTimeout = 'query-timeout';

/** The longest beginning that stands here decides. */
const troubles: Readonly<Record<string, EngineTroubleCode>> = {
  ECONNREFUSED: 'database-unreachable',
  ECONNRESET: 'database-unreachable',
  ECONNABORTED: 'database-unreachable',
  EPIPE: 'database-unreachable',
  ENOTFOUND: 'database-unreachable',
  EAI_AGAIN: 'database-unreachable',
  EHOSTUNREACH: 'database-unreachable',
  ENETUNREACH: 'database-unreachable',
  ETIMEDOUT: 'database-unreachable',
  [queryTimeout]: 'database-slow',
  '08': 'database-unreachable',
  '25006': 'database-read-only',
  '25P03': 'database-slow',
  '28': 'database-refuses-credentials',
  '3D000': 'database-missing',
  '3F000': 'database-not-migrated',
  '42501': 'database-refuses-rights',
  '42883': 'database-not-migrated',
  '42P01': 'database-not-migrated',
  '53': 'database-slow',
  '53100': 'database-full',
  '53300': 'database-out-of-connections',
  '55P03': 'database-slow',
  '57014': 'database-slow',
  '57P': 'database-unreachable',
};
/** As Node.js names what is wrong with a certificate, or with the encryption before it. */
const ofEncryption = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_(TLS|SSL)|^EPROTO$/;

export function troubleCodeOf(code: string): EngineTroubleCode {
  if (ofEncryption.test(code)) return 'database-certificate';
  return troubles[code] ?? troubles[code.slice(0, 3)] ?? troubles[code.slice(0, 2)] ?? 'database-trouble';
}
