/** The form of every message on the way: a CloudEvent in the NL GOV profile, signed as a whole by its sender (compact JWS). */
import { z } from 'zod';

export const organisationUrn = (organisation: string): string => `urn:convenant:organisation:${organisation}`;

const part = z.strictObject({ category: z.string(), keyId: z.string(), sealedText: z.string() });
/** The `data` of a disclosure. */
export const disclosureData = z.strictObject({
  consentId: z.string(),
  consentVersion: z.number().int(),
  purpose: z.string(),
  roles: z.array(z.string()).readonly(),
  asOf: z.iso.datetime(),
  until: z.iso.datetime(),
  parts: z.array(part).readonly(),
});
export type DisclosureData = z.infer<typeof disclosureData>;

export const messageSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().startsWith('urn:convenant:organisation:'),
  type: z.string().regex(/^nl\.convenant\.[a-z0-9-]+\.v\d+$/),
  /** The pseudonym of the client between these two organisations; never a number or a name. */
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  /** The organisation that this message is for. Signed with the rest, so a re-addressed message does not verify. */
  recipient: z.string(),
  /** The place in its lane; absent on messages that wait for nothing. */
  sequence: z.string().regex(/^\d+$/).optional(),
  sequencetype: z.literal('Integer').optional(),
  /** The series in which `sequence` counts; absent until the sender was restored from a backup, which begins one. */
  series: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  traceparent: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
/** A message before signing and after verification. */
export type Message = z.infer<typeof messageSchema>;
