/** What is recorded as told, through the door or outside it. A permit is taken here, and asked again on the state at hand. */
import { accept, refuse, type Decision } from '@convenant/kernel';
import { askedFor, isIssued, stillHolds } from './decide.js';
import type { DisclosureCommand, DisclosureRefusal } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import { inOrder } from './disclosure-evolve.js';
import { entry, type DisclosureState } from './disclosure-state.js';

type Command<Type extends DisclosureCommand['type']> = Extract<DisclosureCommand, { type: Type }>;
type Decided = Decision<DisclosureEvent, DisclosureRefusal>;

export function recordDisclosed(command: Command<'RecordDisclosed'>, state: DisclosureState): Decided {
  const { permit, messageId, pseudonym, asOf, contentDigest, parts, content, at } = command;
  if (!isIssued(permit)) return refuse('permit-not-issued');
  const known = entry(state.disclosed, messageId);
  if (known)
    return known.recipient === permit.recipient &&
      known.contract === permit.contract &&
      known.contentDigest === contentDigest
      ? accept()
      : refuse('message-id-taken');
  // A withdrawal, a pause or an objection that came between the decision and this moment wins.
  if (!stillHolds(permit, state, at)) return refuse('no-longer-permitted');
  if (!parts.every(({ category }) => permit.categories.includes(category))) return refuse('more-than-permitted');
  if (entry(state.pseudonyms, permit.recipient)?.pseudonym !== pseudonym) return refuse('unknown-pseudonym');
  return accept({
    type: 'Disclosed',
    messageId,
    recipient: permit.recipient,
    recipientKind: permit.recipientKind,
    pseudonym,
    consentId: permit.consentId,
    consentVersion: permit.consentVersion,
    purpose: permit.purpose,
    contract: permit.contract,
    asOf,
    categories: permit.categories,
    fields: permit.fields,
    rows: permit.rows,
    policyVersion: permit.policyVersion,
    asked: askedFor(permit),
    contentDigest,
    parts,
    until: permit.until,
    at,
    content,
  });
}

/** Something that was told without cover happened all the same: it is recorded, as an incident. */
export function recordTold(command: Command<'TellOutside'>, state: DisclosureState): Decided {
  const { toldId, medium, recipient, recipientKind, roles, purpose, verdict, at } = command;
  const known = entry(state.told, toldId);
  if (known) return known.recipient === recipient && known.purpose === purpose ? accept() : refuse('told-id-taken');
  const categories = inOrder(command.categories);
  if (categories.length === 0 || roles.length === 0) return refuse('empty-scope');
  const permit = 'permit' in verdict ? verdict.permit : undefined;
  if (permit && !isIssued(permit)) return refuse('permit-not-issued');
  const covered =
    permit !== undefined &&
    permit.recipient === recipient &&
    permit.recipientKind === recipientKind &&
    permit.purpose === purpose &&
    roles.every((role) => permit.roles.some((one) => one === role)) &&
    categories.every((category) => permit.categories.includes(category)) &&
    stillHolds(permit, state, at);
  return accept({
    type: 'ToldOutsideTheSystem',
    toldId,
    medium,
    recipient,
    recipientKind,
    roles,
    purpose,
    categories,
    covered,
    rows: covered ? permit.rows : [],
    policyVersion: 'permit' in verdict ? verdict.permit.policyVersion : verdict.policyVersion,
    at,
  });
}
