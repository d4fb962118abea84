/** The settings of a connection to Kafka, and the client of the driver that they make. */
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaConnection {
  /** `host:port`; any of them leads to all. */
  readonly brokers: readonly string[];
  /** Texts in PEM form. `true` trusts what the machine trusts; without it nothing is encrypted on the way, beyond what the messages themselves are. */
  readonly tls?: boolean | { readonly ca?: string; readonly certificate?: string; readonly key?: string };
  readonly sasl?: KafkaSasl;
  /** How this service is called in the broker's own log. */
  readonly clientId?: string;
}

/** A client that says nothing by itself: what operators should know is noted where it is known what it means. */
export function connectTo(
  { brokers, tls = false, sasl, clientId = 'convenant' }: KafkaConnection,
  { retries = 0, requestTimeoutMs = 10_000 }: { readonly retries?: number; readonly requestTimeoutMs?: number } = {},
): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl:
      typeof tls === 'boolean'
        ? tls
        : {
            ...(tls.ca ? { ca: tls.ca } : {}),
            ...(tls.certificate ? { cert: tls.certificate } : {}),
            ...(tls.key ? { key: tls.key } : {}),
          },
    ...(sasl ? { sasl: sasl as SASLOptions } : {}),
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: requestTimeoutMs,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
  });
}

/** The driver asks for a time-out in the past whenever nothing slows it down, and Node warns of it each time; other warnings stay. */
export function withoutDriverWarnings(): void {
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') for (const listener of others) listener(warning);
  });
}
