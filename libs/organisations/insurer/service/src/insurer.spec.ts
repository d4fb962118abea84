/** What a claims officer reads: nothing without the settlement consent, and with it a milestone and no more. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld } from '@convenant/testing';
import { tellingSide } from './example/telling-side.js';
import { insurerService } from './insurer.service.js';

const anna = { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' };
const milestone = { scheme: 'insurer-milestone', milestone: 'placed', month: '2026-10' };
async function begin() {
  const world = await testWorld({ organisations: { 'ggz-amstel': tellingSide, 'verzekeraar-zilver': insurerService } });
  const karin = world.organisation('ggz-amstel').as('karin', 'caseManager');
  const insurer = world.organisation('verzekeraar-zilver');
  const zoe = insurer.as('zoe', 'claimsOfficer');
  const clientId = await zoe.succeeds('registerClient', anna);
  const atGgz = await karin.succeeds('registerClient', anna);
  const job = {
    occupation: 'Medewerker kas',
    regularPaid: true,
    contract: 'permanent',
    hoursPerWeek: 16,
    startedOn: '2026-10-15',
  };
  await karin.succeeds('noteExample', { clientId: atGgz, contract: 'job-facts.v1', values: { jobs: [job] } });
  await karin.succeeds('noteExample', {
    clientId: atGgz,
    contract: 'funding-milestone.v1',
    values: { milestones: [milestone] },
  });
  const question = {
    clientId: atGgz,
    recipient: 'verzekeraar-zilver',
    roles: ['claimsOfficer'],
    purpose: 'funding-settlement',
    categories: ['K1', 'K8'],
  };
  return { world, karin, insurer, zoe, clientId, atGgz, question };
}
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Page = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const page = (query = 'receivedForSettlement', who = w.zoe) => who.reads<Page>(query, { clientId: w.clientId });
const rubrics = (answer: Page) =>
  Object.keys(answer).filter(
    (rubric) => !['coverage', 'ended', 'lines'].includes(rubric) && (answer[rubric]?.length ?? 0) > 0,
  );
const otherPages = ['receivedAboutClient', 'receivedForFunding', 'receivedForBenefits', 'receivedForMeeting'];
async function settle() {
  const consentId = await w.karin.succeeds('proposeConsent', w.question);
  await w.karin.succeeds('answerConsent', {
    clientId: w.atGgz,
    consentId,
    answer: 'yes',
    categories: ['K1', 'K8'],
    method: 'paper',
    evidence: 'map 1',
  });
  return consentId;
}

describe('a claims officer', () => {
  it('is told nothing without the settlement consent: not even that there is something', async () => {
    for (const query of ['receivedForSettlement', ...otherPages]) {
      const answer = await page(query);
      expect([rubrics(answer), answer['coverage'], answer['ended']]).toEqual([[], [], []]);
    }
    const received = await w.insurer.ports.store.readAll(undefined, 1_000);
    expect(received.filter(({ type }) => /^(Consent|Introduction|Disclosure)/.test(type))).toEqual([]);
  });

  it('reads the milestone with it, for settlement alone, and nothing of the job behind it', async () => {
    const consentId = await settle();
    const answer = await page();
    expect(rubrics(answer).toSorted()).toEqual(['identity', 'milestones']);
    expect(answer['milestones']).toEqual([expect.objectContaining({ author: 'ggz-amstel', milestones: [milestone] })]);
    expect(JSON.stringify(answer)).not.toContain('kas');
    for (const query of otherPages) expect(rubrics(await page(query))).toEqual([]);
    const messageId = answer['milestones']?.[0]?.['messageId'];
    await w.zoe.succeeds('takeIntoDecision', {
      clientId: w.clientId,
      messageId,
      category: 'K8',
      decisionId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d',
      decisionKind: 'funding-settlement',
    });
    await w.karin.succeeds('withdrawConsent', { clientId: w.atGgz, consentId });
    expect(rubrics(await page())).toEqual([]);
    expect(
      await w.zoe.reads('takenFor', { clientId: w.clientId, decisionId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d' }),
    ).toHaveLength(1);
  });

  it('cannot be told anything else, whatever a client would agree to', async () => {
    const propose = async (input: object) =>
      (await w.karin.does('proposeConsent', { ...w.question, ...input })).refused?.code;
    expect(await propose({ purpose: 'support', categories: ['K1', 'K7'] })).toBe('never-shared');
    expect(await propose({ categories: ['K1', 'K7'] })).toBe('never-shared');
    expect(await propose({ categories: ['K1', 'K5'] })).toBe('never-shared');
  });

  it('sees her own insured by name, works with them, and proposes nothing to anybody', async () => {
    expect(await w.zoe.reads('myClients')).toEqual([
      { clientId: w.clientId, initials: 'A.B.', familyName: 'Testpersoon', relation: 'personal', confirmed: true },
    ]);
    const zara = w.insurer.as('zara', 'claimsOfficer');
    expect(await zara.reads('myClients')).toEqual([]);
    expect((await zara.isRefused('receivedForSettlement', { clientId: w.clientId })).code).toBe('nobody-found');
    expect(
      (await w.zoe.does('proposeConsent', { ...w.question, clientId: w.clientId, recipient: 'ggz-amstel' })).refused
        ?.code,
    ).toBe('not-allowed');
    expect((await w.zoe.isRefused('clientFile', { clientId: w.clientId })).code).toBe('not-allowed');
  });
});
