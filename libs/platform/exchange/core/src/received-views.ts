/** What a recipient can find of what it received: the facts that are still open, the introductions, and what was taken into a decision. */
import { clearColumn, isAfter, sealedColumn, type View } from '@convenant/kernel';
import type { ReceivedEvent } from './received-events.js';

export interface ReceivedFactRow {
  readonly clientId: string;
  readonly discloser: string;
  readonly pseudonym: string;
  readonly consentId: string;
  readonly consentVersion: number;
  readonly purpose: string;
  readonly contract: string;
  readonly category: string;
  readonly messageId: string;
  readonly asOf: string;
  readonly until: string;
  readonly keyId: string;
  /** Opens with the scope key alone. */
  readonly sealedText: string;
}
/** Consent ids are a partner's own: only together with the partner does one name a scope, or one partner could close another's. */
const scopeIndex = (
  { discloser, pseudonym, consentId }: { discloser: string; pseudonym: string; consentId: string },
  category: string,
): string => `${discloser}|${pseudonym}|${consentId}|${category}`;

/** One row per contract and category: the newest state. A closing removes every row of its scope. */
export const receivedFacts: View<ReceivedEvent, ReceivedFactRow> = {
  name: 'received_facts',
  version: 2,
  columns: {
    clientId: clearColumn('own'),
    discloser: clearColumn('own'),
    pseudonym: clearColumn('own'),
    consentId: clearColumn('own'),
    consentVersion: clearColumn('own'),
    purpose: clearColumn('own'),
    contract: clearColumn('own'),
    category: clearColumn('own'),
    messageId: clearColumn('own'),
    asOf: clearColumn('own'),
    until: clearColumn('own'),
    keyId: clearColumn('own'),
    sealedText: sealedColumn('K5'),
  },
  keys: (event) =>
    event.type === 'DisclosureReceived'
      ? event.parts.map(
          (part) => `${event.discloser}|${event.pseudonym}|${event.consentId}|${event.contract}|${part.category}`,
        )
      : [],
  apply(row, event, key) {
    if (event.type !== 'DisclosureReceived') return row;
    const part = event.parts.find(({ category }) => key.endsWith(`|${category}`));
    if (!part || (row && isAfter(row.asOf, event.asOf))) return row;
    return {
      clientId: event.clientId,
      discloser: event.discloser,
      pseudonym: event.pseudonym,
      consentId: event.consentId,
      consentVersion: event.consentVersion,
      purpose: event.purpose,
      contract: event.contract,
      category: part.category,
      messageId: event.messageId,
      asOf: event.asOf,
      until: event.until,
      keyId: part.keyId,
      sealedText: part.sealedText,
    };
  },
  // A pause keeps the rows: reading asks the register, which says no until she resumes.
  removes: (event) =>
    event.type === 'ScopeClosed' && event.how !== 'paused'
      ? event.categories.map((category) => ({ index: 'scope', value: scopeIndex(event, category) }))
      : [],
  indexes: (row) => ({ client: row.clientId, scope: scopeIndex(row, row.category) }),
  sort: (row) => `${row.contract} ${row.discloser}`,
};

