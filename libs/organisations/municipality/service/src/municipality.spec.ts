/** What a client manager does and reads: whom she supports, and what an agency told her municipality with the client's permission. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld } from '@convenant/testing';
import { tellingSide } from './example/telling-side.js';
import { municipalityService } from './municipality.service.js';

const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };
async function begin() {
  const world = await testWorld({
    organisations: {
      'ggz-amstel': tellingSide,
      'gemeente-amstelveld': municipalityService,
      'gemeente-zuiderdam': municipalityService,
    },
  });
  const karin = world.organisation('ggz-amstel').as('karin', 'caseManager');
  const town = world.organisation('gemeente-amstelveld');
  const merel = town.as('merel', 'clientManager');
  const clientId = await merel.succeeds('registerClient', anna);
  const atGgz = await karin.succeeds('registerClient', anna);
  for (const [contract, values] of Object.entries(told))
    await karin.succeeds('noteExample', { clientId: atGgz, contract, values });
  const allows = async (roles: readonly string[], categories: readonly string[], recipient = 'gemeente-amstelveld') => {
    const consentId = await karin.succeeds('proposeConsent', {
      clientId: atGgz,
      recipient,
      roles,
      purpose: 'support',
      categories,
    });
    await karin.succeeds('answerConsent', {
      clientId: atGgz,
      consentId,
      answer: 'yes',
      categories,
      method: 'paper',
      evidence: 'map 1',
    });
    return consentId;
  };
  return { world, karin, town, merel, clientId, atGgz, allows };
}
const told = {
  'trajectory-status.v1': { state: 'active', referredOn: '2026-09-01', intakeOn: '2026-09-10' },
  'job-facts.v1': {
    jobs: [
      {
        occupation: 'Medewerker kas',
        regularPaid: true,
        contract: 'permanent',
        hoursPerWeek: 16,
        startedOn: '2026-10-15',
      },
    ],
  },
  'vocational-profile.v1': { workWish: 'In een kas werken', preferences: [], writtenOn: '2026-09-20' },
};
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Page = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const page = (who = w.merel, query = 'receivedAboutClient') => who.reads<Page>(query, { clientId: w.clientId });
const rubrics = (answer: Page) =>
  Object.keys(answer).filter(
    (rubric) => !['coverage', 'ended', 'lines'].includes(rubric) && (answer[rubric]?.length ?? 0) > 0,
  );
const codeOf = async (doing: ReturnType<typeof w.merel.does>) => (await doing).refused?.code;

describe('a client manager', () => {
  it('takes a client on, one at a time, and sees her by name with since when', async () => {
    const take = (who = w.merel, input: object = {}) =>
      codeOf(who.does('takeOnClient', { clientId: w.clientId, ...input }));
    expect(await take(w.merel, { on: '2026-12-01' })).toBe('date-in-future');
    expect(await codeOf(w.merel.does('endSupport', { clientId: w.clientId }))).toBe('not-taken-on');
    expect(await take(w.merel, { on: '2026-11-01' })).toBeUndefined();
    expect(await w.merel.reads('myClients')).toEqual([
      {
        clientId: w.clientId,
        initials: 'A.B.',
        familyName: 'Testpersoon',
        clientManager: 'merel',
        since: '2026-11-01',
        relation: 'personal',
        confirmed: true,
      },
    ]);
    await w.merel.succeeds('beginRelation', { clientId: w.clientId, person: 'bas', role: 'clientManager' });
    const bas = w.town.as('bas', 'clientManager');
    expect(await take(bas)).toBe('already-taken-on');
    expect(await codeOf(w.merel.does('endSupport', { clientId: w.clientId, on: '2026-10-01' }))).toBe(
      'dates-in-wrong-order',
    );
    expect(await codeOf(w.merel.does('endSupport', { clientId: w.clientId }))).toBeUndefined();
    expect(await take(bas)).toBeUndefined();
    expect(await w.merel.reads('myClients')).toEqual([expect.objectContaining({ clientManager: 'bas' })]);
  });

  it('finds nobody whom she does not work with', async () => {
    const bas = w.town.as('bas', 'clientManager');
    expect(await codeOf(bas.does('takeOnClient', { clientId: w.clientId }))).toBe('nobody-found');
    expect(await bas.reads('myClients')).toEqual([]);
    expect(await codeOf(w.town.as('marga', 'medicalAdviser').does('takeOnClient', { clientId: w.clientId }))).toBe(
      'not-allowed',
    );
  });

  it('reads what the client allowed her municipality to hear, and no more', async () => {
    expect(rubrics(await page())).toEqual([]);
    const consentId = await w.allows(['clientManager'], ['K1', 'K2', 'K7']);
    const answer = await page();
    expect(rubrics(answer).toSorted()).toEqual(['identity', 'jobs', 'trajectory']);
    expect(answer['trajectory']?.[0]).toMatchObject({ author: 'ggz-amstel', state: 'active', intakeOn: '2026-09-10' });
    expect(rubrics(await page(w.merel, 'receivedForFunding'))).toEqual([]);
    await w.karin.succeeds('withdrawConsent', { clientId: w.atGgz, consentId });
    const after = await page();
    expect([rubrics(after), after['coverage']]).toEqual([[], []]);
    expect(after['ended']).toHaveLength(1);
  });

  it('hears nothing that another municipality was told', async () => {
    const bas = w.world.organisation('gemeente-zuiderdam').as('bas', 'clientManager');
    const clientId = await bas.succeeds('registerClient', anna);
    await w.allows(['clientManager'], ['K1', 'K2'], 'gemeente-zuiderdam');
    expect(rubrics(await bas.reads<Page>('receivedAboutClient', { clientId }))).toEqual(['identity', 'trajectory']);
    expect(rubrics(await page())).toEqual([]);
    expect((await bas.isRefused('receivedAboutClient', { clientId: w.clientId })).code).toBe('nobody-found');
  });
});

describe('her colleagues', () => {
  it('read what the permission names their role for: a medical adviser no work, an objection officer nothing', async () => {
    for (const [person, role] of [
      ['marga', 'medicalAdviser'],
      ['thea', 'objectionOfficer'],
    ])
      await w.merel.succeeds('beginRelation', { clientId: w.clientId, person, role });
    const marga = w.town.as('marga', 'medicalAdviser');
    await w.allows(['clientManager'], ['K1', 'K2', 'K7']);
    expect(rubrics(await page(marga))).toEqual([]);
    await w.allows(['medicalAdviser'], ['K1', 'K2']);
    expect(rubrics(await page(marga))).toEqual(['trajectory']);
    expect(rubrics(await page(w.town.as('thea', 'objectionOfficer')))).toEqual([]);
    expect(await w.town.as('thea', 'objectionOfficer').reads('myClients')).toEqual([
      expect.objectContaining({ familyName: 'Testpersoon' }),
    ]);
  });

  it('have no channel for medical questions and no way to a physician’s statement', async () => {
    for (const query of ['medicalQuestions', 'progress', 'statements', 'statementSources'])
      expect((await w.merel.isRefused(query, { clientId: w.clientId })).code).toBe('not-allowed');
  });
});
