/** A physician's question where it arrives (U11): the clinician writes facts, the client reads and allows them, and only then they go. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { agencyOrganisations, agencyWorld, allow, anna, codeOf, supportAtUwv } from './example/agency-world.js';

async function begin() {
  const world = await agencyWorld<World>(await testWorld({ organisations: agencyOrganisations }));
  const wil = world.uwv.as('wil', 'labourExpert');
  const atUwv = await wil.succeeds('registerClient', anna);
  await wil.succeeds('beginRelation', { clientId: atUwv, person: 'pia', role: 'insurancePhysician' });
  await allow(world, supportAtUwv);
  const pia = world.uwv.as('pia', 'insurancePhysician');
  const questionId = await pia.succeeds('putQuestion', {
    clientId: atUwv,
    partner: 'ggz-amstel',
    question: 'Welke behandeling?',
  });
  return { ...world, questionId };
}
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Row = Readonly<Record<string, unknown>>;
const answers = [{ question: 'Welke behandeling?', answer: 'dagbehandeling op dinsdag' }];
const toAnswer = (who = w.clara) => who.reads<Row[]>('medicalQuestionsToAnswer');
const does = (command: string, input: object = {}, who = w.clara) =>
  codeOf(who.does(command, { questionId: w.questionId, ...input }));
const draft = (text = answers) => w.clara.succeeds('draftAnswer', { questionId: w.questionId, answers: text });
const consent = async () => String((await w.herself.reads<Row[]>('medicalQuestionsAboutMe'))[0]?.['consentId']);
const sentAnswers = async () => {
  const { sent } = await w.herself.reads<{ sent: Row[] }>('myDisclosures');
  return sent.filter(({ contract }) => contract === 'medical-answer.v1');
};

describe('a question of a physician', () => {
  it('waits for a clinician who works with her, by name and term, and for nobody else', async () => {
    expect(await toAnswer()).toEqual([
      expect.objectContaining({
        questionId: w.questionId,
        familyName: 'Testpersoon',
        from: 'uwv',
        role: 'insurancePhysician',
        question: 'Welke behandeling?',
        expectedBy: '2026-11-16',
        state: 'received',
      }),
    ]);
    expect(await toAnswer(w.ggz.as('carel', 'clinician'))).toEqual([]);
    for (const who of [w.karin, w.noor])
      expect((await who.isRefused('medicalQuestionsToAnswer')).code).toBe('not-allowed');
    await w.clara.succeeds('appointStandIn', { standIn: 'carel', until: '2026-11-10T09:00:00.000Z' });
    expect(await toAnswer(w.ggz.as('carel', 'clinician'))).toHaveLength(1);
  });

  it('is read by the client from the day that it came, with a consent of its own to answer', async () => {
    expect(await w.herself.reads('medicalQuestionsAboutMe')).toEqual([
      expect.objectContaining({ questionId: w.questionId, state: 'received', question: 'Welke behandeling?' }),
    ]);
    expect(await w.herself.reads('openQuestions')).toEqual([
      expect.objectContaining({ consentId: await consent(), purpose: 'medical-question' }),
    ]);
    expect(await w.herself.reads('answersForMe')).toEqual([]);
  });
});

describe('an answer', () => {
  it('is before the client when the clinician offers it, and not a draft earlier', async () => {
    const draftId = await draft();
    expect(JSON.stringify(await w.herself.reads('medicalQuestionsAboutMe'))).not.toContain('dinsdag');
    expect(await w.herself.reads('answersForMe')).toEqual([]);
    expect(await does('readAnswer', { draftId }, w.herself)).toBe('not-offered');
    await w.clara.succeeds('offerAnswerToClient', { questionId: w.questionId, draftId });
    expect(await w.herself.reads('answersForMe')).toEqual([
      expect.objectContaining({ draftId, state: 'offered', answers }),
    ]);
    expect(await w.herself.reads('medicalQuestionsAboutMe')).toEqual([expect.objectContaining({ draftId, answers })]);
  });

  it('leaves when she has read exactly this text and allows it, in whichever order', async () => {
    const draftId = await draft();
    await w.clara.succeeds('offerAnswerToClient', { questionId: w.questionId, draftId });
    expect(await does('releaseAnswer', { draftId })).toBe('not-read-by-client');
    await w.herself.succeeds('readAnswer', { questionId: w.questionId, draftId });
    const edited = await draft([{ ...answers[0]!, answer: 'gestopt' }]);
    expect(await w.herself.reads('answersForMe')).toEqual([]);
    expect(await does('readAnswer', { draftId }, w.herself)).toBe('draft-replaced');
    expect(await does('releaseAnswer', { draftId: edited })).toBe('not-read-by-client');
    await w.clara.succeeds('offerAnswerToClient', { questionId: w.questionId, draftId: edited });
    await w.herself.succeeds('readAnswer', { questionId: w.questionId, draftId: edited });
    await w.clara.succeeds('releaseAnswer', { questionId: w.questionId, draftId: edited });
    expect(await sentAnswers()).toEqual([]);
    await w.herself.succeeds('answerConsent', { consentId: await consent(), answer: 'yes', categories: ['K5'] });
    expect(await sentAnswers()).toEqual([expect.objectContaining({ recipient: 'uwv' })]);
    expect(await toAnswer()).toEqual([]);
    expect(await does('draftAnswer', { answers })).toBe('already-released');
    expect(await does('declineQuestion')).toBe('already-released');
  });

  it('does not leave when she took her permission back before it was sent', async () => {
    const draftId = await draft();
    await w.herself.succeeds('answerConsent', { consentId: await consent(), answer: 'yes', categories: ['K5'] });
    await w.clara.succeeds('offerAnswerToClient', { questionId: w.questionId, draftId });
    await w.herself.succeeds('readAnswer', { questionId: w.questionId, draftId });
    await w.herself.succeeds('withdrawConsent', { consentId: await consent() });
    await w.clara.succeeds('releaseAnswer', { questionId: w.questionId, draftId });
    expect(await sentAnswers()).toEqual([]);
  });

  it('may be declined, which tells the asker nothing at all', async () => {
    const before = (await w.uwv.ports.store.readAll(undefined, 1_000)).length;
    expect(await does('declineQuestion')).toBeUndefined();
    expect((await w.uwv.ports.store.readAll(undefined, 1_000)).length).toBe(before);
    expect(await toAnswer()).toEqual([]);
    expect(await does('draftAnswer', { answers })).toBe('question-declined');
  });

  it('is the clinician’s who works with her to write and release, and the client’s to read', async () => {
    const draftId = await draft();
    expect(await does('draftAnswer', { answers }, w.karin)).toBe('not-allowed');
    expect(await does('draftAnswer', { answers }, w.ggz.as('carel', 'clinician'))).toBe('nobody-found');
    expect(await does('readAnswer', { draftId })).toBe('not-allowed');
    expect(await does('releaseAnswer', { draftId: 'unknown' })).toBe('draft-unknown');
    expect(await codeOf(w.clara.does('declineQuestion', { questionId: 'unknown' }))).toBe('nobody-found');
    const other = await w.karin.succeeds('registerClient', { ...anna, familyName: 'Anders' });
    const { code } = await w.karin.does('issueActivationCode', { clientId: other, for: 'client' });
    const stranger = w.ggz.as('other client', 'client');
    await stranger.succeeds('activateLogin', { code, dateOfBirth: anna.dateOfBirth });
    expect(await does('readAnswer', { draftId }, stranger)).toBe('nobody-found');
    expect(await stranger.reads('medicalQuestionsAboutMe')).toEqual([]);
  });
});
