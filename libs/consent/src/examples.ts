/** The client, the consents and the commands that the specs of this project tell their stories with. */
import { fold, type Sealed } from '@convenant/kernel';
import { decideDisclosure, type Permit, type SharingRequest } from './decide.js';
import type { Answer, DisclosureCommand, Propose } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import type { DisclosureState } from './disclosure-state.js';
import { disclosure } from './disclosure.js';
import { policy } from './matrix.js';
import type { ConsentCategory } from './vocabulary.js';

export const day = (number: number): string => `2026-10-${String(number).padStart(2, '0')}T09:00:00.000Z`;
export const monday = day(5);
export const tuesday = day(6);
export const wednesday = day(7);
export const thursday = day(8);

export const proposal: Propose = {
  type: 'Propose',
  consentId: 'support-uwv',
  source: 'mental-health',
  recipient: 'uwv',
  recipientKind: 'uwv',
  roles: ['insurancePhysician', 'labourExpert'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K3', 'K7'],
  validMonths: 12,
  informationVersion: 'consent-text-1',
  at: monday,
};
export const medicalProposal: Propose = {
  ...proposal,
  consentId: 'answer-1',
  roles: ['insurancePhysician'],
  purpose: 'medical-question',
  categories: ['K1', 'K5'],
  singleUseFor: 'question-1',
};
export const yes = (
  consentId: string,
  categories: readonly ConsentCategory[],
  rest: Partial<Extract<Answer, { answer: 'yes' }>> = {},
): Answer => ({
  type: 'Answer',
  consentId,
  answer: 'yes',
  categories,
  by: 'client',
  method: 'digital',
  language: 'nl',
  at: tuesday,
  ...rest,
});
export const no = (consentId: string): Answer => ({
  type: 'Answer',
  consentId,
  answer: 'no',
  by: 'client',
  at: tuesday,
});
export const notToday = (consentId: string, askAgainOn = '2026-10-20'): Answer => ({
  type: 'Answer',
  consentId,
  answer: 'not-today',
  askAgainOn,
  by: 'client',
  at: tuesday,
});
export const withdrawal = (consentId: string): DisclosureCommand => ({
  type: 'Withdraw',
  consentId,
  by: 'client',
  at: wednesday,
});
export const given: readonly DisclosureCommand[] = [proposal, yes('support-uwv', ['K1', 'K2', 'K3'])];
export const pseudonym: DisclosureCommand = { type: 'DrawPseudonym', recipient: 'uwv', pseudonym: 'p-1', at: tuesday };
/** Given to a recipient that has heard of it. */
export const announced: readonly DisclosureCommand[] = [...given, pseudonym];

export const request: SharingRequest = {
  source: 'mental-health',
  sourceOrganisation: 'ggz-amstel',
  recipient: 'uwv',
  recipientKind: 'uwv',
  purpose: 'support',
  contract: 'trajectory-status.v1',
  fields: { state: 'K2', referredOn: 'K2' },
  now: wednesday,
};
export const medicalRequest: SharingRequest = {
  ...request,
  purpose: 'medical-question',
  contract: 'medical-answer.v1',
  fields: { answers: 'K5' },
  singleUseFor: 'question-1',
};

/** The events that these commands lead to, one after the other. Throws when one is refused: an example that does not hold is a mistake in the spec. */
export function happened(...commands: readonly DisclosureCommand[]): DisclosureEvent[] {
  const events: DisclosureEvent[] = [];
  for (const command of commands) {
    const decision = disclosure.decide(command, fold(disclosure, events));
    if ('refused' in decision) throw new Error(`${command.type} was refused: ${decision.refused}`);
    events.push(...decision.accepted);
  }
  return events;
}
export const after = (...commands: readonly DisclosureCommand[]): DisclosureState =>
  fold(disclosure, happened(...commands));

/** Given what happened, when this is asked: the events, or the refusal. */
export const when = (command: DisclosureCommand, ...before: readonly DisclosureCommand[]) =>
  disclosure.decide(command, after(...before));

export function permitFor(asked: SharingRequest, state: DisclosureState): Permit {
  const verdict = decideDisclosure(asked, state, policy);
  if ('denied' in verdict) throw new Error(`Denied: ${verdict.denied.map(({ reason }) => reason).join(', ')}`);
  return verdict.permit;
}
export const record = (
  permit: Permit,
  messageId = 'message-1',
  rest: Partial<Extract<DisclosureCommand, { type: 'RecordDisclosed' }>> = {},
): Extract<DisclosureCommand, { type: 'RecordDisclosed' }> => ({
  type: 'RecordDisclosed',
  permit,
  messageId,
  pseudonym: 'p-1',
  asOf: tuesday,
  contentDigest: 'digest-1',
  parts: permit.categories.map((category) => ({ category, keyId: `key-${category}`, sealedText: 'sealed' })),
  content: 'sealed' as Sealed<Record<string, unknown>>,
  at: wednesday,
  ...rest,
});
