/** The rules of what a recipient may keep: a closing wins in whatever order it arrives, and nothing is kept that no open consent names. */
import { accept, isAfter, refuse, type Decider, type Decision } from '@convenant/kernel';
import type { ReceivedCommand, ReceivedRefusal } from './received-commands.js';
import type { ReceivedEvent } from './received-events.js';
import {
  categoriesWithoutKey,
  closingId,
  isRunning,
  known,
  livingKeys,
  newestVersion,
  nothingReceived,
  openCategories,
  unknownConsent,
  type ReceivedState,
  type RegisterEntry,
} from './received-state.js';

type Command<Type extends ReceivedCommand['type']> = Extract<ReceivedCommand, { type: Type }>;
type Decided = Decision<ReceivedEvent, ReceivedRefusal>;

export const received: Decider<ReceivedCommand, ReceivedEvent, ReceivedState, ReceivedRefusal> = {
  initial: nothingReceived,
  evolve,
  decide(command, state): Decided {
    switch (command.type) {
      case 'RegisterConsent': {
        const { askId, ...consent } = withoutType(command);
        const { version, endedAtVersion } = entryOf(state, command.consentId);
        // A closing that overtook its announcement has already ended this version; a repeated announcement says nothing new.
        if (command.version <= endedAtVersion || command.version <= version || state.link.at === 'not-ours')
          return accept();
        return accept({ type: 'ConsentRegistered', ...consent, ...(askId === undefined ? {} : { askId }) });
      }
      case 'OfferKeys': {
        const wanted = categoriesWithoutKey(state, command.consentId);
        const keys = command.keys.filter(({ category }) => wanted.includes(category));
        return keys.length === 0 ? accept() : accept({ type: 'ScopeKeysMade', ...withoutType(command), keys });
      }
      case 'KeepIntroduction':
        return keepIntroduction(command, state);
      case 'Link': {
        if (state.link.at === 'linked')
          return state.link.clientId === command.clientId ? accept() : refuse('already-linked');
        if (state.link.at !== 'introduced' && !(command.by === 'own-name' && state.link.at === 'not-introduced'))
          return refuse('nothing-to-link');
        // Whoever looks at her introduction after the client withdrew it links from memory what was to be forgotten.
        if (
          state.link.at === 'introduced' &&
          !openCategories(known(state.register, state.link.consentId), command.at).includes('K1')
        )
          return refuse('scope-closed');
        return accept({ type: 'IntroductionLinked', ...withoutType(command) });
      }
      case 'SayNotOurs':
        return sayNotOurs(command, state);
      case 'KeepDisclosure':
        return keepDisclosure(command, state);
      case 'CloseScope':
        return closeScope(command, state);
      case 'ReopenScope': {
        const { endedAtVersion, resumedAtVersion } = entryOf(state, command.consentId);
        if (command.version <= endedAtVersion || command.version <= resumedAtVersion) return accept();
        return accept({ type: 'ScopeReopened', ...withoutType(command) });
      }
      case 'NoteKeysDestroyed': {
        const done = entryOf(state, command.consentId).destroyedKeyIds;
        if (command.keyIds.every((keyId) => done.includes(keyId))) return accept();
        return accept({ type: 'ScopeKeysDestroyed', ...withoutType(command) });
      }
      case 'Take':
        return take(command, state);
    }
  },
};

function keepIntroduction(command: Command<'KeepIntroduction'>, state: ReceivedState): Decided {
  const { consentId, part, at } = command;
  if (state.link.at === 'linked' || state.link.at === 'not-ours') return accept();
  const entry = known(state.register, consentId);
  // Also when she was introduced under this key before: what follows upon an introduction is not done during a pause, so it is not over.
  if (entry?.paused && isRunning(entry, at)) return refuse('paused');
  // Introduced again under a later consent while nobody has linked her yet: the newest is the one that can still be opened.
  if (state.link.at === 'introduced' && state.link.part.keyId === part.keyId) return accept();
  if (part.category !== 'K1' || !openCategories(entry, at).includes('K1') || !isOwnKey(entry, part))
    return refuse('scope-closed');
  return accept({ type: 'IntroductionReceived', ...withoutType(command) });
}

