/**
 * What a recipient keeps on `received-<partner>-<pseudonym>`: the consents that name it, the keys it made for them, what arrived sealed,
 * and how each scope was closed. Received fields stay in here as they came; nothing else copies them.
 */
import { consentCategories, purposes } from '@convenant/consent';
import { defineEvent, defineEvents, organisationKinds, sealed, type CatalogueEvent } from '@convenant/kernel';
import { z } from 'zod';

const category = z.enum(consentCategories);
const instant = z.iso.datetime();
const keys = z.array(z.object({ category, keyId: z.string(), publicKey: z.string() })).readonly();
const parts = z.array(z.object({ category, keyId: z.string(), sealedText: z.string() })).readonly();

export const ConsentRegistered = defineEvent('ConsentRegistered', {
  clear: {
    discloser: z.string(),
    discloserKind: z.enum(organisationKinds),
    pseudonym: z.string(),
    consentId: z.string(),
    version: z.number().int(),
    purpose: z.enum(purposes),
    roles: z.array(z.string()).readonly(),
    categories: z.array(category).readonly(),
    until: instant,
    askId: z.string().optional(),
    at: instant,
  },
});
/** The public halves of keys whose private halves stand in this organisation's key store and nowhere else. */
export const ScopeKeysMade = defineEvent('ScopeKeysMade', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    consentId: z.string(),
    version: z.number().int(),
    keys,
    at: instant,
  },
});
export const IntroductionReceived = defineEvent('IntroductionReceived', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    messageId: z.string(),
    consentId: z.string(),
    part: parts.unwrap().element,
    at: instant,
  },
});
/** `own-name`: nobody introduced her; we introduced her ourselves under this pseudonym, and now the partner speaks about her. */
export const IntroductionLinked = defineEvent('IntroductionLinked', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    clientId: z.string(),
    by: z.enum(['exact-match', 'person', 'own-name']),
    at: instant,
  },
});
export const IntroductionNotOurs = defineEvent('IntroductionNotOurs', {
  clear: { discloser: z.string(), pseudonym: z.string(), at: instant },
});
export const DisclosureReceived = defineEvent('DisclosureReceived', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    clientId: z.string(),
    messageId: z.string(),
    consentId: z.string(),
    consentVersion: z.number().int(),
    purpose: z.enum(purposes),
    contract: z.string(),
    asOf: instant,
    until: instant,
    parts,
    at: instant,
  },
});
/** It arrived and a closing already covered it, or no consent on the register names it; nothing of it was kept. */
export const DisclosureTurnedAway = defineEvent('DisclosureTurnedAway', {
  clear: {
    messageId: z.string(),
    contract: z.string(),
    consentId: z.string(),
    reason: z.enum(['closed', 'not-registered', 'expired']),
    at: instant,
  },
});
export const ScopeClosed = defineEvent('ScopeClosed', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    clientId: z.string().optional(),
    consentId: z.string(),
    version: z.number().int(),
    categories: z.array(category).readonly(),
    how: z.enum(['ended', 'paused', 'narrowed', 'expired']),
    /** Whose private halves are to be destroyed because of this. Empty after a pause. */
    keyIds: z.array(z.string()).readonly(),
    at: instant,
  },
});
export const ScopeReopened = defineEvent('ScopeReopened', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    consentId: z.string(),
    version: z.number().int(),
    until: instant,
    at: instant,
  },
});
/** After the keys were destroyed and put on the destruction list. What the acknowledgement to the discloser is made of. */
export const ScopeKeysDestroyed = defineEvent('ScopeKeysDestroyed', {
  clear: {
    discloser: z.string(),
    pseudonym: z.string(),
    consentId: z.string(),
    version: z.number().int(),
    keyIds: z.array(z.string()).readonly(),
    closedAt: instant,
    at: instant,
  },
});
/** One received fact used in one decision: kept under this organisation's own key, readable through that decision alone, until `until`. */
export const TakenIntoDecision = defineEvent('TakenIntoDecision', {
  clear: {
    takenId: z.string(),
    clientId: z.string(),
    discloser: z.string(),
    messageId: z.string(),
    contract: z.string(),
    category,
    decisionId: z.string(),
    decisionKind: z.string(),
    law: z.string(),
    until: z.iso.date(),
    by: z.string(),
    at: instant,
  },
  sealed: { content: sealed<Record<string, unknown>>('K5') },
});

export const receivedEvents = defineEvents(
  ConsentRegistered,
  ScopeKeysMade,
  IntroductionReceived,
  IntroductionLinked,
  IntroductionNotOurs,
  DisclosureReceived,
  DisclosureTurnedAway,
  ScopeClosed,
  ScopeReopened,
  ScopeKeysDestroyed,
  TakenIntoDecision,
);
export type ReceivedEvent = CatalogueEvent<typeof receivedEvents>;

export const receivedStream = (partner: string, pseudonym: string): string => `received-${partner}-${pseudonym}`;
