/** Step 6: a colleague stands in for a week; then the caseload is handed over, and the predecessor finds nobody. */
import { clientFile, received, rubricsOf, type ClientFile, type ReceivedPage } from './questions.js';
import { agency, inDays, uwv, type Known, type Scene } from './scene.js';
import type { Person } from './person.js';

export interface Played {
  readonly scene: Scene;
  readonly known: Known;
}
const myCaseload = '{ myCaseload { clientId relation confirmed } }';
type Caseload = readonly { readonly clientId: string; readonly relation: string; readonly confirmed: boolean | null }[];
const caseloadOf = (person: Person): Promise<Caseload> => person.ask('myCaseload', myCaseload);
const myPeople = '{ myPeople { who { en } since until } }';
type MyPeople = readonly { readonly who: { readonly en: string }; readonly until: string | null }[];

/**
 * All clients of one specialist, because standing in and handing over are one act for all of them. `every`: hand over without naming
 * anybody; on an installation where others play too, only the clients of this run are named.
 */
export async function changeHands(played: readonly Played[], every: boolean): Promise<void> {
  const [first] = played;
  if (!first) return;
  const { specialist, colleague, successor } = first.scene.cast;
  for (const { scene } of played) scene.narrate.chapter('6. A stand-in for a week, and a hand-over');
  await forEach(played, findsNobody('before anything is arranged, a colleague finds nobody', colleague));

  const { id: standInId } = await specialist.tell('appointStandIn', { standIn: colleague.subject, until: inDays(7) });
  first.scene.narrate.did(specialist, `asks ${colleague.name} to stand in for a week`);
  await forEach(played, standsIn);
  const tooLong = await specialist.tryToTell('appointStandIn', { standIn: successor.subject, until: inDays(40) });
  first.scene.claims.same(
    'standing in for longer than four weeks is refused',
    tooLong.refused?.code,
    'longer-than-four-weeks',
  );
  await specialist.tell('endStandIn', { standInId });
  first.scene.narrate.did(
    specialist,
    'is back early and ends it; the story cannot turn the clock of this machine, so the week is ended by hand',
  );
  await forEach(played, findsNobody('once it is over, the stand-in finds nobody', colleague));

  const clients = played.map(({ known }) => known.clientId[agency]);
  await specialist.tell('handOverCaseload', { to: successor.subject, ...(every ? {} : { clients }) });
  first.scene.narrate.did(specialist, `hands the caseload over to ${successor.name}`);
  await forEach(played, takenOver);
  const left = await caseloadOf(specialist);
  first.scene.claims.same(
    'the predecessor finds nobody on her caseload',
    left.filter(({ clientId }) => clients.includes(clientId)),
    [],
  );
  await forEach(played, findsNobody('the predecessor finds nobody under any of these references', specialist));
}

const forEach = async (played: readonly Played[], what: (one: Played) => Promise<void>): Promise<void> => {
  for (const one of played) await what(one);
};

const findsNobody =
  (claim: string, person: Person) =>
  async ({ scene, known }: Played): Promise<void> => {
    const { data, refused } = await person.send(clientFile, { clientId: known.clientId[agency] });
    scene.claims.same(claim, [data?.['clientFile'] ?? null, refused?.code], [null, 'nobody-found']);
  };

async function standsIn({ scene, known }: Played): Promise<void> {
  const { cast, claims, narrate, person } = scene;
  const clientId = known.clientId[agency];
  const caseload = await claims.becomesSo(
    'the stand-in finds the client on her list',
    () => caseloadOf(cast.colleague),
    (rows) => rows.some((row) => row.clientId === clientId),
  );
  claims.same(
    'the list says that she stands in',
    caseload.find((row) => row.clientId === clientId)?.relation,
    'stand-in',
  );
  const file = await cast.colleague.ask<ClientFile>('clientFile', clientFile, { clientId });
  claims.holds(
    'the stand-in reads the file',
    file.profiles.some(({ workWish }) => workWish.includes(person.mark)),
  );
  const people = await known.herself[agency].ask<MyPeople>('myPeople', myPeople);
  claims.holds(
    'the client sees that somebody stands in, and until when',
    people.some(({ who, until }) => who.en.includes('stands in') && until !== null),
  );
  narrate.sees(
    known.herself[agency],
    people.map(({ who }) => who.en),
  );
}

async function takenOver({ scene, known }: Played): Promise<void> {
  const { cast, claims, narrate } = scene;
  const { successor } = cast;
  const clientId = known.clientId[agency];
  const caseload = await claims.becomesSo(
    'the successor finds the client on her list',
    () => caseloadOf(successor),
    (rows) => rows.some((row) => row.clientId === clientId),
  );
  claims.same('not yet confirmed', caseload.find((row) => row.clientId === clientId)?.confirmed, false);
  await successor.tell('confirmTakenOver', { clientId });
  claims.same(
    'confirmed by the successor',
    (await caseloadOf(successor)).find((row) => row.clientId === clientId)?.confirmed,
    true,
  );
  narrate.did(successor, 'confirms that she has taken the client over');
  const people = await known.herself[agency].ask<MyPeople>('myPeople', myPeople);
  claims.holds(
    'the client sees that she has an employment specialist',
    people.some(({ who }) => who.en.includes('employment specialist')),
  );
  const page = await cast.physician.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
    clientId: known.clientId[uwv],
  });
  claims.holds(
    'consents name organisations and roles, so what was shared still is',
    rubricsOf(page).includes('jobs') && page.coverage.length === 1,
  );
}
