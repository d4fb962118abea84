/** What the gateway itself says no to, and how any no leaves it: a code with a sentence in Dutch and in English, and nothing else. */
import { notSignedIn } from '@convenant/identity';
import type { Refusals } from '@convenant/kernel';

const { code: _code, ...notSignedInSentence } = notSignedIn;

export const refusals = {
  [notSignedIn.code]: notSignedInSentence,
  'another-organisation': {
    nl: 'U bent aangemeld bij een andere organisatie dan u hier noemt.',
    en: 'You are signed in at another organisation than the one you name here.',
  },
  'not-understood': { nl: 'Deze vraag is niet te begrijpen.', en: 'This question cannot be understood.' },
  'unknown-field': { nl: 'Er staat een veld in dat niet bestaat.', en: 'It has a field that does not exist.' },
  'missing-field': { nl: 'Er ontbreekt een veld dat nodig is.', en: 'A field that is needed is missing.' },
  'wrong-type': { nl: 'Er staat een waarde in van de verkeerde soort.', en: 'It has a value of the wrong kind.' },
  'too-large': {
    nl: 'Deze vraag is te groot of te ingewikkeld. Vraag minder tegelijk.',
    en: 'This question is too large or too complex. Ask for less at a time.',
  },
  'too-many-requests': {
    nl: 'U vraagt te veel achter elkaar. Probeer het over een minuut opnieuw.',
    en: 'You are asking too much in a row. Try again in a minute.',
  },
  'organisation-unreachable': {
    nl: 'Deze organisatie is nu niet bereikbaar. Probeer het straks opnieuw; er is niets verloren.',
    en: 'This organisation cannot be reached now. Try again later; nothing is lost.',
  },
  'sign-in-unreachable': {
    nl: 'Aanmelden lukt nu niet. Probeer het straks opnieuw; er is niets verloren.',
    en: 'Signing in does not work now. Try again later; nothing is lost.',
  },
  'unknown-organisation': { nl: 'Deze organisatie is hier niet bekend.', en: 'This organisation is not known here.' },
  'not-found': { nl: 'Hier is niets te vinden.', en: 'There is nothing here.' },
  broken: { nl: 'Er ging bij ons iets mis. Probeer het opnieuw.', en: 'Something went wrong on our side. Try again.' },
} as const satisfies Refusals<string>;
export type GatewayRefusal = keyof typeof refusals;

/** Every error that leaves the gateway has exactly this shape. */
export interface Said {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly nl: string;
    readonly en: string;
    /** Which field of the question, by name; never a value. */
    readonly at?: string;
  };
}

export const said = (code: GatewayRefusal, at?: string): Said => ({
  message: refusals[code].en,
  extensions: { code, ...refusals[code], ...(at === undefined ? {} : { at }) },
});

/** The body of an answer that is nothing but a refusal. */
export const refusalBody = (code: GatewayRefusal): { readonly errors: readonly Said[] } => ({ errors: [said(code)] });
