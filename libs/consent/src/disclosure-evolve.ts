/** How the disclosure state follows from its events. Never judges and never throws: what it does not recognise changes nothing. */
import { isAfter } from '@convenant/kernel';
import type { DisclosureEvent } from './disclosure-events.js';
import {
  digestKey,
  entry,
  withheldKey,
  wordKey,
  type Closing,
  type ConsentRecord,
  type DisclosureState,
} from './disclosure-state.js';
import { consentCategories, type ConsentCategory } from './vocabulary.js';

type EventOf<Type extends DisclosureEvent['type']> = Extract<DisclosureEvent, { type: Type }>;
type ConsentEvent = EventOf<
  | 'ConsentGiven'
  | 'ConsentRefused'
  | 'ConsentPutOff'
  | 'ConsentNarrowed'
  | 'ConsentPaused'
  | 'ConsentResumed'
  | 'ConsentWithdrawn'
  | 'ConsentExpired'
  | 'ConsentSuperseded'
  | 'ScopeKeysLearned'
  | 'ClosingAcknowledged'
>;

/** Each once, in the order of the list. */
export const inOrder = (categories: readonly string[]): ConsentCategory[] =>
  consentCategories.filter((category) => categories.includes(category));

export function evolve(state: DisclosureState, event: DisclosureEvent): DisclosureState {
  switch (event.type) {
    case 'ConsentProposed':
      return proposed(state, event);
    case 'ConsentGiven':
    case 'ConsentRefused':
    case 'ConsentPutOff':
    case 'ConsentNarrowed':
    case 'ConsentPaused':
    case 'ConsentResumed':
    case 'ConsentWithdrawn':
    case 'ConsentExpired':
    case 'ConsentSuperseded':
    case 'ScopeKeysLearned':
    case 'ClosingAcknowledged':
      return heard(
        changeConsent(state, event.consentId, (consent) =>
          evolveConsent(consent, event, entry(state.pseudonyms, consent.recipient) !== undefined),
        ),
        event,
      );
    case 'ObjectionMade': {
      const { type: _type, objectionId, by: _by, ...objection } = event;
      return {
        ...state,
        objections: { ...state.objections, [objectionId]: objection as DisclosureState['objections'][string] },
      };
    }
    case 'ObjectionLifted': {
      const objection = entry(state.objections, event.objectionId);
      if (!objection) return state;
      return {
        ...state,
        objections: { ...state.objections, [event.objectionId]: { ...objection, liftedAt: event.at } },
      };
    }
    case 'DisclosureAsked': {
      const { type: _type, askId, ...ask } = event;
      return { ...state, asks: { ...state.asks, [askId]: ask } };
    }
    case 'PseudonymDrawn':
      return announced(
        named(state, event.recipient, { pseudonym: event.pseudonym, linked: undefined, ours: true }),
        event,
      );
    case 'PseudonymLearned':
      return announced(named(state, event.recipient, { pseudonym: event.pseudonym, linked: true, ours: false }), event);
    case 'IntroductionAnswered': {
      const name = entry(state.pseudonyms, event.recipient);
      return name?.pseudonym === event.pseudonym
        ? named(state, event.recipient, { ...name, linked: event.linked })
        : state;
    }
    case 'Disclosed':
      return disclosed(state, event);
    case 'Stopped':
      return stopped(state, event);
    case 'Withheld':
      return { ...state, withheld: { ...state.withheld, [withheldKey(event)]: true } };
    case 'ToldOutsideTheSystem':
      return {
        ...state,
        told: {
          ...state.told,
          [event.toldId]: { recipient: event.recipient, purpose: event.purpose, covered: event.covered },
        },
      };
  }
}

function changeConsent(
  state: DisclosureState,
  consentId: string,
  change: (consent: ConsentRecord) => ConsentRecord,
): DisclosureState {
  const consent = entry(state.consents, consentId);
  return consent ? { ...state, consents: { ...state.consents, [consentId]: change(consent) } } : state;
}

const named = (
  state: DisclosureState,
  recipient: string,
  name: DisclosureState['pseudonyms'][string],
): DisclosureState => ({
  ...state,
  pseudonyms: { ...state.pseudonyms, [recipient]: name },
});

