/** How people of a participant ask the covenant: with a statement of their gateway that names organisation and role, and no person. */
import { jwtVerify, SignJWT } from 'jose';
import { rolesByKind, type Role } from '@convenant/consent';
import { audienceOf, TokenVerifier, type Session, type TokenRefusal } from '@convenant/identity';
import type { Clock } from '@convenant/kernel';
import type { Caller } from './caller.js';

const issuer = 'urn:convenant:gateway';
const type = 'participant+jwt';
const lifetimeSeconds = 60;
const roles: ReadonlySet<string> = new Set([...Object.values(rolesByKind).flat(), 'client', 'representative']);

/**
 * Stands in place of the person's own token, which is for her organisation alone: the covenant could use that one at her
 * organisation, and would learn by its subject that a client is one. Under the secret that gateway and covenant share.
 */
export function participantToken(
  caller: Caller,
  covenant: { id: string; credentialSecret: Uint8Array },
  clock: Clock,
): Promise<string> {
  const now = secondsOf(clock);
  return new SignJWT({ role: caller.session.role })
    .setProtectedHeader({ alg: 'HS256', typ: type })
    .setIssuer(issuer)
    .setAudience(audienceOf(covenant.id))
    .setSubject(`participant:${caller.organisation.id}`)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(covenant.credentialSecret);
}

export interface ParticipantVerifierOptions {
  /** The secretariat's own id. */
  readonly organisation: string;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** For the secretariat's own people. */
  readonly own: TokenVerifier;
}

/** What the covenant verifies with: its own people by their tokens, everybody else as "somebody of this participant, in this role". */
export class ParticipantVerifier extends TokenVerifier {
  constructor(private readonly options: ParticipantVerifierOptions) {
    super();
  }

  async verify(bearer: string | undefined): Promise<Session | TokenRefusal> {
    const { organisation, secret, clock, own } = this.options;
    const verified = await jwtVerify(bearer ?? '', secret, {
      algorithms: ['HS256'],
      typ: type,
      issuer,
      audience: audienceOf(organisation),
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: 2,
      currentDate: new Date(secondsOf(clock) * 1000),
    }).catch(() => undefined);
    if (!verified) return own.verify(bearer);
    const { sub, role, exp } = verified.payload;
    if (typeof sub !== 'string' || typeof role !== 'string' || !roles.has(role)) return { refused: 'no-role' };
    return { organisation, person: sub, role: role as Role, tokenExpiresAt: new Date((exp ?? 0) * 1000).toISOString() };
  }
}

const secondsOf = (clock: Clock): number => Math.floor(Date.parse(clock.now()) / 1000);
