/** One client's way through the product in some twenty commands, and what was acknowledged of it. */
import { addDaysToDate, dayOf } from '@convenant/kernel';
import { pause, type Person, type Told } from '../story/person.js';
import { insist, insistOn, type Insisting } from './insistence.js';

export interface Cast {
  readonly caseManager: Person;
  readonly specialist: Person;
  readonly labourExpert: Person;
  readonly clientManager: Person;
  /** Signs in the client with this number at the agency. */
  readonly client: (number: number) => Promise<Person>;
}
export type PartnerId = 'uwv' | 'gemeente-amstelveld';
/** What the installation said that it did: ids that must be there at the end, each once. */
export interface Acknowledged {
  readonly number: number;
  readonly client: Person;
  readonly clientId: string;
  readonly at: Readonly<Record<PartnerId, string>>;
  readonly consents: Readonly<Record<PartnerId, string>>;
  readonly withdrawn: PartnerId;
  readonly contacts: readonly string[];
  readonly employerContacts: readonly string[];
  readonly jobs: readonly string[];
  readonly summaries: readonly string[];
}

const today = dayOf(new Date().toISOString());
const daysAgo = (days: number): string => addDaysToDate(today, -days);
const categories = ['K1', 'K2', 'K3', 'K7', 'K9b'];
const job = { regularPaid: true, contract: 'permanent' };
const contact = { counterpart: 'client', mode: 'in-person', setting: 'community' };

export async function playCompactStory(number: number, cast: Cast, insisting: Insisting): Promise<Acknowledged> {
  const { caseManager, specialist, labourExpert, clientManager } = cast;
  const tell = (person: Person, command: string, input: Readonly<Record<string, unknown>>, nth = 1, extra = '') =>
    insistOn(insisting, person, command, input, `${number} ${person.role} ${command} ${nth}`, extra);
  const made = async (...what: Parameters<typeof tell>): Promise<string> => (await tell(...what)).id;

  const identity = { initials: 'A.B.', familyName: `Proef${wordFor(number)}`, dateOfBirth: '1990-04-12' };
  const [clientId, uwv, municipality] = await Promise.all([
    made(caseManager, 'registerClient', identity),
    made(labourExpert, 'registerClient', identity),
    made(clientManager, 'registerClient', identity),
  ]);
  const at = { uwv, 'gemeente-amstelveld': municipality };
  const about = { clientId };

  const referral = {
    ...about,
    workWish: 'In een kas werken',
    referredOn: daysAgo(90),
    toSpecialist: specialist.subject,
  };
  const referralId = await made(caseManager, 'referClient', referral);
  await tell(specialist, 'acceptReferral', { referralId, on: daysAgo(88) });
  await tell(specialist, 'holdIntake', { ...about, on: daysAgo(80) });
  const profile = { workWish: 'In een kas werken', preferences: ['buiten', 'ochtend'], hoursWanted: 24 };
  await tell(specialist, 'writeProfile', { ...about, ...profile, writtenOn: daysAgo(79) });

  const client = await cast.client(number);
  await activate(client, { clientId, ...identity }, tell, caseManager);

  const offer = { ...about, purpose: 'support', categories };
  const forUwv = await made(specialist, 'proposeConsent', { ...offer, recipient: 'uwv', roles: ['labourExpert'] }, 1);
  const forMunicipality = await made(
    specialist,
    'proposeConsent',
    { ...offer, recipient: 'gemeente-amstelveld', roles: ['clientManager'] },
    2,
  );
  const consents = { uwv: forUwv, 'gemeente-amstelveld': forMunicipality };
  await tell(client, 'answerConsent', { consentId: forUwv, answer: 'yes', categories }, 1);
  await tell(client, 'answerConsent', { consentId: forMunicipality, answer: 'yes', categories }, 2);

  const contacts = [
    await made(specialist, 'recordContact', { ...about, ...contact, on: daysAgo(70), minutes: 45, note: 'eerste' }, 1),
    await made(specialist, 'recordContact', { ...about, ...contact, on: daysAgo(60), minutes: 30, note: 'tweede' }, 2),
  ];
  const employer = { employer: 'Kwekerij Proef', kind: 'about-this-client', matchesPreference: true };
  const employerContacts = [
    await made(specialist, 'recordEmployerContact', { ...about, ...employer, on: daysAgo(55) }),
  ];
  const jobs = [
    await made(
      specialist,
      'startJob',
      { ...about, ...job, startedOn: daysAgo(50), occupation: 'tuinder', hoursPerWeek: 16 },
      1,
    ),
  ];
  const summary = { hoursPerWeek: 16, regularity: 'regular', supportNeeded: 'Elke week even bellen.' };
  const summaries = [await made(specialist, 'summariseProgress', { ...about, on: daysAgo(30), summary })];

  await tell(client, 'pauseConsent', { consentId: forUwv });
  contacts.push(await made(specialist, 'recordContact', { ...about, ...contact, on: daysAgo(20), note: 'derde' }, 3));
  await tell(client, 'resumeConsent', { consentId: forUwv });

  // Some withdraw when the partner has read it all, some while it is still on its way.
  const withdrawn = number % 2 === 0 ? 'uwv' : 'gemeente-amstelveld';
  const reader = withdrawn === 'uwv' ? labourExpert : clientManager;
  if (number % 4 < 2) await untilRead(reader, at[withdrawn], insisting);
  await tell(client, 'withdrawConsent', { consentId: consents[withdrawn] });
  await tell(specialist, 'endJob', { ...about, jobId: jobs[0], endedOn: daysAgo(10), reason: 'another-job' });
  jobs.push(
    await made(
      specialist,
      'startJob',
      { ...about, ...job, startedOn: daysAgo(9), occupation: 'hovenier', hoursPerWeek: 24 },
      2,
    ),
  );
  return { number, client, clientId, at, consents, withdrawn, contacts, employerContacts, jobs, summaries };
}

/** A code is told once. When it was lost on the way, the client gets another letter. */
async function activate(
  client: Person,
  { clientId, dateOfBirth }: { readonly clientId: string; readonly dateOfBirth: string },
  tell: (
    person: Person,
    command: string,
    input: Readonly<Record<string, unknown>>,
    nth?: number,
    extra?: string,
  ) => Promise<Told>,
  caseManager: Person,
): Promise<void> {
  for (let letter = 1; ; letter++) {
    const { code } = await tell(caseManager, 'issueActivationCode', { clientId, for: 'client' }, letter, 'code');
    if (typeof code === 'string') return void (await tell(client, 'activateLogin', { code, dateOfBirth }));
  }
}

async function untilRead(reader: Person, clientId: string, insisting: Insisting): Promise<void> {
  const query = 'query($clientId: ID!) { receivedAboutClient(clientId: $clientId) { jobs { messageId } } }';
  for (const from = performance.now(); performance.now() - from < 60_000; await pause(40)) {
    const { data } = await insist(insisting, () => reader.send(query, { clientId }));
    const page = data?.['receivedAboutClient'] as { jobs: readonly unknown[] } | undefined;
    if (page && page.jobs.length > 0) return;
  }
  throw new Error(`What was told to ${reader.organisation} did not arrive within a minute.`);
}

/** Letters only: names are matched without anything else. */
const wordFor = (number: number): string => [...String(number)].map((digit) => 'bdfgklmnpr'[Number(digit)]).join('a');
