/** Step 7, first half: the client reads her consents, disclosures and readings, pauses sharing and resumes it. */
import type { GivenConsents } from './consents.js';
import {
  categoriesIn,
  myConsents,
  myDisclosures,
  received,
  rubricsOf,
  type ConsentOverview,
  type Disclosures,
  type ReceivedPage,
} from './questions.js';
import { agency, municipality, uwv, type Known, type Scene } from './scene.js';

const myReadings = 'query($language: String) { myReadings(language: $language) { day sentence kind who why what } }';
interface Reading {
  readonly sentence: string;
  readonly kind: string;
}
/** What the physician of UWV is shown. */
export const pageAtUwv = ({ cast }: Scene, known: Known): Promise<ReceivedPage> =>
  cast.physician.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
    clientId: known.clientId[uwv],
  });

export async function readAll({ claims, narrate }: Scene, known: Known): Promise<void> {
  const she = known.herself[agency];
  const { consents } = await she.ask<ConsentOverview>('myConsents', myConsents);
  narrate.sees(
    she,
    consents.map(
      ({ recipient, purpose, state, granted }) =>
        `consent to ${recipient} for ${purpose}: ${state} ${categoriesIn(granted).join(' ')}`,
    ),
  );
  const told = await she.ask<Disclosures>('myDisclosures', myDisclosures);
  narrate.sees(
    she,
    told.sent.map(
      ({ recipient, title, categories }) => `told ${recipient}: ${title} (${categoriesIn(categories).join(' ')})`,
    ),
  );
  claims.holds(
    'she reads of every disclosure what was in it',
    told.sent.every(({ fields }) => fields.length > 0),
  );
  claims.same('nothing ever went to anybody else', [...new Set(told.sent.map(({ recipient }) => recipient))].sort(), [
    municipality,
    uwv,
  ]);
  const readings = await she.ask<readonly Reading[]>('myReadings', myReadings, { language: 'en' });
  claims.holds(
    'she reads at the agency who looked, in words',
    readings.some(({ kind, sentence }) => kind === 'reading' && sentence.includes('employment specialist')),
  );
  const atUwv = await known.herself[uwv].ask<readonly Reading[]>('myReadings', myReadings, { language: 'en' });
  claims.holds(
    'and at UWV',
    atUwv.some(({ kind, sentence }) => kind === 'reading' && /doctor|physician/.test(sentence)),
  );
  narrate.sees(
    known.herself[uwv],
    atUwv.map(({ sentence }) => sentence),
  );
}

export async function pauseAndResume(scene: Scene, known: Known, { toUwv }: GivenConsents): Promise<void> {
  const { claims, narrate } = scene;
  const she = known.herself[agency];
  const before = await pageAtUwv(scene, known);
  await she.tell('pauseConsent', { consentId: toUwv });
  narrate.did(she, 'pauses sharing with UWV');
  const paused = await claims.becomesSo(
    'during the pause UWV is shown nothing',
    () => pageAtUwv(scene, known),
    (page) => rubricsOf(page).length === 0 && page.coverage.length === 0,
  );
  claims.same('a pause does not look like an end', paused.ended, []);
  await claims.becomesSo(
    'UWV proves that it closed, also for a pause',
    () => she.ask<ConsentOverview>('myConsents', myConsents),
    ({ consents }) =>
      consents.some(
        ({ consentId, closings }) =>
          consentId === toUwv && closings.some(({ how, closedAt }) => how === 'paused' && closedAt !== null),
      ),
  );
  await she.tell('resumeConsent', { consentId: toUwv });
  narrate.did(she, 'resumes it');
  const after = await claims.becomesSo(
    'after she resumed, UWV reads it again',
    () => pageAtUwv(scene, known),
    (page) => rubricsOf(page).length === rubricsOf(before).length,
  );
  claims.same('and finds it as it was', { ...after, coverage: [] }, { ...before, coverage: [] });
}
