/** Starts a real Apache Kafka and a real PostgreSQL on this machine, for as long as it runs or as one command needs them. */
import { spawn } from 'node:child_process';
import { root } from './bootstrap.mjs';
import { build } from './build.mjs';

const help = `npm run engines -- [options] [--for COMMAND ARGUMENTS...]

Starts Apache Kafka (KRaft mode, from Maven Central; needs Java 17 and Maven) and PostgreSQL on free ports of this machine, with their data
in a temporary folder that goes when they stop. They stop with Ctrl+C, and with whoever started this.

Options
  --kafka-only       no PostgreSQL
  --json             says where they are in one line of JSON, and nothing else on standard output
  --for COMMAND...   runs this command with ORGANISATION_KAFKA_BROKERS and CONVENANT_DATABASE_URL set, stops when it ends, and exits as it does
  --help             this text
`;

const options = readOptions(process.argv.slice(2));
const say = (text) => process.stderr.write(`${text}\n`);
const running = [];
let stopping;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void stopAndExit(0));
// Whoever started this may be killed; its end of the pipe then closes, or somebody else becomes the parent.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stopAndExit(0), 500).unref();

try {
  await build();
  const { startKafka, startPostgres } = await import('@convenant/engines');
  const kafka = await start(startKafka({ onProgress: say }));
  const postgres = options.kafkaOnly ? undefined : await start(startPostgres({ onProgress: say }));
  tell(kafka, postgres);
  if (options.command.length > 0) await stopAndExit(await runCommand(kafka, postgres));
  // Nothing else keeps this process alive.
  setInterval(() => undefined, 60_000);
} catch (error) {
  say(`The engines could not start. ${error.message}`);
  await stopAndExit(1);
}

async function start(starting) {
  const engine = await starting;
  running.push(engine);
  // Asked to stop in the middle of the start.
  if (stopping) await engine.stop();
  return engine;
}

function tell(kafka, postgres) {
  if (options.json) {
    const found = {
      kafka: { version: kafka.version, brokers: kafka.brokers, folder: kafka.folder, processId: kafka.processId() },
    };
    if (postgres) found.postgres = { version: postgres.version, url: postgres.url, processId: postgres.processId() };
    return process.stdout.write(`${JSON.stringify(found)}\n`);
  }
  const lines = [
    `Apache Kafka ${kafka.version}  ORGANISATION_KAFKA_BROKERS=${kafka.brokers.join(',')}`,
    ...(postgres ? [`PostgreSQL ${postgres.version}  CONVENANT_DATABASE_URL=${postgres.url}`] : []),
    ...(options.command.length > 0 ? [] : ['Ready. Ctrl+C stops both; their data go with them.']),
  ];
  (options.command.length > 0 ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
}

function runCommand(kafka, postgres) {
  const [command, ...args] = options.command;
  const env = {
    ...process.env,
    ORGANISATION_KAFKA_BROKERS: kafka.brokers.join(','),
    ...(postgres ? { CONVENANT_DATABASE_URL: postgres.url } : {}),
  };
  const child = spawn(command, args, { cwd: process.env.INIT_CWD ?? root, stdio: 'inherit', env });
  running.push({ stop: async () => void child.kill() });
  return new Promise((resolve) => {
    child.once('error', () => {
      say(`There is no command ${command}.`);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function stopAndExit(code) {
  stopping ??= Promise.all(running.map((engine) => engine.stop().catch(() => undefined)));
  await stopping;
  process.exit(code);
}

function readOptions(args) {
  const at = args.indexOf('--for');
  const own = at === -1 ? args : args.slice(0, at);
  const command = at === -1 ? [] : args.slice(at + 1);
  const known = ['--kafka-only', '--json', '--help', '-h'];
  const wrong = own.filter((each) => !known.includes(each));
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(help);
    process.exit(0);
  }
  if (wrong.length > 0 || (at !== -1 && command.length === 0)) {
    process.stderr.write(
      `${wrong.length > 0 ? `There is no option ${wrong.join(', ')}.` : '--for needs a command.'}\n\n${help}`,
    );
    process.exit(2);
  }
  return { kafkaOnly: own.includes('--kafka-only'), json: own.includes('--json'), command };
}
