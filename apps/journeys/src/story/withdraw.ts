/** Step 7, second half: she withdraws from UWV, which closes, destroys and acknowledges; the next job event does not leave. */
import { scopes, type GivenConsents } from './consents.js';
import { pageAtUwv, pauseAndResume, readAll } from './own-page.js';
import { medicalQuestionsOf, statementsOf, type Concluded } from './medical-question.js';
import {
  myConsents,
  myDisclosures,
  received,
  rubricsOf,
  takenFor,
  type ConsentOverview,
  type Disclosures,
  type ReceivedPage,
  type Taken,
} from './questions.js';
import { agency, municipality, uwv, type Known, type Scene } from './scene.js';
import { progressOf, type Worked } from './work.js';

const takenAboutMe = '{ takenAboutMe { takenId discloser title category { category } decisionKind law until } }';
const reminders =
  '{ reportingReminders { occasion organisation what { en } toWhom { en } byWhen { en } wagesAreSeen { en } notice { en } } }';
interface Reminder {
  readonly occasion: string;
  readonly organisation: string | null;
  readonly what: { readonly en: string };
  readonly toWhom: { readonly en: string };
  readonly notice: { readonly en: string };
}
/** The signed proof that UWV closed, which the client can keep. */
export interface Withdrawn {
  readonly proof: string;
}

export async function readPauseWithdraw(
  scene: Scene,
  known: Known,
  consents: GivenConsents,
  concluded: Concluded,
  worked: Worked,
): Promise<Withdrawn> {
  scene.narrate.chapter('7. Her own page, a pause, and a withdrawal');
  await readAll(scene, known);
  await pauseAndResume(scene, known, consents);
  const proof = await withdraw(scene, known, consents, concluded);
  await onlyWhatWasTaken(scene, known, concluded, worked);
  await nextJobEvent(scene, known, worked);
  return { proof };
}

async function withdraw(
  scene: Scene,
  known: Known,
  { toUwv }: GivenConsents,
  { medicalConsent }: Concluded,
): Promise<string> {
  const { claims, narrate } = scene;
  const she = known.herself[agency];
  await Promise.all([toUwv, medicalConsent].map((consentId) => she.tell('withdrawConsent', { consentId })));
  narrate.did(she, 'withdraws everything that she allowed UWV');
  const { consents } = await claims.becomesSo(
    'UWV closes, destroys its keys and acknowledges with a signed proof',
    () => she.ask<ConsentOverview>('myConsents', myConsents),
    (overview) =>
      [toUwv, medicalConsent].every((id) =>
        overview.consents.some(
          ({ consentId, closings }) =>
            consentId === id &&
            closings.some(
              ({ how, closedAt, outstanding, proof }) =>
                how === 'ended' && closedAt !== null && !outstanding && proof !== null,
            ),
        ),
      ),
  );
  const closing = consents.find(({ consentId }) => consentId === toUwv)?.closings.find(({ how }) => how === 'ended');
  const { source, recipient, data } = writtenIn(closing?.proof ?? '');
  claims.same(
    'the proof is a message of UWV to the agency',
    [source, recipient],
    [`urn:convenant:organisation:${uwv}`, agency],
  );
  claims.holds(
    'and names the keys that are destroyed, one for every category',
    data.keyIds.length === scopes.uwv.length,
  );
  claims.same(
    'the consents stand as withdrawn',
    consents.filter(({ recipient, state }) => recipient === uwv && state === 'withdrawn').length,
    2,
  );
  narrate.sees(
    she,
    consents
      .filter(({ recipient }) => recipient === uwv)
      .flatMap(({ closings }) =>
        closings.map(({ how, inWords, closedAt }) => `${how}: ${inWords.en} ${closedAt ?? ''}`),
      ),
  );
  return closing?.proof ?? '';
}

/** Whoever holds a signed message can read what it says; the story reads it as she would in a reader of her own. */
const writtenIn = (
  proof: string,
): { readonly source: string; readonly recipient: string; readonly data: { readonly keyIds: readonly string[] } } =>
  JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString());

