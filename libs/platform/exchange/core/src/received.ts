/** The rules of what a recipient may keep: a closing wins in whatever order it arrives, and nothing is kept that no open consent names. */
import type { ConsentCategory, Purpose, RegisteredConsent } from '@convenant/consent';
import { accept, isAfter, refuse, type Decider, type OrganisationKind, type Refusals, type Sealed } from '@convenant/kernel';
import { type ReceivedEvent } from './received-events.js';

interface Parts {
  readonly category: ConsentCategory;
  readonly keyId: string;
  readonly sealedText: string;
}
interface Key {
  readonly category: ConsentCategory;
  readonly keyId: string;
  readonly publicKey: string;
}
export interface RegisterEntry {
  readonly consentId: string;
  /** The newest version that was announced; 0 when only a closing has arrived so far. */
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
  /** Switches that the client turned off, each with the version that did it. */
  readonly removed: Readonly<Partial<Record<ConsentCategory, number>>>;
  readonly keys: readonly Key[];
  readonly destroyedKeyIds: readonly string[];
}
export interface ReceivedState {
  readonly discloser?: string;
  readonly link: { readonly at: 'not-introduced' } | { readonly at: 'introduced'; readonly part: Parts; readonly consentId: string } | { readonly at: 'linked'; readonly clientId: string } | { readonly at: 'not-ours' };
  readonly register: Readonly<Record<string, RegisterEntry>>;
  readonly messages: Readonly<Record<string, { readonly contract: string; readonly consentId: string; readonly categories: readonly ConsentCategory[] }>>;
  readonly taken: Readonly<Record<string, { readonly messageId: string; readonly decisionId: string }>>;
}

export type ReceivedCommand =
  | {
      readonly type: 'RegisterConsent';
      readonly discloser: string;
      readonly discloserKind: OrganisationKind;
      readonly pseudonym: string;
      readonly consentId: string;
      readonly version: number;
      readonly purpose: Purpose;
      readonly roles: readonly string[];
      readonly categories: readonly ConsentCategory[];
      readonly until: string;
      readonly askId?: string | undefined;
      /** Made beforehand, one per category that has no living key yet. */
      readonly keys: readonly Key[];
      readonly at: string;
    }
  | { readonly type: 'KeepIntroduction'; readonly discloser: string; readonly pseudonym: string; readonly messageId: string; readonly consentId: string; readonly consentVersion: number; readonly part: Parts; readonly at: string }
  | { readonly type: 'Link'; readonly discloser: string; readonly pseudonym: string; readonly clientId: string; readonly by: 'exact-match' | 'person' | 'own-name'; readonly at: string }
  | { readonly type: 'SayNotOurs'; readonly discloser: string; readonly pseudonym: string; readonly at: string }
  | {
      readonly type: 'KeepDisclosure';
      readonly discloser: string;
      readonly pseudonym: string;
      readonly messageId: string;
      readonly consentId: string;
      readonly consentVersion: number;
      readonly contract: string;
      readonly asOf: string;
      readonly until: string;
      readonly parts: readonly Parts[];
      readonly at: string;
    }
  | {
      readonly type: 'CloseScope';
      readonly discloser: string;
      readonly pseudonym: string;
      readonly consentId: string;
      readonly version: number;
      readonly categories: readonly ConsentCategory[];
      readonly how: 'ended' | 'paused' | 'narrowed' | 'expired';
      readonly at: string;
    }
  | { readonly type: 'ReopenScope'; readonly discloser: string; readonly pseudonym: string; readonly consentId: string; readonly version: number; readonly until: string; readonly at: string }
  | { readonly type: 'NoteKeysDestroyed'; readonly discloser: string; readonly pseudonym: string; readonly consentId: string; readonly version: number; readonly keyIds: readonly string[]; readonly closedAt: string; readonly at: string }
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