/** With the name goes out what was given before there was one: a consent that is paused then with its pause, which is to be proved. */
function announced(
  state: DisclosureState,
  { recipient }: EventOf<'PseudonymDrawn' | 'PseudonymLearned'>,
): DisclosureState {
  const consents = Object.entries(state.consents).map(([consentId, consent]) => {
    const { version, categories, closings, changedAt } = consent;
    const isKnown = closings.some((closing) => closing.how === 'paused' && closing.version === version);
    return consent.recipient === recipient && consent.state === 'paused' && !isKnown
      ? [consentId, { ...consent, closings: [...closings, pauseOf(version, categories, changedAt)] }]
      : [consentId, consent];
  });
  return { ...state, consents: Object.fromEntries(consents) as DisclosureState['consents'] };
}
const pauseOf = (version: number, categories: readonly ConsentCategory[], closedAt: string): Closing => ({
  version,
  categories,
  how: 'paused',
  closedAt,
});

function proposed(state: DisclosureState, event: EventOf<'ConsentProposed'>): DisclosureState {
  const { consentId, askId, dataFrom, singleUseFor } = event;
  const consent: ConsentRecord = {
    consentId,
    version: 0,
    recipient: event.recipient,
    recipientKind: event.recipientKind,
    roles: event.roles,
    purpose: event.purpose,
    offered: event.categories,
    categories: [],
    ...(dataFrom === undefined ? {} : { dataFrom }),
    validMonths: event.validMonths,
    state: 'proposed',
    ...(askId === undefined ? {} : { askId }),
    ...(singleUseFor === undefined ? {} : { singleUseFor }),
    informationVersion: event.informationVersion,
    changedAt: event.at,
    keys: [],
    closings: [],
    acknowledgements: [],
  };
  const ask = askId === undefined ? undefined : entry(state.asks, askId);
  return {
    ...state,
    consents: { ...state.consents, [consentId]: consent },
    ...(askId !== undefined && ask ? { asks: { ...state.asks, [askId]: { ...ask, consentId } } } : {}),
  };
}

const answered = (
  consent: ConsentRecord,
  { recordedBy }: { readonly recordedBy?: string | undefined },
): ConsentRecord => {
  const { askAgainOn: _askAgainOn, recordedBy: _recordedBy, ...rest } = consent;
  return recordedBy === undefined ? rest : { ...rest, recordedBy };
};

/** Keeps where she said no herself: only her own yes takes that away. What a representative refused, a representative may also grant. */
function heard(state: DisclosureState, event: ConsentEvent): DisclosureState {
  const consent = entry(state.consents, event.consentId);
  if (!consent || !('by' in event) || ('recordedBy' in event && event.recordedBy !== undefined)) return state;
  const { by } = event;
  if (by !== 'client' && by !== 'representative') return state;
  const key = wordKey(consent);
  if (event.type !== 'ConsentGiven' && event.type !== 'ConsentResumed')
    return { ...state, noes: { ...state.noes, [key]: state.noes[key] === 'client' ? 'client' : by } };
  if (by === 'representative' && state.noes[key] === 'client') return state;
  const { [key]: _no, ...noes } = state.noes;
  return { ...state, noes };
}

/** `isAnnounced`: the recipient has a name for her, and so has heard of every consent that names it. */
function evolveConsent(consent: ConsentRecord, event: ConsentEvent, isAnnounced: boolean): ConsentRecord {
  const changedAt = event.at;
  switch (event.type) {
    case 'ConsentGiven': {
      const { version, categories, until } = event;
      return {
        ...answered(consent, event),
        state: 'given',
        version,
        categories: inOrder(categories),
        until,
        givenAt: event.at,
        changedAt,
      };
    }
    case 'ConsentRefused':
      return { ...answered(consent, event), state: 'refused', changedAt };
    case 'ConsentPutOff':
      return { ...answered(consent, event), state: 'not-today', askAgainOn: event.askAgainOn, changedAt };
    case 'ConsentNarrowed':
      return {
        ...close(consent, event.version, event.removed, 'narrowed', event.at, isAnnounced),
        categories: consent.categories.filter((category) => !event.removed.includes(category)),
      };
    case 'ConsentPaused':
      return {
        ...close(consent, event.version, consent.categories, 'paused', event.at, isAnnounced),
        state: 'paused',
        pausedUntil: event.until,
        ...(event.by === 'lost-closing' ? { closedThere: true } : {}),
      };
    case 'ConsentResumed': {
      const { pausedUntil: _pausedUntil, ...rest } = consent;
      return { ...rest, state: consent.usedBy === undefined ? 'given' : 'used', version: event.version, changedAt };
    }
    case 'ConsentWithdrawn':
      return {
        ...close(consent, event.version, consent.categories, 'ended', event.at, isAnnounced),
        state: 'withdrawn',
      };
    case 'ConsentSuperseded':
      return {
        ...close(consent, event.version, consent.categories, 'ended', event.at, isAnnounced),
        state: 'superseded',
      };
    case 'ConsentExpired':
      return {
        ...close(consent, event.version, consent.categories, 'expired', event.at, isAnnounced),
        state: 'expired',
      };
    case 'ScopeKeysLearned': {
      const categories = event.keys.map(({ category }) => category);
      return {
        ...consent,
        keys: [...consent.keys.filter(({ category }) => !categories.includes(category)), ...event.keys],
      };
    }
    case 'ClosingAcknowledged': {
      const { consentVersion: version, keyIds, closedAt, at } = event;
      return withAcknowledgements({
        ...consent,
        // What the recipient destroyed is never sealed to again.
        keys: consent.keys.filter(({ keyId }) => !keyIds.includes(keyId)),
        acknowledgements: [...consent.acknowledgements, { version, keyIds, closedAt, at }],
      });
    }
  }
}

