/** A medical question as UWV asks it (U11): facts only, answered or closed at its term, and read in the physician’s channel alone. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { codeOf, content, facts, uwvOrganisations, uwvWorld, withoutIds } from './example/uwv-world.js';

async function begin() {
  const world = await uwvWorld<World>(await testWorld({ organisations: uwvOrganisations }));
  await world.tells('vocational-profile.v1', facts['vocational-profile.v1']);
  await world.allows(['K1', 'K3']);
  return world;
}
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Row = Readonly<Record<string, unknown>>;
const secret = 'dagbehandeling op dinsdag';
const answers = [{ question: 'Welke behandeling?', answer: secret }];
const ask = (input: object = {}, who = w.pia) =>
  who.does('askMedicalQuestion', {
    clientId: w.clientId,
    partner: 'ggz-amstel',
    question: { codes: ['treatment-and-course'] },
    ...input,
  });
const asked = (who = w.pia) => who.reads<Row[]>('medicalQuestions', { clientId: w.clientId });
const consentFor = async (questionId: string) => {
  const { consents } = await w.herselfAtGgz.reads<{ consents: Row[] }>('myConsents');
  return String(consents.find((each) => each['questionId'] === questionId)?.['consentId']);
};
const grant = async (questionId: string) =>
  w.herselfAtGgz.succeeds('answerConsent', {
    consentId: await consentFor(questionId),
    answer: 'yes',
    categories: ['K5'],
  });
const withdraw = async (questionId: string) =>
  w.herselfAtGgz.succeeds('withdrawConsent', { consentId: await consentFor(questionId) });
const answer = (questionId: string) => w.tells('medical-answer.v1', { questionId, answeredOn: '2026-11-02', answers });
async function answered(input: object = {}) {
  const questionId = (await ask(input)).id as string;
  await grant(questionId);
  await answer(questionId);
  return questionId;
}

describe('a medical question', () => {
  it('is answered with facts under a consent of its own, read in the physician’s channel alone', async () => {
    const questionId = await answered();
    expect(await asked()).toEqual([
      expect.objectContaining({
        questionId,
        state: 'answered',
        askedOn: '2026-11-02',
        expectedBy: '2026-11-16',
        answers,
      }),
    ]);
    expect((await w.wil.isRefused('medicalQuestions', { clientId: w.clientId })).code).toBe('not-allowed');
    for (const query of ['receivedAboutClient', 'progress', 'statements'])
      for (const who of [w.wil, w.pia])
        expect(JSON.stringify(await who.reads(query, { clientId: w.clientId }))).not.toContain(secret);
  });

  it('names facts, five at most, and is warned against fitness for work', async () => {
    const codes = [
      'treatment-and-course',
      'complaints-observed',
      'agreements-made',
      'expected-course',
      'factual-period',
    ];
    expect(await codeOf(ask({ question: { codes: [...codes, 'treatment-and-course'] } }))).toBe('too-many-questions');
    expect(await codeOf(ask({ question: { codes: [] } }))).toBe('no-question');
    const fitness = { codes: ['expected-course'], explanation: 'Is zij geschikt voor werk?' };
    expect(await codeOf(ask({ question: fitness }))).toBe('asks-about-fitness');
    expect(await codeOf(ask({ question: { ...fitness, confirmedAsksForFacts: true } }))).toBeUndefined();
    expect(await codeOf(ask({ question: { codes } }))).toBeUndefined();
  });

  it('is asked by a physician who works with her, of an institution that takes part', async () => {
    expect(await codeOf(ask({}, w.wil))).toBe('not-allowed');
    expect(await codeOf(ask({}, w.uwv.as('else', 'insurancePhysician')))).toBe('nobody-found');
    expect(await codeOf(ask({ partner: 'ggz-duin' }))).toBe('unknown-institution');
  });

  it('stays open until she allows the answer, and when she took that back before it was sent', async () => {
    const questionId = (await ask()).id as string;
    await answer(questionId);
    expect((await asked())[0]).toMatchObject({ state: 'asked' });
    await grant(questionId);
    expect((await asked())[0]).toMatchObject({ state: 'answered', answers });
    const other = (await ask()).id as string;
    await grant(other);
    await withdraw(other);
    await answer(other);
    expect((await asked()).find((each) => each['questionId'] === other)).toMatchObject({ state: 'asked' });
  });

  it('closes at the term and not earlier, and looks the same for refused, withdrawn and nobody replied', async () => {
    const endings: Readonly<Record<string, (questionId: string) => Promise<unknown>>> = {
      'no reply': async () => undefined,
      refused: async (questionId) =>
        w.herselfAtGgz.succeeds('answerConsent', { consentId: await consentFor(questionId), answer: 'no' }),
      withdrawn: async (questionId) => {
        await grant(questionId);
        await withdraw(questionId);
        await answer(questionId);
      },
    };
    const seen: { how: string; pages: unknown }[] = [];
    for (const [how, end] of Object.entries(endings)) {
      w = await begin();
      await end((await ask()).id as string);
      const page = async () => [
        await asked(),
        await w.pia.reads('myWorkList'),
        await w.pia.reads('receivedAboutClient', { clientId: w.clientId }),
      ];
      const pages: unknown[] = [await page()];
      await w.world.pass({ days: 14 });
      pages.push(await page());
      expect(await asked()).toEqual([expect.objectContaining({ state: 'asked', expectedBy: '2026-11-16' })]);
      await w.world.pass({ days: 1 });
      pages.push(await page());
      expect(await asked()).toEqual([expect.objectContaining({ state: 'closed-without-answer' })]);
      seen.push({ how, pages: withoutIds(pages) });
    }
    for (const { how, pages } of seen) expect({ how, pages }).toEqual({ how, pages: seen[0]?.pages });
  });

  it('may be followed up once, when it was answered, by a question with a consent of its own', async () => {
    const open = (await ask()).id as string;
    expect(await codeOf(ask({ follows: open }))).toBe('not-answered');
    const questionId = await answered();
    const followUp = (await ask({ follows: questionId })).id as string;
    expect(await codeOf(ask({ follows: questionId }))).toBe('follow-up-already-asked');
    expect((await asked()).find((each) => each['questionId'] === questionId)).toMatchObject({ followUpId: followUp });
    expect(await consentFor(followUp)).not.toBe(await consentFor(questionId));
  });

  it('cannot follow up an answer about somebody else, or one that nobody knows', async () => {
    const questionId = await answered();
    const other = { initials: 'C.', familyName: 'Anders', dateOfBirth: '1985-02-03' };
    const clientId = await w.pia.succeeds('registerClient', other);
    const atGgz = await w.karin.succeeds('registerClient', other);
    const consentId = await w.karin.succeeds('proposeConsent', {
      clientId: atGgz,
      recipient: 'uwv',
      roles: ['insurancePhysician'],
      purpose: 'support',
      categories: ['K1', 'K3'],
    });
    await w.karin.succeeds('answerConsent', {
      clientId: atGgz,
      consentId,
      answer: 'yes',
      categories: ['K1', 'K3'],
      method: 'paper',
      evidence: 'map 1',
    });
    expect(await codeOf(ask({ clientId, follows: questionId }))).toBe('question-unknown');
    expect(await codeOf(ask({ follows: 'unknown' }))).toBe('question-unknown');
    expect((await asked())[0]).not.toHaveProperty('followUpId');
  });

  it('is read by who stands in for the physician, and by a delegate who works under her name', async () => {
    await answered();
    const els = w.uwv.as('els', 'insurancePhysician');
    await w.pia.succeeds('appointStandIn', { standIn: 'els', until: '2026-11-20T09:00:00.000Z' });
    expect((await asked(els))[0]).toMatchObject({ state: 'answered', answers });
    const [line] = await els.reads<Row[]>('myWorkList');
    expect(line).toMatchObject({ what: 'answer-to-read', familyName: 'Testpersoon', person: 'pia' });
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    expect((await asked(w.uwv.as('dora', 'physicianDelegate')))[0]).toMatchObject({ answers });
    await w.world.pass({ days: 20 });
    expect((await els.isRefused('medicalQuestions', { clientId: w.clientId })).code).toBe('nobody-found');
  });

  it('peer 20: shows a delegate without a responsible physician nothing, not even that there is something', async () => {
    await answered();
    await w.pia.succeeds('shareConclusion', { clientId: w.clientId, lookAgainOn: '2027-05-01', basedOn: [], content });
    await w.wil.succeeds('beginRelation', { clientId: w.clientId, person: 'dirk', role: 'physicianDelegate' });
    const dirk = w.uwv.as('dirk', 'physicianDelegate');
    expect(await asked(dirk)).toEqual([]);
    expect(await dirk.reads('myWorkList')).toEqual([]);
    expect(await dirk.reads('statements', { clientId: w.clientId })).toEqual([]);
    expect(await dirk.reads('progress', { clientId: w.clientId })).toMatchObject({ basedOn: [], toldBy: [] });
    expect(
      await codeOf(dirk.does('draftConclusion', { clientId: w.clientId, lookAgainOn: '2027-05-01', content })),
    ).toBe('no-responsible-physician');
  });

  it('finds its answer also on views that are built anew, and shows it no more after she withdrew', async () => {
    const questionId = await answered();
    await w.uwv.restart({ freshViews: true });
    expect((await asked())[0]).toMatchObject({ state: 'answered', answers });
    await withdraw(questionId);
    expect(JSON.stringify(await asked())).not.toContain(secret);
  });
});
