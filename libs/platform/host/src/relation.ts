/** Who somebody is for a client at this moment: her working relation, judged from events at every request. */
import { gatherRelationFacts, resolveRelation, type Session, type WorkingRelation } from '@convenant/identity';
import { fold, type EventStore } from '@convenant/kernel';
import { clientStream, login, loginEvents, loginStream } from '@convenant/shared-domain';

export async function relationOf(
  store: EventStore,
  client: string,
  session: Session,
  now: string,
): Promise<WorkingRelation | undefined> {
  const question = { person: session.person, role: session.role, now };
  return resolveRelation(await gatherRelationFacts(store, client, question), question);
}

/** Whose page a client's or representative's login opens; `undefined` before activation and after its end. */
export async function clientOfLogin(store: EventStore, session: Session): Promise<string | undefined> {
  const state = fold(
    login,
    (await store.read(loginStream(session.person))).map((event) => loginEvents.decode(event)),
  );
  return state.ended || state.as !== session.role ? undefined : state.clientId;
}

/** Whether this is somebody whom the organisation has a record of; what a guess leads to is not. */
export const isClientHere = async (store: EventStore, client: string): Promise<boolean> =>
  (await store.read(clientStream(client))).length > 0;
