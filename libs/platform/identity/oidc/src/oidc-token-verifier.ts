/** Verifies access tokens of any OpenID Connect issuer for one organisation. */
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { rolesByKind, type Role } from '@convenant/consent';
import type { Clock, OrganisationKind } from '@convenant/kernel';
import { audienceOf, TokenVerifier, type Session, type TokenRefusal, type TokenRefusalCode } from '@convenant/identity';
import { discoverKeysAddress, fetchOnceMore } from './discovery.js';

/** Signatures that only the holder of a private key can make. Nothing symmetric, and never `none`. */
export const signatureAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'EdDSA',
  'Ed25519',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export interface OidcTokenVerifierOptions {
  readonly organisation: string;
  readonly kind: OrganisationKind;
  /** Compared exactly with `iss`. */
  readonly issuer: string;
  readonly clock: Clock;
  /** Must be the token's only audience. Default: `urn:convenant:organisation:<organisation>`. */
  readonly audience?: string;
  /** Where the issuer's keys are; found by discovery when absent. */
  readonly keysAddress?: string;
  /** Default: ES256 alone. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Accepted values of the `typ` header. Default: `at+jwt` (RFC 9068). An ID token is not an access token. */
  readonly types?: readonly string[];
  readonly claims?: {
    /** The claim that holds the role: text, or a list of texts; dots lead into objects (`realm_access.roles`). Default: `role`. */
    readonly role?: string;
    /** From the issuer's names to ours; a name that is not listed is taken as it is. */
    readonly roleNames?: Readonly<Record<string, Role>>;
    readonly person?: string;
  };
  /** Per role, the `acr` values that are good enough; a role that is not listed asks for none. */
  readonly assurance?: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** How far the issuer's clock may be off. Default: 5 seconds. */
  readonly toleranceSeconds?: number;
  /** After asking for keys, how long an unknown key id is refused without asking again. Default: 30 seconds. */
  readonly keysCooldownMs?: number;
}

/** Longer than any token that an issuer of ours makes; longer ones are not even parsed. */
const tokenLengthMax = 8192;

export class OidcTokenVerifier extends TokenVerifier {
  private keys: Promise<JWTVerifyGetKey> | undefined;
  private readonly algorithms: string[];

  constructor(private readonly options: OidcTokenVerifierOptions) {
    super();
    this.algorithms = [...(options.algorithms ?? ['ES256'])];
    for (const algorithm of this.algorithms) {
      if (!(signatureAlgorithms as readonly string[]).includes(algorithm)) {
        throw new Error(
          `Tokens signed with ${algorithm} cannot be trusted: choose one of ${signatureAlgorithms.join(', ')}.`,
        );
      }
    }
  }

  async verify(bearer: string | undefined): Promise<Session | TokenRefusal> {
    if (!bearer) return { refused: 'missing' };
    if (bearer.length > tokenLengthMax || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(bearer)) return { refused: 'malformed' };
    const { issuer, clock, toleranceSeconds = 5, types = ['at+jwt'] } = this.options;
    try {
      const { payload, protectedHeader } = await jwtVerify(bearer, await this.keySet(), {
        algorithms: this.algorithms,
        issuer,
        audience: this.audience,
        currentDate: new Date(clock.now()),
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'iat', 'sub'],
      });
      if (!types.some((type) => type === withoutMediaType(protectedHeader.typ))) return { refused: 'forged' };
      return this.session(payload);
    } catch (error) {
      return { refused: refusalFor(error, bearer) };
    }
  }

  private get audience(): string {
    return this.options.audience ?? audienceOf(this.options.organisation);
  }

  private session(payload: JWTPayload): Session | TokenRefusal {
    const { organisation, kind, claims = {}, assurance = {} } = this.options;
    // A token that is good elsewhere too could be replayed by whoever received it there.
    if (Array.isArray(payload.aud) && payload.aud.length !== 1) return { refused: 'foreign-audience' };
    const person = claimAt(payload, claims.person ?? 'sub');
    if (typeof person !== 'string' || !/^[\w.:|@=+/-]{1,255}$/.test(person)) return { refused: 'malformed' };
    const role = onlyRole(claimAt(payload, claims.role ?? 'role'), kind, claims.roleNames ?? {});
    if (!role) return { refused: 'no-role' };
    const acr = typeof payload.acr === 'string' ? payload.acr : undefined;
    const enough = assurance[role];
    if (enough && (acr === undefined || !enough.includes(acr))) return { refused: 'low-assurance' };
    const tokenExpiresAt = new Date((payload.exp ?? 0) * 1000).toISOString();
    return { organisation, person, role, tokenExpiresAt, ...(acr === undefined ? {} : { acr }) };
  }

  /** The key set is made once; a failed discovery is tried again at the next token. */
  private keySet(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.openKeySet().catch((error: unknown) => {
      this.keys = undefined;
      throw new IssuerUnreachable(error);
    });
    return this.keys;
  }

  private async openKeySet(): Promise<JWTVerifyGetKey> {
    const { issuer, keysAddress, keysCooldownMs = 30_000 } = this.options;
    const address = keysAddress ?? (await discoverKeysAddress(issuer));
    return createRemoteJWKSet(new URL(address), {
      cooldownDuration: keysCooldownMs,
      cacheMaxAge: 600_000,
      timeoutDuration: 5_000,
      [customFetch]: fetchOnceMore,
    });
  }
}

/** The issuer's keys cannot be fetched: nobody can be recognised, which says nothing about the token. */
export class IssuerUnreachable extends Error {
  constructor(cause: unknown) {
    super('The keys of the identity provider cannot be reached.', { cause });
  }
}

/** Exactly one role that this kind of organisation knows; several would leave it to chance which one counts. */
function onlyRole(claim: unknown, kind: OrganisationKind, names: Readonly<Record<string, Role>>): Role | undefined {
  const known: readonly string[] =
    kind === 'covenant' ? rolesByKind[kind] : [...rolesByKind[kind], 'client', 'representative'];
  const texts = Array.isArray(claim) ? claim : [claim];
  const roles = texts.flatMap((text) => {
    if (typeof text !== 'string') return [];
    const name = Object.hasOwn(names, text) ? names[text] : text;
    return name !== undefined && known.includes(name) ? [name as Role] : [];
  });
  return new Set(roles).size === 1 ? roles[0] : undefined;
}

function claimAt(payload: JWTPayload, path: string): unknown {
  // A name with dots in it (a URL, say) wins over a path through objects.
  if (Object.hasOwn(payload, path)) return payload[path];
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
  }, payload);
}

const withoutMediaType = (type: unknown): string =>
  typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : '';

function refusalFor(error: unknown, token: string): TokenRefusalCode {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'foreign-audience';
    if (error.claim === 'iss') return 'foreign-issuer';
    if (error.claim === 'nbf') return 'not-yet-valid';
    return 'malformed';
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return isReadable(token) ? 'forged' : 'malformed';
  }
  throw error instanceof IssuerUnreachable ? error : new IssuerUnreachable(error);
}

function isReadable(token: string): boolean {
  try {
    decodeJwt(token);
    return true;
  } catch {
    return false;
  }
}
