/** The rules of a client's disclosure stream: what she may be asked, what her answers do, and what may be recorded as having left. */
import { accept, addDays, isAfter, refuse, type Decider, type Decision } from '@convenant/kernel';
import { answer } from './disclosure-answers.js';
import type { DisclosureCommand, DisclosureRefusal } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import { evolve, inOrder } from './disclosure-evolve.js';
import {
  acknowledgeClosing,
  answerIntroduction,
  drawPseudonym,
  learnPseudonym,
  learnScopeKeys,
} from './disclosure-partners.js';
import { ask, liftObjection, object, propose } from './disclosure-questions.js';
import { recordDisclosed, recordTold } from './disclosure-records.js';
import {
  entry,
  isLive,
  longestPauseDays,
  nothingYet,
  withheldKey,
  type ConsentRecord,
  type DisclosureState,
} from './disclosure-state.js';
import { policy as policyInForce } from './matrix.js';
import type { Policy } from './policy.js';

type Command<Type extends DisclosureCommand['type']> = Extract<DisclosureCommand, { type: Type }>;
type Decided = Decision<DisclosureEvent, DisclosureRefusal>;

/** A decider under a given policy; everything but `Propose` and `Ask` is the same under each. */
export const disclosureUnder = (
  policy: Policy,
): Decider<DisclosureCommand, DisclosureEvent, DisclosureState, DisclosureRefusal> => ({
  initial: nothingYet,
  evolve,
  decide(command, state): Decided {
    switch (command.type) {
      case 'Propose':
        return propose(command, state, policy);
      case 'Ask':
        return ask(command, state, policy);
      case 'Answer':
        return withConsent(command, state, (consent) => answer(command, consent, state));
      case 'Narrow':
        return withConsent(command, state, (consent) => narrow(command, consent));
      case 'Pause':
        return 'all' in command
          ? pauseEach(command, Object.values(state.consents).filter(isLive))
          : withConsent(command, state, (consent) =>
              isLive(consent) ? pauseEach(command, [consent]) : refuse('not-given'),
            );
      case 'Resume':
        return withConsent(command, state, (consent) => resume(command, consent));
      case 'Withdraw':
        return withConsent(command, state, (consent) => withdraw(command, consent));
      case 'StopEverything':
        return accept(
          ...Object.values(state.consents)
            .filter(isLive)
            .map((consent) => withdrawn(consent, command)),
        );
      case 'Expire':
        return accept(
          ...Object.values(state.consents)
            .filter(isLive)
            .flatMap((consent) => expired(consent, command.now)),
        );
      case 'Object': {
        const decided = object(command, state);
        if ('refused' in decided || decided.accepted.length === 0) return decided;
        return accept(
          ...decided.accepted,
          ...Object.values(state.consents).flatMap((consent) => objectedTo(command, consent)),
        );
      }
      case 'LiftObjection':
        return liftObjection(command, state);
      case 'DrawPseudonym':
        return drawPseudonym(command, state);
      case 'LearnPseudonym':
        return learnPseudonym(command, state);
      case 'LearnScopeKeys':
        return withOwnConsent(command, state, (consent) => learnScopeKeys(command, consent));
      case 'AnswerIntroduction':
        return answerIntroduction(command, state);
      case 'AcknowledgeClosing':
        return withOwnConsent(command, state, (consent) => acknowledgeClosing(command, consent));
      case 'RecordDisclosed':
        return recordDisclosed(command, state);
      case 'RecordStopped': {
        const message = entry(state.disclosed, command.messageId);
        if (!message) return refuse('unknown-message');
        const { messageId, reason, at } = command;
        return message.stopped ? accept() : accept({ type: 'Stopped', messageId, reason, at });
      }
      case 'RecordWithheld': {
        if (entry(state.withheld, withheldKey(command))) return accept();
        const { recipient, recipientKind, purpose, contract, reason, policyVersion, asked, at } = command;
        const categories = inOrder(command.categories);
        return accept({
          type: 'Withheld',
          recipient,
          recipientKind,
          ...(purpose === undefined ? {} : { purpose }),
          contract,
          categories,
          reason,
          policyVersion,
          asked,
          at,
        });
      }
      case 'TellOutside':
        return recordTold(command, state);
    }
  },
});

/** Under the policy in force. */
export const disclosure = disclosureUnder(policyInForce);

