/** A medical question from UWV to the agency and back (U11), between the services that really run there. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, covenantWorld, supportAtUwv, type CovenantWorld } from './covenant-world.js';

let w: CovenantWorld;
let supportConsent: string;
beforeEach(async () => {
  w = await covenantWorld();
  supportConsent = await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
});
type Row = Readonly<Record<string, unknown>>;
const secret = 'dagbehandeling op dinsdag';
const answers = [{ question: 'Welke behandeling krijgt uw cliënt en hoe verloopt die?', answer: secret }];
const ask = (input: object = {}, who = w.pia) =>
  who.does('askMedicalQuestion', {
    clientId: w.atUwv,
    partner: 'ggz-amstel',
    question: { codes: ['treatment-and-course'] },
    ...input,
  });
const asked = (who = w.pia) => who.reads<Row[]>('medicalQuestions', { clientId: w.atUwv });
const consentFor = async (questionId: string) => {
  const { consents } = await w.anne.reads<{ consents: Row[] }>('myConsents');
  return String(consents.find((each) => each['questionId'] === questionId)?.['consentId']);
};
const grant = async (questionId: string) =>
  w.anne.succeeds('answerConsent', { consentId: await consentFor(questionId), answer: 'yes', categories: ['K5'] });
const draft = (questionId: string, text = answers) => w.clara.succeeds('draftAnswer', { questionId, answers: text });
async function offerAndRead(questionId: string, draftId: string) {
  await w.clara.succeeds('offerAnswerToClient', { questionId, draftId });
  await w.anne.succeeds('readAnswer', { questionId, draftId });
}
async function answered() {
  const questionId = (await ask()).id as string;
  await grant(questionId);
  const draftId = await draft(questionId);
  await offerAndRead(questionId, draftId);
  await w.clara.succeeds('releaseAnswer', { questionId, draftId });
  return questionId;
}

describe('a medical question', () => {
  it('is answered with facts that the client read and allowed, and read in the physician’s channel alone', async () => {
    const questionId = await answered();
    const [question] = await asked();
    expect(question).toMatchObject({
      questionId,
      state: 'answered',
      askedOn: '2026-11-02',
      expectedBy: '2026-11-16',
      answers,
    });
    expect((await w.wil.isRefused('medicalQuestions', { clientId: w.atUwv })).code).toBe('not-allowed');
    for (const query of ['receivedAboutClient', 'progress', 'statements']) {
      expect(JSON.stringify(await w.wil.reads(query, { clientId: w.atUwv }))).not.toContain(secret);
      expect(JSON.stringify(await w.pia.reads(query, { clientId: w.atUwv }))).not.toContain(secret);
    }
    const { consents } = await w.anne.reads<{ consents: Row[] }>('myConsents');
    expect(consents.find((each) => each['questionId'] === questionId)).toMatchObject({
      state: 'used',
      purpose: 'medical-question',
    });
  });

  it('puts a consent of its own before the client, who sees what is asked from the day that it came', async () => {
    const questionId = (await ask()).id as string;
    expect(await w.anne.reads('openQuestions')).toEqual([
      expect.objectContaining({ purpose: 'medical-question', recipient: 'uwv' }),
    ]);
    expect(await w.anne.reads('medicalQuestionsAboutMe')).toEqual([
      expect.objectContaining({
        questionId,
        state: 'received',
        question: 'Welke behandeling krijgt uw cliënt en hoe verloopt die?',
      }),
    ]);
    await draft(questionId);
    expect(JSON.stringify(await w.anne.reads('medicalQuestionsAboutMe'))).not.toContain(secret);
    expect(await w.anne.reads('answersForMe')).toEqual([]);
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

  it('is asked by a physician who works with her; where she is not known it looks asked and unanswered', async () => {
    expect(await codeOf(ask({}, w.wil))).toBe('not-allowed');
    expect(await codeOf(ask({}, w.uwv.as('else', 'insurancePhysician')))).toBe('nobody-found');
    expect(await codeOf(ask({ partner: 'ggz-elders' }))).toBe('unknown-institution');
    const questionId = (await ask({ partner: 'ggz-duin' })).id as string;
    expect((await asked()).find((each) => each['questionId'] === questionId)).toMatchObject({ state: 'asked' });
    await w.world.pass({ days: 20 });
    expect((await asked()).find((each) => each['questionId'] === questionId)).toMatchObject({
      state: 'closed-without-answer',
    });
    expect(await w.world.organisation('ggz-duin').ports.ledger.parked()).toEqual([]);
  });

  it('cannot be answered before the client has read exactly this text', async () => {
    const questionId = (await ask()).id as string;
    await grant(questionId);
    const first = await draft(questionId);
    expect(await codeOf(w.anne.does('readAnswer', { questionId, draftId: first }))).toBe('not-offered');
    expect(await codeOf(w.clara.does('releaseAnswer', { questionId, draftId: first }))).toBe('not-read-by-client');
    await offerAndRead(questionId, first);
    const second = await draft(questionId, [{ ...answers[0]!, answer: 'dagbehandeling is gestopt' }]);
    expect(await codeOf(w.clara.does('releaseAnswer', { questionId, draftId: first }))).toBe('draft-replaced');
    expect(await codeOf(w.clara.does('releaseAnswer', { questionId, draftId: second }))).toBe('not-read-by-client');
    expect((await asked())[0]).toMatchObject({ state: 'asked' });
    await offerAndRead(questionId, second);
    await w.clara.succeeds('releaseAnswer', { questionId, draftId: second });
    expect((await asked())[0]).toMatchObject({ state: 'answered', answers: [{ answer: 'dagbehandeling is gestopt' }] });
    expect(await codeOf(w.clara.does('draftAnswer', { questionId, answers }))).toBe('already-released');
    expect(await codeOf(w.clara.does('declineQuestion', { questionId }))).toBe('already-released');
  });

  it('goes when she allows it after the release, and not when she took it back before it was sent', async () => {
    const questionId = (await ask()).id as string;
    const draftId = await draft(questionId);
    await offerAndRead(questionId, draftId);
    await w.clara.succeeds('releaseAnswer', { questionId, draftId });
    expect((await asked())[0]).toMatchObject({ state: 'asked' });
    await grant(questionId);
    expect((await asked())[0]).toMatchObject({ state: 'answered', answers });

    const other = (await ask()).id as string;
    await grant(other);
    const text = await draft(other);
    await offerAndRead(other, text);
    await w.anne.succeeds('withdrawConsent', { consentId: await consentFor(other) });
    await w.clara.succeeds('releaseAnswer', { questionId: other, draftId: text });
    expect((await asked()).find((each) => each['questionId'] === other)).toMatchObject({ state: 'asked' });
  });

  it('closes at the term and not earlier, and looks the same for refused, withdrawn, declined and nobody replied', async () => {
    const endings: Readonly<Record<string, (questionId: string) => Promise<unknown>>> = {
      refused: async (questionId) =>
        w.anne.succeeds('answerConsent', { consentId: await consentFor(questionId), answer: 'no' }),
      withdrawn: async (questionId) => {
        await grant(questionId);
        await w.anne.succeeds('withdrawConsent', { consentId: await consentFor(questionId) });
        const draftId = await draft(questionId);
        await offerAndRead(questionId, draftId);
        await w.clara.succeeds('releaseAnswer', { questionId, draftId });
      },
      declined: (questionId) => w.clara.succeeds('declineQuestion', { questionId }),
      'no reply': async () => undefined,
    };
    const seen: Record<string, unknown[]> = {};
    for (const [how, end] of Object.entries(endings)) {
      w = await covenantWorld();
      await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
      const questionId = (await ask()).id as string;
      await end(questionId);
      const page = async () => [
        await asked(),
        await w.pia.reads('myWorkList'),
        await w.pia.reads('receivedAboutClient', { clientId: w.atUwv }),
      ];
      const pages: unknown[] = [await page()];
      await w.world.pass({ days: 14 });
      pages.push(await page());
      expect(await asked()).toEqual([expect.objectContaining({ state: 'asked', expectedBy: '2026-11-16' })]);
      await w.world.pass({ days: 1 });
      pages.push(await page());
      expect(await asked()).toEqual([expect.objectContaining({ state: 'closed-without-answer' })]);
      seen[how] = JSON.parse(JSON.stringify(pages).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'some id')) as unknown[];
    }
    for (const how of Object.keys(endings)) expect({ how, pages: seen[how] }).toEqual({ how, pages: seen['no reply'] });
  });

  it('may be followed up once, by a question that needs a consent of its own', async () => {
    const open = (await ask()).id as string;
    expect(await codeOf(ask({ follows: open }))).toBe('not-answered');
    const questionId = await answered();
    const followUp = (await ask({ follows: questionId })).id as string;
    expect(await codeOf(ask({ follows: questionId }))).toBe('follow-up-already-asked');
    expect((await asked()).find((each) => each['questionId'] === questionId)).toMatchObject({ followUpId: followUp });
    expect(await consentFor(followUp)).not.toBe(await consentFor(questionId));
    const draftId = await draft(followUp, [{ question: 'Hoe lang nog?', answer: 'tot mei' }]);
    await offerAndRead(followUp, draftId);
    await w.clara.succeeds('releaseAnswer', { questionId: followUp, draftId });
    expect((await asked()).find((each) => each['questionId'] === followUp)).toMatchObject({ state: 'asked' });
  });

  it('cannot follow up an answer about somebody else', async () => {
    const questionId = await answered();
    const other = { initials: 'C.', familyName: 'Anders', dateOfBirth: '1985-02-03' };
    const clientId = await w.pia.succeeds('registerClient', other);
    const atGgz = await w.karin.succeeds('registerClient', other);
    const consentId = await w.karin.succeeds('proposeConsent', { clientId: atGgz, ...supportAtUwv });
    await w.karin.succeeds('answerConsent', {
      clientId: atGgz,
      consentId,
      answer: 'yes',
      categories: ['K1', 'K2'],
      method: 'paper',
      evidence: 'map 1',
    });
    expect(await codeOf(ask({ clientId, follows: questionId }))).toBe('question-unknown');
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
    expect((await els.isRefused('medicalQuestions', { clientId: w.atUwv })).code).toBe('nobody-found');
  });

  it('peer 20: shows a delegate without a responsible physician, the municipality and a labour expert nothing at all', async () => {
    await answered();
    await w.wil.succeeds('beginRelation', { clientId: w.atUwv, person: 'dirk', role: 'physicianDelegate' });
    const dirk = w.uwv.as('dirk', 'physicianDelegate');
    expect(await asked(dirk)).toEqual([]);
    expect(await dirk.reads('myWorkList')).toEqual([]);
    expect(await dirk.reads('statements', { clientId: w.atUwv })).toEqual([]);
    expect(await dirk.reads('progress', { clientId: w.atUwv })).toMatchObject({ basedOn: [], toldBy: [] });
    const content = {
      usablePossibilities: 'yes',
      limitations: [],
      hoursPerDay: 4,
      hoursPerWeek: 16,
      expectedCourse: 'improves',
      advice: 'Rustig opbouwen',
    };
    expect(await codeOf(dirk.does('draftConclusion', { clientId: w.atUwv, lookAgainOn: '2027-05-01', content }))).toBe(
      'no-responsible-physician',
    );
    expect((await w.merel.isRefused('medicalQuestions', { clientId: w.atTown })).code).toBe('not-allowed');
    expect(JSON.stringify(await w.merel.reads('receivedAboutClient', { clientId: w.atTown }))).not.toContain(secret);
    expect((await w.wil.isRefused('statementSources', { clientId: w.atUwv, conclusionId: 'any' })).code).toBe(
      'not-allowed',
    );
  });

  it('finds its answer also when views are built anew, and loses the text when she withdraws', async () => {
    const questionId = await answered();
    await w.uwv.restart({ freshViews: true });
    expect((await asked())[0]).toMatchObject({ state: 'answered', answers });
    await w.anne.succeeds('withdrawConsent', { consentId: await consentFor(questionId) });
    expect((await asked())[0]).not.toHaveProperty('answers', answers);
    expect(supportConsent).toBeTruthy();
  });
});
