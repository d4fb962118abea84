/** A process with one gateway in front of all deployed demonstration organisations, so that one address plays the whole story. */
import { startGateway } from '@convenant/app-gateway';
import { z } from 'zod';
import type { Role } from '@convenant/consent';
import type { OrganisationKind } from '@convenant/kernel';

/** What `startDeployed` hands over; a demonstration's own form, not for deployments. */
export interface SharedGatewaySettings {
  readonly organisations: readonly {
    readonly id: string;
    readonly kind: OrganisationKind;
    readonly url: string;
    readonly secret: string;
    readonly issuer: string;
    readonly page: {
      readonly name: string;
      readonly clientId: string;
      readonly people: readonly {
        readonly account: string;
        readonly name: string;
        readonly role: Role;
        readonly subject: string;
      }[];
    };
  }[];
}

const environment = z.object({
  SHARED_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535),
  SHARED_GATEWAY_SETTINGS: z.string().transform((text) => JSON.parse(text) as SharedGatewaySettings),
});

try {
  const settings = environment.parse(process.env);
  const { organisations } = settings.SHARED_GATEWAY_SETTINGS;
  const issuers = new Map(organisations.map(({ id, issuer }) => [id, issuer]));
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: settings.SHARED_GATEWAY_PORT,
    issuer: (id) => issuers.get(id) ?? '',
    organisations: organisations.map(({ id, kind, url, secret }) => ({
      id,
      kind,
      url,
      credentialSecret: Uint8Array.from(Buffer.from(secret, 'base64url')),
    })),
    exchange: true,
    introspection: true,
    graphiql: { organisations: organisations.map(({ id, page }) => ({ id, ...page })) },
  });
  console.log(`Gateway: ${gateway.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void gateway.close().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The gateway could not start.');
  process.exitCode = 1;
}
