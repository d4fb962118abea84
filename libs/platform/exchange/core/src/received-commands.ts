/** What can be asked of a recipient's register: by a partner's message, by a person, by the clock and by a decision that takes something in. */
import type { ConsentCategory, Purpose } from '@convenant/consent';
import type { OrganisationKind, Refusals, Sealed } from '@convenant/kernel';
import type { ClosingKind, OfferedKey, Part } from './received-state.js';

interface From {
  readonly discloser: string;
  readonly pseudonym: string;
  readonly at: string;
}
interface AboutConsent extends From {
  readonly consentId: string;
  readonly version: number;
}

export type ReceivedCommand =
  | (AboutConsent & {
      readonly type: 'RegisterConsent';
      readonly discloserKind: OrganisationKind;
      readonly purpose: Purpose;
      readonly roles: readonly string[];
      readonly categories: readonly ConsentCategory[];
      readonly until: string;
      readonly askId?: string | undefined;
    })
  /** Made beforehand, for categories that `categoriesWithoutKey` named; what has a key or a closing by now is left out. */
  | (AboutConsent & { readonly type: 'OfferKeys'; readonly keys: readonly OfferedKey[] })
  | (From & {
      readonly type: 'KeepIntroduction';
      readonly messageId: string;
      readonly consentId: string;
      readonly part: Part;
    })
  | (From & { readonly type: 'Link'; readonly clientId: string; readonly by: 'exact-match' | 'person' | 'own-name' })
  | (From & { readonly type: 'SayNotOurs' })
  | (From & {
      readonly type: 'KeepDisclosure';
      readonly messageId: string;
      readonly consentId: string;
      readonly consentVersion: number;
      readonly contract: string;
      readonly asOf: string;
      readonly parts: readonly Part[];
    })
  | (AboutConsent & {
      readonly type: 'CloseScope';
      readonly categories: readonly ConsentCategory[];
      readonly how: ClosingKind;
    })
  | (AboutConsent & { readonly type: 'ReopenScope'; readonly until: string })
  | (AboutConsent & {
      readonly type: 'NoteKeysDestroyed';
      readonly keyIds: readonly string[];
      readonly closedAt: string;
    })
  | {
      readonly type: 'Take';
      readonly takenId: string;
      readonly messageId: string;
      readonly category: ConsentCategory;
      readonly decisionId: string;
      readonly decisionKind: string;
      readonly law: string;
      readonly until: string;
      readonly by: string;
      readonly content: Sealed<Record<string, unknown>>;
      readonly at: string;
    };

export type ReceivedRefusal =
  | 'not-linked'
  | 'already-linked'
  | 'nothing-to-link'
  | 'scope-closed'
  | 'paused'
  | 'not-received'
  | 'already-taken-elsewhere';
export const receivedRefusals = {
  'not-linked': {
    nl: 'Deze cliënt is nog niet gekoppeld aan een cliënt van uw organisatie.',
    en: 'This client is not linked to one of your organisation’s clients yet.',
  },
  'already-linked': { nl: 'Deze introductie is al gekoppeld.', en: 'This introduction has been linked already.' },
  'nothing-to-link': { nl: 'Er is geen introductie om te koppelen.', en: 'There is no introduction to link.' },
  'scope-closed': {
    nl: 'Dit gegeven is er niet meer. Er kan niets meer uit worden overgenomen.',
    en: 'This is no longer here. Nothing can be taken from it any more.',
  },
  paused: { nl: 'Dit gegeven is er nu niet.', en: 'This is not here at present.' },
  'not-received': { nl: 'Dit gegeven is niet bekend.', en: 'This is not known here.' },
  'already-taken-elsewhere': {
    nl: 'Dit kenmerk is al gebruikt voor een ander gegeven.',
    en: 'This reference was used for something else already.',
  },
} satisfies Refusals<ReceivedRefusal>;
