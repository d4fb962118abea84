/** Commands over a whole installation: the story, the check of its access logs, and the benchmarks. */
import { accessLogVerify } from './access-log-command.js';
import { benchCommand } from './bench/bench-command.js';
import { storyCommand } from './story-command.js';

const help = `Commands
  story               plays one client through five organisations, through the gateway
  access-log:verify   goes through the access log of every organisation
  bench               measures what the parts cost, each beside something that anybody can measure

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
    case 'bench':
      return benchCommand(rest);
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
