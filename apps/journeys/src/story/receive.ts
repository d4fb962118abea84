/** Step 3: facts from before the grant arrive as present state; each partner receives exactly its fields, and the insurer nothing. */
import {
  categoriesIn,
  myDisclosures,
  pageLines,
  received,
  rubricsOf,
  type Disclosures,
  type ReceivedPage,
} from './questions.js';
import { possibilityOf } from './refer.js';
import { agency, insurer, municipality, uwv, type Known, type Scene } from './scene.js';
import { scopes } from './consents.js';
import type { Person } from './person.js';

export async function receive(scene: Scene, known: Known): Promise<void> {
  const { cast, claims, narrate, person } = scene;
  narrate.chapter('3. What each partner received');
  const page = (
    by: Person,
    at: keyof Known['clientId'],
    field: Parameters<typeof received>[0] = 'receivedAboutClient',
  ): Promise<ReceivedPage> => by.ask<ReceivedPage>(field, received(field), { clientId: known.clientId[at] });

  const physicians = await claims.becomesSo(
    'UWV receives the present state of everything that was granted, also what was written before',
    () => page(cast.physician, uwv),
    (shown) =>
      ['identity', 'trajectory', 'profile', 'possibilities'].every((rubric) => rubricsOf(shown).includes(rubric)),
  );
  narrate.sees(cast.physician, pageLines(physicians));
  exactlyUwvs(scene, physicians);
  const experts = await page(cast.labourExpert, uwv);
  claims.same(
    'the labour expert, whom the consent names too, reads the same',
    { ...experts, coverage: [] },
    { ...physicians, coverage: [] },
  );
  const unnamed = await page(cast.benefitsAdviser, uwv);
  claims.same(
    'a colleague at UWV whose role the consent does not name reads nothing',
    [rubricsOf(unnamed), unnamed.coverage],
    [[], []],
  );

  const supported = await claims.becomesSo(
    'the municipality receives what she granted it',
    () => page(cast.clientManager, municipality),
    (shown) => shown.trajectory.length === 1 && shown.profile.length === 1,
  );
  narrate.sees(cast.clientManager, pageLines(supported));
  claims.same(
    'the municipality reads the trajectory and the profile, and no more',
    rubricsOf(supported).filter((rubric) => rubric !== 'identity'),
    ['trajectory', 'profile'],
  );
  claims.same(
    'and reads in them what UWV reads',
    [supported.trajectory, supported.profile],
    [physicians.trajectory, physicians.profile],
  );
  claims.same(
    'its page names only what the permission covers',
    supported.coverage.map(({ categories }) => categoriesIn(categories)),
    [[...scopes.municipality]],
  );
  claims.silentAbout(
    'nothing on its page hints at what she did not grant',
    supported,
    possibilityOf(scene),
    'K4',
    'K9b',
  );
  claims.same('every page with shared facts carries its three lines', supported.lines.length, 3);
  const paid = await page(cast.clientManager, municipality, 'receivedForFunding');
  claims.same('for the funding it reads who she is and the trajectory', rubricsOf(paid), ['identity', 'trajectory']);
  claims.silentAbout('the page for the funding has nothing of her profile', paid, person.occupation);

  const settled = await page(cast.claimsOfficer, insurer, 'receivedForSettlement');
  claims.same('the insurer receives nothing', [rubricsOf(settled), settled.coverage, settled.ended], [[], [], []]);
  const introduced = await cast.claimsOfficer.ask<readonly unknown[]>(
    'introductionsToLink',
    '{ introductionsToLink { partner } }',
  );
  claims.same('the insurer is not even told that there is a client', introduced, []);
  narrate.sees(cast.claimsOfficer, []);

  const told = await claims.becomesSo(
    'the client reads what was withheld',
    () => known.herself[agency].ask<Disclosures>('myDisclosures', myDisclosures),
    ({ withheld }) =>
      withheld.some(({ recipient }) => recipient === insurer) &&
      withheld.some(({ recipient, purpose }) => recipient === uwv && purpose === 'operational-meeting'),
  );
  claims.same(
    'nothing was sent to the insurer',
    told.sent.filter(({ recipient }) => recipient === insurer),
    [],
  );
  claims.holds(
    'she reads that the insurer was not told because she said no',
    told.withheld.some(({ recipient, reason }) => recipient === insurer && reason.en === 'The client said no.'),
  );
  claims.holds(
    'she reads that the meeting was not told because she did not want to decide yet',
    told.withheld.some(
      ({ purpose, reason }) =>
        purpose === 'operational-meeting' && reason.en === 'The client did not want to decide about it yet.',
    ),
  );
  claims.holds(
    'she reads that the municipality was not told what she left out',
    told.withheld.some(
      ({ recipient, purpose, categories }) =>
        recipient === municipality && purpose === 'support' && categoriesIn(categories).includes('K4'),
    ),
  );
  for (const { recipient, title, reason } of told.withheld)
    narrate.note(`withheld from ${recipient}: ${title} (${reason.en})`);
}

function exactlyUwvs({ claims, person, day }: Scene, page: ReceivedPage): void {
  claims.same('UWV reads these kinds of facts and no other', rubricsOf(page), [
    'identity',
    'trajectory',
    'profile',
    'possibilities',
  ]);
  claims.same('who she is', page.identity, [
    { initials: person.initials, familyName: person.familyName, dateOfBirth: person.dateOfBirth },
  ]);
  claims.same('the trajectory as it stands', page.trajectory, [
    { state: 'active', referredOn: day(-14), intakeOn: day(-10), endedOn: null },
  ]);
  claims.same('the profile as it was written', page.profile, [
    {
      workWish: `werken als ${person.occupation} (${person.mark})`,
      preferences: ['overdag', 'op de fiets te bereiken'],
      experience: `eerder twee jaar gewerkt (${person.mark})`,
      hoursWanted: person.hoursPerWeek,
      writtenOn: day(-9),
    },
  ]);
  claims.same('what helps, with who says so and when', page.possibilities, [
    { items: [{ kind: 'adjustment', text: `rustige werkplek helpt (${person.mark})`, author: 'client', on: day(-9) }] },
  ]);
  claims.silentAbout('no number of hers is on the page', page, person.bsn);
}