/**
 * A pause keeps the keys; every other closing lets go of those of its categories. What a recipient never heard of, because no name was
 * drawn for her yet, it cannot close, and nobody waits for a proof.
 */
const close = (
  consent: ConsentRecord,
  version: number,
  categories: readonly ConsentCategory[],
  how: Closing['how'],
  at: string,
  isAnnounced: boolean,
): ConsentRecord =>
  withAcknowledgements({
    ...consent,
    version,
    changedAt: at,
    keys: how === 'paused' ? consent.keys : consent.keys.filter(({ category }) => !categories.includes(category)),
    closings: isAnnounced ? [...consent.closings, { version, categories, how, closedAt: at }] : consent.closings,
  });

/** An expiry is closed by the recipient's own clock, under the version that it knew, and its proof may be here before our own clock says so. */
const withAcknowledgements = (consent: ConsentRecord): ConsentRecord => ({
  ...consent,
  closings: consent.closings.map((closing) => {
    if (closing.acknowledgedAt !== undefined) return closing;
    const proof = consent.acknowledgements.find(
      ({ version, closedAt }) =>
        version === closing.version ||
        (closing.how === 'expired' && consent.until !== undefined && !isAfter(consent.until, closedAt)),
    );
    return proof ? { ...closing, acknowledgedAt: proof.closedAt } : closing;
  }),
});

function disclosed(state: DisclosureState, event: EventOf<'Disclosed'>): DisclosureState {
  const { messageId, recipient, consentId, consentVersion, purpose, contract, categories, fields, contentDigest, at } =
    event;
  const consent = entry(state.consents, consentId);
  // Telling who she is does not use up a consent for one answer; the answer does.
  const answers =
    consent?.singleUseFor !== undefined &&
    consent.state === 'given' &&
    categories.some((category) => category !== 'K1');
  return {
    ...state,
    disclosed: {
      ...state.disclosed,
      [messageId]: { recipient, consentId, consentVersion, purpose, contract, categories, fields, contentDigest, at },
    },
    lastDigest: {
      ...state.lastDigest,
      [digestKey(consentId, contract)]: { digest: contentDigest, consentVersion, messageId },
    },
    ...(consent && answers
      ? {
          consents: { ...state.consents, [consentId]: { ...consent, state: 'used', usedBy: messageId, changedAt: at } },
        }
      : {}),
  };
}

/** What was stopped never arrived: it does not count as told, and does not use up a consent for one answer. */
function stopped(state: DisclosureState, { messageId }: EventOf<'Stopped'>): DisclosureState {
  const message = entry(state.disclosed, messageId);
  if (!message) return state;
  const key = digestKey(message.consentId, message.contract);
  const { [key]: last, ...others } = state.lastDigest;
  const after: DisclosureState = {
    ...state,
    disclosed: { ...state.disclosed, [messageId]: { ...message, stopped: true } },
    lastDigest: last?.messageId === messageId ? others : state.lastDigest,
  };
  return changeConsent(after, message.consentId, (consent) => {
    if (consent.usedBy !== messageId) return consent;
    const { usedBy: _usedBy, ...rest } = consent;
    return { ...rest, state: consent.state === 'used' ? 'given' : consent.state };
  });
}
