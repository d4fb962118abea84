/** The settings of one deployed organisation, from its environment; every error names the setting and never quotes its value. */
import { wrongWith } from '@convenant/event-store-kurrent';
import { readSettings, type ListensAt, type Variables } from '@convenant/settings';
import { z } from 'zod';
import { kafkaContradictions, kafkaEnvironment } from './kafka-settings.js';

const secret = z
  .base64url('is not base64url')
  .transform((text) => Uint8Array.from(Buffer.from(text, 'base64url')))
  .refine((bytes) => bytes.byteLength >= 32, 'must hold at least 32 bytes');
const postgres = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL like postgres://user:password@host:5432/database',
});

const environment = z
  .object({
    ...kafkaEnvironment,
    ORGANISATION_ID: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'has small letters, digits and hyphens only'),
    ORGANISATION_HOST: z.string().default('127.0.0.1'),
    ORGANISATION_PORT: z.coerce.number().int().min(0).max(65_535).default(4100),
    /** Keys, pinned partners and the head of the access log. */
    ORGANISATION_FOLDER: z.string().min(1),
    ORGANISATION_DATABASE_URL: postgres,
    /** Of the role that migrates; without it the schema must be there. */
    ORGANISATION_DATABASE_OWNER_URL: postgres.optional(),
    /** How long a start waits for a database that is away; 0 for not at all. */
    ORGANISATION_DATABASE_WAIT_SECONDS: z.coerce.number().int().min(0).max(86_400).default(600),
    /**
     * How long an answer waits for what its asker has done before, where the views are behind; then it shows what there is. What is decided on a
     * look-up waits as long, and is then tried again. A gateway gives up after fifteen seconds.
     */
    ORGANISATION_VIEWS_WAIT_SECONDS: z.coerce.number().int().min(1).max(10).default(2),
    /** Experimental: events in KurrentDB; views, ledger and access log stay in ORGANISATION_DATABASE_URL, and so do events without it. */
    ORGANISATION_EVENT_LOG: z
      .string()
      .superRefine((address, context) => {
        const message = wrongWith(address);
        if (message) context.addIssue({ code: 'custom', message });
      })
      .optional(),
    ORGANISATION_ISSUER: z.url(),
    /** Metrics and health on a listener of their own; none without it. */
    ORGANISATION_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    /** Only operators may reach it. */
    ORGANISATION_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    /** The base address of an OpenTelemetry collector, without `/v1/traces`; no traces are kept without it. */
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be a URL like http://collector.example:4318' })
      .optional(),
    /** Shared with this organisation's gateway alone. */
    ORGANISATION_GATEWAY_SECRET: secret,
    /** JSON: by partner, the base address of its inbox. */
    ORGANISATION_PARTNER_ADDRESSES: z
      .string()
      .default('{}')
      .transform((text, context) => {
        const parsed = z.record(z.string(), z.url()).safeParse(attempt(() => JSON.parse(text) as unknown));
        if (parsed.success) return parsed.data;
        context.addIssue({ code: 'custom', message: 'must be JSON like {"uwv":"https://inbox.example"}' });
        return z.NEVER;
      }),
  })
  .superRefine((settings, context) => {
    for (const { setting, message } of kafkaContradictions(settings))
      context.addIssue({ code: 'custom', path: [setting], message });
    if (settings.ORGANISATION_KAFKA_BROKERS && Object.keys(settings.ORGANISATION_PARTNER_ADDRESSES).length > 0)
      context.addIssue({
        code: 'custom',
        path: ['ORGANISATION_PARTNER_ADDRESSES'],
        message: 'is for HTTP, and ORGANISATION_KAFKA_BROKERS is set: choose one',
      });
  });
export type DeployedSettings = z.infer<typeof environment>;
/** Every setting that there is; another name is passed over in silence. */
export const settingNames: readonly string[] = Object.keys(environment.shape);
/** Those that may be given as a file. An address with a user in it holds her password. */
export const secretNames = [
  'ORGANISATION_DATABASE_URL',
  'ORGANISATION_DATABASE_OWNER_URL',
  'ORGANISATION_EVENT_LOG',
  'ORGANISATION_GATEWAY_SECRET',
  'ORGANISATION_KAFKA_PASSWORD',
] as const satisfies readonly (keyof typeof environment.shape)[];

/** Throws one line per wrong setting. */
export const deployedSettings = (given: Variables): DeployedSettings => readSettings(environment, given, secretNames);

/** Everywhere that such a service listens. */
export const placesOf = (settings: DeployedSettings): readonly ListensAt[] => [
  {
    host: settings.ORGANISATION_HOST,
    port: settings.ORGANISATION_PORT,
    hostSetting: 'ORGANISATION_HOST',
    portSetting: 'ORGANISATION_PORT',
  },
  ...(settings.ORGANISATION_METRICS_PORT === undefined
    ? []
    : [
        {
          host: settings.ORGANISATION_METRICS_HOST,
          port: settings.ORGANISATION_METRICS_PORT,
          hostSetting: 'ORGANISATION_METRICS_HOST',
          portSetting: 'ORGANISATION_METRICS_PORT',
        },
      ]),
];

const attempt = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
