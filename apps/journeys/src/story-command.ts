/** `npm run story`: starts an installation of its own, or visits a running one, plays the story, and says what came of it. */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal, type Local } from '@convenant/app-local';
import { removeEmbeddedPostgres } from '@convenant/event-store-postgres';
import { SingleBar } from 'cli-progress';
import { startDeployed, type DeployedOptions } from './deployed/start-deployed.js';
import { Installation } from './story/installation.js';
import { playStory, type StoryResult } from './story/play.js';

export const storyFolder = join(process.cwd(), '.data', 'story');

const help = `npm run story -- [options]

Plays one client, or many side by side, through five organisations, as the people themselves would: signed in, through the gateway.
Everything that the story claims is checked; the last line counts what does not hold.

Options
  --clients <n>   how many clients, 1 to 500                        1
  --seed <n>      which synthetic people they are                   1, or the clock with --url
  --url <url>     visit a running installation instead of starting one
  --deployed      every organisation in a process of its own, over a real Kafka and a PostgreSQL server; starts both (needs Java 17 and
                  Maven), unless ORGANISATION_KAFKA_BROKERS and CONVENANT_DATABASE_URL say where they are
  --data <folder> where the installation keeps its data                .data/story
  --keep          leave the installation running afterwards, to look around; Ctrl+C stops it
  --json          only the last line
  --help          this text

Without --url the installation is new each time, on free ports. Its data stay in their folder until the next story,
for npm run access-log:verify; what operators would read is in operator.log there. With --deployed the databases go with the server that
was started for it.

Exit code 0: every claim holds. 1: one does not, or the story could not be played. 2: an option is not understood. 130: stopped by Ctrl+C.
`;

interface StoryOptions {
  readonly clients: number;
  readonly seed: number;
  readonly url: string | undefined;
  readonly data: string;
  readonly deployed: boolean;
  readonly keep: boolean;
  readonly json: boolean;
}

export async function storyCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if ('wrong' in options) return (process.stderr.write(`${options.wrong}\n\n${help}`), 2);
  if ('help' in options) return (process.stdout.write(help), 0);
  const interrupted = new AbortController();
  const interrupt = (): void => {
    process.stderr.write('\nStopping…\n');
    interrupted.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const bar = new SingleBar({
    format: '{what} {bar} {value}/{total}',
    clearOnComplete: true,
    stream: process.stderr,
    noTTYOutput: false,
  });
  let own: Started | undefined;
  try {
    if (options.url === undefined) {
      bar.start(1, 0, { what: 'Starting' });
      own = await startAnew(options, (value, total) => {
        bar.setTotal(total);
        bar.update(value, { what: 'Starting' });
      });
      bar.stop();
    }
    interrupted.signal.throwIfAborted();
    const result = await play(options, own?.gatewayUrl ?? options.url ?? '', bar, interrupted.signal);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (options.keep && own) await untilStopped(own, interrupted.signal);
    return result.violations === 0 ? 0 : 1;
  } catch (error) {
    bar.stop();
    if (interrupted.signal.aborted) return 130;
    process.stderr.write(`The story could not be played. ${error instanceof Error ? error.message : ''}\n`);
    return 1;
  } finally {
    await own?.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function play(options: StoryOptions, url: string, bar: SingleBar, signal: AbortSignal): Promise<StoryResult> {
  const { clients, seed, json } = options;
  const counts = clients > 1 && !json;
  if (!json)
    process.stdout.write(
      `The story of ${clients === 1 ? 'one synthetic client' : `${clients} synthetic clients side by side; the first is told`} (seed ${seed}), at ${url}\n`,
    );
  if (counts) bar.start(1, 0, { what: 'Playing' });
  const result = await playStory({
    installation: await Installation.at(url, { signal }),
    clients,
    seed,
    shared: options.url !== undefined,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    onProgress: (done, of) => {
      if (!counts) return;
      bar.setTotal(of);
      bar.update(done, { what: 'Playing' });
    },
    signal,
  });
  bar.stop();
  return result;
}

type Started = Pick<Local, 'gatewayUrl' | 'stop'>;

async function startAnew(
  { data: dataFolder, deployed }: StoryOptions,
  onProgress: (done: number, of: number) => void,
): Promise<Started> {
  await clear(dataFolder);
  const notes = createWriteStream(join(dataFolder, 'operator.log'), { mode: 0o600 });
  const listening = {
    onProgress: (_step: string, done: number, of: number) => onProgress(done, of),
    onNote: (line: string) => void notes.write(`${line}\n`),
  };
  if (deployed) return startDeployed({ dataFolder, ...enginesOf(process.env), ...listening });
  const free = { host: '127.0.0.1', gatewayPort: 0, identityPort: 0, organisationPort: 0, postgresPort: 0 };
  return startLocal({ ...free, dataFolder }, listening);
}

/** Both or neither: one engine alone would leave it unclear which of the two is to be started. */
function enginesOf(variables: Readonly<Record<string, string | undefined>>): Pick<DeployedOptions, 'engines'> {
  const { ORGANISATION_KAFKA_BROKERS: brokers, CONVENANT_DATABASE_URL: databaseUrl } = variables;
  if (brokers && databaseUrl) return { engines: { brokers: brokers.split(','), databaseUrl } };
  if (brokers || databaseUrl)
    throw new Error('ORGANISATION_KAFKA_BROKERS and CONVENANT_DATABASE_URL belong together: give both or none.');
  return {};
}

/** Empties the folder of an earlier story, and never any other. */
async function clear(dataFolder: string): Promise<void> {
  const mark = join(dataFolder, 'played-by-npm-run-story');
  const found = await readdir(dataFolder).catch(() => []);
  if (found.length > 0 && !existsSync(mark))
    throw new Error(`${dataFolder} holds something else than an earlier story. Name another folder with --data.`);
  await removeEmbeddedPostgres(dataFolder);
  await rm(dataFolder, { recursive: true, force: true });
  await mkdir(dataFolder, { recursive: true });
  await writeFile(mark, '');
}

async function untilStopped({ gatewayUrl }: Started, signal: AbortSignal): Promise<void> {
  process.stderr.write(`Still running at ${gatewayUrl}. Ctrl+C stops it.\n`);
  const awake = setInterval(() => undefined, 60_000);
  await new Promise((stopped) => signal.addEventListener('abort', stopped, { once: true }));
  clearInterval(awake);
}

function readOptions(args: readonly string[]): StoryOptions | { readonly wrong: string } | { readonly help: true } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        clients: { type: 'string', default: '1' },
        seed: { type: 'string' },
        url: { type: 'string' },
        data: { type: 'string', default: storyFolder },
        deployed: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { help: true };
    const { url, deployed, keep, json } = values;
    const clients = Number(values.clients);
    const seed =
      values.seed === undefined
        ? url === undefined
          ? 1
          : Math.floor(Date.now() / 1000) % 1_000_000
        : Number(values.seed);
    if (!Number.isInteger(clients) || clients < 1 || clients > 500)
      return { wrong: '--clients takes a whole number from 1 to 500.' };
    if (!Number.isSafeInteger(seed) || seed < 0 || seed > 2 ** 31)
      return { wrong: '--seed takes a whole number from 0.' };
    if (url !== undefined && !URL.canParse(url))
      return { wrong: '--url takes an address, such as http://127.0.0.1:4000.' };
    if (deployed && url !== undefined)
      return { wrong: '--deployed starts an installation, --url visits one: choose one.' };
    return { clients, seed, url, data: resolve(values.data), deployed, keep, json };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : 'An option is not understood.' };
  }
}