async function onlyWhatWasTaken(
  scene: Scene,
  known: Known,
  { conclusionId, answer }: Concluded,
  { secondConclusion }: Worked,
): Promise<void> {
  const { cast, claims, narrate } = scene;
  const { physician } = cast;
  const clientId = known.clientId[uwv];
  const page = await pageAtUwv(scene, known);
  claims.same('the physician is shown nothing any more', [rubricsOf(page), page.coverage], [[], []]);
  claims.holds(
    'she is told that the permission ended, without a reason',
    page.ended.length > 0 && page.ended.every(({ discloser }) => discloser === agency),
  );
  const { basedOn: _basedOn, ...seen } = await progressOf(scene, known);
  claims.same(
    'her progress view is empty',
    Object.values(seen).filter((each) => Array.isArray(each) && each.length > 0),
    [],
  );
  claims.silentAbout('the answer is gone from the question', await medicalQuestionsOf(physician, clientId), answer);
  const mine = await statementsOf(physician, clientId);
  claims.same(
    'her own statements are still there',
    mine.map((each) => each.conclusionId).sort(),
    [conclusionId, secondConclusion].sort(),
  );
  const through = async (decisionId: string) =>
    (await physician.ask<readonly Taken[]>('takenFor', takenFor, { clientId, decisionId }))
      .map(({ category }) => category.category)
      .sort();
  claims.same('through the first she finds the answer that she took into it', await through(conclusionId), ['K5']);
  claims.same('through the second the work and the progress', await through(secondConclusion), ['K7', 'K9b']);
  narrate.sees(physician, ['her own two statements, and through them what she had taken into them; nothing else']);
  const taken = await known.herself[uwv].ask<readonly Taken[]>('takenAboutMe', takenAboutMe);
  claims.same('the client sees each item that was taken', taken.map(({ category }) => category.category).sort(), [
    'K5',
    'K7',
    'K9b',
  ]);
  claims.holds(
    'with its law and its end',
    taken.every(({ law, until }) => law !== '' && until !== ''),
  );
  narrate.sees(
    known.herself[uwv],
    taken.map(({ title, law, until }) => `UWV keeps: ${title} (${law}, until ${until})`),
  );
  const tooLate = await physician.tryToTell('takeIntoDecision', {
    clientId,
    messageId: 'any',
    category: 'K7',
    decisionId: secondConclusion,
    decisionKind: 'physician-statement',
  });
  claims.same('nothing can be taken after a withdrawal', tooLate.refused?.code, 'not-received');
}

async function nextJobEvent(scene: Scene, known: Known, { jobId }: Worked): Promise<void> {
  const { cast, claims, narrate, person, day } = scene;
  const she = known.herself[agency];
  const sentTo = (told: Disclosures, recipient: string) =>
    told.sent.filter((each) => each.recipient === recipient).length;
  const before = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  const hours = person.hoursPerWeek + 2;
  await cast.successor.tell('changeJob', {
    clientId: known.clientId[agency],
    jobId,
    changedOn: day(),
    hoursPerWeek: hours,
  });
  narrate.did(cast.successor, `records that the work grew to ${hours} hours a week`);
  await claims.becomesSo(
    'the municipality, which may know, receives the change',
    () =>
      cast.clientManager.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
        clientId: known.clientId[municipality],
      }),
    ({ jobs }) => jobs.some((each) => each.jobs.some((job) => job.hoursPerWeek === hours)),
  );
  const after = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  claims.same('nothing left for UWV', sentTo(after, uwv), sentTo(before, uwv));
  claims.holds(
    'she reads that the work was withheld from UWV because she withdrew',
    after.withheld.some(
      ({ recipient, contract, reason }) =>
        recipient === uwv && contract === 'job-facts.v1' && reason.en === 'The consent was withdrawn.',
    ),
  );
  const page = await pageAtUwv(scene, known);
  claims.same('and UWV is shown nothing of it', rubricsOf(page), []);
  narrate.note('withheld from UWV: Werk en contract (The consent was withdrawn.)');

  const duties = await claims.becomesSo(
    'the client is told that she herself still has to report to UWV',
    () => she.ask<readonly Reminder[]>('reportingReminders', reminders),
    (found) =>
      ['sharing-withdrawn', 'work-changed'].every((occasion) =>
        found.some((each) => each.occasion === occasion && each.organisation === uwv),
      ),
  );
  const change = duties.find(({ occasion, organisation }) => occasion === 'work-changed' && organisation === uwv);
  claims.holds(
    'with the notice filled in, ready for her to sign',
    change?.notice.en.includes(person.familyName) === true &&
      change.notice.en.includes(`${hours}`) &&
      change.notice.en.includes('To: UWV'),
  );
  narrate.sees(she, [change?.what.en ?? '', ...(change?.notice.en ?? '').split('\n').map((line) => `| ${line}`)]);
  scene.tally.disclosed += after.sent.length;
  scene.tally.withheld += after.withheld.length;
  const atUwv = await known.herself[uwv].ask<Disclosures>('myDisclosures', myDisclosures);
  scene.tally.disclosed += atUwv.sent.length;
  scene.tally.withheld += atUwv.withheld.length;
}
