/** Where to look for the clients of a person: a list of candidates and nothing more, since each of them is judged from events at every reading. */
import { clearColumn, type View } from '@convenant/kernel';
import type { RelationEvent, StaffEvent, TeamEvent } from './relation-events.js';

export interface WorksWithRow {
  /** `person:<subject>` or `team:<team>`: whose candidates this leads to. */
  readonly holder: string;
  /** The client, or another holder whose clients are candidates too (an absent colleague, a responsible physician, a team). */
  readonly clientId?: string | undefined;
  readonly through?: string | undefined;
}
const person = (subject: string): string => `person:${subject}`;
const team = (id: string): string => `team:${id}`;

/** Terms are not looked at: an appointment that ran out yields candidates who are then found not to be hers. */
export const whoWorksWithWhom: View<RelationEvent | StaffEvent | TeamEvent, WorksWithRow> = {
  name: 'who_works_with_whom',
  version: 1,
  columns: { holder: clearColumn('own'), clientId: clearColumn('own'), through: clearColumn('own') },
  keys(event) {
    switch (event.type) {
      case 'RelationBegan':
      case 'RelationEnded':
        return [`relation/${event.relationId}`];
      case 'RelationConfirmed':
        return [];
      case 'StandInAppointed':
      case 'StandInEnded':
        return [`stand-in/${event.standInId}`];
      case 'DelegateAppointed':
      case 'DelegateEnded':
        return [`delegate/${event.delegateId}`];
      case 'CaseloadHandedOver':
        return event.clients.map((client) => `handed-over/${event.handOverId}/${client}`);
      case 'TeamMemberJoined':
      case 'TeamMemberLeft':
        return [`member/${event.team}/${event.person}`];
    }
  },
  apply(_row, event, key, stored) {
    switch (event.type) {
      case 'RelationBegan':
        return {
          holder: 'team' in event.holder ? team(event.holder.team) : person(event.holder.person),
          clientId: stored.meta.client,
        };
      case 'StandInAppointed':
        return { holder: person(event.standIn), through: person(event.person) };
      case 'DelegateAppointed':
        return { holder: person(event.delegate), through: person(event.person) };
      case 'CaseloadHandedOver':
        return { holder: person(event.to), clientId: key.slice(key.lastIndexOf('/') + 1) };
      case 'TeamMemberJoined':
        return { holder: person(event.person), through: team(event.team) };
      default:
        return undefined;
    }
  },
  indexes: ({ holder }) => ({ holder }),
};

/** Every client whom this person might work with, each once. `find` reads the view above by its holder. */
export async function candidatesOf(
  subject: string,
  find: (holder: string) => Promise<readonly WorksWithRow[]>,
): Promise<readonly string[]> {
  const clients = new Set<string>();
  const seen = new Set<string>();
  const look = async (holder: string): Promise<void> => {
    if (seen.has(holder)) return;
    seen.add(holder);
    const rows = await find(holder);
    for (const { clientId } of rows) if (clientId !== undefined) clients.add(clientId);
    await Promise.all(rows.flatMap(({ through }) => (through === undefined ? [] : [look(through)])));
  };
  await look(person(subject));
  return [...clients].sort();
}
