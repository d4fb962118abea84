/** What the client is asked, by her own professionals or by a recipient through them, and what she objects to beforehand. */
import { accept, refuse, type Decision } from '@convenant/kernel';
import { isObjectedTo } from './consent-standing.js';
import type { DisclosureCommand, DisclosureRefusal, Propose } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import { inOrder } from './disclosure-evolve.js';
import { entry, sameSet, type Ask, type ConsentRecord, type DisclosureState } from './disclosure-state.js';
import type { Policy } from './policy.js';
import { whyNotAskable } from './scope.js';

type Command<Type extends DisclosureCommand['type']> = Extract<DisclosureCommand, { type: Type }>;
type Decided = Decision<DisclosureEvent, DisclosureRefusal>;

export function propose(command: Propose, state: DisclosureState, policy: Policy): Decided {
  const {
    consentId,
    recipient,
    recipientKind,
    roles,
    purpose,
    dataFrom,
    validMonths,
    askId,
    singleUseFor,
    informationVersion,
    at,
  } = command;
  const categories = inOrder(command.categories);
  const known = entry(state.consents, consentId);
  if (known) return isSameProposal(known, command) ? accept() : refuse('consent-id-taken');
  const why = whyNotAskable(command, policy);
  if (why) return refuse(why);
  if (!Number.isInteger(validMonths) || validMonths < 1 || validMonths > 12) return refuse('validity-too-long');
  if (categories.includes('K5') && singleUseFor === undefined) return refuse('question-missing');
  if (askId !== undefined) {
    const asked = entry(state.asks, askId);
    if (!asked) return refuse('unknown-ask');
    if (asked.recipient !== recipient || asked.purpose !== purpose) return refuse('ask-differs');
  }
  if (isObjectedTo(command, state)) return refuse('objection-stands');
  return accept({
    type: 'ConsentProposed',
    consentId,
    recipient,
    recipientKind,
    roles,
    purpose,
    categories,
    ...(dataFrom === undefined ? {} : { dataFrom }),
    validMonths,
    ...(askId === undefined ? {} : { askId }),
    ...(singleUseFor === undefined ? {} : { singleUseFor }),
    informationVersion,
    at,
  });
}

const isSameProposal = (known: ConsentRecord, command: Propose): boolean =>
  known.recipient === command.recipient &&
  known.recipientKind === command.recipientKind &&
  known.purpose === command.purpose &&
  sameSet(known.roles, command.roles) &&
  sameSet(known.offered, command.categories) &&
  known.dataFrom === command.dataFrom &&
  known.validMonths === command.validMonths &&
  known.askId === command.askId &&
  known.singleUseFor === command.singleUseFor &&
  known.informationVersion === command.informationVersion;

export function ask(command: Command<'Ask'>, state: DisclosureState, policy: Policy): Decided {
  const { askId, recipient, recipientKind, roles, purpose, at } = command;
  const known = entry(state.asks, askId);
  if (known)
    return known.recipient === recipient && known.purpose === purpose && sameSet(known.categories, command.categories)
      ? accept()
      : refuse('ask-id-taken');
  const why = whyNotAskable(command, policy);
  if (why) return refuse(why);
  if (isObjectedTo(command, state)) return refuse('objection-stands');
  const isWithHer = (each: Ask): boolean =>
    each.recipient === recipient &&
    each.purpose === purpose &&
    each.roles.some((role) => roles.includes(role)) &&
    isOpen(each, state);
  if (Object.values(state.asks).some(isWithHer)) return refuse('already-asked');
  return accept({
    type: 'DisclosureAsked',
    askId,
    recipient,
    recipientKind,
    roles,
    purpose,
    categories: inOrder(command.categories),
    at,
  });
}

/** Not brought to her yet, or brought and not answered with yes or no. */
function isOpen({ consentId }: Ask, { consents }: DisclosureState): boolean {
  const brought = consentId === undefined ? undefined : entry(consents, consentId);
  return brought === undefined || brought.state === 'proposed' || brought.state === 'not-today';
}

export function object(command: Command<'Object'>, state: DisclosureState): Decided {
  const { objectionId, recipient, recipientKind, purpose, by, at } = command;
  const categories = command.categories && inOrder(command.categories);
  const known = entry(state.objections, objectionId);
  if (known)
    return known.recipient === recipient &&
      known.recipientKind === recipientKind &&
      known.purpose === purpose &&
      known.categories?.join() === categories?.join()
      ? accept()
      : refuse('objection-id-taken');
  if (categories?.length === 0) return refuse('empty-scope');
  return accept({
    type: 'ObjectionMade',
    objectionId,
    ...(recipient === undefined ? {} : { recipient }),
    ...(recipientKind === undefined ? {} : { recipientKind }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(categories === undefined ? {} : { categories }),
    by,
    at,
  });
}

/** Her own act alone: whoever speaks for her can keep things back, and not undo that she did. */
export function liftObjection({ objectionId, by, at }: Command<'LiftObjection'>, state: DisclosureState): Decided {
  if (by !== 'client') return refuse('client-only');
  const objection = entry(state.objections, objectionId);
  if (!objection) return refuse('unknown-objection');
  return objection.liftedAt === undefined ? accept({ type: 'ObjectionLifted', objectionId, by, at }) : accept();
}
