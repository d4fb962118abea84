/** Commands over a whole installation: the story, and the check of its access logs. */
import { accessLogVerify } from './access-log-command.js';
import { storyCommand } from './story-command.js';

const help = `Commands
  story               plays one client through five organisations, through the gateway
  access-log:verify   goes through the access log of every organisation

Each has --help.
`;

const [command, ...args] = process.argv.slice(2);
process.exitCode = await run(command, args);

async function run(name: string | undefined, rest: readonly string[]): Promise<number> {
  switch (name) {
    case 'story':
      return storyCommand(rest);
    case 'access-log:verify':
      return accessLogVerify(rest);
    case undefined:
    case '--help':
    case '-h':
      process.stdout.write(help);
      return name === undefined ? 2 : 0;
    default:
      process.stderr.write(`There is no command ${name}.\n\n${help}`);
      return 2;
  }
}