/** Everything that was announced under this pseudonym closes: there is nobody here whom it could be about. */
function sayNotOurs({ discloser, pseudonym, at }: Command<'SayNotOurs'>, state: ReceivedState): Decided {
  if (state.link.at === 'not-ours') return accept();
  if (state.link.at === 'linked') return refuse('already-linked');
  if (state.link.at === 'not-introduced') return refuse('nothing-to-link');
  const closings = Object.values(state.register)
    .filter((entry) => entry.version > entry.endedAtVersion)
    .map((entry): ReceivedEvent => ({
      type: 'ScopeClosed',
      discloser,
      pseudonym,
      consentId: entry.consentId,
      version: newestVersion(entry),
      categories: entry.categories,
      how: 'ended',
      keyIds: livingKeys(entry).map(({ keyId }) => keyId),
      at,
    }));
  return accept<ReceivedEvent>({ type: 'IntroductionNotOurs', discloser, pseudonym, at }, ...closings);
}

function keepDisclosure(command: Command<'KeepDisclosure'>, state: ReceivedState): Decided {
  const { messageId, consentId, contract, at } = command;
  if (known(state.messages, messageId)) return accept();
  const turnAway = (reason: 'closed' | 'not-registered' | 'expired') =>
    accept<ReceivedEvent>({ type: 'DisclosureTurnedAway', messageId, contract, consentId, reason, at });
  if (state.link.at === 'not-ours') return turnAway('closed');
  if (state.link.at !== 'linked') return refuse('not-linked');
  const entry = known(state.register, consentId);
  if (!entry?.purpose || !entry.until) return turnAway(entry && entry.endedAtVersion > 0 ? 'closed' : 'not-registered');
  if (entry.version <= entry.endedAtVersion) return turnAway('closed');
  if (!isAfter(entry.until, at)) return turnAway('expired');
  // Nothing is kept during a pause. The sender knows of it, and tells it again when she resumes.
  if (entry.paused) return refuse('paused');
  const open = openCategories(entry, at);
  const parts = command.parts.filter((part) => open.includes(part.category) && isOwnKey(entry, part));
  if (parts.length === 0) return turnAway('closed');
  const { discloser, pseudonym, consentVersion, asOf } = command;
  const { purpose, until } = entry;
  const { clientId } = state.link;
  return accept<ReceivedEvent>({
    type: 'DisclosureReceived',
    discloser,
    pseudonym,
    clientId,
    messageId,
    consentId,
    consentVersion,
    purpose,
    contract,
    asOf,
    until,
    parts,
    at,
  });
}

/** Each closing is carried out and acknowledged once, also when a later one came first. */
function closeScope(command: Command<'CloseScope'>, state: ReceivedState): Decided {
  const { discloser, pseudonym, consentId, version, how, at } = command;
  const entry = entryOf(state, consentId);
  if (entry.closings.includes(closingId(how, version))) return accept();
  const keys = livingKeys(entry);
  const whole = how === 'ended' || how === 'expired';
  const categories = whole
    ? [...new Set([...entry.categories, ...keys.map(({ category }) => category)])]
    : command.categories;
  const dying =
    how === 'paused'
      ? []
      : keys.filter((key) => whole || (command.categories.includes(key.category) && key.version < version));
  return accept<ReceivedEvent>({
    type: 'ScopeClosed',
    discloser,
    pseudonym,
    ...(state.link.at === 'linked' ? { clientId: state.link.clientId } : {}),
    consentId,
    version,
    categories,
    how,
    keyIds: dying.map(({ keyId }) => keyId),
    at,
  });
}

function take(command: Command<'Take'>, state: ReceivedState): Decided {
  const before = known(state.taken, command.takenId);
  if (before)
    return before.messageId === command.messageId && before.decisionId === command.decisionId
      ? accept()
      : refuse('already-taken-elsewhere');
  const message = known(state.messages, command.messageId);
  if (!message || state.link.at !== 'linked' || !state.discloser) return refuse('not-received');
  const open = openCategories(known(state.register, message.consentId), command.at);
  if (!open.includes(command.category) || !message.categories.includes(command.category)) return refuse('scope-closed');
  return accept<ReceivedEvent>({
    type: 'TakenIntoDecision',
    ...withoutType(command),
    clientId: state.link.clientId,
    discloser: state.discloser,
    contract: message.contract,
  });
}

