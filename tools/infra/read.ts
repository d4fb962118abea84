/** Reads what is deployed as its engines would, for the tests: the compose file with its merges, and each service's environment with its secrets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { installation } from './installation.mjs';
import { completed, secretFiles } from './secrets.mjs';

const root = join(import.meta.dirname, '../..');
export const text = (file: string): string => readFileSync(join(root, file), 'utf8');
export const isThere = (file: string): boolean => existsSync(join(root, file));
export const json = <T>(file: string): T => JSON.parse(text(file)) as T;
export const yaml = <T>(file: string): T => parse(text(file), { merge: true, maxAliasCount: -1 }) as T;

export interface ComposedService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly args?: Readonly<Record<string, string>> };
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly restart?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}
export interface Composed {
  readonly services: Readonly<Record<string, ComposedService>>;
  readonly networks: Readonly<
    Record<string, { readonly internal?: boolean; readonly driver_opts?: Readonly<Record<string, string>> } | null>
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export const networksOf = ({ networks = [] }: ComposedService): readonly string[] =>
  Array.isArray(networks) ? (networks as readonly string[]) : Object.keys(networks);
/** Runs once and ends. */
export const isJob = ({ restart }: ComposedService): boolean => restart === 'no';

/** As `npm run deploy:secrets` would write them, with a value that is the same for nobody. */
export const madeSecrets = (() => {
  let drawn = 0;
  const draw = (): string => Buffer.alloc(32, ++drawn).toString('base64url');
  return secretFiles(completed({}, installation, draw), installation);
})();

/** What the service is told: what stands in the compose file, over what its files of settings hold, and its secrets for the files that it names. */
export function environmentOf({
  environment = {},
  env_file = [],
  secrets = [],
}: ComposedService): Readonly<Record<string, string>> {
  const fromFiles = env_file.map((file) => settingsIn(madeSecrets[file.replace('infra/secrets/', '')]?.text ?? ''));
  const told = Object.assign({}, ...fromFiles, environment) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(told).map(([name, value]) => {
      const mounted = secrets.find(({ target }) => value === `/run/secrets/${target}`);
      return mounted && name.endsWith('_FILE')
        ? [name.replace(/_FILE$/, ''), madeSecrets[mounted.source]?.text ?? '']
        : [name, value];
    }),
  );
}

/** `NAME=value`, line by line; what begins with a hash is for people. */
export const settingsIn = (lines: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
