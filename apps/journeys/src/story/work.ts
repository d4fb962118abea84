/** Step 5: contacts, an employer contact, a job start; the physician reviews progress and shares her conclusion back; the client reads it at the same time. */
import { conclusion, statementsOf, type Concluded, type Statement } from './medical-question.js';
import { openQuestions, pageLines, received, rubricsOf, type OpenQuestion, type ReceivedPage } from './questions.js';
import { agency, municipality, uwv, type Known, type Scene } from './scene.js';

const progress = `query($clientId: ID!) { progress(clientId: $clientId) {
  workingPattern { on hoursPerWeek regularity } work { occupation hoursPerWeek } tried { occupation } support { supportNeeded agreedSteps }
  possibilities { text } profile { workWish } asOf basedOn
} }`;
export interface Progress {
  readonly workingPattern: readonly { readonly hoursPerWeek: number }[] | null;
  readonly work: readonly { readonly occupation: string }[] | null;
  readonly support: readonly { readonly supportNeeded: string }[] | null;
  readonly basedOn: readonly string[];
}
export const progressOf = ({ cast }: Scene, known: Known): Promise<Progress> =>
  cast.physician.ask('progress', progress, { clientId: known.clientId[uwv] });
const myStatements = '{ myStatements { conclusionId state advice clientViews { view asksForCorrection } } }';

export interface Worked {
  readonly jobId: string;
  readonly secondConclusion: string;
}

export async function workAndReview(scene: Scene, known: Known, first: Concluded): Promise<Worked> {
  const { cast, claims, narrate, person } = scene;
  narrate.chapter('5. Work starts, and the physician looks again');
  const jobId = await recordWork(scene, known);
  const reviewed = await claims.becomesSo(
    'the physician sees the work, its pattern and the support',
    () => progressOf(scene, known),
    (seen) => seen.work?.length === 1 && (seen.workingPattern?.length ?? 0) > 0 && (seen.support?.length ?? 0) > 0,
  );
  narrate.sees(cast.physician, [
    ...(reviewed.work ?? []).map(({ occupation }) => `work: ${occupation}`),
    ...(reviewed.workingPattern ?? []).map(({ hoursPerWeek }) => `pattern: ${hoursPerWeek} hours a week`),
    ...(reviewed.support ?? []).map(({ supportNeeded }) => `support: ${supportNeeded}`),
  ]);
  claims.silentAbout('notes never leave, and neither does the employer', reviewed, noteOf(scene), employerOf(scene));
  const secondConclusion = await shareBack(scene, known, reviewed, first);

  const shared = await claims.becomesSo(
    'the municipality receives the work, which she granted',
    () =>
      cast.clientManager.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
        clientId: known.clientId[municipality],
      }),
    ({ jobs }) => jobs.length === 1,
  );
  claims.same('and no progress, which she did not', rubricsOf(shared).includes('progress'), false);
  claims.silentAbout(
    'nor the statement of the physician of UWV',
    shared,
    secondAdvice(scene),
    noteOf(scene),
    'begeleiding',
  );
  claims.holds('the work is told with its hours', shared.jobs[0]?.jobs[0]?.hoursPerWeek === person.hoursPerWeek);
  narrate.sees(cast.clientManager, pageLines(shared));
  return { jobId, secondConclusion };
}

const noteOf = ({ person }: Scene): string => `notitie alleen voor het team (${person.mark})`;
const employerOf = ({ person }: Scene): string => `werkgever-${person.mark}`;
const secondAdvice = ({ person }: Scene): string => `uitbreiden kan na drie maanden (${person.mark})`;

