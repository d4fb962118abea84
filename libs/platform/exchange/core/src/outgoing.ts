/** Which messages an event gives rise to. Messages are made from the log when they are sent, so nothing about them is stored twice. */
import {
  disclosure,
  disclosureEvents,
  isLive,
  type ConsentRecord,
  type DisclosureEvent,
  type DisclosureState,
} from '@convenant/consent';
import {
  clientIntroducedV1,
  closingAcknowledgedV1,
  consentAnnouncedV1,
  consentClosedV1,
  consentReopenedV1,
  contractId,
  findContract,
  introductionAnsweredV1,
  scopeKeysOfferedV1,
  type Contract,
} from '@convenant/contracts';
import { stateOf, type Sealer, type StoredEvent } from '@convenant/kernel';
import type { Signer } from './ports.js';
import { receivedEvents, type ReceivedEvent } from './received-events.js';

/** Everything but the signature, the time and the place in the lane. */
export interface Outgoing {
  readonly messageId: string;
  readonly recipient: string;
  readonly pseudonym: string;
  readonly contract: Contract;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface OutgoingContext {
  readonly signer: Signer;
  readonly sealer: Sealer;
  /** The stream of the event. What comes after the event is not looked at: its messages stay what they were when they were numbered. */
  readonly history: readonly StoredEvent[];
}
/** What an organisation's own events give rise to beyond what every organisation sends (a question, an ask). */
export type OutgoingFrom = (
  stored: StoredEvent,
  context: OutgoingContext,
) => Promise<readonly Omit<Outgoing, 'messageId'>[]>;
/** A disclosure is known by the id under which it was recorded, on both sides; every other message by the event that it comes from. */
type Unnamed = Omit<Outgoing, 'messageId'> & { readonly messageId?: string };

const messageId = (stored: StoredEvent, index: number): string => (index === 0 ? stored.id : `${stored.id}.${index}`);

/** The messages of one stored event, always the same for the same event. */
export async function outgoing(
  stored: StoredEvent,
  context: OutgoingContext,
  sends: Readonly<Record<string, OutgoingFrom>>,
): Promise<readonly Outgoing[]> {
  const messages = await unnamed(stored, context, sends);
  return messages.map((message, index) => ({ messageId: messageId(stored, index), ...message }));
}

async function unnamed(
  stored: StoredEvent,
  context: OutgoingContext,
  sends: Readonly<Record<string, OutgoingFrom>>,
): Promise<readonly Unnamed[]> {
  const own = sends[stored.type];
  if (own) return own(stored, context);
  if (receivedEvents.knows(stored.type)) return fromReceivedStream(receivedEvents.decode(stored) as ReceivedEvent);
  if (!disclosureEvents.knows(stored.type)) return [];
  const state = stateOf(disclosureEvents, disclosure, context.history.slice(0, stored.streamVersion));
  return fromDisclosureStream(disclosureEvents.decode(stored) as DisclosureEvent, state);
}

/** Tells cheaply, without the stream, whether an event may give rise to a message at all. */
export const mayGiveRise = (type: string, sends: Readonly<Record<string, OutgoingFrom>>): boolean =>
  type in sends || sendingTypes.has(type);
const sendingTypes = new Set([
  'ConsentGiven',
  'PseudonymDrawn',
  'PseudonymLearned',
  'ConsentNarrowed',
  'ConsentPaused',
  'ConsentResumed',
  'ConsentWithdrawn',
  'ConsentSuperseded',
  'Disclosed',
  'ScopeKeysMade',
  'IntroductionLinked',
  'IntroductionNotOurs',
  'ScopeClosed',
  'ScopeKeysDestroyed',
]);

/** A disclosure goes under the id that was recorded with it, so that both sides and the client speak of the same message. */
function fromDisclosureStream(event: DisclosureEvent, state: DisclosureState): readonly Unnamed[] {
  const about = (consentId: string) => {
    const consent = state.consents[consentId];
    const pseudonym = consent && state.pseudonyms[consent.recipient]?.pseudonym;
    return consent && pseudonym ? { consent, pseudonym, recipient: consent.recipient } : undefined;
  };
  const announcement = (consent: ConsentRecord, pseudonym: string): Unnamed => ({
    recipient: consent.recipient,
    pseudonym,
    contract: consentAnnouncedV1,
    data: {
      consentId: consent.consentId,
      consentVersion: consent.version,
      purpose: consent.purpose,
      roles: consent.roles,
      categories: consent.categories,
      until: consent.until,
      ...(consent.askId ? { askId: consent.askId } : {}),
    },
  });
  const closing = (
    consentId: string,
    consentVersion: number,
    categories: readonly string[],
    how: 'ended' | 'paused' | 'narrowed',
    closedAt: string,
  ): Unnamed[] => {
    const found = about(consentId);
    // A consent that was never announced (no pseudonym was drawn yet) needs no closing.
    return found
      ? [
          {
            recipient: found.recipient,
            pseudonym: found.pseudonym,
            contract: consentClosedV1,
            data: { consentId, consentVersion, categories, how, closedAt },
          },
        ]
      : [];
  };
  switch (event.type) {
    case 'ConsentGiven': {
      const found = about(event.consentId);
      return found ? [announcement(found.consent, found.pseudonym)] : [];
    }
    // What was given before there was a name to announce it under: one of our own, or theirs when they introduced her in the meantime.
    case 'PseudonymDrawn':
    case 'PseudonymLearned':
      return Object.values(state.consents)
        .filter((consent) => consent.recipient === event.recipient && isLive(consent))
        .flatMap((consent) => [
          announcement(consent, event.pseudonym),
          ...(consent.state === 'paused'
            ? closing(consent.consentId, consent.version, [], 'paused', consent.changedAt)
            : []),
        ]);
    case 'ConsentNarrowed':
      return closing(event.consentId, event.version, event.removed, 'narrowed', event.at);
    case 'ConsentPaused':
      return closing(event.consentId, event.version, [], 'paused', event.at);
    case 'ConsentResumed': {
      const found = about(event.consentId);
      const until = found?.consent.until;
      return found && until
        ? [
            {
              recipient: found.recipient,
              pseudonym: found.pseudonym,
              contract: consentReopenedV1,
              data: { consentId: event.consentId, consentVersion: event.version, until },
            },
            ...(found.consent.closedThere ? [announcement(found.consent, found.pseudonym)] : []),
          ]
        : [];
    }
    case 'ConsentWithdrawn':
    case 'ConsentSuperseded':
      return closing(event.consentId, event.version, [], 'ended', event.at);
    case 'Disclosed': {
      const contract = findContract(event.contract);
      if (!contract) return [];
      const consent = state.consents[event.consentId];
      return [
        {
          messageId: event.messageId,
          recipient: event.recipient,
          pseudonym: event.pseudonym,
          contract,
          data: {
            consentId: event.consentId,
            consentVersion: event.consentVersion,
            purpose: event.purpose,
            roles: consent?.roles ?? [],
            asOf: event.asOf,
            until: event.until,
            parts: event.parts,
          },
        },
      ];
    }
    default:
      return [];
  }
}

function fromReceivedStream(event: ReceivedEvent): readonly Omit<Outgoing, 'messageId'>[] {
  switch (event.type) {
    case 'ScopeKeysMade':
      return [
        {
          recipient: event.discloser,
          pseudonym: event.pseudonym,
          contract: scopeKeysOfferedV1,
          data: { consentId: event.consentId, consentVersion: event.version, keys: event.keys },
        },
      ];
    case 'IntroductionLinked':
      return [
        {
          recipient: event.discloser,
          pseudonym: event.pseudonym,
          contract: introductionAnsweredV1,
          data: { linked: true },
        },
      ];
    case 'IntroductionNotOurs':
      return [
        {
          recipient: event.discloser,
          pseudonym: event.pseudonym,
          contract: introductionAnsweredV1,
          data: { linked: false },
        },
      ];
    case 'ScopeClosed':
      // Where keys are to be destroyed, the acknowledgement waits until they are.
      return event.keyIds.length > 0
        ? []
        : [
            {
              recipient: event.discloser,
              pseudonym: event.pseudonym,
              contract: closingAcknowledgedV1,
              data: { consentId: event.consentId, consentVersion: event.version, keyIds: [], closedAt: event.at },
            },
          ];
    case 'ScopeKeysDestroyed':
      return [
        {
          recipient: event.discloser,
          pseudonym: event.pseudonym,
          contract: closingAcknowledgedV1,
          data: {
            consentId: event.consentId,
            consentVersion: event.version,
            keyIds: event.keyIds,
            closedAt: event.closedAt,
          },
        },
      ];
    default:
      return [];
  }
}

export const isIntroduction = (contract: Pick<Contract, 'name' | 'version'>): boolean =>
  contractId(contract) === contractId(clientIntroducedV1);
export const laneOf = (
  sender: string,
  message: Pick<Outgoing, 'recipient' | 'pseudonym' | 'messageId' | 'contract'>,
  series?: string,
): string =>
  message.contract.kind === 'control' && message.contract.urgent
    ? `urgent/${message.messageId}`
    : laneName(sender, message.recipient, message.pseudonym, series);

/** Both sides give a lane this name. No organisation and no pseudonym has the character before the series in it. */
export const laneName = (sender: string, recipient: string, pseudonym: string, series?: string): string =>
  `${sender}>${recipient}/${pseudonym}${series === undefined ? '' : `#${series}`}`;
export const seriesOf = (lane: string): string | undefined => lane.split('#')[1];
