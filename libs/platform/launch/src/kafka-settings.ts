/** The settings of the exchange through Kafka, in place of addresses of partners; every error names the setting and never quotes its value. */
import { readFileSync } from 'node:fs';
import type { KafkaConnection } from '@convenant/exchange-kafka';
import { z } from 'zod';

const brokers = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .refine(
    (list) => list.every((each) => /^[^\s:/]+:\d{1,5}$/.test(each)),
    'must be like kafka-1.example:9093,kafka-2.example:9093',
  );
const pemFile = z.string().transform((file, context) => {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
    context.addIssue({ code: 'custom', message: 'names a file that is not in PEM form' });
  } catch {
    context.addIssue({ code: 'custom', message: 'names a file that cannot be read' });
  }
  return z.NEVER;
});

export const kafkaEnvironment = {
  /** `host:port`, with commas between; with it messages go through Kafka, without it over HTTP. */
  ORGANISATION_KAFKA_BROKERS: brokers.optional(),
  /** How this organisation signs in; without it, with no name or with its certificate. */
  ORGANISATION_KAFKA_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'is plain, scram-sha-256 or scram-sha-512')
    .optional(),
  ORGANISATION_KAFKA_USERNAME: z.string().min(1).optional(),
  ORGANISATION_KAFKA_PASSWORD: z.string().min(1).optional(),
  /** `off` on a network that nobody else is on; `on` trusts what the machine trusts, and ORGANISATION_KAFKA_CA_FILE instead when there is one. */
  ORGANISATION_KAFKA_TLS: z.enum(['on', 'off'], 'is on or off').default('on'),
  ORGANISATION_KAFKA_CA_FILE: pemFile.optional(),
  ORGANISATION_KAFKA_CERTIFICATE_FILE: pemFile.optional(),
  ORGANISATION_KAFKA_KEY_FILE: pemFile.optional(),
  /** What the names of topics and groups begin with. */
  ORGANISATION_KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9.-]*$/, 'has small letters, digits, dots and hyphens only')
    .optional(),
};
export type KafkaSettings = z.infer<z.ZodObject<typeof kafkaEnvironment>>;

/** What belongs together and is not there together, by the setting that is missing or too many. */
export function kafkaContradictions(
  settings: KafkaSettings,
): readonly { readonly setting: keyof KafkaSettings; readonly message: string }[] {
  const { ORGANISATION_KAFKA_MECHANISM: mechanism, ORGANISATION_KAFKA_TLS: tls } = settings;
  const signing = ['ORGANISATION_KAFKA_USERNAME', 'ORGANISATION_KAFKA_PASSWORD'] as const;
  const files = [
    'ORGANISATION_KAFKA_CA_FILE',
    'ORGANISATION_KAFKA_CERTIFICATE_FILE',
    'ORGANISATION_KAFKA_KEY_FILE',
  ] as const;
  const isHalf =
    (settings.ORGANISATION_KAFKA_CERTIFICATE_FILE === undefined) !==
    (settings.ORGANISATION_KAFKA_KEY_FILE === undefined);
  return [
    ...signing
      .filter((setting) => (settings[setting] === undefined) !== (mechanism === undefined))
      .map((setting) => ({
        setting,
        message: mechanism
          ? 'goes with ORGANISATION_KAFKA_MECHANISM and is missing'
          : 'needs ORGANISATION_KAFKA_MECHANISM',
      })),
    ...files
      .filter((setting) => tls === 'off' && settings[setting] !== undefined)
      .map((setting) => ({ setting, message: 'needs ORGANISATION_KAFKA_TLS=on' })),
    ...(isHalf
      ? [
          {
            setting: 'ORGANISATION_KAFKA_KEY_FILE' as const,
            message: 'and ORGANISATION_KAFKA_CERTIFICATE_FILE go together',
          },
        ]
      : []),
  ];
}

/** Undefined when this organisation does not exchange through Kafka. */
export function kafkaConnection(settings: KafkaSettings, clientId: string): KafkaConnection | undefined {
  const { ORGANISATION_KAFKA_BROKERS: addresses, ORGANISATION_KAFKA_MECHANISM: mechanism } = settings;
  if (!addresses) return undefined;
  const { ORGANISATION_KAFKA_USERNAME: username = '', ORGANISATION_KAFKA_PASSWORD: password = '' } = settings;
  const {
    ORGANISATION_KAFKA_CA_FILE: ca,
    ORGANISATION_KAFKA_CERTIFICATE_FILE: certificate,
    ORGANISATION_KAFKA_KEY_FILE: key,
  } = settings;
  return {
    brokers: addresses,
    clientId,
    tls: settings.ORGANISATION_KAFKA_TLS === 'on' && {
      ...(ca ? { ca } : {}),
      ...(certificate ? { certificate } : {}),
      ...(key ? { key } : {}),
    },
    ...(mechanism ? { sasl: { mechanism, username, password } } : {}),
  };
}
