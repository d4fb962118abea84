/** What a partner's control messages must look like before anything is done with them; stricter than the contracts, which only fix the form. */
import { consentCategories, purposes, rolesByKind, type StaffRole } from '@convenant/consent';
import { categoriesOf, disclosureData, type DisclosureContract } from '@convenant/contracts';
import { z } from 'zod';

/** Ids that others made end up in keys, indexes and file names: short, visible characters only. */
const id = z.string().regex(/^[\x21-\x7e]{1,200}$/);
/** Far more changes of mind than a life has, and far below where counting ends. */
const version = z.number().int().min(1).max(1_000_000);
const instant = z.iso.datetime();
const category = z.enum(consentCategories);
const staffRole = z.enum(Object.values(rolesByKind).flat() as [StaffRole, ...StaffRole[]]);
const consent = { consentId: id, consentVersion: version };

export const announcedData = z.object({
  ...consent,
  purpose: z.enum(purposes),
  roles: z.array(staffRole).max(20),
  categories: z.array(category).max(20),
  until: instant,
  askId: id.optional(),
});
export const closedData = z.object({
  ...consent,
  categories: z.array(category).max(20),
  how: z.enum(['ended', 'paused', 'narrowed']),
});
export const reopenedData = z.object({ ...consent, until: instant });
export const offeredData = z.object({
  ...consent,
  keys: z.array(z.object({ category, keyId: id, publicKey: z.string().max(10_000) })).max(20),
});
export const acknowledgedData = z.object({ ...consent, keyIds: z.array(id).max(100), closedAt: instant });
export const answeredData = z.object({ linked: z.boolean() });
export const askedData = z.object({
  askId: id,
  purpose: z.enum(purposes),
  roles: z.array(staffRole).max(20),
  categories: z.array(category).max(20),
});
/** More lanes than this release puts in one receipt: a later one may put in more. */
const lanesInReceipt = 1_000;
const placeInLane = { lane: z.string().regex(/^[\x21-\x7e]{1,400}$/), upTo: z.number().int().min(0) };
export const receiptData = z.object({
  ...placeInLane,
  also: z.array(z.object(placeInLane)).max(lanesInReceipt).default([]),
});

/** The parts of a disclosure: at most one per category, and only of categories that its contract has. */
export const toldData = (contract: DisclosureContract): ReturnType<typeof toldDataOf> => {
  const made = toldDataMade.get(contract) ?? toldDataOf(contract);
  toldDataMade.set(contract, made);
  return made;
};
/** Making a schema costs more than reading a message with it. */
const toldDataMade = new Map<DisclosureContract, ReturnType<typeof toldDataOf>>();
const toldDataOf = (contract: DisclosureContract) =>
  disclosureData.extend({
    ...consent,
    parts: z
      .array(
        z.object({
          category: category.refine((one) => categoriesOf(contract).includes(one)),
          keyId: id,
          sealedText: z.string().max(500_000),
        }),
      )
      .refine((parts) => new Set(parts.map((part) => part.category)).size === parts.length),
  });

/** A pseudonym is a UUID: no partner can choose one that runs into the name of another partner's streams. */
export const isPseudonym = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const isName = (text: string): boolean => id.safeParse(text).success;

/** The message is a partner's and for us, and still we cannot do anything with it. The code is for operators. */
export class CannotUnderstand extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The data in the shape that is expected of it, or a message to be parked. */
export function understood<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new CannotUnderstand('unreadable-data');
  return parsed.data;
}