function evolve(state: ReceivedState, event: ReceivedEvent): ReceivedState {
  const change = (consentId: string, next: (entry: RegisterEntry) => RegisterEntry): ReceivedState => ({
    ...state,
    register: { ...state.register, [consentId]: next(entryOf(state, consentId)) },
  });
  switch (event.type) {
    case 'ConsentRegistered': {
      const { version, discloserKind, purpose, roles, categories, until, askId } = event;
      return {
        ...change(event.consentId, (entry) => ({
          ...entry,
          version,
          discloserKind,
          purpose,
          roles,
          categories,
          // A reopening of a later version may have said until when before this arrived.
          until: entry.until !== undefined && entry.resumedAtVersion > version ? entry.until : until,
          ...(askId ? { askId } : {}),
        })),
        discloser: event.discloser,
      };
    }
    case 'ScopeKeysMade':
      return change(event.consentId, (entry) => ({
        ...entry,
        keys: [...entry.keys, ...event.keys.map((key) => ({ ...key, version: event.version }))],
      }));
    case 'IntroductionReceived':
      return { ...state, link: { at: 'introduced', part: event.part, consentId: event.consentId } };
    case 'IntroductionLinked':
      return { ...state, link: { at: 'linked', clientId: event.clientId } };
    case 'IntroductionNotOurs':
      return { ...state, link: { at: 'not-ours' } };
    case 'DisclosureReceived': {
      const { contract, consentId, parts } = event;
      const message = { contract, consentId, categories: parts.map(({ category }) => category) };
      return { ...state, messages: { ...state.messages, [event.messageId]: message } };
    }
    case 'DisclosureTurnedAway':
      return state;
    case 'ScopeClosed':
      return change(event.consentId, (entry) => closed(entry, event));
    case 'ScopeReopened':
      return change(event.consentId, (entry) => {
        const resumedAtVersion = Math.max(entry.resumedAtVersion, event.version);
        const until = event.version > entry.version || entry.until === undefined ? event.until : entry.until;
        return { ...entry, resumedAtVersion, until, paused: entry.pausedAtVersion > resumedAtVersion };
      });
    case 'ScopeKeysDestroyed':
      return change(event.consentId, (entry) => ({
        ...entry,
        destroyedKeyIds: [...entry.destroyedKeyIds, ...event.keyIds],
      }));
    case 'TakenIntoDecision': {
      const { takenId, messageId, decisionId } = event;
      return { ...state, taken: { ...state.taken, [takenId]: { messageId, decisionId } } };
    }
  }
}

function closed(
  entry: RegisterEntry,
  { how, version, categories, keyIds }: Extract<ReceivedEvent, { type: 'ScopeClosed' }>,
): RegisterEntry {
  const after: RegisterEntry = {
    ...entry,
    closings: [...entry.closings, closingId(how, version)],
    closedKeyIds: [...new Set([...entry.closedKeyIds, ...keyIds])],
  };
  switch (how) {
    case 'paused': {
      const pausedAtVersion = Math.max(entry.pausedAtVersion, version);
      return { ...after, pausedAtVersion, paused: pausedAtVersion > entry.resumedAtVersion };
    }
    case 'narrowed': {
      const removed = categories.map((category) => [category, Math.max(entry.removed[category] ?? 0, version)]);
      return { ...after, removed: { ...entry.removed, ...Object.fromEntries(removed) } };
    }
    case 'ended':
    case 'expired':
      return { ...after, endedAtVersion: Math.max(entry.endedAtVersion, version) };
  }
}

const entryOf = (state: ReceivedState, consentId: string): RegisterEntry =>
  known(state.register, consentId) ?? unknownConsent(consentId);
const isOwnKey = (
  entry: RegisterEntry | undefined,
  { category, keyId }: { category: string; keyId: string },
): boolean => entry !== undefined && livingKeys(entry).some((key) => key.keyId === keyId && key.category === category);

function withoutType<C extends ReceivedCommand>(command: C): Omit<C, 'type'> {
  const { type: _type, ...rest } = command;
  return rest;
}
