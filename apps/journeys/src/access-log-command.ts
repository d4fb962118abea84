/** `npm run access-log:verify`: the access logs of the local installation, checked with the keys that lie beside its database. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { runVerifyCommand, verifyHelp } from '@convenant/access-log-postgres';
import { openAccessLogs, settingsFrom } from '@convenant/app-local';
import { storyFolder } from './story-command.js';

const placeHelp = `Where
  --data <folder>       the data of the installation; without it CONVENANT_DATA, or else .data/local or .data/story, whichever was used last

A database that is not running is started for as long as it takes; one that is running is used as it is.
`;

export async function accessLogVerify(args: readonly string[]): Promise<number> {
  const { folder, rest } = takeFolder(args);
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);
  if (rest.includes('--help') || rest.includes('-h')) return (print(`${verifyHelp}\n${placeHelp}`), 0);
  const settings = settingsFrom(process.env);
  const dataFolder = resolve(folder ?? process.env.CONVENANT_DATA ?? lastUsed(settings.dataFolder, storyFolder));
  const opened = await openAccessLogs({ ...settings, dataFolder }).catch((error: unknown) =>
    error instanceof Error ? error : new Error('unknown error'),
  );
  if (opened instanceof Error) {
    complain(`The access logs in ${dataFolder} cannot be opened. ${opened.message}`);
    return 1;
  }
  // Stopped halfway, what was started is stopped as well.
  const interrupt = (): void => void opened.close().then(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await runVerifyCommand({ args: rest, organisations: opened.organisations, print, complain });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await opened.close();
  }
}

function takeFolder(args: readonly string[]): { folder: string | undefined; rest: readonly string[] } {
  const at = args.findIndex((each) => each === '--data' || each.startsWith('--data='));
  if (at < 0) return { folder: undefined, rest: args };
  const inline = args[at]?.startsWith('--data=') ? args[at]?.slice('--data='.length) : undefined;
  return {
    folder: inline ?? args[at + 1],
    rest: args.filter((_each, index) => index !== at && (inline !== undefined || index !== at + 1)),
  };
}

const lastUsed = (...folders: readonly [string, ...string[]]): string =>
  folders.filter((each) => existsSync(each)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] ?? folders[0];
