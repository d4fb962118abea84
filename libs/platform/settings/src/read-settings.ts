/** Reads the settings of a program from its environment; every error names the setting and never quotes its value, which may be a secret. */
import type { z } from 'zod';
import { secretsFromFiles, type Variables } from './secrets-from-files.js';

/** Throws one line per wrong setting. `secrets` are those that may be given as a file. */
export function readSettings<Environment extends z.ZodType>(
  environment: Environment,
  given: Variables,
  secrets: readonly string[],
): z.infer<Environment> {
  const { variables, wrong } = secretsFromFiles(given, secrets);
  const read = environment.safeParse(variables);
  if (read.success && wrong.size === 0) return read.data;
  // A file that cannot be read leaves its setting without a value: that is one fault, and is said once.
  const others = (read.error?.issues ?? [])
    .map(({ path, message }) => ({ setting: path.join('.'), message }))
    .filter(({ setting }) => !wrong.has(setting))
    .map(({ setting, message }) => `${setting}: ${message}`);
  throw new Error(`These settings are wrong:\n${[...wrong.values(), ...others].map((line) => `  ${line}`).join('\n')}`);
}
