/** One real Apache Kafka broker (KRaft, its own controller) on this machine, with an open listener and one that asks who is there. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaVersion, prepareKafka } from './kafka-jars.js';
import { keep, type KeptProcess } from './kept-process.js';
import { smallDisk, type SmallDiskKind } from './small-disk.js';

export interface KafkaOptions {
  /** Users of the listener that asks for a name and a password (SASL PLAIN); what they may do is for ACLs to say. */
  readonly users?: Readonly<Record<string, string>>;
  /** Further lines of server.properties. */
  readonly properties?: Readonly<Record<string, string | number>>;
  readonly onProgress?: (step: string) => void;
  /**
   * Messages lie on a disk of this size until `makeRoom`: for what happens when a disk is full. With `besides` there is a second disk, which has
   * room: the broker then goes on without the full one, where otherwise it stops by itself.
   */
  readonly disk?: { readonly bytes: number; readonly besides?: boolean };
}
export interface RunningKafka {
  readonly version: string;
  /** Whoever connects here may do everything: for administration on this machine. */
  readonly brokers: readonly string[];
  /** Whoever connects here gives a name and a password, and may do what the ACLs say. */
  readonly guardedBrokers: readonly string[];
  /** Data and `kafka.log`. */
  readonly folder: string;
  processId(): number;
  /** Whether it ended by itself. */
  isOver(): boolean;
  /** What stands for the small disk. */
  readonly disk?: SmallDiskKind;
  /** From the next start on there is room on its disk. */
  makeRoom(): void;
  /** `kill -9`; the data stay. */
  kill(): Promise<void>;
  /** Stops in order; the data stay. */
  halt(): Promise<void>;
  /** Starts again on the same data and the same ports. */
  restart(): Promise<void>;
  /** Stops, and removes the data. */
  stop(): Promise<void>;
}

const startWithinMs = 60_000;

/** Resolves once it answers. Stops when this process ends, however it ends, and its folder goes with it. */
export async function startKafka({
  users = {},
  properties = {},
  onProgress,
  disk,
}: KafkaOptions = {}): Promise<RunningKafka> {
  const classPath = await prepareKafka(onProgress);
  onProgress?.(`Starting Apache Kafka ${kafkaVersion()}`);
  const folder = await mkdtemp(join(tmpdir(), 'convenant-kafka-'));
  const [open, guarded, controller] = await freePorts(3);
  const config = join(folder, 'server.properties');
  const data = join(folder, 'data');
  await mkdir(data);
  const small = disk && (await smallDisk(join(folder, 'small'), disk.bytes));
  const settings = {
    ...serverProperties(folder, { open, guarded, controller }, users),
    // What the controller knows is not what fills a disk.
    ...(disk && {
      'log.dirs': [join(folder, 'small'), ...(disk.besides ? [data] : [])].join(','),
      'metadata.log.dir': join(folder, 'metadata'),
    }),
    ...properties,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const java = ['-cp', classPath, '-Xms192m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:-UsePerfData', ...logTo(folder)];
  const remove = async (): Promise<void> => {
    small?.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  await format(java, config).catch((error: unknown) => remove().then(() => Promise.reject(error)));

  let server: KeptProcess | undefined;
  const start = async (): Promise<void> => {
    server = await keep('java', [...java, 'kafka.Kafka', config], folder, 'kafka.log', small?.limits());
    const until = Date.now() + startWithinMs;
    while (!(await answers(open))) {
      if (server.isOver() || Date.now() > until) {
        await server.kill();
        throw new Error(`Apache Kafka does not start. Its log ends with:\n${await logOf(folder)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    version: kafkaVersion(),
    brokers: [`127.0.0.1:${open}`],
    guardedBrokers: [`127.0.0.1:${guarded}`],
    folder,
    processId: () => server?.processId ?? 0,
    isOver: () => server?.isOver() ?? true,
    ...(small && { disk: small.kind }),
    makeRoom: () => small?.makeRoom(),
    kill: async () => server?.kill(),
    halt: async () => server?.halt(),
    restart: start,
    async stop() {
      await server?.stop();
      await remove();
    },
  };
}

interface Ports {
  readonly open: number;
  readonly guarded: number;
  readonly controller: number;
}

function serverProperties(
  folder: string,
  { open, guarded, controller }: Ports,
  users: Readonly<Record<string, string>>,
): Record<string, string | number> {
  const login = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `OPEN://127.0.0.1:${open},GUARDED://127.0.0.1:${guarded},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `OPEN://127.0.0.1:${open},GUARDED://127.0.0.1:${guarded}`,
    'listener.security.protocol.map': 'OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'OPEN',
    'controller.listener.names': 'CONTROLLER',
    'listener.name.guarded.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.guarded.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required${login.join('')};`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Whoever needs no name is on this machine, and is its administrator.
    'super.users': 'User:ANONYMOUS',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // For so long the controller waits for a broker that was killed; one that stands still for longer is taken for it.
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'log.retention.check.interval.ms': 1_000,
  };
}

/** The binding that the pom brings reads these. */
const logTo = (folder: string): readonly string[] => [
  `-Dorg.slf4j.simpleLogger.logFile=${join(folder, 'kafka.log')}`,
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** An empty data folder must be told which cluster it is of. Waits: a second at the start of a test run. */
async function format(java: readonly string[], config: string): Promise<void> {
  const cluster = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  const args = [...java, 'kafka.tools.StorageTool', 'format', `--cluster-id=${cluster}`, '--config', config];
  const { status, stderr } = spawnSync('java', args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = stderr.trim().split('\n').slice(-5).join('\n');
  throw new Error(`The data folder of Apache Kafka could not be made:\n${said}`);
}

const logOf = async (folder: string): Promise<string> =>
  (await readFile(join(folder, 'kafka.log'), 'utf8').catch(() => '')).trim().split('\n').slice(-10).join('\n');

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(true)).once('error', () =>
      resolve(false),
    );
    socket.once('connect', () => socket.destroy());
  });

async function freePorts(count: number): Promise<[number, number, number]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number, number];
}
