/** Which consent speaks for a request, whether an objection outweighs it, and why it does not (or no longer) grant a category. */
import { compareDates, isAfter, type Category, type OrganisationKind } from '@convenant/kernel';
import type { SharingRequest } from './decide.js';
import type { WithheldReason } from './disclosure-events.js';
import type { ConsentRecord, DisclosureState, Objection } from './disclosure-state.js';
import type { ConsentCategory, Purpose } from './vocabulary.js';

/** The consent that speaks for this recipient and purpose: a given one before any other, the one for this question before a general one, then the one that changed last. */
export const applicableConsent = (
  request: Pick<SharingRequest, 'recipient' | 'recipientKind' | 'purpose' | 'singleUseFor'>,
  state: DisclosureState,
): ConsentRecord | undefined =>
  Object.values(state.consents)
    .filter(
      (consent) =>
        consent.recipient === request.recipient &&
        consent.recipientKind === request.recipientKind &&
        consent.purpose === request.purpose &&
        (consent.singleUseFor === undefined || consent.singleUseFor === request.singleUseFor),
    )
    .toSorted((a, b) => standing(a) - standing(b) || generality(a) - generality(b) || laterFirst(a, b))[0];

const standing = ({ state }: ConsentRecord): number => (state === 'given' ? 0 : state === 'superseded' ? 2 : 1);
const generality = ({ singleUseFor }: ConsentRecord): number => (singleUseFor === undefined ? 1 : 0);
const laterFirst = (a: ConsentRecord, b: ConsentRecord): number =>
  isAfter(a.changedAt, b.changedAt) ? -1 : isAfter(b.changedAt, a.changedAt) ? 1 : a.consentId < b.consentId ? -1 : 1;

export const speaksOf = (
  objection: Objection,
  category: Category,
  request: Pick<SharingRequest, 'recipient' | 'recipientKind' | 'purpose'>,
): boolean =>
  objection.liftedAt === undefined &&
  (objection.recipient === undefined || objection.recipient === request.recipient) &&
  (objection.recipientKind === undefined || objection.recipientKind === request.recipientKind) &&
  (objection.purpose === undefined || objection.purpose === request.purpose) &&
  (objection.categories === undefined || objection.categories.some((one) => one === category));

/** Whether an objection stands against asking this, or a part of it: what she objected to is not brought up again. */
export const isObjectedTo = (
  asked: {
    readonly recipient: string;
    readonly recipientKind: OrganisationKind;
    readonly purpose: Purpose;
    readonly categories: readonly ConsentCategory[];
  },
  { objections }: DisclosureState,
): boolean =>
  Object.values(objections).some((objection) =>
    asked.categories.some((category) => speaksOf(objection, category, asked)),
  );

/**
 * Generic Function Consent: an individual organisation is more specific than a category of them, a purpose than none, named
 * data than none, compared in this order. A consent always names all three, so at best an objection is its equal, and then it wins.
 */
export function isMoreSpecific(consent: ConsentRecord | undefined, objection: Objection): boolean {
  if (!consent) return false;
  return !(objection.recipient !== undefined && objection.purpose !== undefined && objection.categories !== undefined);
}

export function whyNotGranted(
  consent: ConsentRecord,
  category: Category,
  request: SharingRequest,
  handingOver: boolean,
): WithheldReason | undefined {
  // What was recorded while it was given may still be handed over after the one answer was.
  const stands = consent.state === 'given' || (consent.state === 'used' && handingOver);
  switch (stands ? 'given' : consent.state) {
    case 'given':
      if (consent.until === undefined || !isAfter(consent.until, request.now)) return 'expired';
      if (!consent.categories.some((one) => one === category)) return 'category-not-granted';
      return isOutsidePeriod(consent, category, request) ? 'outside-period' : undefined;
    case 'proposed':
    case 'superseded':
      return 'no-consent';
    case 'refused':
      return 'refused';
    case 'not-today':
      return 'not-today';
    case 'paused':
      return 'paused';
    case 'withdrawn':
      return 'withdrawn';
    case 'expired':
      return 'expired';
    case 'used':
      return 'used';
  }
}

/** Facts of unknown age are outside a consent that begins on a day. */
const isOutsidePeriod = (consent: ConsentRecord, category: Category, { dataFrom }: SharingRequest): boolean =>
  consent.dataFrom !== undefined &&
  category !== 'K1' &&
  (dataFrom === undefined || compareDates(dataFrom, consent.dataFrom) < 0);
