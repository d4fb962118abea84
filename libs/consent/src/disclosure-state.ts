/** What has happened on a client's disclosure stream so far, as the decider and the decisions see it. */
import type { OrganisationKind } from '@convenant/kernel';
import type { WithheldReason } from './disclosure-events.js';
import type { ConsentCategory, ConsentState, Purpose } from './vocabulary.js';
import type { DecidedBy } from './disclosure-commands.js';

/** A closing that a recipient has to prove. `narrowed` names the categories that were switched off. */
export interface Closing {
  readonly version: number;
  readonly categories: readonly ConsentCategory[];
  readonly how: 'ended' | 'expired' | 'paused' | 'narrowed';
  readonly closedAt: string;
  readonly acknowledgedAt?: string;
}

export interface ScopeKey {
  readonly category: ConsentCategory;
  readonly keyId: string;
  readonly publicKey: string;
}

export interface ConsentRecord {
  readonly consentId: string;
  /** 0 while it was only proposed; counts up with every change of what may be told. */
  readonly version: number;
  readonly recipient: string;
  readonly recipientKind: OrganisationKind;
  readonly roles: readonly string[];
  readonly purpose: Purpose;
  readonly offered: readonly ConsentCategory[];
  /** Granted now; what was granted last when the consent has ended. */
  readonly categories: readonly ConsentCategory[];
  readonly dataFrom?: string;
  readonly validMonths: number;
  readonly until?: string;
  readonly state: ConsentState;
  readonly askId?: string;
  readonly singleUseFor?: string;
  /** The message that carried the one answer. */
  readonly usedBy?: string;
  readonly informationVersion: string;
  readonly givenAt?: string;
  readonly askAgainOn?: string;
  readonly pausedUntil?: string;
  /** The recipient has closed it in a time that this log has lost: going on, it needs to hear of it anew. */
  readonly closedThere?: boolean;
  /** The member of staff who wrote down the last answer; absent when it was given on the screen. */
  readonly recordedBy?: string;
  readonly changedAt: string;
  /** The recipient's public scope keys that were not destroyed, at most one per category. */
  readonly keys: readonly ScopeKey[];
  readonly closings: readonly Closing[];
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface Acknowledgement {
  readonly version: number;
  readonly keyIds: readonly string[];
  readonly closedAt: string;
  readonly at: string;
}

/** Absent parts mean "any". */
export interface Objection {
  readonly recipient?: string;
  readonly recipientKind?: OrganisationKind;
  readonly purpose?: Purpose;
  readonly categories?: readonly ConsentCategory[];
  readonly at: string;
  readonly liftedAt?: string;
}

export interface Ask {
  readonly recipient: string;
  readonly recipientKind: OrganisationKind;
  readonly roles: readonly string[];
  readonly purpose: Purpose;
  readonly categories: readonly ConsentCategory[];
  readonly at: string;
  /** The proposal that brought it to the client. */
  readonly consentId?: string;
}

export interface Pseudonym {
  readonly pseudonym: string;
  /** `undefined` until the recipient answers the introduction. */
  readonly linked: boolean | undefined;
  /** Whether we drew it; otherwise the other organisation introduced her to us. */
  readonly ours: boolean;
}

export interface DisclosedRecord {
  readonly recipient: string;
  readonly consentId: string;
  readonly consentVersion: number;
  readonly purpose: Purpose;
  readonly contract: string;
  readonly categories: readonly ConsentCategory[];
  readonly fields: readonly string[];
  readonly contentDigest: string;
  readonly at: string;
  readonly stopped?: boolean;
}

export interface DisclosureState {
  readonly consents: Readonly<Record<string, ConsentRecord>>;
  readonly objections: Readonly<Record<string, Objection>>;
  readonly asks: Readonly<Record<string, Ask>>;
  /** Where her side said no, not today, paused, narrowed or withdrew on the screen, and has not said yes there since; by `wordKey`. */
  readonly noes: Readonly<Record<string, DecidedBy>>;
  /** By recipient. */
  readonly pseudonyms: Readonly<Record<string, Pseudonym>>;
  /** By message id. */
  readonly disclosed: Readonly<Record<string, DisclosedRecord>>;
  /** What was told last, by `digestKey`; a stopped message does not count. */
  readonly lastDigest: Readonly<
    Record<string, { readonly digest: string; readonly consentVersion: number; readonly messageId: string }>
  >;
  /** By `withheldKey`. */
  readonly withheld: Readonly<Record<string, true>>;
  readonly told: Readonly<
    Record<string, { readonly recipient: string; readonly purpose: Purpose; readonly covered: boolean }>
  >;
}

export const nothingYet: DisclosureState = {
  consents: {},
  objections: {},
  asks: {},
  noes: {},
  pseudonyms: {},
  disclosed: {},
  lastDigest: {},
  withheld: {},
  told: {},
};

export const wordKey = ({ recipient, purpose }: Pick<ConsentRecord, 'recipient' | 'purpose'>): string =>
  `${recipient}|${purpose}`;
export const digestKey = (consentId: string, contract: string): string => `${consentId}|${contract}`;
export const withheldKey = (withheld: {
  readonly recipient: string;
  readonly contract: string;
  readonly purpose?: Purpose | undefined;
  readonly reason: WithheldReason;
}): string => `${withheld.recipient}|${withheld.contract}|${withheld.purpose ?? ''}|${withheld.reason}`;

/** Looks up by an id that came from outside, so that a name every object has finds nothing. */
export const entry = <T>(record: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(record, id) ? record[id] : undefined;

/** A pause that is not resumed by then ends the consent. */
export const longestPauseDays = 90;

/** States in which a recipient may hold something under this consent. */
export const isLive = ({ state }: ConsentRecord): boolean =>
  state === 'given' || state === 'paused' || state === 'used';

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((one) => b.includes(one)) && b.every((one) => a.includes(one));
