/** What a partner says about a client: the name she goes by between the two, the keys it offers, and the proof of what it closed. */
import { accept, addDays, refuse, type Decision } from '@convenant/kernel';
import type { DisclosureCommand, DisclosureRefusal } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import {
  entry,
  isLive,
  longestPauseDays,
  sameSet,
  type ConsentRecord,
  type DisclosureState,
} from './disclosure-state.js';

type Command<Type extends DisclosureCommand['type']> = Extract<DisclosureCommand, { type: Type }>;
type Decided = Decision<DisclosureEvent, DisclosureRefusal>;

export function drawPseudonym(
  { recipient, pseudonym, again, at }: Command<'DrawPseudonym'>,
  state: DisclosureState,
): Decided {
  const name = entry(state.pseudonyms, recipient);
  const redraw = again === true && name?.linked === false && name.pseudonym !== pseudonym;
  return name && !redraw ? accept() : accept({ type: 'PseudonymDrawn', recipient, pseudonym, at });
}

/** A name that she is known by on both sides is never replaced by another. */
export function learnPseudonym(
  { recipient, pseudonym, at }: Command<'LearnPseudonym'>,
  state: DisclosureState,
): Decided {
  const name = entry(state.pseudonyms, recipient);
  if (name?.pseudonym === pseudonym) return accept();
  return name?.linked === true
    ? refuse('pseudonym-exists')
    : accept({ type: 'PseudonymLearned', recipient, pseudonym, at });
}

export function learnScopeKeys(command: Command<'LearnScopeKeys'>, consent: ConsentRecord): Decided {
  const { recipient, consentId, consentVersion, at } = command;
  if (!isLive(consent)) return accept();
  const keys = [...new Map(command.keys.map((key) => [key.category, key])).values()].filter(
    ({ category, keyId }) =>
      consent.categories.includes(category) &&
      !consent.keys.some((known) => known.category === category && known.keyId === keyId) &&
      !consent.acknowledgements.some(({ keyIds }) => keyIds.includes(keyId)) &&
      !consent.closings.some(
        ({ how, version, categories }) =>
          how === 'narrowed' &&
          categories.includes(category) &&
          consentVersion !== undefined &&
          consentVersion < version,
      ),
  );
  return keys.length === 0 ? accept() : accept({ type: 'ScopeKeysLearned', recipient, consentId, keys, at });
}

export function answerIntroduction(command: Command<'AnswerIntroduction'>, state: DisclosureState): Decided {
  const { recipient, pseudonym, linked, at } = command;
  const name = entry(state.pseudonyms, recipient);
  if (name?.pseudonym !== pseudonym) return refuse('unknown-pseudonym');
  return name.linked === linked ? accept() : accept({ type: 'IntroductionAnswered', recipient, pseudonym, linked, at });
}

/** More than this nobody changes between two backups: a proof with a higher number is not believed to be of a lost closing. */
const mostLostChanges = 100;

export function acknowledgeClosing(command: Command<'AcknowledgeClosing'>, consent: ConsentRecord): Decided {
  const { type: _type, wasSetBack, ...proof } = command;
  const known = consent.acknowledgements.some(
    ({ version, keyIds, closedAt }) =>
      version === proof.consentVersion && closedAt === proof.closedAt && sameSet(keyIds, proof.keyIds),
  );
  if (known) return accept();
  const { consentId, consentVersion: version, at } = proof;
  const proved: DisclosureEvent = { type: 'ClosingAcknowledged', ...proof };
  // Proof of a closing that this log does not know: it was set back to a backup, and she closed in the time that was lost. How (a withdrawal,
  // a narrowing, a pause) the proof does not say. A pause tells nothing more, leaves the choice to her, and ends as a withdrawal by itself.
  const isLost = wasSetBack === true && version > consent.version && version - consent.version <= mostLostChanges;
  return isLive(consent) && isLost
    ? accept<DisclosureEvent>(proved, {
        type: 'ConsentPaused',
        consentId,
        version,
        until: addDays(at, longestPauseDays),
        by: 'lost-closing',
        at,
      })
    : accept(proved);
}
