/** The settings of the local installation, from the environment; every error names the setting to mend. */
import { join } from 'node:path';
import { z } from 'zod';

const portRange = 'must be a whole number from 0 to 65535';
const port = z
  .string()
  .regex(/^\d{1,5}$/, portRange)
  .transform(Number)
  .refine((number) => number <= 65535, portRange);
const environment = z.object({
  CONVENANT_HOST: z.string().default('127.0.0.1'),
  CONVENANT_GATEWAY_PORT: port.default(4000),
  CONVENANT_IDENTITY_PORT: port.default(4010),
  /** The first of a row; 0 takes free ones. */
  CONVENANT_ORGANISATION_PORT: port.default(4101),
  /** Of the embedded PostgreSQL. 0 takes a free one. */
  CONVENANT_POSTGRES_PORT: port.default(0),
  CONVENANT_DATA: z.string().default(join(process.cwd(), '.data', 'local')),
  /** An administrator's URL of a PostgreSQL server to use instead of the embedded one. */
  CONVENANT_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL like postgres://user:password@host:5432/postgres' })
    .optional(),
});

export interface LocalSettings {
  readonly host: string;
  readonly gatewayPort: number;
  readonly identityPort: number;
  readonly organisationPort: number;
  readonly postgresPort: number;
  readonly dataFolder: string;
  readonly databaseUrl?: string;
}

/** An empty setting counts as one that is not there. Throws an error with one line per wrong setting, without its value. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): LocalSettings {
  const parsed = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success)
    throw new Error(
      `These settings are wrong:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`).join('\n')}`,
    );
  const set = parsed.data;
  return {
    host: set.CONVENANT_HOST,
    gatewayPort: set.CONVENANT_GATEWAY_PORT,
    identityPort: set.CONVENANT_IDENTITY_PORT,
    organisationPort: set.CONVENANT_ORGANISATION_PORT,
    postgresPort: set.CONVENANT_POSTGRES_PORT,
    dataFolder: set.CONVENANT_DATA,
    ...(set.CONVENANT_DATABASE_URL ? { databaseUrl: set.CONVENANT_DATABASE_URL } : {}),
  };
}
