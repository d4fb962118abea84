/** Step 7: the client reads everything about herself, pauses and resumes, then withdraws from UWV; the next job event does not leave. */
import type { GivenConsents } from './consents.js';
import { medicalQuestionsOf, statementsOf, type Concluded } from './medical-question.js';
import { categoriesIn, myConsents, myDisclosures, received, rubricsOf, takenFor, type ConsentOverview, type Disclosures, type ReceivedPage, type Taken } from './questions.js';
import { agency, municipality, uwv, type Known, type Scene } from './scene.js';
import { progressOf, type Worked } from './work.js';

const myReadings = 'query($language: String) { myReadings(language: $language) { day sentence kind who why what } }';
interface Reading {
  readonly sentence: string;
  readonly kind: string;
}
const takenAboutMe = '{ takenAboutMe { takenId discloser title category { category } decisionKind law until } }';
const reminders = '{ reportingReminders { occasion organisation what { en } toWhom { en } byWhen { en } wagesAreSeen { en } notice { en } } }';
interface Reminder {
  readonly occasion: string;
  readonly organisation: string | null;
  readonly what: { readonly en: string };
  readonly toWhom: { readonly en: string };
  readonly notice: { readonly en: string };
}
const pageAt = ({ cast }: Scene, known: Known): Promise<ReceivedPage> =>
  cast.physician.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), { clientId: known.clientId[uwv] });

/** The signed proof that UWV closed, which the client can keep. */
export interface Withdrawn {
  readonly proof: string;
}

export async function readPauseWithdraw(scene: Scene, known: Known, consents: GivenConsents, concluded: Concluded, worked: Worked): Promise<Withdrawn> {
  scene.narrate.chapter('7. Her own page, a pause, and a withdrawal');
  await readAll(scene, known);
  await pauseAndResume(scene, known, consents);
  const proof = await withdraw(scene, known, consents, concluded);
  await onlyWhatWasTaken(scene, known, concluded, worked);
  await nextJobEvent(scene, known, worked);
  return { proof };
}

async function readAll({ claims, narrate }: Scene, known: Known): Promise<void> {
  const she = known.herself[agency];
  const { consents } = await she.ask<ConsentOverview>('myConsents', myConsents);
  narrate.sees(she, consents.map(({ recipient, purpose, state, granted }) => `consent to ${recipient} for ${purpose}: ${state} ${categoriesIn(granted).join(' ')}`));
  const told = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  narrate.sees(she, told.sent.map(({ recipient, title, categories }) => `told ${recipient}: ${title} (${categoriesIn(categories).join(' ')})`));
  claims.holds('she reads of every disclosure what was in it', told.sent.every(({ fields }) => fields.length > 0));
  claims.same('nothing ever went to anybody else', [...new Set(told.sent.map(({ recipient }) => recipient))].sort(), [municipality, uwv]);
  const readings = await she.ask<readonly Reading[]>('myReadings', myReadings, { language: 'en' });
  claims.holds('she reads at the agency who looked, in words', readings.some(({ kind, sentence }) => kind === 'reading' && sentence.includes('employment specialist')));
  const atUwv = await known.herself[uwv].ask<readonly Reading[]>('myReadings', myReadings, { language: 'en' });
  claims.holds('and at UWV', atUwv.some(({ kind, sentence }) => kind === 'reading' && /doctor|physician/.test(sentence)));
  narrate.sees(known.herself[uwv], atUwv.map(({ sentence }) => sentence));
}

async function pauseAndResume(scene: Scene, known: Known, { toUwv }: GivenConsents): Promise<void> {
  const { claims, narrate } = scene;
  const she = known.herself[agency];
  const before = await pageAt(scene, known);
  await she.tell('pauseConsent', { consentId: toUwv });
  narrate.did(she, 'pauses sharing with UWV');
  const paused = await claims.becomesSo('during the pause UWV is shown nothing', () => pageAt(scene, known), (page) => rubricsOf(page).length === 0 && page.coverage.length === 0);
  claims.same('a pause does not look like an end', paused.ended, []);
  await claims.becomesSo(
    'UWV proves that it closed, also for a pause',
    () => she.ask<ConsentOverview>('myConsents', myConsents),
    ({ consents }) => consents.some(({ consentId, closings }) => consentId === toUwv && closings.some(({ how, closedAt }) => how === 'paused' && closedAt !== null)),
  );
  await she.tell('resumeConsent', { consentId: toUwv });
  narrate.did(she, 'resumes it');
  const after = await claims.becomesSo('after she resumed, UWV reads it again', () => pageAt(scene, known), (page) => rubricsOf(page).length === rubricsOf(before).length);
  claims.same('and finds it as it was', { ...after, coverage: [] }, { ...before, coverage: [] });
}

async function withdraw(scene: Scene, known: Known, { toUwv }: GivenConsents, { medicalConsent }: Concluded): Promise<string> {
  const { claims, narrate } = scene;
  const she = known.herself[agency];
  await Promise.all([toUwv, medicalConsent].map((consentId) => she.tell('withdrawConsent', { consentId })));
  narrate.did(she, 'withdraws everything that she allowed UWV');
  const { consents } = await claims.becomesSo(
    'UWV closes, destroys its keys and acknowledges with a signed proof',
    () => she.ask<ConsentOverview>('myConsents', myConsents),
    (overview) => [toUwv, medicalConsent].every((id) => overview.consents.some(({ consentId, closings }) => consentId === id && closings.some(({ how, closedAt, outstanding, proof }) => how === 'ended' && closedAt !== null && !outstanding && proof !== null))),
  );
  const closing = consents.find(({ consentId }) => consentId === toUwv)?.closings.find(({ how }) => how === 'ended');
  claims.same('the consents stand as withdrawn', consents.filter(({ recipient, state }) => recipient === uwv && state === 'withdrawn').length, 2);
  narrate.sees(she, consents.filter(({ recipient }) => recipient === uwv).flatMap(({ closings }) => closings.map(({ how, inWords, closedAt }) => `${how}: ${inWords.en} ${closedAt ?? ''}`)));
  return closing?.proof ?? '';
}

