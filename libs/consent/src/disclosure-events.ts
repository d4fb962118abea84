/**
 * What happens on `disclosure-<client>`: every consent, objection, withdrawal and everything that left or was kept back, in one order.
 * A withdrawal and a disclosure can only be ordered because they share this stream; nothing else may decide about leaving.
 */
import { defineEvent, defineEvents, sealed, sealedOptional, type CatalogueEvent } from '@convenant/kernel';
import { organisationKinds } from '@convenant/kernel';
import { z } from 'zod';
import { answerMethods, consentCategories, purposes, representationBases, staffRoles } from './vocabulary.js';

const category = z.enum(consentCategories);
const purpose = z.enum(purposes);
const instant = z.iso.datetime();
const date = z.iso.date();
/** The id of a participant: nothing else fits, so that nobody writes a sentence where only a name belongs. */
const organisation = z.string().regex(/^[a-z0-9-]{1,100}$/);
/** Who the consent lets know: one organisation, these of its roles. */
const recipient = {
  recipient: organisation,
  recipientKind: z.enum(organisationKinds),
  roles: z.array(z.string()).readonly(),
};
const decidedBy = z.enum(['client', 'representative']);
/** Who wrote down an answer that was given on paper or aloud; absent when she answered on the screen herself. */
const recorded = { recordedBy: z.string().optional(), recordedByRole: z.enum(staffRoles).optional() };
/** Where the paper is, or who was there when it was said. */
const evidence = sealedOptional<string>('K9a');
export const withheldReasons = [
  'no-row',
  'never',
  'no-basis',
  'no-consent',
  'refused',
  'not-today',
  'paused',
  'withdrawn',
  'expired',
  'used',
  'objection',
  'category-not-granted',
  'outside-period',
  'not-introduced',
  'no-key',
] as const;
export type WithheldReason = (typeof withheldReasons)[number];

export const ConsentProposed = defineEvent('ConsentProposed', {
  clear: {
    consentId: z.string(),
    ...recipient,
    purpose,
    /** Offered as separate switches, none of them on. */
    categories: z.array(category).readonly(),
    dataFrom: date.optional(),
    validMonths: z.number().int(),
    /** The question of the recipient that this brings to the client, if a recipient asked. */
    askId: z.string().optional(),
    /** For one answer to one question (medical): after it, nothing more leaves under this consent. */
    singleUseFor: z.string().optional(),
    informationVersion: z.string(),
    at: instant,
  },
});
export const ConsentGiven = defineEvent('ConsentGiven', {
  clear: {
    consentId: z.string(),
    /** Counts up with every change of scope. */
    version: z.number().int(),
    categories: z.array(category).readonly(),
    until: instant,
    by: decidedBy,
    /** Why a representative may decide. */
    basis: z.enum(representationBases).optional(),
    method: z.enum(answerMethods),
    ...recorded,
    informationVersion: z.string(),
    language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,8})?$/),
    at: instant,
  },
  /** What she agreed to, in her own words (U03). */
  sealed: { ownWords: sealedOptional<string>('K9a'), evidence },
});
export const ConsentRefused = defineEvent('ConsentRefused', {
  clear: { consentId: z.string(), by: decidedBy, method: z.enum(answerMethods).optional(), ...recorded, at: instant },
  sealed: { evidence },
});
export const ConsentPutOff = defineEvent('ConsentPutOff', {
  clear: {
    consentId: z.string(),
    askAgainOn: date,
    by: decidedBy,
    method: z.enum(answerMethods).optional(),
    ...recorded,
    at: instant,
  },
  sealed: { evidence },
});
/** Switches turned off again; at least one is left. */
export const ConsentNarrowed = defineEvent('ConsentNarrowed', {
  clear: {
    consentId: z.string(),
    version: z.number().int(),
    removed: z.array(category).readonly(),
    by: decidedBy,
    at: instant,
  },
});
export const ConsentPaused = defineEvent('ConsentPaused', {
  clear: {
    consentId: z.string(),
    version: z.number().int(),
    until: instant,
    /** `lost-closing`: by nobody here; the recipient proved a closing that this log has lost. */
    by: z.enum(['client', 'representative', 'lost-closing']),
    at: instant,
  },
});
export const ConsentResumed = defineEvent('ConsentResumed', {
  clear: { consentId: z.string(), version: z.number().int(), by: decidedBy, at: instant },
});
export const ConsentWithdrawn = defineEvent('ConsentWithdrawn', {
  clear: {
    consentId: z.string(),
    version: z.number().int(),
    by: z.enum(['client', 'representative', 'staff-at-her-request', 'pause-ran-out']),
    at: instant,
  },
});
export const ConsentExpired = defineEvent('ConsentExpired', {
  clear: { consentId: z.string(), version: z.number().int(), at: instant },
});
export const ConsentSuperseded = defineEvent('ConsentSuperseded', {
  clear: { consentId: z.string(), version: z.number().int(), supersededBy: z.string(), at: instant },
});
/** A consent that says no. Absent parts mean "any": the more is named, the more specific it is. */
export const ObjectionMade = defineEvent('ObjectionMade', {
  clear: {
    objectionId: z.string(),
    recipient: organisation.optional(),
    recipientKind: z.enum(organisationKinds).optional(),
    purpose: purpose.optional(),
    categories: z.array(category).readonly().optional(),
    by: decidedBy,
    at: instant,
  },
});
export const ObjectionLifted = defineEvent('ObjectionLifted', {
  clear: { objectionId: z.string(), by: decidedBy, at: instant },
});

