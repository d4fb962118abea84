/** Brings a Kafka cluster to the topics and rights declared in infra/kafka/topics.json, and says what it changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bootstrap.mjs';
import { build } from './build.mjs';

const help = `npm run kafka:apply -- --brokers HOST:PORT[,HOST:PORT...] [options]

Options
  --dry-run          says what would change, and changes nothing
  --json             the changes as one line of JSON
  --file FILE        another declaration than infra/kafka/topics.json
  --replicas N       at most so many copies; for a cluster with fewer brokers than the declaration counts on
  --mechanism NAME   plain, scram-sha-256 or scram-sha-512; the administrator's name and password are then read from
                     KAFKA_ADMIN_USERNAME and KAFKA_ADMIN_PASSWORD, or the file that KAFKA_ADMIN_PASSWORD_FILE names
  --ca FILE          encrypts, and trusts the broker by this certificate (PEM)
  --help             this text

Topics are made and changed, never removed; partitions are added, never taken away. Rights on names below the prefix that are not declared
are taken away. Twice the same declaration: the second time nothing changes.
`;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main() {
  const { values } = readOptions();
  if (values.help) return process.stdout.write(help);
  if (!values.brokers) throw new Error(`Say which cluster: --brokers HOST:PORT.\n\n${help}`);
  await build();
  const { applyTopology, expandTopology, withoutDriverWarnings } = await import('@convenant/exchange-kafka');
  withoutDriverWarnings();
  const topology = await declared(values.file ?? join(root, 'infra/kafka/topics.json'));
  const replicas = values.replicas === undefined ? undefined : wholeNumber(values.replicas);
  const changes = await applyTopology(
    await connection(values),
    expandTopology(topology, replicas === undefined ? {} : { replicas }),
    {
      dryRun: values['dry-run'],
      topicPrefix: topology.topicPrefix,
    },
  );
  if (values.json) return process.stdout.write(`${JSON.stringify({ dryRun: values['dry-run'], changes })}\n`);
  for (const change of changes) process.stdout.write(`${inWords(change)}\n`);
  process.stdout.write(
    `${changes.length === 0 ? 'Everything is as declared.' : `${changes.length} ${values['dry-run'] ? 'to change' : 'changed'}.`}\n`,
  );
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        brokers: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        file: { type: 'string' },
        replicas: { type: 'string' },
        mechanism: { type: 'string' },
        ca: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Error(`${error.message}\n\n${help}`, { cause: error });
  }
}

async function declared(file) {
  const { topologySchema } = await import('@convenant/exchange-kafka');
  let content;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} is not there, or is not JSON.`);
  }
  const read = topologySchema.safeParse(content);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`${file} does not declare topics:\n${lines.join('\n')}`);
}

async function connection({ brokers, mechanism, ca }) {
  const { secretsFromFiles } = await import('@convenant/settings');
  const { variables, wrong } = secretsFromFiles(process.env, ['KAFKA_ADMIN_PASSWORD']);
  for (const sentence of wrong.values()) throw new Error(`${sentence}.`);
  const { KAFKA_ADMIN_USERNAME: username, KAFKA_ADMIN_PASSWORD: password } = variables;
  if (mechanism && !['plain', 'scram-sha-256', 'scram-sha-512'].includes(mechanism))
    throw new Error('--mechanism is plain, scram-sha-256 or scram-sha-512.');
  if (mechanism && (!username || !password))
    throw new Error('KAFKA_ADMIN_USERNAME and KAFKA_ADMIN_PASSWORD are not set.');
  return {
    brokers: brokers.split(',').map((each) => each.trim()),
    ...(mechanism ? { sasl: { mechanism, username, password } } : {}),
    ...(ca ? { tls: { ca: readFileSync(ca, 'utf8') } } : {}),
  };
}

function wholeNumber(text) {
  if (!/^[1-9]\d?$/.test(text)) throw new Error('--replicas is a whole number from 1.');
  return Number(text);
}

function inWords(each) {
  switch (each.change) {
    case 'make-topic':
      return `topic ${each.topic.topic}: make, ${each.topic.partitions} partitions, ${each.topic.replicas} copies`;
    case 'add-partitions':
      return `topic ${each.topic}: from ${each.from} to ${each.to} partitions`;
    case 'set':
      return Object.keys(each.was)
        .map((name) => `topic ${each.topic}: ${name} from ${each.was[name] || 'nothing'} to ${each.settings[name]}`)
        .join('\n');
    case 'none-possible':
      return `topic ${each.topic}: ${each.sentence}`;
    default:
      return `${each.change} ${each.right.principal} to ${each.right.may} ${each.right.on} ${each.right.name}`;
  }
}
