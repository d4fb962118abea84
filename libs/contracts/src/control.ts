/** The control messages: what two organisations say about consents, keys, closings and receipts. */
import { z } from 'zod';
import { controlContract, field } from './contract.js';

const everyone = ['mental-health', 'uwv', 'municipality', 'insurer'] as const;
const own = <T extends z.ZodType>(schema: T) => field('own', schema);
const consent = { consentId: own(z.string()), consentVersion: own(z.number().int()) };
const instant = z.iso.datetime();

/** A client's consent names you: its scope and its end. You answer with the public halves of fresh scope keys. */
export const consentAnnouncedV1 = controlContract({
  name: 'consent-announced',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: false,
  fields: {
    ...consent,
    purpose: own(z.string()),
    roles: own(z.array(z.string()).readonly()),
    categories: own(z.array(z.string()).readonly()),
    until: own(instant),
    /** The question of yours that this answers, if it answers one. */
    askId: own(z.string().optional()),
  },
});
export const scopeKeysOfferedV1 = controlContract({
  name: 'scope-keys-offered',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: {
    ...consent,
    keys: own(z.array(z.strictObject({ category: z.string(), keyId: z.string(), publicKey: z.string() })).readonly()),
  },
});
/** From this moment nothing under these categories may be shown. `paused` keeps the keys; everything else destroys them. No reason is given. */
export const consentClosedV1 = controlContract({
  name: 'consent-closed',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: {
    ...consent,
    categories: own(z.array(z.string()).readonly()),
    how: own(z.enum(['ended', 'paused', 'narrowed'])),
    closedAt: own(instant),
  },
});
export const consentReopenedV1 = controlContract({
  name: 'consent-reopened',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: { ...consent, until: own(instant) },
});
/** The proof: closed, with these keys destroyed (none after a pause). */
export const closingAcknowledgedV1 = controlContract({
  name: 'closing-acknowledged',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: { ...consent, keyIds: own(z.array(z.string()).readonly()), closedAt: own(instant) },
});
/**
 * Keeps a number of the lane when its message was stopped after it may have arrived. Says nothing about what stood there, not even of which kind
 * it was.
 */
export const placeKeptV1 = controlContract({
  name: 'place-kept',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: false,
  fields: {},
});
/** The answer to an introduction: linked to a client of ours, or not ours and destroyed. */
export const introductionAnsweredV1 = controlContract({
  name: 'introduction-answered',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: { linked: own(z.boolean()) },
});
/** A recipient asks the client, through the organisation that knows her. */
export const disclosureAskedV1 = controlContract({
  name: 'disclosure-asked',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: false,
  fields: {
    askId: own(z.string()),
    purpose: own(z.string()),
    roles: own(z.array(z.string()).readonly()),
    categories: own(z.array(z.string()).readonly()),
  },
});
/**
 * A targeted question of a physician to the treating side (U11). The text is sealed to the organisation that is asked;
 * what may be asked is a closed list, so nothing about fitness for work can be in it but by free text.
 */
export const medicalQuestionV1 = controlContract({
  name: 'medical-question',
  version: 1,
  channel: 'medical',
  from: ['uwv', 'municipality'],
  to: ['mental-health'],
  urgent: false,
  fields: {
    questionId: own(z.string()),
    /** The role that will read the answer. */
    role: own(z.string()),
    askedOn: own(z.iso.date()),
    expectedBy: own(z.iso.date()),
    /** The question this follows up, if it does. */
    follows: own(z.string().optional()),
    question: field('K5', z.string()),
  },
});
/**
 * Everything in this lane up to this number was received and kept. For an urgent message: that message was. `also` says the same of other lanes
 * between the same two organisations. A release from before it reads the first lane alone and sends what is in the others once more; what came
 * once more is therefore receipted by itself.
 */
export const receiptV1 = controlContract({
  name: 'receipt',
  version: 1,
  from: everyone,
  to: everyone,
  urgent: true,
  fields: {
    lane: own(z.string()),
    upTo: own(z.number().int()),
    also: own(z.array(z.strictObject({ lane: z.string(), upTo: z.number().int() })).optional()),
  },
});
