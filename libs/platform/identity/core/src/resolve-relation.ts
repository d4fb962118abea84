/** Whether somebody has a working relation with a client at this moment, and which: judged from events at every reading. */
import type { Relation, Role } from '@convenant/consent';
import { isAfter } from '@convenant/kernel';
import type { ClientRelationsCommand } from './client-relations.js';
import type { RelationEvent, StaffEvent, TeamEvent } from './relation-events.js';

export type RelationKind = NonNullable<Relation>['kind'];

/** What `decideReading` takes as the relation, with its term and origin. It holds for the moment that it was asked about and must not be kept for a later
 * reading. */
export interface WorkingRelation {
  readonly kind: RelationKind;
  readonly relationId: string;
  readonly from: string;
  /** From this moment on it no longer holds; absent when no end was agreed. */
  readonly until?: string;
  /** False after a hand-over, until the successor confirmed this client. */
  readonly confirmed: boolean;
  /** The role of the person whose relation it is: differs from the asker's own for a delegate. */
  readonly holderRole: string;
  /** For a delegate: under whose responsibility she works, the responsible user of NEN 7513. */
  readonly responsible?: string;
  readonly standsInFor?: string;
  /** For a reading under this relation no other purpose counts. */
  readonly purpose?: 'supervision';
}

export interface RelationFacts {
  readonly client: string;
  /** All events of `relations-<client>`, in order. */
  readonly clientRelations: readonly RelationEvent[];
  /** Events of `staff-<person>` by person, and of `team-<team>` by team: at least those that `streamsToLookUp` asked for. */
  readonly staff: ReadonlyMap<string, readonly StaffEvent[]>;
  readonly teams: ReadonlyMap<string, readonly TeamEvent[]>;
}
export interface RelationQuestion {
  readonly person: string;
  readonly role: string;
  readonly now: string;
  /** The purpose of the task at hand: `supervision` finds a supervisor's relation only, any other never does. Absent: whatever there is. */
  readonly purpose?: string;
}

/** A personal or supervisor relation as it stands now, hand-overs included. */
export interface HeldRelation {
  readonly relationId: string;
  readonly person: string;
  readonly role: string;
  readonly kind: 'personal' | 'supervisor';
  readonly from: string;
  readonly until: string | undefined;
  readonly confirmed: boolean;
  /** The relation on the client's own stream that it descends from; itself, unless a hand-over awaits confirmation. */
  readonly origin: string;
  /** The hand-over that awaits confirmation. */
  readonly handOverId?: string;
}

type Began = Extract<RelationEvent, { type: 'RelationBegan' }>;
type HandOver = Extract<StaffEvent, { type: 'CaseloadHandedOver' }>;

/**
 * `undefined` means: answer as if there were no such client. A hand-over ends every way in which the predecessor reached the client,
 * her team included; only a relation, membership or appointment that names her and was recorded later opens one again.
 */
export function resolveRelation(
  facts: RelationFacts,
  { person, role, now, purpose }: RelationQuestion,
): WorkingRelation | undefined {
  const held = heldRelations(facts, now);
  const lostAt = handOversOf(facts, person, now).at(-1)?.at;
  const isNewer = (recordedAt: string): boolean => lostAt === undefined || isAfter(recordedAt, lostAt);

  const own = held.filter((each) => each.person === person && each.role === role);
  const supervisor = own.find((each) => each.kind === 'supervisor');
  const supervising = supervisor && working('supervisor', supervisor, { purpose: 'supervision' });
  if (purpose === 'supervision') return supervising;

  const personal = own.find((each) => each.kind === 'personal');
  if (personal) return working('personal', personal, {});

  for (const began of standing(facts, now)) {
    if (!('team' in began.holder)) continue;
    const joined = membership(facts.teams.get(began.holder.team) ?? [], person, now);
    if (joined?.role === role && isNewer(joined.at)) {
      return {
        kind: 'team',
        relationId: began.relationId,
        from: later(began.from, joined.from),
        ...(began.until === undefined ? {} : { until: began.until }),
        confirmed: true,
        holderRole: role,
      };
    }
  }

  for (const each of held) {
    if (each.kind !== 'personal' || each.person === person) continue;
    for (const event of valid(facts.staff.get(each.person) ?? [], now)) {
      if (event.type === 'StandInAppointed' && event.standIn === person && each.role === role && isNewer(event.at)) {
        return working('stand-in', each, { from: event.from, until: event.until, standsInFor: each.person });
      }
      if (
        event.type === 'DelegateAppointed' &&
        event.delegate === person &&
        event.role === role &&
        event.responsibleRole === each.role &&
        isNewer(event.at)
      ) {
        return working('delegate', each, { from: event.from, until: event.until, responsible: each.person });
      }
    }
  }

  return purpose === undefined ? supervising : undefined;
}

