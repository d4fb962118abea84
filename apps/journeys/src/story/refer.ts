/** Step 1: a case manager refers a client; the employment specialist accepts, holds the intake and writes the vocational profile. */
import { clientFile, type ClientFile } from './questions.js';
import { agency, insurer, municipality, uwv, type Known, type Scene } from './scene.js';
import { StoryStopped, type Person } from './person.js';

/** She comes to four organisations, which register her each for themselves and know nothing of one another. */
export async function register(scene: Scene): Promise<Known> {
  const { cast, person } = scene;
  const { initials, familyName, dateOfBirth, bsn } = person;
  const details = { initials, familyName, dateOfBirth, bsn };
  const registerAt = async (by: Person): Promise<string> => (await by.tell('registerClient', details)).id;
  const [atAgency, atUwv, atMunicipality, atInsurer] = await Promise.all(
    [cast.caseManager, cast.benefitsAdviser, cast.clientManager, cast.claimsOfficer].map(registerAt),
  );
  const clientId = {
    [agency]: atAgency ?? '',
    [uwv]: atUwv ?? '',
    [municipality]: atMunicipality ?? '',
    [insurer]: atInsurer ?? '',
  };
  const work = (by: Person, at: keyof typeof clientId, colleague: Person): Promise<unknown> =>
    by.tell('beginRelation', { clientId: clientId[at], person: colleague.subject, role: colleague.role });
  await Promise.all([
    work(cast.caseManager, agency, cast.clinician),
    work(cast.benefitsAdviser, uwv, cast.physician),
    work(cast.benefitsAdviser, uwv, cast.labourExpert),
    cast.clientManager.tell('takeOnClient', { clientId: clientId[municipality] }),
  ]);
  const [atOurs, atUwvs, atMunicipalities] = await Promise.all([
    login(scene, cast.caseManager, clientId[agency]),
    login(scene, cast.benefitsAdviser, clientId[uwv]),
    login(scene, cast.clientManager, clientId[municipality]),
  ]);
  return { clientId, herself: { [agency]: atOurs, [uwv]: atUwvs, [municipality]: atMunicipalities } };
}

/** A code is told once. When it was lost on the way, she gets another letter. */
async function codeOnPaper(by: Person, clientId: string): Promise<string> {
  for (let letter = 1; letter <= 10; letter++) {
    const { code } = await by.tell('issueActivationCode', { clientId, for: 'client' }, 'code');
    if (typeof code === 'string') return code;
  }
  throw new StoryStopped('No activation code reached the client.');
}

/** A code on a letter, used once by the login that is hers from then on. */
async function login({ installation, person, nextAccount }: Scene, by: Person, clientId: string): Promise<Person> {
  const code = await codeOnPaper(by, clientId);
  for (let tries = 0; tries < 50; tries++) {
    const herself = await installation.signInAs(
      by.organisation,
      nextAccount(),
      `${person.initials} ${person.familyName}`,
    );
    const { refused } = await herself.tryToTell('activateLogin', { code, dateOfBirth: person.dateOfBirth });
    if (!refused) return herself;
    // On an installation where the story was played before, this account is somebody's already.
    if (refused.code !== 'login-belongs-to-another-client')
      throw new StoryStopped(`The client could not activate her login: ${refused.code}.`);
  }
  throw new StoryStopped('No free account was found for the client.');
}

const openReferrals = '{ openReferrals { referralId clientId workWish } }';
type OpenReferrals = readonly {
  readonly referralId: string;
  readonly clientId: string;
  readonly workWish: string | null;
}[];

export async function refer(scene: Scene, { clientId }: Known): Promise<void> {
  const { cast, person, claims, narrate, day } = scene;
  const { caseManager, specialist, colleague } = cast;
  const id = clientId[agency];
  narrate.chapter('1. Referral, intake and profile');
  const workWish = `werken als ${person.occupation} (${person.mark})`;
  const { id: referralId } = await caseManager.tell('referClient', {
    clientId: id,
    workWish,
    referredOn: day(-14),
    toSpecialist: specialist.subject,
  });
  narrate.did(caseManager, `refers ${person.initials} ${person.familyName}, who wants: ${workWish}`);

  const board = await claims.becomesSo(
    'the employment specialist finds the referral on her board',
    () => specialist.ask<OpenReferrals>('openReferrals', openReferrals),
    (rows) => rows.some((row) => row.referralId === referralId),
  );
  claims.same(
    'the board says what the client wants',
    board.find((row) => row.referralId === referralId)?.workWish,
    workWish,
  );
  const others = await colleague.ask<OpenReferrals>('openReferrals', openReferrals);
  claims.holds(
    'a colleague to whom nobody referred her does not see the referral',
    others.every((row) => row.referralId !== referralId),
  );

  await specialist.tell('acceptReferral', { referralId, on: day(-12) });
  narrate.did(specialist, 'accepts the referral');
  const again = await specialist.tryToTell('declineReferral', { referralId, on: day(-12), reason: 'no-capacity' });
  claims.same('a referral that was accepted cannot be declined any more', again.refused !== null, true);
  await specialist.tell('holdIntake', { clientId: id, on: day(-10) });
  narrate.did(specialist, 'holds the intake');
  await specialist.tell('writeProfile', {
    clientId: id,
    workWish,
    preferences: ['overdag', 'op de fiets te bereiken'],
    experience: `eerder twee jaar gewerkt (${person.mark})`,
    hoursWanted: person.hoursPerWeek,
    writtenOn: day(-9),
  });
  await specialist.tell('notePossibility', {
    clientId: id,
    on: day(-9),
    item: { kind: 'adjustment', text: possibilityOf(scene), author: 'client' },
  });
  await specialist.tell('arrangeFunding', { clientId: id, scheme: 'insurer-milestone', from: day(-9) });
  await specialist.tell('reachMilestone', {
    clientId: id,
    scheme: 'insurer-milestone',
    milestone: 'started',
    month: day(-9).slice(0, 7),
  });
  narrate.did(specialist, 'writes the vocational profile and what helps, and notes the first milestone of the funding');

  const file = await specialist.ask<ClientFile>('clientFile', clientFile, { clientId: id });
  claims.same(
    'the file holds the profile as it was written',
    file.profiles.map((each) => each.workWish),
    [workWish],
  );
  claims.same('the trajectory runs since the intake', file.trajectory?.state, 'active');
}

/** K4: what helps, in the client's own words. */
export const possibilityOf = ({ person }: Scene): string => `rustige werkplek helpt (${person.mark})`;