export type ReceivedRefusal = 'not-linked' | 'already-linked' | 'nothing-to-link' | 'scope-closed' | 'not-received' | 'already-taken-elsewhere';
export const receivedRefusals = {
  'not-linked': { nl: 'Deze cliënt is nog niet gekoppeld aan een cliënt van uw organisatie.', en: 'This client is not linked to one of your organisation’s clients yet.' },
  'already-linked': { nl: 'Deze introductie is al gekoppeld.', en: 'This introduction has been linked already.' },
  'nothing-to-link': { nl: 'Er is geen introductie om te koppelen.', en: 'There is no introduction to link.' },
  'scope-closed': { nl: 'Dit gegeven is er niet meer. Er kan niets meer uit worden overgenomen.', en: 'This is no longer here. Nothing can be taken from it any more.' },
  'not-received': { nl: 'Dit gegeven is niet bekend.', en: 'This is not known here.' },
  'already-taken-elsewhere': { nl: 'Dit kenmerk is al gebruikt voor een ander gegeven.', en: 'This reference was used for something else already.' },
} satisfies Refusals<ReceivedRefusal>;

const unknownConsent = (consentId: string): RegisterEntry => ({
  consentId,
  version: 0,
  roles: [],
  categories: [],
  endedAtVersion: 0,
  paused: false,
  removed: {},
  keys: [],
  destroyedKeyIds: [],
});

/** The categories of a registered consent that may be shown and kept at this moment. */
export function openCategories(entry: RegisterEntry | undefined, now: string): readonly ConsentCategory[] {
  if (!entry || entry.version <= entry.endedAtVersion || entry.paused || !entry.until || !isAfter(entry.until, now)) return [];
  return entry.categories.filter(category => (entry.removed[category] ?? 0) < entry.version);
}

