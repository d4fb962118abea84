/** Gets the jars of Apache Kafka from Maven Central once, as infra/kafka/pom.xml names them, and keeps them in the cache of the workspace. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
const pom = join(root, 'infra/kafka/pom.xml');

/** As the pom names it. */
export const kafkaVersion = (): string => /<kafka\.version>([^<]+)</.exec(readFileSync(pom, 'utf8'))?.[1] ?? 'unknown';

/** Where the jars are kept; another pom, another folder. */
export const kafkaFolder = (): string =>
  join(root, '.cache/kafka', createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12));

/**
 * Resolves with the class path when the jars are there and Java can run them. Otherwise the error says what is missing and how to get it.
 * Two that ask at once do not disturb one another.
 */
export async function prepareKafka(onProgress: (step: string) => void = () => undefined): Promise<string> {
  await needJava();
  const folder = kafkaFolder();
  if (!existsSync(folder)) {
    onProgress(`Getting Apache Kafka ${kafkaVersion()} from Maven Central`);
    const made = `${folder}.${process.pid}`;
    await mkdir(made, { recursive: true });
    await getJars(made);
    // Somebody else may have been first; either is whole.
    await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  }
  return join(folder, '*');
}

async function needJava(): Promise<void> {
  const { code, output } = await run('java', ['-version']);
  const major = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (code === 0 && major >= 17) return;
  const found = code === 0 ? `this is Java ${major}` : 'there is no java on the PATH';
  throw new Error(
    `Apache Kafka needs Java 17 or newer, and ${found}. On Debian: apt-get install openjdk-17-jre-headless.`,
  );
}

async function getJars(folder: string): Promise<void> {
  const { code, output } = await run('mvn', [
    ...['-B', '-q', '-f', pom, 'dependency:copy-dependencies'],
    ...['-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
  ]);
  if (code === 0) return;
  await rm(folder, { recursive: true, force: true });
  if (code === undefined)
    throw new Error(
      'The jars of Apache Kafka are got with Maven, and there is no mvn on the PATH. On Debian: apt-get install maven.',
    );
  throw new Error(`Maven could not get the jars of Apache Kafka. It says:\n${lastLines(output)}`);
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n');

/** `code` is undefined when there is no such command. */
function run(command: string, args: readonly string[]): Promise<{ code: number | undefined; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString('utf8')));
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: undefined, output }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