/** A recipient asks the client through us. What it will ever hear is what was granted. */
export const DisclosureAsked = defineEvent('DisclosureAsked', {
  clear: { askId: z.string(), ...recipient, purpose, categories: z.array(category).readonly(), at: instant },
});

/** The random name under which this client is known to one other organisation; never derived, never passed on. */
export const PseudonymDrawn = defineEvent('PseudonymDrawn', {
  clear: { recipient: organisation, pseudonym: z.string(), at: instant },
});
/** The other organisation introduced her to us under this pseudonym, and we linked it to this client. */
export const PseudonymLearned = defineEvent('PseudonymLearned', {
  clear: { recipient: organisation, pseudonym: z.string(), at: instant },
});
export const ScopeKeysLearned = defineEvent('ScopeKeysLearned', {
  clear: {
    recipient: organisation,
    consentId: z.string(),
    keys: z.array(z.object({ category, keyId: z.string(), publicKey: z.string() })).readonly(),
    at: instant,
  },
});
export const IntroductionAnswered = defineEvent('IntroductionAnswered', {
  clear: { recipient: organisation, pseudonym: z.string(), linked: z.boolean(), at: instant },
});

/** What the decision was asked: names and categories, never values. With the events before it, enough to decide again. */
const asked = z
  .object({ fields: z.record(z.string(), z.string()), dataFrom: date.optional(), singleUseFor: z.string().optional() })
  .readonly()
  .optional();
export const Disclosed = defineEvent('Disclosed', {
  clear: {
    messageId: z.string(),
    recipient: organisation,
    recipientKind: z.enum(organisationKinds),
    pseudonym: z.string(),
    consentId: z.string(),
    consentVersion: z.number().int(),
    purpose,
    /** `name.vN`. */
    contract: z.string(),
    /** The moment of the state that was told. */
    asOf: instant,
    categories: z.array(category).readonly(),
    /** The names of the fields that left; their values are in `content` and, sealed to the scope keys, in `parts`. */
    fields: z.array(z.string()).readonly(),
    /** What allowed it: matrix rows and policy version, so that the decision can be made again. */
    rows: z.array(z.string()).readonly(),
    policyVersion: z.string(),
    asked,
    /** Keyed digest of what left. */
    contentDigest: z.string(),
    parts: z.array(z.object({ category, keyId: z.string(), sealedText: z.string() })).readonly(),
    until: instant,
    at: instant,
  },
  /** The fields as they left, for the client to read. Marked with the strictest category, as it may hold any. */
  sealed: { content: sealed<Record<string, unknown>>('K5') },
});
/** Permitted once, no longer when it was about to be handed over. */
export const Stopped = defineEvent('Stopped', {
  clear: { messageId: z.string(), reason: z.enum(withheldReasons), at: instant },
});
/** Once per client, recipient, contract, purpose and reason. */
export const Withheld = defineEvent('Withheld', {
  clear: {
    recipient: organisation,
    recipientKind: z.enum(organisationKinds),
    purpose: purpose.optional(),
    contract: z.string(),
    categories: z.array(category).readonly(),
    reason: z.enum(withheldReasons),
    policyVersion: z.string(),
    asked,
    at: instant,
  },
});
/** The recipient's signed proof that it closed the scope and destroyed its keys. */
export const ClosingAcknowledged = defineEvent('ClosingAcknowledged', {
  clear: {
    recipient: organisation,
    consentId: z.string(),
    consentVersion: z.number().int(),
    keyIds: z.array(z.string()).readonly(),
    closedAt: instant,
    /** The signed message itself. */
    proof: z.string(),
    at: instant,
  },
});
/** Told by telephone, at a table or on paper; asked of the same decision. `covered: false` is an incident, not an impossible state. */
export const ToldOutsideTheSystem = defineEvent('ToldOutsideTheSystem', {
  clear: {
    toldId: z.string(),
    medium: z.enum(['spoken', 'paper']),
    ...recipient,
    purpose,
    categories: z.array(category).readonly(),
    covered: z.boolean(),
    rows: z.array(z.string()).readonly(),
    policyVersion: z.string(),
    at: instant,
  },
});

export const disclosureEvents = defineEvents(
  ConsentProposed,
  ConsentGiven,
  ConsentRefused,
  ConsentPutOff,
  ConsentNarrowed,
  ConsentPaused,
  ConsentResumed,
  ConsentWithdrawn,
  ConsentExpired,
  ConsentSuperseded,
  ObjectionMade,
  ObjectionLifted,
  DisclosureAsked,
  PseudonymDrawn,
  PseudonymLearned,
  ScopeKeysLearned,
  IntroductionAnswered,
  Disclosed,
  Stopped,
  Withheld,
  ClosingAcknowledged,
  ToldOutsideTheSystem,
);
export type DisclosureEvent = CatalogueEvent<typeof disclosureEvents>;

export const disclosureStream = (clientId: string): string => `disclosure-${clientId}`;
