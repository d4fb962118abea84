/** Who is asking: what a verified token says about a person, and why a token is not accepted. */
import type { Role } from '@convenant/consent';
import type { Refusals, Sentence } from '@convenant/kernel';

/**
 * One person at one organisation, for as long as the token lives. Holds no name and no client: whom this person may read about
 * is judged at every reading, never kept here.
 */
export interface Session {
  readonly organisation: string;
  /** The pairwise subject: means this person at this organisation and nothing anywhere else. */
  readonly person: string;
  readonly role: Role;
  /** An ISO 8601 instant in UTC. */
  readonly tokenExpiresAt: string;
  /** How sure the issuer was, in the issuer's own terms; absent when it did not say. */
  readonly acr?: string;
  /** Names live in the organisation's own records, never in a session. */
  readonly name?: never;
}

export const tokenRefusalCodes = [
  'missing',
  'malformed',
  'forged',
  'expired',
  'not-yet-valid',
  'foreign-issuer',
  'foreign-audience',
  'no-role',
  'low-assurance',
] as const;
export type TokenRefusalCode = (typeof tokenRefusalCodes)[number];

/** The code is for the log of the organisation; whoever sent the token only ever reads `notSignedIn`. */
export interface TokenRefusal {
  readonly refused: TokenRefusalCode;
}

/** For the log and for operators. */
export const tokenRefusals = {
  missing: { nl: 'Er is geen aanmeldbewijs meegestuurd.', en: 'No token was sent.' },
  malformed: {
    nl: 'Het aanmeldbewijs heeft niet de vorm van een token.',
    en: 'The token does not have the shape of a token.',
  },
  forged: {
    nl: 'De handtekening, het soort of het algoritme van het aanmeldbewijs klopt niet.',
    en: 'The signature, type or algorithm of the token is not right.',
  },
  expired: { nl: 'Het aanmeldbewijs is verlopen.', en: 'The token has expired.' },
  'not-yet-valid': { nl: 'Het aanmeldbewijs geldt nog niet.', en: 'The token is not valid yet.' },
  'foreign-issuer': {
    nl: 'Het aanmeldbewijs komt van een andere uitgever.',
    en: 'The token comes from another issuer.',
  },
  'foreign-audience': {
    nl: 'Het aanmeldbewijs is niet voor deze organisatie alleen.',
    en: 'The token is not for this organisation alone.',
  },
  'no-role': {
    nl: 'Het aanmeldbewijs noemt geen rol die deze organisatie kent.',
    en: 'The token names no role that this organisation knows.',
  },
  'low-assurance': {
    nl: 'Voor deze rol is een sterkere manier van aanmelden nodig.',
    en: 'This role needs a stronger way of signing in.',
  },
} as const satisfies Refusals<TokenRefusalCode>;

/** The one answer to every token that is not accepted, so that the answer teaches nothing about tokens. */
export const notSignedIn: { readonly code: 'not-signed-in' } & Sentence = {
  code: 'not-signed-in',
  nl: 'U bent niet aangemeld, of niet meer. Meld u opnieuw aan.',
  en: 'You are not signed in, or no longer. Please sign in again.',
};

export abstract class TokenVerifier {
  /**
   * Takes the token itself, without the word `Bearer`. A session is only returned for a token that this organisation's own issuer signed
   * for this organisation alone, that is valid now, and that names a role this organisation has.
   * Rejects (an error, not a refusal) only when the issuer's keys cannot be reached.
   * Not promised: that the person still has the role; a token lives for minutes and is not asked after.
   */
  abstract verify(bearer: string | undefined): Promise<Session | TokenRefusal>;
}

/** The token in an `Authorization` header; `undefined` when there is none or it is of another scheme. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];

/** What a token names as the organisation it is for. */
export const audienceOf = (organisation: string): string => `urn:convenant:organisation:${organisation}`;
