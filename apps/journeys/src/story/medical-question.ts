/** Step 4: a physician asks a clinician for facts, the client reads the answer before it leaves, and only a non-medical statement goes on. */
import { openQuestions, received, takenFor, type OpenQuestion, type ReceivedPage, type Taken } from './questions.js';
import { agency, uwv, type Known, type Scene } from './scene.js';
import { StoryStopped, type Person } from './person.js';

const questionsToAnswer = '{ medicalQuestionsToAnswer { questionId clientId state question } }';
const answersForMe = '{ answersForMe { questionId draftId consentId state answers { question answer } } }';
const asked =
  'query($clientId: ID!) { medicalQuestions(clientId: $clientId) { questionId state expectedBy messageId answeredOn answers { question answer } } }';
const statements =
  'query($clientId: ID!) { statements(clientId: $clientId) { conclusionId state advice hoursPerWeek clientViews { view asksForCorrection } } }';
const statementSources =
  'query($clientId: ID!, $conclusionId: ID!) { statementSources(clientId: $clientId, conclusionId: $conclusionId) { conclusionId basedOn } }';

interface QuestionToAnswer {
  readonly questionId: string;
  readonly clientId: string;
  readonly question: string | null;
}
interface AnswerForMe {
  readonly questionId: string;
  readonly draftId: string | null;
  readonly consentId: string | null;
  readonly answers: readonly { readonly answer: string }[] | null;
}
interface AskedQuestion {
  readonly questionId: string;
  readonly state: string;
  readonly messageId: string | null;
  readonly answers: readonly { readonly answer: string }[] | null;
}
export interface Statement {
  readonly conclusionId: string;
  readonly state: string;
  readonly advice: string;
  readonly clientViews: readonly { readonly view: string }[];
}
export const statementsOf = (by: Person, clientId: string): Promise<readonly Statement[]> =>
  by.ask('statements', statements, { clientId });
export const medicalQuestionsOf = (by: Person, clientId: string): Promise<readonly AskedQuestion[]> =>
  by.ask('medicalQuestions', asked, { clientId });
export const medicalQuestionsQuery = asked;

export interface Concluded {
  readonly conclusionId: string;
  readonly answer: string;
  readonly medicalConsent: string;
}

export async function askAndAnswer(scene: Scene, known: Known): Promise<Concluded> {
  const { cast, claims, narrate, person } = scene;
  const { physician, clinician } = cast;
  const she = known.herself[agency];
  const clientId = known.clientId[uwv];
  narrate.chapter('4. A medical question, and a statement without medical facts');
  const { id: questionId } = await physician.tell('askMedicalQuestion', {
    clientId,
    partner: agency,
    question: { codes: ['treatment-and-course', 'expected-course'] },
  });
  narrate.did(physician, 'asks the clinician about the treatment and its expected course');
  const unfit = await physician.tryToTell('askMedicalQuestion', {
    clientId,
    partner: agency,
    question: { codes: ['expected-course'], explanation: 'Is zij geschikt voor werk?' },
  });
  claims.same('she is warned not to ask whether somebody is fit for work', unfit.refused?.code, 'asks-about-fitness');

  const waiting = await claims.becomesSo(
    'the clinician who treats her finds the question',
    () => clinician.ask<readonly QuestionToAnswer[]>('medicalQuestionsToAnswer', questionsToAnswer),
    (questions) => questions.some((each) => each.questionId === questionId),
  );
  narrate.sees(clinician, (waiting.find((each) => each.questionId === questionId)?.question ?? '').split('\n'));
  const answer = `behandeling loopt, groep ${person.diagnosisGroup}, terugkeer in stappen (${person.mark})`;
  const answers = [
    { question: 'Welke behandeling krijgt uw cliënt en hoe verloopt die?', answer },
    { question: 'Welk beloop verwacht u als behandelaar?', answer: 'geleidelijke verbetering' },
  ];
  const { id: draftId } = await clinician.tell('draftAnswer', { questionId, answers });
  await clinician.tell('offerAnswerToClient', { questionId, draftId });
  narrate.did(clinician, 'drafts the facts and gives them to the client to read');
  const early = await clinician.tryToTell('releaseAnswer', { questionId, draftId });
  claims.same('the answer cannot leave before the client has read it', early.refused?.code, 'not-read-by-client');

  const offered = await claims.becomesSo(
    'the client finds the text before it leaves',
    () => she.ask<readonly AnswerForMe[]>('answersForMe', answersForMe),
    (texts) => texts.some((each) => each.questionId === questionId && (each.answers?.length ?? 0) > 0),
  );
  const text = offered.find((each) => each.questionId === questionId);
  claims.same('she reads exactly what the clinician wrote', text?.answers, answers);
  await she.tell('readAnswer', { questionId, draftId });
  narrate.did(she, 'reads the text before it leaves');
  const medicalConsent = await allow(scene, she);
  await clinician.tell('releaseAnswer', { questionId, draftId });
  narrate.did(clinician, 'releases the answer');

  const [answered] = await claims.becomesSo(
    'the physician receives the answer',
    async () => (await medicalQuestionsOf(physician, clientId)).filter((each) => each.questionId === questionId),
    ([question]) => question?.state === 'answered' && (question.answers?.length ?? 0) > 0,
  );
  claims.same('the physician reads the facts as the client read them', answered?.answers, answers);
  narrate.sees(
    physician,
    answers.map((each) => `answer: ${each.answer}`),
  );
  if (!answered?.messageId) throw new StoryStopped('The answer came without its reference.');
  const conclusionId = await conclude(scene, known, answered.messageId);
  await readWithoutTheAnswer(scene, known, { conclusionId, answer, medicalConsent });
  return { conclusionId, answer, medicalConsent };
}

