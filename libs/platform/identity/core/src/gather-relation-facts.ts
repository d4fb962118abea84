/** Which streams decide whether somebody works with a client, and reading exactly those. */
import type { EventStore } from '@convenant/kernel';
import {
  relationEvents,
  relationsStream,
  staffEvents,
  staffStream,
  teamEvents,
  teamStream,
  type StaffEvent,
  type TeamEvent,
} from './relation-events.js';
import { heldRelations, standing, type RelationFacts, type RelationQuestion } from './resolve-relation.js';

export interface StreamsToLookUp {
  readonly staff: readonly string[];
  readonly teams: readonly string[];
}

/**
 * Whose staff streams and which team streams must be read before `resolveRelation` can answer, beyond those given. Ask again with what
 * was read, until both lists are empty: a successor is only known once the predecessor's stream was read.
 */
export function streamsToLookUp(facts: RelationFacts, { person, now }: RelationQuestion): StreamsToLookUp {
  const began = standing(facts, now);
  if (began.length === 0) return { staff: [], teams: [] };
  const people = new Set([person, ...began.flatMap(({ holder }) => ('person' in holder ? [holder.person] : []))]);
  for (const each of heldRelations(facts, now)) people.add(each.person);
  const teams = new Set(began.flatMap(({ holder }) => ('team' in holder ? [holder.team] : [])));
  return {
    staff: [...people].filter((each) => !facts.staff.has(each)),
    teams: [...teams].filter((each) => !facts.teams.has(each)),
  };
}

/** Reads what is needed and nothing more. What it returns is true of the streams as they were read, so call it at every reading. */
export async function gatherRelationFacts(
  store: Pick<EventStore, 'read'>,
  client: string,
  question: RelationQuestion,
): Promise<RelationFacts> {
  const clientRelations = (await store.read(relationsStream(client))).map((stored) => relationEvents.decode(stored));
  const staff = new Map<string, readonly StaffEvent[]>();
  const teams = new Map<string, readonly TeamEvent[]>();
  const facts: RelationFacts = { client, clientRelations, staff, teams };
  for (;;) {
    const wanted = streamsToLookUp(facts, question);
    if (wanted.staff.length + wanted.teams.length === 0) return facts;
    await Promise.all([
      ...wanted.staff.map(async (person) => {
        staff.set(
          person,
          (await store.read(staffStream(person))).map((stored) => staffEvents.decode(stored)),
        );
      }),
      ...wanted.teams.map(async (team) => {
        teams.set(
          team,
          (await store.read(teamStream(team))).map((stored) => teamEvents.decode(stored)),
        );
      }),
    ]);
  }
}
