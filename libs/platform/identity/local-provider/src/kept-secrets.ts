/** Keeps an organisation's signing key and secrets in a folder of its own, so that a restart changes nobody's token or subject. */
import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeptSecrets {
  /** ES256, as JWK with a key id; private. */
  readonly signingKey: Record<string, string>;
  readonly cookieSecret: string;
  /** The name of an account at this organisation. Nothing about the account, or about the same person elsewhere, follows from it. */
  subjectOf(account: string): string;
}

/** Makes what is missing. Files are readable for their owner only, and never overwritten. */
export function keepSecrets(folder: string, organisation: string): KeptSecrets {
  const own = join(folder, organisation);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  chmodSync(own, 0o700);
  const signingKey = JSON.parse(kept(join(own, 'signing-key.json'), newSigningKey)) as Record<string, string>;
  const subjectSecret = kept(join(own, 'subject-secret'), newSecret);
  const cookieSecret = kept(join(own, 'cookie-secret'), newSecret);
  return {
    signingKey,
    cookieSecret,
    subjectOf: (account) =>
      createHmac('sha256', subjectSecret).update(`${organisation}\n${account}`).digest('hex').slice(0, 40),
  };
}

const newSecret = (): string => randomBytes(32).toString('base64url');

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' });
}

/** Written aside and then linked in place: of two processes that start together, both end up with the first one's. */
function kept(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const aside = `${file}.${randomUUID()}`;
    writeFileSync(aside, make(), { mode: 0o600, flag: 'wx', flush: true });
    try {
      linkSync(aside, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(aside);
    }
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8');
}
