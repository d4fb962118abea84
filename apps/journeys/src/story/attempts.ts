/** Step 8: those who should not, try. All are refused, all are logged, and none is told anything that betrays whether there is something. */
import { randomUUID } from 'node:crypto';
import { medicalQuestionsQuery } from './medical-question.js';
import { clientFile, received } from './questions.js';
import { agency, insurer, municipality, uwv, type Known, type Scene } from './scene.js';
import type { Answer, Person } from './person.js';

const page = received('receivedAboutClient');
const supervisedFile =
  'query($clientId: ID!) { supervisedFile(clientId: $clientId) { clientId profiles { workWish } } }';
const whoSaw =
  'query($clientId: ID!) { whoSaw(clientId: $clientId) { saw { person role } tried { person role times operations } } }';
interface WhoSaw {
  readonly saw: readonly { readonly person: string | null; readonly role: string }[];
  readonly tried: readonly {
    readonly person: string | null;
    readonly role: string;
    readonly operations: readonly string[];
  }[];
}

export async function attempts(scene: Scene, known: Known): Promise<void> {
  const { cast, claims, narrate } = scene;
  narrate.chapter('8. Those who should not, try');
  const atAgency = known.clientId[agency];
  const atMunicipality = known.clientId[municipality];

  await nobody(scene, cast.otherClientManager, 'asks about her as another municipality', page, atMunicipality);
  await nobody(
    scene,
    cast.otherCaseManager,
    'opens the file of a client with whom she does not work',
    clientFile,
    atAgency,
  );
  await nobody(scene, cast.colleague, 'opens the file of a colleague’s client', clientFile, atAgency);
  await nobody(scene, cast.projectLeader, 'asks, as the manager of the team, for one person', supervisedFile, atAgency);
  await nobody(scene, cast.claimsOfficer, 'asks with the reference that the agency uses', page, atAgency);

  const expert = await cast.labourExpert.send(medicalQuestionsQuery, { clientId: known.clientId[uwv] });
  claims.same(
    'a labour expert who asks for the medical answer is told that it is not part of her role',
    expert.refused?.code,
    'not-allowed',
  );
  narrate.refused(cast.labourExpert, 'tries the answer of the clinician', expert.refused?.en ?? '');

  const manager = await cast.covenantManager.send(clientFile, { clientId: atAgency });
  claims.same(
    'for a manager of the covenant there is no such question',
    [manager.data, manager.refused?.code],
    [null, 'unknown-field'],
  );
  narrate.refused(cast.covenantManager, 'asks for a person', manager.refused?.en ?? '');
  const elsewhere = await cast.covenantManager.send(
    clientFile,
    { clientId: atAgency },
    { 'convenant-organisation': agency },
  );
  claims.same('nor by naming the agency', [elsewhere.data, elsewhere.refused?.code], [null, 'another-organisation']);
  narrate.refused(cast.covenantManager, 'names the agency in the request', elsewhere.refused?.en ?? '');

  await diagnosis(scene, known);
  await logged(scene, known);
}

/** The answer about her is, to the letter, the answer about somebody who does not exist. */
async function nobody(
  { claims, narrate }: Scene,
  person: Person,
  what: string,
  query: string,
  clientId: string,
): Promise<void> {
  const about = await person.send(query, { clientId });
  const guesses = await Promise.all(
    [randomUUID(), randomUUID()].map((guess) => person.send(query, { clientId: guess })),
  );
  claims.same(`${person.role} at ${person.organisation} who ${what} finds nobody`, about.refused?.code, 'nobody-found');
  for (const guess of guesses)
    claims.same('and cannot tell from the answer whether there is somebody', shown(about), shown(guess));
  narrate.refused(person, what, about.refused?.en ?? '');
}
const shown = ({ status, data, errors }: Answer) => ({ status, data, errors });

/** The insurer's graph has no field for it, its role no right to ask for it, and its page nothing in it. */
async function diagnosis({ cast, claims, narrate }: Scene, known: Known): Promise<void> {
  const { claimsOfficer } = cast;
  const clientId = known.clientId[insurer];
  for (const query of [
    medicalQuestionsQuery,
    'query($clientId: ID!) { clientFile(clientId: $clientId) { trajectory { medicalReason } } }',
  ]) {
    const { data, refused } = await claimsOfficer.send(query, { clientId });
    claims.same(
      'in the graph of an insurer there is no field for a diagnosis',
      [data, refused?.code],
      [null, 'unknown-field'],
    );
  }
  const asked = await claimsOfficer.tryToTell('askForDisclosure', {
    clientId,
    discloser: agency,
    roles: ['claimsOfficer'],
    purpose: 'funding-settlement',
    categories: ['K5'],
  });
  claims.holds(
    'an insurer cannot ask the client for it either',
    asked.refused !== null && ['never-shared', 'question-missing'].includes(asked.refused.code),
  );
  narrate.refused(claimsOfficer, 'asks for a diagnosis', asked.refused?.en ?? '');
}

/** The privacy officers find every attempt, with who and what; and nobody without a relation among those who saw. */
async function logged({ cast, claims, narrate }: Scene, known: Known): Promise<void> {
  const ask = (officer: Person, clientId: string): Promise<WhoSaw> => officer.ask('whoSaw', whoSaw, { clientId });
  const tried = ({ tried: lines }: WhoSaw, by: Person) => lines.some(({ person }) => person === by.subject);
  const seen = await ask(cast.agencyOfficer, known.clientId[agency]);
  for (const by of [cast.otherCaseManager, cast.colleague, cast.projectLeader])
    claims.holds(`the privacy officer of the agency finds the attempt of the ${by.role}`, tried(seen, by));
  claims.holds(
    'nobody who was refused is among those who saw',
    [cast.otherCaseManager, cast.projectLeader].every((by) => seen.saw.every(({ person }) => person !== by.subject)),
  );
  const expert = await ask(cast.uwvOfficer, known.clientId[uwv]);
  claims.holds(
    'the privacy officer of UWV finds that the labour expert tried the answer',
    expert.tried.some(
      ({ person, operations }) => person === cast.labourExpert.subject && operations.includes('medicalQuestions'),
    ),
  );
  // Who is no client there is in no list of a client: the log keeps a digest of what was asked for, and shows who guesses.
  for (const [officer, by] of [
    [cast.otherOfficer, cast.otherClientManager],
    [cast.insurerOfficer, cast.claimsOfficer],
  ] as const) {
    const guessing = await officer.ask<readonly { readonly person: string | null }[]>(
      'suspiciousAttempts',
      '{ suspiciousAttempts(days: 1) { person } }',
    );
    claims.holds(
      `the privacy officer of ${officer.organisation} finds who guesses there`,
      guessing.some(({ person }) => person === by.subject),
    );
  }
  narrate.did(
    cast.agencyOfficer,
    `finds in the log who tried: ${[...new Set(seen.tried.map(({ role }) => role))].join(', ')}`,
  );
}