export interface IntroductionRow {
  readonly partner: string;
  readonly pseudonym: string;
  readonly state: 'introduced' | 'linked' | 'not-ours';
  readonly clientId: string | undefined;
  readonly receivedAt: string;
  /** The consent that she was introduced under; when it closes before anybody linked her, she leaves the work list. */
  readonly consentId?: string | undefined;
}
/** Who was introduced by whom; the work list of those that nobody could link yet, and the way from a client to what was received about her. */
export const introductions: View<ReceivedEvent, IntroductionRow> = {
  name: 'introductions',
  version: 2,
  columns: {
    partner: clearColumn('own'),
    pseudonym: clearColumn('own'),
    state: clearColumn('own'),
    clientId: clearColumn('own'),
    receivedAt: clearColumn('own'),
    consentId: clearColumn('own'),
  },
  keys: (event) =>
    event.type === 'IntroductionReceived' || event.type === 'IntroductionLinked' || event.type === 'IntroductionNotOurs'
      ? [`${event.discloser}|${event.pseudonym}`]
      : [],
  apply(row, event) {
    switch (event.type) {
      case 'IntroductionReceived':
        return {
          partner: event.discloser,
          pseudonym: event.pseudonym,
          state: 'introduced',
          clientId: undefined,
          receivedAt: event.at,
          consentId: event.consentId,
        };
      case 'IntroductionLinked':
        return {
          partner: event.discloser,
          pseudonym: event.pseudonym,
          receivedAt: row?.receivedAt ?? event.at,
          state: 'linked',
          clientId: event.clientId,
        };
      case 'IntroductionNotOurs':
        return row && { ...row, state: 'not-ours' };
      default:
        return row;
    }
  },
  removes: (event) =>
    event.type === 'ScopeClosed' && event.how !== 'paused' && event.categories.includes('K1')
      ? [{ index: 'scope', value: scopeIndex(event, 'K1') }]
      : [],
  indexes: (row) => ({
    state: row.state,
    ...(row.clientId === undefined ? {} : { client: row.clientId }),
    ...(row.state === 'introduced' && row.consentId !== undefined
      ? { scope: scopeIndex({ discloser: row.partner, pseudonym: row.pseudonym, consentId: row.consentId }, 'K1') }
      : {}),
  }),
  sort: (row) => row.receivedAt,
};

export interface TakenRow {
  readonly takenId: string;
  readonly clientId: string;
  readonly discloser: string;
  readonly contract: string;
  readonly category: string;
  readonly decisionId: string;
  readonly decisionKind: string;
  readonly law: string;
  readonly until: string;
  readonly by: string;
  readonly takenAt: string;
  readonly content: string;
}
/** What was taken into a decision: readable through that decision, and listed to the client with its law and its end. */
export const takenIntoDecisions: View<ReceivedEvent, TakenRow> = {
  name: 'taken_into_decisions',
  version: 1,
  columns: {
    takenId: clearColumn('own'),
    clientId: clearColumn('own'),
    discloser: clearColumn('own'),
    contract: clearColumn('own'),
    category: clearColumn('own'),
    decisionId: clearColumn('own'),
    decisionKind: clearColumn('own'),
    law: clearColumn('own'),
    until: clearColumn('own'),
    by: clearColumn('own'),
    takenAt: clearColumn('own'),
    content: sealedColumn('K5'),
  },
  keys: (event) => (event.type === 'TakenIntoDecision' ? [event.takenId] : []),
  apply: (row, event) =>
    event.type === 'TakenIntoDecision'
      ? {
          takenId: event.takenId,
          clientId: event.clientId,
          discloser: event.discloser,
          contract: event.contract,
          category: event.category,
          decisionId: event.decisionId,
          decisionKind: event.decisionKind,
          law: event.law,
          until: event.until,
          by: event.by,
          takenAt: event.at,
          content: event.content,
        }
      : row,
  indexes: (row) => ({ client: row.clientId, decision: row.decisionId }),
  sort: (row) => row.takenAt,
};

export interface RegisteredConsentRow {
  readonly partner: string;
  readonly pseudonym: string;
  readonly consentId: string;
  readonly until: string;
}
/** Consents that name this organisation and have not ended yet, by the moment they end: what expiry goes by. */
export const registeredConsentEnds: View<ReceivedEvent, RegisteredConsentRow> = {
  name: 'registered_consent_ends',
  version: 2,
  columns: {
    partner: clearColumn('own'),
    pseudonym: clearColumn('own'),
    consentId: clearColumn('own'),
    until: clearColumn('own'),
  },
  keys: (event) =>
    event.type === 'ConsentRegistered' || event.type === 'ScopeReopened' || event.type === 'ScopeClosed'
      ? [`${event.discloser}|${event.pseudonym}|${event.consentId}`]
      : [],
  apply(row, event) {
    switch (event.type) {
      case 'ConsentRegistered':
      case 'ScopeReopened':
        return { partner: event.discloser, pseudonym: event.pseudonym, consentId: event.consentId, until: event.until };
      case 'ScopeClosed':
        return event.how === 'ended' || event.how === 'expired' ? undefined : row;
      default:
        return row;
    }
  },
  indexes: () => ({ all: 'open' }),
  sort: (row) => row.until,
};
