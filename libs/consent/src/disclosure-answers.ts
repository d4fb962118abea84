/** What her answer does: given by herself on the screen, or written down by staff when she gave it on paper or aloud. */
import { accept, addMonths, compareDates, dayOf, refuse, type Decision } from '@convenant/kernel';
import { isObjectedTo } from './consent-standing.js';
import type { Answer, DisclosureRefusal } from './disclosure-commands.js';
import type { DisclosureEvent } from './disclosure-events.js';
import { inOrder } from './disclosure-evolve.js';
import { isLive, sameSet, wordKey, type ConsentRecord, type DisclosureState } from './disclosure-state.js';
import type { Purpose } from './vocabulary.js';

type Decided = Decision<DisclosureEvent, DisclosureRefusal>;

/** Where an administrator may speak for her (U19). */
const moneyMatters: readonly Purpose[] = ['funding-decision', 'funding-settlement', 'benefits-answer'];

export function answer(command: Answer, consent: ConsentRecord, state: DisclosureState): Decided {
  const { consentId, by, at, method, evidence, recordedBy } = command;
  if (recordedBy) {
    if (isSameAgain(command, consent)) return accept();
    const why = whyNotRecorded(command, consent, state);
    if (why) return refuse(why);
  }
  // Answers on the screen keep the shape that they always had.
  const how = recordedBy && { ...written(recordedBy, evidence), ...(method === undefined ? {} : { method }) };
  if (consent.state === 'paused') return refuse('consent-paused');
  if (consent.state === 'given')
    return command.answer === 'yes' ? widen(command, consent, state) : refuse('already-given');
  if (consent.state !== 'proposed' && consent.state !== 'refused' && consent.state !== 'not-today')
    return refuse('consent-ended');
  switch (command.answer) {
    case 'yes':
      return give(command, consent, state);
    case 'no':
      return consent.state === 'refused' ? accept() : accept({ type: 'ConsentRefused', consentId, by, ...how, at });
    case 'not-today': {
      const { askAgainOn } = command;
      if (consent.state === 'not-today' && consent.askAgainOn === askAgainOn) return accept();
      if (compareDates(askAgainOn, dayOf(at)) <= 0) return refuse('ask-again-not-later');
      return accept({ type: 'ConsentPutOff', consentId, askAgainOn, by, ...how, at });
    }
  }
}

type Yes = Extract<Answer, { answer: 'yes' }>;

function widen(command: Yes, consent: ConsentRecord, state: DisclosureState): Decided {
  const added = command.categories.filter((category) => !consent.categories.includes(category));
  const keepsAll = consent.categories.every((category) => command.categories.includes(category));
  if (keepsAll && added.length === 0) return accept();
  return keepsAll ? give(command, consent, state) : refuse('not-wider');
}

/** A newer yes to the same recipient for the same purpose takes the place of the older one. */
function give(command: Yes, consent: ConsentRecord, state: DisclosureState): Decided {
  const { consentId, by, basis, method, ownWords, language, recordedBy, evidence, at } = command;
  const categories = inOrder(command.categories);
  if (categories.length === 0) return refuse('empty-scope');
  if (!categories.every((category) => consent.offered.includes(category))) return refuse('not-offered');
  if (by === 'representative' && !basis) return refuse('basis-missing');
  if (by === 'representative' && basis === 'administrator-money-only' && !moneyMatters.includes(consent.purpose))
    return refuse('money-matters-only');
  const given: DisclosureEvent = {
    type: 'ConsentGiven',
    consentId,
    version: consent.version + 1,
    categories,
    until: addMonths(at, consent.validMonths),
    by,
    ...(basis === undefined ? {} : { basis }),
    method,
    ...(recordedBy && written(recordedBy, evidence)),
    informationVersion: consent.informationVersion,
    language,
    at,
    ...(ownWords === undefined ? {} : { ownWords }),
  };
  const superseded = Object.values(state.consents)
    .filter(
      (older) =>
        older.consentId !== consentId &&
        isLive(older) &&
        older.recipient === consent.recipient &&
        older.purpose === consent.purpose &&
        older.singleUseFor === consent.singleUseFor,
    )
    .map((older): DisclosureEvent => ({
      type: 'ConsentSuperseded',
      consentId: older.consentId,
      version: older.version + 1,
      supersededBy: consentId,
      at,
    }));
  return accept(given, ...superseded);
}

/**
 * Somebody else can write down a first answer and nothing more. Whatever she said herself stands until she says otherwise herself:
 * a paper that staff put in front of her never outweighs it.
 */
function whyNotRecorded(
  command: Answer,
  consent: ConsentRecord,
  state: DisclosureState,
): DisclosureRefusal | undefined {
  if (consent.offered.includes('K5')) return 'medical-answer-is-hers';
  if (consent.state !== 'proposed') return 'no-open-question';
  if (state.noes[wordKey(consent)] !== undefined) return 'she-said-no';
  if (isObjectedTo({ ...consent, categories: consent.offered }, state)) return 'objection-stands';
  return command.evidence === undefined ? 'evidence-missing' : undefined;
}

const written = ({ person, role }: NonNullable<Answer['recordedBy']>, evidence: Answer['evidence']) => ({
  recordedBy: person,
  recordedByRole: role,
  ...(evidence === undefined ? {} : { evidence }),
});

/** The same answer, written down twice by the same person, was written down once. */
function isSameAgain(command: Answer, consent: ConsentRecord): boolean {
  if (consent.recordedBy === undefined || consent.recordedBy !== command.recordedBy?.person) return false;
  switch (command.answer) {
    case 'yes':
      return consent.state === 'given' && sameSet(consent.categories, command.categories);
    case 'no':
      return consent.state === 'refused';
    case 'not-today':
      return consent.state === 'not-today' && consent.askAgainOn === command.askAgainOn;
  }
}