/** The register as `decideReading` asks it. A paused, ended or expired consent reads as closed. */
export const registeredConsents = (state: ReceivedState, now: string): readonly RegisteredConsent[] =>
  Object.values(state.register).flatMap(entry => {
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

const livingKeys = (entry: RegisterEntry): readonly Key[] => entry.keys.filter(key => !entry.destroyedKeyIds.includes(key.keyId));
/** The categories of an announcement for which no key lives yet. */
export const categoriesWithoutKey = (state: ReceivedState, consentId: string, categories: readonly ConsentCategory[]): readonly ConsentCategory[] => {
  const entry = state.register[consentId];
  const has = new Set(entry ? livingKeys(entry).map(key => key.category) : []);
  return categories.filter(category => !has.has(category));
};
/** Whether an announcement of this version would still open anything. */
export const isEnded = (state: ReceivedState, consentId: string, version: number): boolean => version <= (state.register[consentId]?.endedAtVersion ?? 0);

/** Consents whose end has come by this organisation's own clock and whose keys still live. */
export const expiredConsents = (state: ReceivedState, now: string): readonly RegisterEntry[] =>
  Object.values(state.register).filter(
    entry => entry.until !== undefined && entry.version > entry.endedAtVersion && !isAfter(entry.until, now) && livingKeys(entry).length > 0,
  );

export const received: Decider<ReceivedCommand, ReceivedEvent, ReceivedState, ReceivedRefusal> = {
  initial: { link: { at: 'not-introduced' }, register: {}, messages: {}, taken: {} },

  evolve(state, event) {
    const change = (consentId: string, next: (entry: RegisterEntry) => RegisterEntry): ReceivedState => ({
      ...state,
      register: { ...state.register, [consentId]: next(state.register[consentId] ?? unknownConsent(consentId)) },
    });
    switch (event.type) {
      case 'ConsentRegistered':
        return {
          ...change(event.consentId, entry => ({
            ...entry,
            version: Math.max(entry.version, event.version),
            discloserKind: event.discloserKind,
            purpose: event.purpose,
            roles: event.roles,
            categories: event.categories,
            until: event.until,
            ...(event.askId ? { askId: event.askId } : {}),
          })),
          discloser: event.discloser,
        };
      case 'ScopeKeysMade':
        return change(event.consentId, entry => ({ ...entry, keys: [...entry.keys, ...event.keys] }));
      case 'IntroductionReceived':
        return { ...state, link: { at: 'introduced', part: event.part, consentId: event.consentId } };
      case 'IntroductionLinked':
        return { ...state, link: { at: 'linked', clientId: event.clientId } };
      case 'IntroductionNotOurs':
        return { ...state, link: { at: 'not-ours' } };
      case 'DisclosureReceived':
        return {
          ...state,
          messages: {
            ...state.messages,
            [event.messageId]: { contract: event.contract, consentId: event.consentId, categories: event.parts.map(part => part.category) },
          },
        };
      case 'DisclosureTurnedAway':
        return state;
      case 'ScopeClosed':
        return change(event.consentId, entry =>
          event.how === 'paused'
            ? { ...entry, version: Math.max(entry.version, event.version), paused: true }
            : event.how === 'narrowed'
              ? { ...entry, removed: { ...entry.removed, ...Object.fromEntries(event.categories.map(category => [category, event.version])) } }
              : { ...entry, endedAtVersion: Math.max(entry.endedAtVersion, event.version) },
        );
      case 'ScopeReopened':
        return change(event.consentId, entry => ({ ...entry, version: Math.max(entry.version, event.version), paused: false, until: event.until }));
      case 'ScopeKeysDestroyed':
        return change(event.consentId, entry => ({ ...entry, destroyedKeyIds: [...entry.destroyedKeyIds, ...event.keyIds] }));
      case 'TakenIntoDecision':
        return { ...state, taken: { ...state.taken, [event.takenId]: { messageId: event.messageId, decisionId: event.decisionId } } };
    }
  },

  decide(command, state) {
    const { at } = command;
    switch (command.type) {
      case 'RegisterConsent': {
        const { keys, type: _type, askId, ...consent } = command;
        const entry = state.register[command.consentId];
        // A closing that overtook its announcement has already ended this version; a repeated announcement says nothing new.
        if (entry && (command.version <= entry.endedAtVersion || command.version <= entry.version)) return accept();
        return accept<ReceivedEvent>(
          { type: 'ConsentRegistered', ...consent, ...(askId === undefined ? {} : { askId }) },
          ...(keys.length > 0
            ? [{ type: 'ScopeKeysMade' as const, discloser: command.discloser, pseudonym: command.pseudonym, consentId: command.consentId, version: command.version, keys, at }]
            : []),
        );
      }
      case 'KeepIntroduction': {
        const { type: _type, consentVersion: _version, ...introduction } = command;
        // Introduced again under a later consent while nobody has linked her yet: the newest is the one that can still be opened.
        const again = state.link.at === 'introduced' && state.link.part.keyId !== command.part.keyId;
        if (state.link.at !== 'not-introduced' && !again) return accept();
        if (!openCategories(state.register[command.consentId], at).includes('K1')) return refuse('scope-closed');
        return accept<ReceivedEvent>({ type: 'IntroductionReceived', ...introduction });
      }
      case 'Link': {
        const { type: _type, ...link } = command;
        if (state.link.at === 'linked') return state.link.clientId === command.clientId ? accept() : refuse('already-linked');
        if (state.link.at !== 'introduced' && !(command.by === 'own-name' && state.link.at === 'not-introduced')) return refuse('nothing-to-link');
        return accept<ReceivedEvent>({ type: 'IntroductionLinked', ...link });
      }
      case 'SayNotOurs': {
        const { type: _type, ...answer } = command;
        if (state.link.at === 'not-ours') return accept();
        if (state.link.at === 'linked') return refuse('already-linked');
        if (state.link.at === 'not-introduced') return refuse('nothing-to-link');
        const { link } = state;
        const keyIds = Object.values(state.register).flatMap(entry => livingKeys(entry).map(key => key.keyId));
        const entry = state.register[link.consentId];
        return accept<ReceivedEvent>(
          { type: 'IntroductionNotOurs', ...answer },
          {
            type: 'ScopeClosed',
            discloser: command.discloser,
            pseudonym: command.pseudonym,
            consentId: link.consentId,
            version: entry?.version ?? 0,
            categories: entry?.categories ?? [],
            how: 'ended',
            keyIds,
            at,
          },
        );
      }
      case 'KeepDisclosure': {
        if (state.messages[command.messageId]) return accept();
        if (state.link.at !== 'linked') return refuse('not-linked');
        const entry = state.register[command.consentId];
        const turnAway = (reason: 'closed' | 'not-registered' | 'expired') =>
          accept<ReceivedEvent>({ type: 'DisclosureTurnedAway', messageId: command.messageId, contract: command.contract, consentId: command.consentId, reason, at });
        if (!entry?.purpose || !entry.until) return turnAway(entry && entry.endedAtVersion > 0 ? 'closed' : 'not-registered');
        if (!isAfter(entry.until, at)) return turnAway('expired');
        const open = openCategories(entry, at);
        const keyIds = new Set(livingKeys(entry).map(key => key.keyId));
        const parts = command.parts.filter(part => open.includes(part.category) && keyIds.has(part.keyId));
        if (parts.length === 0) return turnAway('closed');
        return accept<ReceivedEvent>({
          type: 'DisclosureReceived',
          discloser: command.discloser,
          pseudonym: command.pseudonym,
          clientId: state.link.clientId,
          messageId: command.messageId,
          consentId: command.consentId,
          consentVersion: command.consentVersion,
          purpose: entry.purpose,
          contract: command.contract,
          asOf: command.asOf,
          until: entry.until,
          parts,
          at,
        });
      }
      case 'CloseScope': {
        const entry = state.register[command.consentId] ?? unknownConsent(command.consentId);
        if (command.version <= entry.endedAtVersion) return accept();
        if (command.how === 'paused' && (entry.paused || entry.version > command.version)) return accept();
        if (command.how === 'narrowed' && command.categories.every(category => (entry.removed[category] ?? 0) >= command.version)) return accept();
        const whole = command.how === 'ended' || command.how === 'expired';
        const categories = whole ? [...new Set([...entry.categories, ...livingKeys(entry).map(key => key.category)])] : command.categories;
        const keyIds = command.how === 'paused' ? [] : livingKeys(entry).filter(key => categories.includes(key.category)).map(key => key.keyId);
        return accept<ReceivedEvent>({
          type: 'ScopeClosed',
          discloser: command.discloser,
          pseudonym: command.pseudonym,
          ...(state.link.at === 'linked' ? { clientId: state.link.clientId } : {}),
          consentId: command.consentId,
          version: command.version,
          categories,
          how: command.how,
          keyIds,
          at,
        });
      }
      case 'ReopenScope': {
        const { type: _type, ...reopened } = command;
        const entry = state.register[command.consentId];
        if (!entry || command.version <= entry.endedAtVersion || command.version <= entry.version) return accept();
        return accept<ReceivedEvent>({ type: 'ScopeReopened', ...reopened });
      }
      case 'NoteKeysDestroyed': {
        const { type: _type, ...destroyed } = command;
        const done = state.register[command.consentId]?.destroyedKeyIds ?? [];
        if (command.keyIds.length === 0 || command.keyIds.every(keyId => done.includes(keyId))) return accept();
        return accept<ReceivedEvent>({ type: 'ScopeKeysDestroyed', ...destroyed });
      }
      case 'Take': {
        const { type: _type, ...taking } = command;
        const before = state.taken[command.takenId];
        if (before) return before.messageId === command.messageId && before.decisionId === command.decisionId ? accept() : refuse('already-taken-elsewhere');
        const message = state.messages[command.messageId];
        if (!message || state.link.at !== 'linked' || !state.discloser) return refuse('not-received');
        const open = openCategories(state.register[message.consentId], at);
        if (!open.includes(command.category) || !message.categories.includes(command.category)) return refuse('scope-closed');
        return accept<ReceivedEvent>({ type: 'TakenIntoDecision', ...taking, clientId: state.link.clientId, discloser: state.discloser, contract: message.contract });
      }
    }
  },
};