async function recordWork(scene: Scene, known: Known): Promise<string> {
  const { cast, narrate, person, day } = scene;
  const { specialist } = cast;
  const clientId = known.clientId[agency];
  await specialist.tell('recordContact', {
    clientId,
    on: day(-6),
    counterpart: 'client',
    mode: 'in-person',
    setting: 'community',
    minutes: 45,
    note: noteOf(scene),
  });
  await specialist.tell('recordContact', {
    clientId,
    on: day(-5),
    counterpart: 'clinician',
    mode: 'telephone',
    setting: 'at-a-distance',
    minutes: 10,
  });
  await specialist.tell('recordEmployerContact', {
    clientId,
    on: day(-4),
    employer: employerOf(scene),
    kind: 'about-this-client',
    matchesPreference: true,
  });
  narrate.did(specialist, 'records two contacts and a visit to an employer');
  const { id: jobId } = await specialist.tell('startJob', {
    clientId,
    startedOn: day(-1),
    occupation: person.occupation,
    regularPaid: true,
    contract: 'six-months-or-longer',
    hoursPerWeek: person.hoursPerWeek,
  });
  narrate.did(specialist, `records the first working day: ${person.occupation}, ${person.hoursPerWeek} hours a week`);
  await specialist.tell('summariseProgress', {
    clientId,
    on: day(),
    summary: {
      hoursPerWeek: person.hoursPerWeek,
      regularity: 'regular',
      supportNeeded: `wekelijks bellen (${person.mark})`,
      agreedSteps: 'na een maand samen bespreken',
    },
  });
  await specialist.tell('reachMilestone', {
    clientId,
    scheme: 'insurer-milestone',
    milestone: 'placed',
    month: day().slice(0, 7),
  });
  narrate.did(specialist, 'writes a summary of the progress, without anything medical');
  return jobId;
}

async function shareBack(scene: Scene, known: Known, reviewed: Progress, first: Concluded): Promise<string> {
  const { cast, claims, narrate, person, day } = scene;
  const { physician, labourExpert, specialist } = cast;
  const clientId = known.clientId[uwv];
  const she = known.herself[uwv];
  const { id: back } = await physician.tell('proposeConsent', {
    clientId,
    recipient: agency,
    roles: ['employmentSpecialist'],
    purpose: 'support',
    categories: ['K4'],
  });
  await claims.becomesSo(
    'she is asked at UWV whether her specialist may read the statement',
    () => she.ask<readonly OpenQuestion[]>('openQuestions', openQuestions),
    (open) => open.some(({ consentId }) => consentId === back),
  );
  await she.tell('answerConsent', { consentId: back, answer: 'yes', categories: ['K4'] });
  narrate.did(she, 'agrees at UWV that her employment specialist may read the statement');

  const content = conclusion(secondAdvice(scene), person.hoursPerWeek);
  const { id: conclusionId } = await physician.tell('draftConclusion', { clientId, lookAgainOn: day(90), content });
  const page = await physician.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), { clientId });
  for (const [messageId, category] of [
    [page.jobs.at(-1)?.messageId, 'K7'],
    [page.progress.at(-1)?.messageId, 'K9b'],
  ] as const)
    await physician.tell('takeIntoDecision', {
      clientId,
      messageId,
      category,
      decisionId: conclusionId,
      decisionKind: 'physician-statement',
    });
  await physician.tell('shareConclusion', {
    clientId,
    conclusionId,
    lookAgainOn: day(90),
    basedOn: reviewed.basedOn,
    content,
  });
  narrate.did(physician, `takes the work and the progress into a second statement, and shares it: ${content.advice}`);

  const hers = await claims.becomesSo(
    'the client reads the statement',
    () => she.ask<readonly Statement[]>('myStatements', myStatements),
    (found) => found.some((each) => each.conclusionId === conclusionId),
  );
  claims.same(
    'she reads the new one as current and the old one as replaced',
    Object.fromEntries(hers.map((each) => [each.conclusionId, each.state])),
    {
      [first.conclusionId]: 'superseded',
      [conclusionId]: 'current',
    },
  );
  narrate.sees(
    she,
    hers.map((each) => `statement (${each.state}): ${each.advice}`),
  );
  await she.tell('addMyView', { conclusionId, asksForCorrection: false, view: `zo klopt het (${person.mark})` });
  const withView = await claims.becomesSo(
    'the labour expert reads the new statement with her view',
    () => statementsOf(labourExpert, clientId),
    (found) => found.some((each) => each.conclusionId === conclusionId && each.clientViews.length === 1),
  );
  claims.silentAbout('and still nothing of the answer', withView, first.answer);
  const atAgency = await claims.becomesSo(
    'her employment specialist receives the statement',
    () =>
      specialist.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
        clientId: known.clientId[agency],
      }),
    ({ statements }) => statements.some(({ advice }) => advice === content.advice),
  );
  claims.silentAbout('without a word of what it rests on', atAgency, first.answer);
  narrate.sees(specialist, pageLines(atAgency));
  return conclusionId;
}
