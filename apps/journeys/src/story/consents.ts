/** Step 2: the client grants consents of different scope, one of them less than the recipient asked for; she refuses one, and puts one off. */
import {
  categoriesIn,
  consentsOf,
  myConsents,
  openQuestions,
  received,
  type ConsentOverview,
  type OpenQuestion,
  type ReceivedPage,
} from './questions.js';
import { agency, insurer, municipality, uwv, type Known, type Scene } from './scene.js';
import { StoryStopped } from './person.js';

export interface GivenConsents {
  readonly toUwv: string;
  readonly forFunding: string;
  readonly forSupport: string;
}
export const scopes = {
  uwv: ['K1', 'K2', 'K3', 'K4', 'K7', 'K9b'],
  funding: ['K1', 'K2'],
  askedByMunicipality: ['K1', 'K2', 'K3', 'K4', 'K7', 'K9b'],
  municipality: ['K1', 'K2', 'K3', 'K7'],
} as const;

export async function converse(scene: Scene, known: Known): Promise<GivenConsents> {
  const { cast, claims, narrate, day } = scene;
  const { specialist, clientManager } = cast;
  const clientId = known.clientId[agency];
  const she = known.herself[agency];
  narrate.chapter('2. The consent conversation');
  const propose = async (
    recipient: string,
    roles: readonly string[],
    purpose: string,
    categories: readonly string[],
    more = {},
  ): Promise<string> =>
    (await specialist.tell('proposeConsent', { clientId, recipient, roles, purpose, categories, ...more })).id;
  const say = (consentId: string, answer: string, more = {}) =>
    she.tell('answerConsent', { consentId, answer, ...more });

  const toUwv = await propose(uwv, ['insurancePhysician', 'labourExpert'], 'support', scopes.uwv);
  const forFunding = await propose(municipality, ['clientManager'], 'funding-decision', scopes.funding);
  const toInsurer = await propose(insurer, ['claimsOfficer'], 'funding-settlement', ['K1', 'K8']);
  const meeting = await propose(uwv, ['labourExpert'], 'operational-meeting', ['K1', 'K2', 'K3', 'K7']);
  narrate.did(specialist, 'puts four questions to the client');

  const questions = await claims.becomesSo(
    'the client finds the questions, each with its switches',
    () => she.ask<readonly OpenQuestion[]>('openQuestions', openQuestions),
    (open) => [toUwv, forFunding, toInsurer, meeting].every((id) => open.some(({ consentId }) => consentId === id)),
  );
  narrate.sees(
    she,
    questions.map(({ question }) => question.en),
  );
  const before = await clientManager.ask<ReceivedPage>('receivedAboutClient', received('receivedAboutClient'), {
    clientId: known.clientId[municipality],
  });
  claims.same('nobody outside is shown anything before she answers', before.coverage, []);

  await say(toUwv, 'yes', {
    categories: scopes.uwv,
    ownWords: `UWV mag weten hoe het met werk gaat (${scene.person.mark})`,
  });
  narrate.did(she, `says yes to UWV, for finding and keeping work: ${scopes.uwv.join(', ')}`);
  await say(forFunding, 'yes', { categories: scopes.funding });
  narrate.did(
    she,
    `says yes to her municipality, for deciding about paying for the guidance: ${scopes.funding.join(', ')}`,
  );
  await say(toInsurer, 'no');
  narrate.did(she, 'says no to the insurer');
  await say(meeting, 'not-today', { askAgainOn: day(14) });
  narrate.did(she, 'says not today to the meeting with UWV; it is asked again in two weeks, and counts as no');

  const forSupport = await answerTheMunicipality(scene, known);
  const { consents } = await she.ask<ConsentOverview>('myConsents', myConsents);
  const stands = (id: string) => {
    const consent = consents.find(({ consentId }) => consentId === id);
    return consent && [consent.state, ...categoriesIn(consent.granted)];
  };
  claims.same('her consent to UWV stands as she gave it', stands(toUwv), ['given', ...scopes.uwv]);
  claims.same('her first consent to the municipality stands as she gave it', stands(forFunding), [
    'given',
    ...scopes.funding,
  ]);
  claims.same('her second consent to the municipality is the part that she chose', stands(forSupport), [
    'given',
    ...scopes.municipality,
  ]);
  claims.same('her no to the insurer stands', stands(toInsurer), ['refused']);
  claims.same('what she put off stands as put off', stands(meeting), ['not-today']);
  return { toUwv, forFunding, forSupport };
}

/** The municipality asks through the agency that introduced her; she grants a part, and it never learns which part it did not get. */
async function answerTheMunicipality(scene: Scene, known: Known): Promise<string> {
  const { cast, claims, narrate } = scene;
  const { specialist, clientManager } = cast;
  const clientId = known.clientId[agency];
  const she = known.herself[agency];
  await claims.becomesSo(
    'the municipality knows the client from the agency once she was introduced',
    () =>
      clientManager.ask<ReceivedPage>('receivedForFunding', received('receivedForFunding'), {
        clientId: known.clientId[municipality],
      }),
    ({ identity, trajectory }) => identity.length + trajectory.length >= 2,
  );
  const asked = {
    clientId: known.clientId[municipality],
    discloser: agency,
    roles: ['clientManager'],
    purpose: 'support',
    categories: scopes.askedByMunicipality,
  };
  await clientManager.tell('askForDisclosure', asked);
  narrate.did(clientManager, `asks the client, through the agency, for: ${scopes.askedByMunicipality.join(', ')}`);
  const { asks } = await claims.becomesSo(
    'the question of the municipality reaches the agency',
    () => specialist.ask<ConsentOverview>('consents', consentsOf, { clientId }),
    (overview) => overview.asks.some(({ recipient, purpose }) => recipient === municipality && purpose === 'support'),
  );
  const ask = asks.find(({ recipient, purpose }) => recipient === municipality && purpose === 'support');
  if (!ask) throw new StoryStopped('The question of the municipality is gone.');
  const { id: consentId } = await specialist.tell('proposeConsent', {
    clientId,
    recipient: municipality,
    roles: ask.roles,
    purpose: 'support',
    categories: categoriesIn(ask.categories),
    askId: ask.askId,
  });
  const [question] = await claims.becomesSo(
    'she is asked in the name of the municipality',
    async () =>
      (await she.ask<readonly OpenQuestion[]>('openQuestions', openQuestions)).filter(
        (open) => open.consentId === consentId,
      ),
    (open) => open.length === 1,
  );
  claims.same('she sees that the recipient asked', question?.askedByRecipient, true);
  claims.same(
    'every category that was asked for is a switch of its own',
    question && categoriesIn(question.switches),
    scopes.askedByMunicipality,
  );
  await she.tell('answerConsent', { consentId, answer: 'yes', categories: scopes.municipality });
  narrate.did(she, `says yes to a part of that: ${scopes.municipality.join(', ')}`);
  return consentId;
}
