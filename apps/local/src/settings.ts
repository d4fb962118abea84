/** The settings of the local installation, from the environment; every error names the setting to mend. */
import { join } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
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
  CONVENANT_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
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

/** Throws an error with one line per wrong setting, without its value. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): LocalSettings {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
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