function withConsent(
  command: { consentId: string },
  state: DisclosureState,
  then: (consent: ConsentRecord) => Decided,
): Decided {
  const consent = entry(state.consents, command.consentId);
  return consent ? then(consent) : refuse('unknown-consent');
}
/** For what a partner says: only about consents that name this partner. */
const withOwnConsent = (
  command: { consentId: string; recipient: string },
  state: DisclosureState,
  then: (consent: ConsentRecord) => Decided,
): Decided =>
  withConsent(command, state, (consent) =>
    consent.recipient === command.recipient ? then(consent) : refuse('foreign-consent'),
  );

function narrow(command: Command<'Narrow'>, consent: ConsentRecord): Decided {
  const { consentId, by, at } = command;
  if (!isLive(consent)) return refuse('not-given');
  const removed = consent.categories.filter((category) => command.remove.includes(category));
  if (removed.length === 0) return accept();
  if (removed.length === consent.categories.length) return refuse('nothing-left');
  return accept({ type: 'ConsentNarrowed', consentId, version: consent.version + 1, removed, by, at });
}

function pauseEach({ until, by, at }: Command<'Pause'>, consents: readonly ConsentRecord[]): Decided {
  const running = consents.filter(({ state }) => state !== 'paused');
  if (running.length === 0) return accept();
  const latest = addDays(at, longestPauseDays);
  const end = until ?? latest;
  if (isAfter(end, latest) || !isAfter(end, at)) return refuse('pause-too-long');
  return accept(
    ...running.map(({ consentId, version }): DisclosureEvent => ({
      type: 'ConsentPaused',
      consentId,
      version: version + 1,
      until: end,
      by,
      at,
    })),
  );
}

/** Resuming is her own act: a representative can stop sharing, but not start it again. */
function resume(command: Command<'Resume'>, consent: ConsentRecord): Decided {
  const { consentId, by, at } = command;
  if (by !== 'client') return refuse('client-only');
  if (consent.state === 'given' || consent.state === 'used') return accept();
  if (consent.state !== 'paused') return refuse('not-given');
  if (consent.pausedUntil !== undefined && !isAfter(consent.pausedUntil, at)) return refuse('pause-ran-out');
  if (consent.until === undefined || !isAfter(consent.until, at)) return refuse('no-longer-valid');
  return accept({ type: 'ConsentResumed', consentId, version: consent.version + 1, by, at });
}

/** Needs no reason. What has ended already needs no second ending. */
function withdraw(command: Command<'Withdraw'>, consent: ConsentRecord): Decided {
  if (isLive(consent)) return accept(withdrawn(consent, command));
  return consent.version > 0 ? accept() : refuse('not-given');
}

const withdrawn = (
  { consentId, version }: ConsentRecord,
  { by, at }: { by: Command<'Withdraw'>['by'] | 'pause-ran-out'; at: string },
): DisclosureEvent => ({ type: 'ConsentWithdrawn', consentId, version: version + 1, by, at });

/**
 * An objection is a newer wish than every yes before it, so it ends what it covers. (How specific it is counts only for a yes that comes
 * later: specific beats general.)
 */
function objectedTo(
  { recipient, recipientKind, purpose, categories, by, at }: Command<'Object'>,
  consent: ConsentRecord,
): DisclosureEvent[] {
  const speaksOfIt =
    isLive(consent) &&
    (recipient === undefined || recipient === consent.recipient) &&
    (recipientKind === undefined || recipientKind === consent.recipientKind) &&
    (purpose === undefined || purpose === consent.purpose);
  if (!speaksOfIt) return [];
  const removed = consent.categories.filter((category) => categories === undefined || categories.includes(category));
  if (removed.length === 0) return [];
  if (removed.length === consent.categories.length) return [withdrawn(consent, { by, at })];
  return [{ type: 'ConsentNarrowed', consentId: consent.consentId, version: consent.version + 1, removed, by, at }];
}

function expired(consent: ConsentRecord, now: string): DisclosureEvent[] {
  if (consent.until !== undefined && !isAfter(consent.until, now))
    return [{ type: 'ConsentExpired', consentId: consent.consentId, version: consent.version + 1, at: now }];
  const ranOut = consent.state === 'paused' && consent.pausedUntil !== undefined && !isAfter(consent.pausedUntil, now);
  return ranOut ? [withdrawn(consent, { by: 'pause-ran-out', at: now })] : [];
}
