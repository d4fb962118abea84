/** Who works with one client: the rules of `relations-<client>`. */
import { accept, isAfter, refuse, type Decider, type Decision, type Refusals } from '@convenant/kernel';
import type { Role } from '@convenant/consent';
import type { Holder, RelationEvent, endReasons } from './relation-events.js';
import { isLead } from './staff.js';

export type ClientRelationsCommand =
  | {
      readonly type: 'BeginRelation';
      readonly relationId: string;
      readonly holder: { readonly person: string; readonly role: Role } | { readonly team: string };
      readonly kind: 'personal' | 'team' | 'supervisor';
      readonly from: string;
      readonly until?: string;
      readonly at: string;
    }
  | {
      readonly type: 'EndRelation';
      readonly relationId: string;
      readonly reason: (typeof endReasons)[number];
      readonly at: string;
    }
  /** `handOver` is what `handOverToConfirm` found for the successor. */
  | {
      readonly type: 'ConfirmRelation';
      readonly handOver: {
        readonly handOverId: string;
        /** Under which the successor's relation will be known; unique over all clients. */
        readonly relationId: string;
        /** The relation on this stream that the hand-over, or a row of them, started from. */
        readonly origin: string;
        readonly successor: { readonly person: string; readonly role: Role };
        readonly handedOverAt: string;
      };
      readonly by: string;
      readonly at: string;
    };

export const clientRelationRefusals = {
  'ends-before-it-begins': {
    nl: 'De einddatum ligt vóór de begindatum.',
    en: 'The end lies before the beginning.',
  },
  'already-related': {
    nl: 'Deze persoon of dit team heeft al zo’n werkrelatie met deze cliënt.',
    en: 'This person or team already has such a working relation with this client.',
  },
  'holder-does-not-fit': {
    nl: 'Een werkrelatie via een team staat op naam van het team; elke andere op naam van een persoon met een rol.',
    en: 'A relation through a team is held by the team; every other is held by a person in a role.',
  },
  'supervision-needs-an-end': {
    nl: 'Meekijken met een cliënt heeft altijd een einddatum.',
    en: 'Supervision of a case always has an end.',
  },
  'lead-only-supervises': {
    nl: 'Een leidinggevende werkt niet zelf met cliënten, en kijkt alleen mee met een genoemde cliënt.',
    en: 'A lead does not work with clients herself, and only supervises named cases.',
  },
  'id-in-use': {
    nl: 'Dit nummer is al gebruikt voor iets anders.',
    en: 'This id is already in use for something else.',
  },
  'unknown-relation': { nl: 'Deze werkrelatie is niet bekend.', en: 'This working relation is not known.' },
  'relation-ended': { nl: 'Deze werkrelatie is al beëindigd.', en: 'This working relation has ended.' },
  'not-the-successor': {
    nl: 'Alleen wie de cliënt overneemt, kan dat bevestigen.',
    en: 'Only the one who takes over the client can confirm it.',
  },
} as const satisfies Refusals<string>;
export type ClientRelationRefusal = keyof typeof clientRelationRefusals;

export interface KnownRelation {
  readonly holder: Holder;
  readonly kind: 'personal' | 'team' | 'supervisor';
  readonly from: string;
  readonly until: string | undefined;
  readonly ended: boolean;
  readonly confirmed: boolean;
}
export type ClientRelations = Readonly<Record<string, KnownRelation>>;

const sameHolder = (a: Holder, b: Holder): boolean =>
  'team' in a ? 'team' in b && a.team === b.team : 'person' in b && a.person === b.person && a.role === b.role;

export const clientRelations: Decider<ClientRelationsCommand, RelationEvent, ClientRelations, ClientRelationRefusal> = {
  initial: {},
  evolve(state, event) {
    switch (event.type) {
      case 'RelationBegan': {
        const { holder, kind, from, until } = event;
        return { ...state, [event.relationId]: { holder, kind, from, until, ended: false, confirmed: false } };
      }
      case 'RelationEnded':
        return change(state, event.relationId, { ended: true });
      case 'RelationConfirmed':
        return change(state, event.relationId, { confirmed: true });
    }
  },
  decide(command, state): Decision<RelationEvent, ClientRelationRefusal> {
    switch (command.type) {
      case 'BeginRelation': {
        const { relationId, holder, kind, from, until, at } = command;
        const known = state[relationId];
        // The same relation asked for twice is begun once, even when it has ended since.
        if (known) return sameHolder(known.holder, holder) && known.kind === kind ? accept() : refuse('id-in-use');
        if ('team' in holder !== (kind === 'team')) return refuse('holder-does-not-fit');
        if ('person' in holder && isLead(holder.role) && kind !== 'supervisor') return refuse('lead-only-supervises');
        if (kind === 'supervisor' && until === undefined) return refuse('supervision-needs-an-end');
        if (until !== undefined && !isAfter(until, from)) return refuse('ends-before-it-begins');
        const standing = Object.values(state).filter(
          (each) => !each.ended && each.kind === kind && sameHolder(each.holder, holder),
        );
        if (standing.some((each) => each.until === undefined || isAfter(each.until, from)))
          return refuse('already-related');
        return accept({
          type: 'RelationBegan',
          relationId,
          holder,
          kind,
          from,
          at,
          ...(until === undefined ? {} : { until }),
          ...(kind === 'supervisor' ? { purpose: 'supervision' as const } : {}),
        });
      }
      case 'EndRelation': {
        const known = state[command.relationId];
        if (!known) return refuse('unknown-relation');
        if (known.ended) return accept();
        return accept({
          type: 'RelationEnded',
          relationId: command.relationId,
          reason: command.reason,
          at: command.at,
        });
      }
      case 'ConfirmRelation': {
        const { handOver, by, at } = command;
        if (by !== handOver.successor.person) return refuse('not-the-successor');
        if (state[handOver.relationId]) return accept();
        const origin = state[handOver.origin];
        if (!origin) return refuse('unknown-relation');
        if (origin.ended) return refuse('relation-ended');
        return accept(
          { type: 'RelationEnded', relationId: handOver.origin, reason: 'handed-over', at },
          {
            type: 'RelationBegan',
            relationId: handOver.relationId,
            holder: handOver.successor,
            kind: 'personal',
            from: handOver.handedOverAt,
            ...(origin.until === undefined ? {} : { until: origin.until }),
            handOverId: handOver.handOverId,
            at,
          },
          { type: 'RelationConfirmed', relationId: handOver.relationId, person: by, at },
        );
      }
    }
  },
};

function change(state: ClientRelations, relationId: string, part: Partial<KnownRelation>): ClientRelations {
  const known = state[relationId];
  return known ? { ...state, [relationId]: { ...known, ...part } } : state;
}
