/** A process with the gateway of an installation, without a limit on how often one person may ask: a benchmark is one person. */
import { startGateway } from '@convenant/app-gateway';
import type { OrganisationKind } from '@convenant/kernel';

/** What the benchmark hands over, in UNLIMITED_GATEWAY. */
export interface UnlimitedGateway {
  /** base64url; the same for all organisations. */
  readonly secret: string;
  readonly organisations: readonly {
    readonly id: string;
    readonly kind: OrganisationKind;
    readonly url: string;
    readonly issuer: string;
  }[];
}

try {
  const { secret, organisations } = JSON.parse(process.env['UNLIMITED_GATEWAY'] ?? '') as UnlimitedGateway;
  const issuers = new Map(organisations.map(({ id, issuer }) => [id, issuer]));
  const credentialSecret = Uint8Array.from(Buffer.from(secret, 'base64url'));
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: Number(process.env['UNLIMITED_GATEWAY_PORT'] ?? 0),
    issuer: (id) => issuers.get(id) ?? '',
    organisations: organisations.map(({ id, kind, url }) => ({ id, kind, url, credentialSecret })),
    limits: { requestsPerMinute: 1_000_000_000 },
  });
  console.log(`Gateway: ${gateway.url}`);
  process.once('SIGTERM', () => void gateway.close().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The gateway could not start.');
  process.exitCode = 1;
}
