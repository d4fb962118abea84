/** Commands for operators: backup and restore, parked messages, and sending again. */
import {
  backupCommand,
  backupKeysCommand,
  releaseCommand,
  restoreCommand,
  restoreKeysCommand,
} from './backup-commands.js';
import type { ExitCode, Terminal } from './command.js';
import { lanesAgainCommand, parkedCommand } from './exchange-commands.js';

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<ExitCode>>> = {
  backup: backupCommand,
  'backup:keys': backupKeysCommand,
  restore: restoreCommand,
  'restore:keys': restoreKeysCommand,
  'restore:release': releaseCommand,
  parked: parkedCommand,
  'lanes:again': lanesAgainCommand,
};

const help = `Commands
  backup            copies the data of one organisation
  backup:keys       copies its keys and its destruction list, apart from the data
  restore           puts a backup of data into an empty database
  restore:keys      puts keys back, the destruction list first
  restore:release   opens the door of a restored organisation
  parked            lists parked messages and handles them again
  lanes:again       sends a restored partner everything again

Each has --help.
`;

const interrupted = new AbortController();
const interrupt = (): void => {
  process.stderr.write('\nStopping…\n');
  interrupted.abort(new Error('Interrupted.'));
};
process.once('SIGINT', interrupt).once('SIGTERM', interrupt);

const [name = '--help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) {
  process.exitCode = await command(args, {
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    signal: interrupted.signal,
  });
} else {
  const asked = name === '--help' || name === '-h';
  (asked ? process.stdout : process.stderr).write(asked ? help : `There is no command ${name}.\n\n${help}`);
  process.exitCode = asked ? 0 : 2;
}
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
