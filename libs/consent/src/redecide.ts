/** Decides recorded decisions again, from the events before them and what they were asked: the past must come to the same answer. */
import type { Category, OrganisationKind } from '@convenant/kernel';
import { decideDisclosure, type SharingRequest, type SharingVerdict } from './decide.js';
import type { DisclosureEvent } from './disclosure-events.js';
import { disclosure } from './disclosure.js';
import type { Policy } from './policy.js';

export interface OtherAnswer {
  /** The place of the event in its stream, from 1. */
  readonly version: number;
  readonly type: 'Disclosed' | 'Withheld';
  readonly contract: string;
  readonly why: 'policy-not-kept' | 'inputs-not-recorded' | 'other-answer';
}

type Recorded = Extract<DisclosureEvent, { type: 'Disclosed' | 'Withheld' }>;

/**
 * Every recorded decision of one disclosure stream that would come out differently now. Uses no sealed field and no clock. `policyOf` finds a
 * policy by the version that was recorded, so that a later matrix does not judge an earlier decision.
 */
export function otherAnswers(
  events: readonly DisclosureEvent[],
  source: { readonly kind: OrganisationKind; readonly organisation: string },
  policyOf: (version: string) => Policy | undefined,
): readonly OtherAnswer[] {
  const found: OtherAnswer[] = [];
  let state = disclosure.initial;
  for (const [index, event] of events.entries()) {
    if (event.type === 'Disclosed' || event.type === 'Withheld') {
      const why = judged(event);
      if (why) found.push({ version: index + 1, type: event.type, contract: event.contract, why });
    }
    state = disclosure.evolve(state, event);
  }
  return found;

  function judged(event: Recorded): OtherAnswer['why'] | undefined {
    const { asked, purpose, recipient, recipientKind, contract, at: now } = event;
    // What is withheld because she is not linked over there was permitted by matrix and consent; it is the door that waits.
    if (event.type === 'Withheld' && event.reason === 'not-introduced') return undefined;
    if (!asked || purpose === undefined) return 'inputs-not-recorded';
    const policy = policyOf(event.policyVersion);
    if (!policy) return 'policy-not-kept';
    const request: SharingRequest = {
      source: source.kind,
      sourceOrganisation: source.organisation,
      recipient,
      recipientKind,
      purpose,
      contract,
      fields: asked.fields as Readonly<Record<string, Category>>,
      ...(asked.dataFrom === undefined ? {} : { dataFrom: asked.dataFrom }),
      ...(asked.singleUseFor === undefined ? {} : { singleUseFor: asked.singleUseFor }),
      now,
    };
    return isSame(event, decideDisclosure(request, state, policy)) ? undefined : 'other-answer';
  }
}

function isSame(event: Recorded, verdict: SharingVerdict): boolean {
  if (event.type === 'Withheld') {
    const withheld = 'permit' in verdict ? verdict.permit.withheld : verdict.denied;
    return withheld.some(
      ({ reason, categories }) =>
        reason === event.reason && event.categories.every((category) => categories.includes(category)),
    );
  }
  if (!('permit' in verdict)) return false;
  const { consentId, consentVersion, rows, fields, categories, until } = verdict.permit;
  return (
    consentId === event.consentId &&
    consentVersion === event.consentVersion &&
    until === event.until &&
    rows.join() === event.rows.join() &&
    fields.join() === event.fields.join() &&
    categories.join() === event.categories.join()
  );
}
