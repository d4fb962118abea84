/**
 * What a recipient knows of one introduced client: who she is here, which consents name it, and what is open under them. Everything
 * compares versions, so that announcements and closings may arrive in any order and lead to the same answer.
 */
import type { ConsentCategory, Purpose, RegisteredConsent } from '@convenant/consent';
import { isAfter, type OrganisationKind } from '@convenant/kernel';

export interface Part {
  readonly category: ConsentCategory;
  readonly keyId: string;
  readonly sealedText: string;
}
export interface OfferedKey {
  readonly category: ConsentCategory;
  readonly keyId: string;
  readonly publicKey: string;
}
export interface MadeKey extends OfferedKey {
  /** The version of the consent that it was made for: a closing of a later version destroys it, one of an earlier version does not. */
  readonly version: number;
}
export interface RegisterEntry {
  readonly consentId: string;
  /** The newest version that was announced; 0 when only a closing or a reopening has arrived so far. */
  readonly version: number;
  readonly discloserKind?: OrganisationKind;
  readonly purpose?: Purpose;
  readonly roles: readonly string[];
  readonly categories: readonly ConsentCategory[];
  readonly until?: string;
  readonly askId?: string;
  /** Nothing announced up to this version may be shown or kept any more. */
  readonly endedAtVersion: number;
  readonly paused: boolean;
  readonly pausedAtVersion: number;
  readonly resumedAtVersion: number;
  /** Switches that the client turned off, each with the newest version that did it. */
  readonly removed: Readonly<Partial<Record<ConsentCategory, number>>>;
  readonly keys: readonly MadeKey[];
  /** Named by a closing: not used again from that moment, whether or not they are destroyed yet. */
  readonly closedKeyIds: readonly string[];
  readonly destroyedKeyIds: readonly string[];
  /** Every closing that was carried out, as `closingId` names it. */
  readonly closings: readonly string[];
}
export type Link =
  | { readonly at: 'not-introduced' }
  | { readonly at: 'introduced'; readonly part: Part; readonly consentId: string }
  | { readonly at: 'linked'; readonly clientId: string }
  | { readonly at: 'not-ours' };
export interface ReceivedState {
  readonly discloser?: string;
  readonly link: Link;
  readonly register: Readonly<Record<string, RegisterEntry>>;
  readonly messages: Readonly<
    Record<
      string,
      { readonly contract: string; readonly consentId: string; readonly categories: readonly ConsentCategory[] }
    >
  >;
  readonly taken: Readonly<Record<string, { readonly messageId: string; readonly decisionId: string }>>;
}
export const nothingReceived: ReceivedState = { link: { at: 'not-introduced' }, register: {}, messages: {}, taken: {} };

export type ClosingKind = 'ended' | 'paused' | 'narrowed' | 'expired';
export const closingId = (how: ClosingKind, version: number): string => `${how} ${version}`;

/** Looks up by an id that a partner chose, so that a name every object has finds nothing. */
export const known = <T>(record: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(record, id) ? record[id] : undefined;

export const unknownConsent = (consentId: string): RegisterEntry => ({
  consentId,
  version: 0,
  roles: [],
  categories: [],
  endedAtVersion: 0,
  paused: false,
  pausedAtVersion: 0,
  resumedAtVersion: 0,
  removed: {},
  keys: [],
  closedKeyIds: [],
  destroyedKeyIds: [],
  closings: [],
});

/** The highest version of this consent that anything has said something about. */
export const newestVersion = (entry: RegisterEntry): number =>
  Math.max(
    entry.version,
    entry.endedAtVersion,
    entry.pausedAtVersion,
    entry.resumedAtVersion,
    ...Object.values(entry.removed),
  );

/** The categories of a registered consent that may be shown and kept at this moment. */
export const openCategories = (entry: RegisterEntry | undefined, now: string): readonly ConsentCategory[] =>
  entry && !entry.paused && isRunning(entry, now) ? standingCategories(entry) : [];

/** Neither ended nor run out; it may be paused. */
export const isRunning = (entry: RegisterEntry, now: string): boolean =>
  entry.version > entry.endedAtVersion && entry.until !== undefined && isAfter(entry.until, now);

/** Announced, and not turned off or ended since; whatever pause or term says. */
export const standingCategories = (entry: RegisterEntry): readonly ConsentCategory[] =>
  entry.version > entry.endedAtVersion
    ? entry.categories.filter((category) => (entry.removed[category] ?? 0) < entry.version)
    : [];

/** The register as `decideReading` asks it. A paused, ended or expired consent reads as closed. */
export const registeredConsents = (state: ReceivedState, now: string): readonly RegisteredConsent[] =>
  Object.values(state.register).flatMap((entry) => {
    if (!entry.purpose || !entry.until || !state.discloser) return [];
    const categories = openCategories(entry, now);
    return [
      {
        consentId: entry.consentId,
        version: entry.version,
        discloser: state.discloser,
        ...(entry.discloserKind ? { discloserKind: entry.discloserKind } : {}),
        purpose: entry.purpose,
        roles: entry.roles as RegisteredConsent['roles'],
        categories,
        until: entry.until,
        closed: categories.length === 0,
      },
    ];
  });

export const livingKeys = (entry: RegisterEntry): readonly MadeKey[] =>
  entry.keys.filter((key) => !entry.closedKeyIds.includes(key.keyId));

/** The categories that stand and for which no key lives. A pause keeps keys, so it needs them too. */
export function categoriesWithoutKey(state: ReceivedState, consentId: string): readonly ConsentCategory[] {
  const entry = known(state.register, consentId);
  if (!entry || state.link.at === 'not-ours') return [];
  const has = new Set(livingKeys(entry).map((key) => key.category));
  return standingCategories(entry).filter((category) => !has.has(category));
}

/** Consents whose end has come by this organisation's own clock, and that are not closed yet. */
export const expiredConsents = (state: ReceivedState, now: string): readonly RegisterEntry[] =>
  Object.values(state.register).filter(
    (entry) => entry.version > entry.endedAtVersion && entry.until !== undefined && !isAfter(entry.until, now),
  );
