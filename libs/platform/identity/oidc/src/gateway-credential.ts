/** Proves to a subgraph that a call came from the gateway of its own organisation: a short-lived token under a secret that the two share. */
import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '@convenant/kernel';

/** The header that carries it. The person's own token travels beside it and is judged on its own. */
export const gatewayCredentialHeader = 'convenant-gateway';

const lifetimeSeconds = 60;
const issuer = 'urn:convenant:gateway';
const audienceFor = (organisation: string): string => `urn:convenant:subgraph:${organisation}`;

export interface GatewayCredentialOptions {
  readonly organisation: string;
  /** Known to this organisation's gateway and subgraph only; at least 32 bytes. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

export class GatewayCredential {
  private readonly secret: Uint8Array;
  private fresh: { readonly text: string; readonly until: number } | undefined;

  constructor(private readonly options: GatewayCredentialOptions) {
    if (options.secret.byteLength < 32)
      throw new Error('The secret between gateway and subgraph must have at least 32 bytes.');
    this.secret = Uint8Array.from(options.secret);
  }

  /** What the gateway puts in the header. Valid for about a minute; made anew at half of that, so it may be asked for at every request. */
  async issue(): Promise<string> {
    const now = this.seconds();
    if (this.fresh && now < this.fresh.until && now >= this.fresh.until - lifetimeSeconds / 2) return this.fresh.text;
    const text = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'gateway+jwt' })
      .setIssuer(issuer)
      .setAudience(audienceFor(this.options.organisation))
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.secret);
    this.fresh = { text, until: now + lifetimeSeconds / 2 };
    return text;
  }

  /** True for a live credential made with this organisation's secret for this organisation; compares in constant time. Never throws. */
  async accepts(header: string | readonly string[] | undefined): Promise<boolean> {
    if (typeof header !== 'string' || header.length > 2048) return false;
    try {
      await jwtVerify(header, this.secret, {
        algorithms: ['HS256'],
        typ: 'gateway+jwt',
        issuer,
        audience: audienceFor(this.options.organisation),
        requiredClaims: ['exp', 'iat'],
        maxTokenAge: lifetimeSeconds,
        clockTolerance: 2,
        currentDate: new Date(this.seconds() * 1000),
      });
      return true;
    } catch {
      return false;
    }
  }

  private seconds(): number {
    return Math.floor(Date.parse(this.options.clock.now()) / 1000);
  }
}
