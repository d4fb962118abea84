/** What is wrong between this service and Kafka, as a code from a closed list and the setting that mends it, how loud and how soon again; never contents. */

export type TroubleCode =
  | 'kafka-unreachable'
  | 'kafka-breaks-off'
  | 'kafka-credentials'
  | 'kafka-certificate'
  | 'kafka-topic-missing'
  | 'kafka-not-allowed'
  | 'kafka-full'
  | 'kafka-leaderless'
  | 'kafka-not-ready'
  | 'kafka-broker-failed'
  | 'kafka-trouble';

export interface Trouble {
  readonly code: TroubleCode;
  /** What to mend. */
  readonly setting: string;
  /** The broker's or the machine's own word for it. */
  readonly reason: string;
}

/** Told to operators; the same as `note` of the host's operator log. */
export type KafkaNote = (
  level: 'info' | 'warning' | 'error',
  code: string,
  facts?: Readonly<Record<string, string | number>>,
) => void;

const mend: Readonly<Record<TroubleCode, { readonly setting: string; readonly sentence: string }>> = {
  'kafka-unreachable': {
    setting: 'ORGANISATION_KAFKA_BROKERS',
    sentence: 'No Kafka broker answers at the addresses in ORGANISATION_KAFKA_BROKERS',
  },
  'kafka-breaks-off': {
    setting: 'ORGANISATION_KAFKA_BROKERS, ORGANISATION_KAFKA_MECHANISM, ORGANISATION_KAFKA_TLS',
    sentence:
      'Kafka broke the connection off. If it always does, its listener wants another ORGANISATION_KAFKA_MECHANISM or ORGANISATION_KAFKA_TLS, or ORGANISATION_KAFKA_BROKERS names another listener',
  },
  'kafka-credentials': {
    setting: 'ORGANISATION_KAFKA_USERNAME, ORGANISATION_KAFKA_PASSWORD, ORGANISATION_KAFKA_MECHANISM',
    sentence:
      'Kafka does not accept ORGANISATION_KAFKA_USERNAME with ORGANISATION_KAFKA_PASSWORD by ORGANISATION_KAFKA_MECHANISM',
  },
  'kafka-certificate': {
    setting: 'ORGANISATION_KAFKA_CA_FILE',
    sentence: 'The certificate of the Kafka broker is not one that ORGANISATION_KAFKA_CA_FILE vouches for',
  },
  'kafka-topic-missing': {
    setting: 'infra/kafka/topics.json',
    sentence: 'A topic does not exist: declare it in infra/kafka/topics.json and run npm run kafka:apply',
  },
  'kafka-not-allowed': {
    setting: 'infra/kafka/topics.json',
    sentence: 'The ACLs of Kafka do not allow it: see infra/kafka/topics.json and run npm run kafka:apply',
  },
  'kafka-full': {
    setting: 'log.dirs of the broker',
    sentence: 'The broker cannot store messages: see to the disk of its log.dirs, and to its replicas',
  },
  'kafka-leaderless': {
    setting: 'log.dirs of the broker',
    sentence:
      'Nobody leads a partition, or not whom was asked: a broker is starting or away, or the disk of its log.dirs is full or broken and it leads nothing that lies there',
  },
  'kafka-not-ready': {
    setting: 'log of the broker',
    sentence:
      'The broker answers that it is not ready yet, as one does that is starting or takes over; if that lasts, its own log says why',
  },
  'kafka-broker-failed': {
    setting: 'log of the broker',
    sentence: 'Something failed inside the broker, which does not say what: its own log does',
  },
  'kafka-trouble': { setting: 'ORGANISATION_KAFKA_BROKERS', sentence: 'Kafka did not do what was asked' },
};

const notReadyForMs = 60_000;

/** What a broker says of itself for a moment is no error of anybody's, until it has said so for a minute. */
export const levelOf = ({ code }: Trouble, lastsMs = 0): 'warning' | 'error' =>
  code === 'kafka-not-ready' && lastsMs < notReadyForMs ? 'warning' : 'error';

const firstPauseMs = 250;
const lastPauseMs = 10_000;
/** A broker that says itself that it is a matter of a moment is asked again soon. */
const lastPauseNotReadyMs = 1_000;

/** How long whoever paused for `pausedMs` before pauses after this trouble: twice as long each time, up to a bound. 0 for who did not pause yet. */
export const nextPauseMs = (pausedMs: number, code: TroubleCode): number =>
  Math.min(code === 'kafka-not-ready' ? lastPauseNotReadyMs : lastPauseMs, Math.max(firstPauseMs, pausedMs * 2));

/** One sentence for a person. */
export const explain = ({ code, reason }: Trouble): string => `${mend[code].sentence} (${reason}).`;

export function troubleOf(error: unknown): Trouble {
  const causes = chain(error);
  const reason =
    causes.map(({ type, code, name }) => type ?? (typeof code === 'string' ? code : undefined) ?? name).at(-1) ??
    'unknown';
  const code = causes.map(codeOf).find((each) => each !== undefined) ?? 'kafka-trouble';
  return { code, setting: mend[code].setting, reason };
}

interface KafkaError {
  readonly name: string;
  readonly message: string;
  /** The protocol's word: TOPIC_AUTHORIZATION_FAILED. */
  readonly type?: string;
  readonly code?: string | number;
  readonly cause?: unknown;
}

function chain(error: unknown): KafkaError[] {
  const found: KafkaError[] = [];
  for (let each = error; each instanceof Error && found.length < 10; each = each.cause) found.push(each);
  return found.filter(({ name }, index) => index === 0 || name !== 'AggregateError');
}

/** What a broker answers, and what the driver says when it has not heard yet who leads what, while somebody starts or takes over. */
const notReady = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_CONTROLLER',
  'REPLICA_NOT_AVAILABLE',
  'OFFSET_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNSTABLE_OFFSET_COMMIT',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
]);

function codeOf({ name, type, code, message }: KafkaError): TroubleCode | undefined {
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') return 'kafka-credentials';
  if (type === 'ILLEGAL_SASL_STATE' || type === 'UNSUPPORTED_SASL_MECHANISM') return 'kafka-credentials';
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'INVALID_TOPIC_EXCEPTION') return 'kafka-topic-missing';
  if (type?.endsWith('_AUTHORIZATION_FAILED')) return 'kafka-not-allowed';
  if (type === 'KAFKA_STORAGE_ERROR' || type?.startsWith('NOT_ENOUGH_REPLICAS')) return 'kafka-full';
  // Not every replica had it in time.
  if (type === 'REQUEST_TIMED_OUT') return 'kafka-full';
  // What a full disk comes to after its first error, too.
  if (type === 'LEADER_NOT_AVAILABLE' || type === 'NOT_LEADER_FOR_PARTITION') return 'kafka-leaderless';
  if (notReady.has(type ?? name)) return 'kafka-not-ready';
  if (type === 'UNKNOWN' || type === 'CORRUPT_MESSAGE') return 'kafka-broker-failed';
  if (
    /certificate|self.signed|ERR_TLS|UNABLE_TO_VERIFY|wrong version number|EPROTO/i.test(`${String(code)} ${message}`)
  )
    return 'kafka-certificate';
  if (name === 'KafkaJSConnectionClosedError') return 'kafka-breaks-off';
  if (/GroupCoordinator|Connection|BrokerNotFound|NoBroker|Timeout/.test(name)) return 'kafka-unreachable';
  return undefined;
}
