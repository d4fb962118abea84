/** Which organisations take part, and the public keys they propose. Nothing here is about a client. */
import {
  accept,
  defineEvent,
  defineEvents,
  organisationKinds,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { happened, type CommandFor } from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const organisationId = z.string();

export const ParticipantJoined = defineEvent('ParticipantJoined', {
  clear: { organisationId, kind: z.enum(organisationKinds), name: z.string(), at: instant },
});
/**
 * Public halves as JWK text. Proposed here and nothing more: each organisation pins them itself, after comparing the fingerprint by another
 * way, or because the previous key signed them. The secretariat cannot put another key in their place.
 */
export const KeysProposed = defineEvent('KeysProposed', {
  clear: {
    organisationId,
    signingKey: z.string(),
    sealingKey: z.string(),
    fingerprint: z.string(),
    /** The proposal, signed with the key before it; absent for the first keys and after a loss. */
    signedByPrevious: z.string().optional(),
    at: instant,
  },
});
export const ParticipantLeft = defineEvent('ParticipantLeft', { clear: { organisationId, at: instant } });
export const participantEvents = defineEvents(ParticipantJoined, KeysProposed, ParticipantLeft);
export type ParticipantEvent = CatalogueEvent<typeof participantEvents>;
export const participantStream = (organisation: string): string => `participant-${organisation}`;

export type ParticipantCommand =
  | CommandFor<'JoinCovenant', EventOf<typeof ParticipantJoined>>
  | CommandFor<'ProposeKeys', EventOf<typeof KeysProposed>>
  | CommandFor<'LeaveCovenant', EventOf<typeof ParticipantLeft>>;
export type ParticipantRefusal =
  'already-a-participant' | 'not-a-participant' | 'participant-left' | 'fingerprint-used-before';
export const participantRefusals = {
  'already-a-participant': {
    nl: 'Deze organisatie doet al mee, onder een andere naam of soort.',
    en: 'This organisation takes part already, under another name or kind.',
  },
  'not-a-participant': { nl: 'Deze organisatie doet niet mee.', en: 'This organisation does not take part.' },
  'participant-left': {
    nl: 'Deze organisatie doet niet meer mee.',
    en: 'This organisation does not take part any more.',
  },
  'fingerprint-used-before': {
    nl: 'Dit kenmerk is al eens voor andere sleutels gebruikt.',
    en: 'This fingerprint was used for other keys before.',
  },
} as const satisfies Refusals<ParticipantRefusal>;

interface Keys {
  readonly signingKey: string;
  readonly sealingKey: string;
}
export interface Participant {
  readonly status: 'none' | 'taking-part' | 'left';
  readonly name?: string;
  readonly kind?: string;
  /** By fingerprint: every pair of keys that was ever proposed. */
  readonly keys: Readonly<Record<string, Keys>>;
  readonly latestFingerprint?: string;
}

export const participant: Decider<ParticipantCommand, ParticipantEvent, Participant, ParticipantRefusal> = {
  initial: { status: 'none', keys: {} },
  evolve(state, event) {
    switch (event.type) {
      case 'ParticipantJoined':
        return { ...state, status: 'taking-part', name: event.name, kind: event.kind };
      case 'KeysProposed': {
        const { fingerprint, signingKey, sealingKey } = event;
        const keys = { ...state.keys, [fingerprint]: { signingKey, sealingKey } };
        return { ...state, keys, latestFingerprint: fingerprint };
      }
      case 'ParticipantLeft':
        return { ...state, status: 'left' };
    }
  },
  decide(command, state) {
    if (command.type === 'JoinCovenant') {
      if (state.status === 'none') return accept(happened('ParticipantJoined', command));
      if (state.status === 'left') return refuse('participant-left');
      return state.name === command.name && state.kind === command.kind ? accept() : refuse('already-a-participant');
    }
    if (state.status === 'none') return refuse('not-a-participant');
    if (command.type === 'LeaveCovenant')
      return state.status === 'left' ? accept() : accept(happened('ParticipantLeft', command));
    if (state.status === 'left') return refuse('participant-left');
    const before = state.keys[command.fingerprint];
    if (!before) return accept(happened('KeysProposed', command));
    const isSame = before.signingKey === command.signingKey && before.sealingKey === command.sealingKey;
    return isSame && state.latestFingerprint === command.fingerprint ? accept() : refuse('fingerprint-used-before');
  },
};
