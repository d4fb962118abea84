/** Lets whoever runs a program give a secret as a file: where NAME is a secret, NAME_FILE may name the file that holds it. */
import { readFileSync } from 'node:fs';

export type Variables = Readonly<Record<string, string | undefined>>;

/** By the convention of container engines, which mount a secret as a file: an environment is readable for all who may inspect a container. */
const fileSetting = (name: string): string => `${name}_FILE`;

/**
 * The same variables, with every secret in its place that was given as a file; a newline at its end is not part of it. What is `wrong` is one
 * line per setting that names it and never says what the file holds. An empty setting counts as one that is not there.
 */
export function secretsFromFiles(
  variables: Variables,
  secrets: readonly string[],
): { readonly variables: Variables; readonly wrong: ReadonlyMap<string, string> } {
  const found: Record<string, string | undefined> = { ...variables };
  const wrong = new Map<string, string>();
  for (const name of secrets) {
    const setting = fileSetting(name);
    const file = variables[setting];
    if (!file) continue;
    if (variables[name]) {
      wrong.set(name, `${name} and ${setting} are both there: give one of them`);
      continue;
    }
    const text = textOf(file);
    if (text === undefined) wrong.set(name, `${setting}: names a file that cannot be read`);
    else if (text === '') wrong.set(name, `${setting}: names a file with nothing in it`);
    else found[name] = text;
  }
  return { variables: found, wrong };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