async function onlyWhatWasTaken(scene: Scene, known: Known, { conclusionId, answer }: Concluded, { secondConclusion }: Worked): Promise<void> {
  const { cast, claims, narrate } = scene;
  const { physician } = cast;
  const clientId = known.clientId[uwv];
  const page = await pageAt(scene, known);
  claims.same('the physician is shown nothing any more', [rubricsOf(page), page.coverage], [[], []]);
  claims.holds('she is told that the permission ended, without a reason', page.ended.length > 0 && page.ended.every(({ discloser }) => discloser === agency));
  const { basedOn: _basedOn, ...seen } = await progressOf(scene, known);
  claims.same('her progress view is empty', Object.values(seen).filter((each) => Array.isArray(each) && each.length > 0), []);
  claims.silentAbout('the answer is gone from the question', await medicalQuestionsOf(physician, clientId), answer);
  const mine = await statementsOf(physician, clientId);
  claims.same('her own statements are still there', mine.map((each) => each.conclusionId).sort(), [conclusionId, secondConclusion].sort());
  const through = async (decisionId: string) => (await physician.ask<readonly Taken[]>('takenFor', takenFor, { clientId, decisionId })).map(({ category }) => category.category).sort();
  claims.same('through the first she finds the answer that she took into it', await through(conclusionId), ['K5']);
  claims.same('through the second the work and the progress', await through(secondConclusion), ['K7', 'K9b']);
  narrate.sees(physician, ['her own two statements, and through them what she had taken into them; nothing else']);
  const taken = await known.herself[uwv].ask<readonly Taken[]>('takenAboutMe', takenAboutMe);
  claims.same('the client sees each item that was taken', taken.map(({ category }) => category.category).sort(), ['K5', 'K7', 'K9b']);
  claims.holds('with its law and its end', taken.every(({ law, until }) => law !== '' && until !== ''));
  narrate.sees(known.herself[uwv], taken.map(({ title, law, until }) => `UWV keeps: ${title} (${law}, until ${until})`));
  const tooLate = await physician.tryToTell('takeIntoDecision', { clientId, messageId: 'any', category: 'K7', decisionId: secondConclusion, decisionKind: 'physician-statement' });
  claims.same('nothing can be taken after a withdrawal', tooLate.refused?.code, 'not-received');
}

async function nextJobEvent(scene: Scene, known: Known, { jobId }: Worked): Promise<void> {
  const { cast, claims, narrate, person, day } = scene;
  const she = known.herself[agency];
  const sentTo = (told: Disclosures, recipient: string) => told.sent.filter((each) => each.recipient === recipient).length;
  const before = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  const hours = person.hoursPerWeek + 2;
  await cast.successor.tell('changeJob', { clientId: known.clientId[agency], jobId, changedOn: day(), hoursPerWeek: hours });
  narrate.did(cast.successor, `records that the work grew to ${hours} hours a week`);
  await claims.becomesSo(
    'the municipality, which may know, receives the change',
    () => cast.clientManager.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), { clientId: known.clientId[municipality] }),
    ({ jobs }) => jobs.some((each) => each.jobs.some((job) => job.hoursPerWeek === hours)),
  );
  const after = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  claims.same('nothing left for UWV', sentTo(after, uwv), sentTo(before, uwv));
  claims.holds('she reads that the work was withheld from UWV because she withdrew', after.withheld.some(({ recipient, contract, reason }) => recipient === uwv && contract === 'job-facts.v1' && reason.en === 'The consent was withdrawn.'));
  const page = await pageAt(scene, known);
  claims.same('and UWV is shown nothing of it', rubricsOf(page), []);
  narrate.note('withheld from UWV: Werk en contract (The consent was withdrawn.)');

  const duties = await claims.becomesSo(
    'the client is told that she herself still has to report to UWV',
    () => she.ask<readonly Reminder[]>('reportingReminders', reminders),
    (found) => ['sharing-withdrawn', 'work-changed'].every((occasion) => found.some((each) => each.occasion === occasion && each.organisation === uwv)),
  );
  const change = duties.find(({ occasion, organisation }) => occasion === 'work-changed' && organisation === uwv);
  claims.holds('with the notice filled in, ready for her to sign', change?.notice.en.includes(person.familyName) === true && change.notice.en.includes(`${hours}`) && change.notice.en.includes('To: UWV'));
  narrate.sees(she, [change?.what.en ?? '', ...(change?.notice.en ?? '').split('\n').map((line) => `| ${line}`)]);
  scene.tally.disclosed += after.sent.length;
  scene.tally.withheld += after.withheld.length;
  const atUwv = await known.herself[uwv].ask<Disclosures>('myDisclosures', myDisclosures);
  scene.tally.disclosed += atUwv.sent.length;
  scene.tally.withheld += atUwv.withheld.length;
}
