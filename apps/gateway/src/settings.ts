/** Reads the settings of a deployed gateway from its environment, and names the setting that is wrong. */
import { z } from 'zod';
import { organisationKinds } from '@convenant/kernel';
import { readSettings, type ListensAt, type Variables } from '@convenant/settings';
import type { GatewayOptions } from './start-gateway.js';

const secret = z
  .base64url('is not base64url')
  .transform((text) => Uint8Array.from(Buffer.from(text, 'base64url')))
  .refine((bytes) => bytes.byteLength >= 32, 'must hold at least 32 bytes');
const whole = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const environment = z.object({
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** Compared exactly with `iss` in every token. */
  GATEWAY_ISSUER: z.url(),
  GATEWAY_ORGANISATION_ID: z.string().regex(/^[a-z0-9-]+$/),
  GATEWAY_ORGANISATION_KIND: z.enum(organisationKinds),
  GATEWAY_ORGANISATION_URL: z.url(),
  GATEWAY_ORGANISATION_SECRET: secret,
  /** The secretariat, when this gateway's people may ask it too. */
  GATEWAY_COVENANT_ID: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  GATEWAY_COVENANT_URL: z.url().optional(),
  GATEWAY_COVENANT_SECRET: secret.optional(),
  GATEWAY_REQUESTS_PER_MINUTE: whole(1_200),
  /** Metrics and health on a listener of their own; none without it. */
  GATEWAY_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Only operators may reach it. */
  GATEWAY_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** The base address of an OpenTelemetry collector, without `/v1/traces`; no traces are kept without it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be a URL like http://collector.example:4318' })
    .optional(),
});

/** Every setting that there is; another name is passed over in silence. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** Those that may be given as a file. */
export const secretNames = [
  'GATEWAY_ORGANISATION_SECRET',
  'GATEWAY_COVENANT_SECRET',
] as const satisfies readonly (keyof typeof environment.shape)[];

/** Everywhere that such a gateway listens. */
export const placesOf = ({ host, port, observe }: GatewayOptions): readonly ListensAt[] => [
  { host, port, hostSetting: 'GATEWAY_HOST', portSetting: 'GATEWAY_PORT' },
  ...(observe?.listen
    ? [{ ...observe.listen, hostSetting: 'GATEWAY_METRICS_HOST', portSetting: 'GATEWAY_METRICS_PORT' }]
    : []),
];

/** A deployed gateway serves one organisation and its people; the covenant stands beside it. Throws with one line per wrong setting. */
export function settingsFrom(given: Variables): GatewayOptions {
  const found = readSettings(environment, given, secretNames);
  const covenant = [found.GATEWAY_COVENANT_ID, found.GATEWAY_COVENANT_URL, found.GATEWAY_COVENANT_SECRET] as const;
  const [id, url, credentialSecret] = covenant;
  if (covenant.some((each) => each !== undefined) && covenant.includes(undefined)) {
    throw new Error(
      'GATEWAY_COVENANT_ID, GATEWAY_COVENANT_URL and GATEWAY_COVENANT_SECRET belong together: give all three or none.',
    );
  }
  return {
    host: found.GATEWAY_HOST,
    port: found.GATEWAY_PORT,
    issuer: found.GATEWAY_ISSUER,
    organisations: [
      {
        id: found.GATEWAY_ORGANISATION_ID,
        kind: found.GATEWAY_ORGANISATION_KIND,
        url: found.GATEWAY_ORGANISATION_URL,
        credentialSecret: found.GATEWAY_ORGANISATION_SECRET,
      },
      ...(id && url && credentialSecret ? [{ id, kind: 'covenant' as const, url, credentialSecret }] : []),
    ],
    observe: {
      ...(found.GATEWAY_METRICS_PORT === undefined
        ? {}
        : { listen: { host: found.GATEWAY_METRICS_HOST, port: found.GATEWAY_METRICS_PORT } }),
      ...(found.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { collector: found.OTEL_EXPORTER_OTLP_ENDPOINT }),
    },
    limits: { requestsPerMinute: found.GATEWAY_REQUESTS_PER_MINUTE },
  };
}