/** Reading is not allowing: this answer has a question of its own, and nothing was sent until she answered it. */
async function allow({ claims, narrate }: Scene, she: Person): Promise<string> {
  const questions = await claims.becomesSo(
    'she is asked whether this one answer may go',
    () => she.ask<readonly OpenQuestion[]>('openQuestions', openQuestions),
    (open) => open.some(({ purpose }) => purpose === 'medical-question'),
  );
  const question = questions.find(({ purpose }) => purpose === 'medical-question');
  if (!question) throw new StoryStopped('The question about the medical answer is gone.');
  await she.tell('answerConsent', { consentId: question.consentId, answer: 'yes', categories: ['K5'] });
  narrate.did(she, 'allows this one answer to go to the physician');
  return question.consentId;
}

export const conclusion = (advice: string, hoursPerWeek: number) => ({
  usablePossibilities: 'yes',
  limitations: [{ rubric: 'personal-functioning', text: 'werkt het best met een vaste taak en weinig prikkels' }],
  hoursPerDay: 4,
  hoursPerWeek,
  expectedCourse: 'improves',
  advice,
});
export const firstAdvice = ({ person }: Scene): string =>
  `rustig opbouwen met begeleiding op de werkplek (${person.mark})`;

/** She takes the answer into her own statement, and writes in it only what somebody can do. */
async function conclude(scene: Scene, known: Known, messageId: string): Promise<string> {
  const { cast, claims, narrate, person, day } = scene;
  const { physician } = cast;
  const clientId = known.clientId[uwv];
  const content = conclusion(firstAdvice(scene), person.hoursPerWeek);
  const medical = await physician.tryToTell('draftConclusion', {
    clientId,
    lookAgainOn: day(180),
    content: { ...content, advice: 'let op de medicatie' },
  });
  claims.same(
    'a statement with medical words is not kept without a second look',
    medical.refused?.code,
    'medical-words-in-text',
  );
  const { id: conclusionId } = await physician.tell('draftConclusion', { clientId, lookAgainOn: day(180), content });
  await physician.tell('takeIntoDecision', {
    clientId,
    messageId,
    category: 'K5',
    decisionId: conclusionId,
    decisionKind: 'physician-statement',
  });
  await physician.tell('shareConclusion', {
    clientId,
    conclusionId,
    lookAgainOn: day(180),
    basedOn: [messageId],
    content,
  });
  narrate.did(physician, `takes the answer into her statement, and writes: ${content.advice}`);
  return conclusionId;
}

async function readWithoutTheAnswer(
  { cast, claims, narrate }: Scene,
  known: Known,
  { conclusionId, answer }: Concluded,
): Promise<void> {
  const { labourExpert, physician } = cast;
  const clientId = known.clientId[uwv];
  const read = await claims.becomesSo(
    'the labour expert reads the statement',
    () => statementsOf(labourExpert, clientId),
    (found) => found.some((each) => each.conclusionId === conclusionId),
  );
  narrate.sees(
    labourExpert,
    read.map((each) => `statement: ${each.advice}`),
  );
  claims.silentAbout('the statement has nothing of the answer', read, answer);
  const question = await labourExpert.send(asked, { clientId });
  claims.same(
    'the labour expert cannot ask for the answer',
    [question.data, question.refused?.code],
    [null, 'not-allowed'],
  );
  narrate.refused(labourExpert, 'asks for the answer of the clinician', question.refused?.en ?? '');
  const sources = await labourExpert.send(statementSources, { clientId, conclusionId });
  claims.same(
    'nor for what the statement rests on',
    [sources.data?.['statementSources'] ?? null, sources.refused?.code],
    [null, 'not-allowed'],
  );
  const throughDecision = await labourExpert.ask<readonly Taken[]>('takenFor', takenFor, {
    clientId,
    decisionId: conclusionId,
  });
  claims.same('nor through the decision', throughDecision, []);
  const page = await labourExpert.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
    clientId,
  });
  claims.silentAbout('nor on the page of what was shared', page, answer);
  const taken = await physician.ask<readonly Taken[]>('takenFor', takenFor, { clientId, decisionId: conclusionId });
  claims.same(
    'the physician finds the answer through her statement',
    taken.map(({ category }) => category.category),
    ['K5'],
  );
}
