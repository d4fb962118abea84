/** What the commands of operators have in common: options, progress, interruption and exit codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EngineFailure } from '@convenant/kernel';
import { SingleBar } from 'cli-progress';

/** Where a command reads its settings and says what it did; whole lines. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Aborted when the operator interrupts. */
  readonly signal: AbortSignal;
}

/** 0: done. 1: it could not be done, and a sentence says why. 2: an option was not understood. 130: interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** The options, or the exit code when help was asked for or something was not understood. */
export function readOptions<Config extends ParseArgsConfig>(
  args: readonly string[],
  config: Config,
  help: string,
  { print, complain }: Terminal,
):
  | { readonly values: ReturnType<typeof parseArgs<Config>>['values']; readonly positionals: readonly string[] }
  | ExitCode {
  try {
    const read = parseArgs({ ...config, args: [...args] });
    if ((read.values as { help?: boolean }).help) return (print(help), 0);
    return read as { values: ReturnType<typeof parseArgs<Config>>['values']; positionals: string[] };
  } catch (error) {
    return (complain(`${(error as Error).message}\n\n${help}`), 2);
  }
}

/** Carries out the work; what goes wrong becomes one sentence and an exit code. */
export async function carryOut(terminal: Terminal, work: () => Promise<ExitCode | void>): Promise<ExitCode> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    if (terminal.signal.aborted) return (terminal.complain('Interrupted.'), 130);
    terminal.complain(inOneSentence(error));
    return 1;
  }
}

/** A database driver may quote a row in its details; its code is enough to look it up. */
function inOneSentence(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed for an unknown reason.';
  // Made for whoever runs it, and names what to mend.
  if (error instanceof EngineFailure) return error.message;
  const { code, severity } = error as { code?: string; severity?: string };
  if (severity !== undefined)
    return `PostgreSQL refused it, with code ${code ?? 'unknown'}. Check the URL of the database and the rights of its role.`;
  return error.message;
}

/** On standard error, and only when that is a terminal. */
export function progressBar(): {
  readonly show: (what: string, done: number, of: number) => void;
  readonly stop: () => void;
} {
  const bar = new SingleBar({
    format: '{what} {bar} {value}/{total}',
    clearOnComplete: true,
    stream: process.stderr,
    noTTYOutput: false,
  });
  let shown: string | undefined;
  return {
    show(what, done, of) {
      if (what !== shown) bar.start(of, done, { what });
      else bar.update(done, { what });
      shown = what;
    },
    stop: () => bar.stop(),
  };
}

/** The release that runs. */
export const productVersion = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }).version;