/** Who holds the client in person at `now`. What a hand-over moved stands with the successor from that very moment. */
export function heldRelations(facts: RelationFacts, now: string): readonly HeldRelation[] {
  const confirmed = new Set(
    facts.clientRelations.flatMap((event) => (event.type === 'RelationConfirmed' ? [event.relationId] : [])),
  );
  return standing(facts, now).flatMap((began): HeldRelation[] => {
    if (!('person' in began.holder) || began.kind === 'team') return [];
    const { person, role } = began.holder;
    const start: HeldRelation = {
      relationId: began.relationId,
      person,
      role,
      kind: began.kind,
      from: began.from,
      until: began.until,
      confirmed: began.handOverId === undefined || confirmed.has(began.relationId),
      origin: began.relationId,
    };
    const held = follow(facts, start, began.handOverId === undefined ? began.at : began.from, now, new Set(hop(began)));
    return held ? [held] : [];
  });
}

/** Follows a relation through the hand-overs recorded since; a supervisor's relation ends with one instead of moving. */
function follow(
  facts: RelationFacts,
  relation: HeldRelation,
  since: string,
  now: string,
  seen: ReadonlySet<string>,
): HeldRelation | undefined {
  const next = handOversOf(facts, relation.person, now).find(
    (each) => !isAfter(since, each.at) && !seen.has(each.handOverId),
  );
  if (!next) return relation;
  if (relation.kind === 'supervisor') return undefined;
  if (next.role !== relation.role) return follow(facts, relation, since, now, new Set([...seen, next.handOverId]));
  const moved = {
    ...relation,
    relationId: `${next.handOverId}/${facts.client}`,
    handOverId: next.handOverId,
    person: next.to,
    from: next.at,
    confirmed: false,
  };
  return follow(facts, moved, next.at, now, new Set([...seen, next.handOverId]));
}

/** What the successor confirms with `ConfirmRelation`; `undefined` when this client was not handed over to her, or she confirmed already. */
export function handOverToConfirm(
  facts: RelationFacts,
  { person, role, now }: RelationQuestion,
): HandOverToConfirm | undefined {
  const held = heldRelations(facts, now).find(
    (each) => each.person === person && each.role === role && !each.confirmed,
  );
  if (held?.handOverId === undefined) return undefined;
  const { handOverId, relationId, origin, from: handedOverAt } = held;
  return { handOverId, relationId, origin, successor: { person, role: role as Role }, handedOverAt };
}
type HandOverToConfirm = Extract<ClientRelationsCommand, { type: 'ConfirmRelation' }>['handOver'];

/** Relations on the client's own stream that began, did not end, and whose term holds `now`. */
export function standing({ clientRelations }: RelationFacts, now: string): readonly Began[] {
  const ended = new Set(clientRelations.flatMap((event) => (event.type === 'RelationEnded' ? [event.relationId] : [])));
  return clientRelations.filter(
    (event): event is Began => event.type === 'RelationBegan' && !ended.has(event.relationId) && holds(event, now),
  );
}

/** The hand-overs by this person that include the client, oldest first. */
const handOversOf = ({ client, staff }: RelationFacts, person: string, now: string): readonly HandOver[] =>
  (staff.get(person) ?? []).filter(
    (event): event is HandOver =>
      event.type === 'CaseloadHandedOver' && event.clients.includes(client) && !isAfter(event.at, now),
  );

/** Appointments that were not ended and whose term holds `now`. */
function valid(events: readonly StaffEvent[], now: string): readonly StaffEvent[] {
  const ended = new Set(
    events.flatMap((event) =>
      event.type === 'StandInEnded' ? [event.standInId] : event.type === 'DelegateEnded' ? [event.delegateId] : [],
    ),
  );
  return events.filter((event) => {
    if (event.type === 'StandInAppointed') return !ended.has(event.standInId) && holds(event, now);
    if (event.type === 'DelegateAppointed') return !ended.has(event.delegateId) && holds(event, now);
    return false;
  });
}

function membership(
  events: readonly TeamEvent[],
  person: string,
  now: string,
): Extract<TeamEvent, { type: 'TeamMemberJoined' }> | undefined {
  const last = events.filter((event) => event.person === person).at(-1);
  return last?.type === 'TeamMemberJoined' && holds(last, now) ? last : undefined;
}

/** From is included, until is not. */
const holds = ({ from, until }: { readonly from: string; readonly until?: string | undefined }, now: string): boolean =>
  !isAfter(from, now) && (until === undefined || isAfter(until, now));

const later = (a: string, b: string): string => (isAfter(a, b) ? a : b);
const earliest = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined ? a : isAfter(a, b) ? b : a;
const hop = (began: Began): readonly string[] => (began.handOverId === undefined ? [] : [began.handOverId]);

function working(
  kind: RelationKind,
  held: HeldRelation,
  {
    from,
    until: end,
    ...rest
  }: { from?: string; until?: string | undefined } & Pick<WorkingRelation, 'responsible' | 'standsInFor' | 'purpose'>,
): WorkingRelation {
  const until = earliest(held.until, end);
  return {
    kind,
    relationId: held.relationId,
    from: from === undefined ? held.from : later(held.from, from),
    ...(until === undefined ? {} : { until }),
    confirmed: held.confirmed,
    holderRole: held.role,
    ...rest,
  };
}
