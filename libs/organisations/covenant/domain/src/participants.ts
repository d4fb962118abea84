/** The list of participants with their latest proposed keys, as every organisation reads it before it pins anything. */
import { clearColumn, type OrganisationKind, type View } from '@convenant/kernel';
import type { ParticipantEvent } from './participant.js';

export interface ParticipantRow {
  readonly organisationId: string;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly takesPart: boolean;
  readonly signingKey?: string | undefined;
  readonly sealingKey?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly signedByPrevious?: string | undefined;
}
/** By organisation. Find all by index `all` (`yes`). */
export const participants: View<ParticipantEvent, ParticipantRow> = {
  name: 'participants',
  version: 1,
  columns: {
    organisationId: clearColumn('own'),
    kind: clearColumn('own'),
    name: clearColumn('own'),
    takesPart: clearColumn('own'),
    signingKey: clearColumn('own'),
    sealingKey: clearColumn('own'),
    fingerprint: clearColumn('own'),
    signedByPrevious: clearColumn('own'),
  },
  keys(event) {
    switch (event.type) {
      case 'ParticipantJoined':
      case 'KeysProposed':
      case 'ParticipantLeft':
        return [event.organisationId];
      default:
        return [];
    }
  },
  apply(row, event) {
    switch (event.type) {
      case 'ParticipantJoined': {
        const { organisationId, kind, name } = event;
        return { organisationId, kind, name, takesPart: true };
      }
      case 'KeysProposed': {
        const { signingKey, sealingKey, fingerprint, signedByPrevious } = event;
        return row && { ...row, signingKey, sealingKey, fingerprint, signedByPrevious };
      }
      case 'ParticipantLeft':
        return row && { ...row, takesPart: false };
    }
  },
  indexes: () => ({ all: 'yes' }),
  sort: ({ name }) => name,
};
