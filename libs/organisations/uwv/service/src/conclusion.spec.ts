/** What a physician reviews and writes (U10), and what stays of the facts that she took into it (U06). */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { codeOf, content, facts, uwvOrganisations, uwvWorld, withoutIds } from './example/uwv-world.js';

const begin = async () => uwvWorld<World>(await testWorld({ organisations: uwvOrganisations }));
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Row = Readonly<Record<string, unknown>>;
type Page = Readonly<Record<string, readonly Row[]>>;
const all = ['K1', 'K2', 'K3', 'K4', 'K7', 'K9b'];
const tellAll = async (world = w) => {
  for (const [contract, values] of Object.entries(facts)) await world.tells(contract, values);
};
const progress = (who = w.pia) =>
  who.reads<Row & { basedOn: string[]; lines: { nl: string }[] }>('progress', { clientId: w.clientId });
const statements = (who = w.pia) => who.reads<Row[]>('statements', { clientId: w.clientId });
const share = (input: object = {}, who = w.pia) =>
  who.does('shareConclusion', { clientId: w.clientId, lookAgainOn: '2027-05-01', basedOn: [], content, ...input });
const pageOf = (who = w.pia) => who.reads<Page>('receivedAboutClient', { clientId: w.clientId });

describe('what a physician reviews', () => {
  it('is ordered from what the client allowed, with author and date, under the three lines', async () => {
    await tellAll();
    await w.allows(all);
    const view = await progress();
    expect(view).toMatchObject({
      workingPattern: [{ on: '2026-11-01', hoursPerWeek: 14, regularity: 'regular' }],
      work: [{ occupation: 'Medewerker kas' }],
      tried: [{ occupation: 'Keukenhulp', endedOn: '2026-06-01' }],
      support: [{ supportNeeded: 'Wekelijks overleg' }],
      possibilities: [{ text: 'Een rustige pauzeplek', author: 'client', on: '2026-10-20' }],
      profile: { workWish: 'In een kas werken' },
      toldBy: ['ggz-amstel'],
    });
    expect(view.basedOn).toHaveLength(4);
    expect(view.lines.map(({ nl }) => nl)).toEqual([
      expect.stringContaining('GGZ Amstel mag u met toestemming van de cliënt vertellen'),
      expect.any(String),
      'Dit is wat voor dit doel gedeeld is. Trek geen conclusie uit wat hier niet staat.',
    ]);
    expect(await progress(w.wil)).toEqual(view);
  });

  it('is the newest state when the same was told twice', async () => {
    await tellAll();
    await w.allows(['K1', 'K9b']);
    await w.allows(['K1', 'K7', 'K9b']);
    await w.world.pass({ days: 1 });
    await w.tells('progress-summary.v1', {
      summaries: [{ ...facts['progress-summary.v1'].summaries[0], hoursPerWeek: 18 }],
    });
    expect(await progress()).toMatchObject({ workingPattern: [{ hoursPerWeek: 18 }] });
  });

  it('looks the same for facts that were not disclosed and for no facts (U09)', async () => {
    const pages: unknown[] = [];
    for (const hasMore of [true, false]) {
      w = await begin();
      await w.tells('vocational-profile.v1', facts['vocational-profile.v1']);
      if (hasMore) await tellAll();
      await w.allows(['K1', 'K3']);
      pages.push(
        withoutIds([
          await progress(),
          await pageOf(),
          await w.pia.reads('myWorkList'),
          await w.pia.reads('myClients'),
          await statements(),
        ]),
      );
    }
    expect(pages[0]).toEqual(pages[1]);
  });

  it('is empty for roles that the permission does not name, and closed to strangers', async () => {
    await tellAll();
    await w.allows(all);
    expect((await w.ben.isRefused('progress', { clientId: w.clientId })).code).toBe('not-allowed');
    expect((await w.uwv.as('els', 'insurancePhysician').isRefused('progress', { clientId: w.clientId })).code).toBe(
      'nobody-found',
    );
  });
});

describe('a conclusion', () => {
  it('is prepared by a delegate under a physician’s name and shared by the physician alone', async () => {
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    const dora = w.uwv.as('dora', 'physicianDelegate');
    const conclusionId = await dora.succeeds('draftConclusion', {
      clientId: w.clientId,
      lookAgainOn: '2027-05-01',
      content,
    });
    expect(await codeOf(share({ conclusionId }, dora))).toBe('only-the-physician-concludes');
    expect(await w.pia.reads('conclusionDraft', { clientId: w.clientId, conclusionId })).toMatchObject({
      advice: 'Rustig opbouwen',
      responsible: 'pia',
      by: 'dora',
    });
    expect(await w.pia.reads('myWorkList')).toEqual([
      expect.objectContaining({
        what: 'draft-to-conclude',
        about: conclusionId,
        on: '2027-05-01',
        familyName: 'Testpersoon',
      }),
    ]);
    expect((await share({ conclusionId })).id).toBe(conclusionId);
    expect(await w.pia.reads('myWorkList')).toEqual([expect.objectContaining({ what: 'look-again' })]);
    expect(
      await codeOf(
        dora.does('draftConclusion', { clientId: w.clientId, conclusionId, lookAgainOn: '2027-05-01', content }),
      ),
    ).toBe('already-concluded');
  });

  it('is read by labour expert and client at the same time; she adds her view and cannot block it', async () => {
    const conclusionId = (await share()).id as string;
    const read = {
      conclusionId,
      state: 'current',
      advice: 'Rustig opbouwen',
      concludedOn: '2026-11-02',
      validUntil: '2027-05-02',
      clientViews: [],
      whatItIs: expect.objectContaining({ nl: expect.stringContaining('geen beoordeling van een uitkering') }),
    };
    expect(await statements(w.wil)).toEqual([expect.objectContaining(read)]);
    expect(await w.herself.reads('myStatements')).toEqual([expect.objectContaining(read)]);
    await w.herself.succeeds('addMyView', { conclusionId, asksForCorrection: true, view: 'Ik kan vijf uur per dag' });
    expect((await statements(w.wil))[0]).toMatchObject({
      state: 'current',
      clientViews: [{ asksForCorrection: true, view: 'Ik kan vijf uur per dag' }],
    });
    expect(
      await codeOf(w.herself.does('addMyView', { conclusionId: 'another', asksForCorrection: false, view: 'x' })),
    ).toBe('conclusion-unknown');
    expect(JSON.stringify(await statements(w.wil))).not.toContain('basedOn');
    const ben = w.uwv.as('ben', 'benefitsAdviser');
    expect((await ben.isRefused('statements', { clientId: w.clientId })).code).toBe('not-allowed');
  });

  it('that is superseded stays readable as such, and what was shared is not written over', async () => {
    const first = (await share()).id as string;
    const second = (await share({ content: { ...content, hoursPerWeek: 20 } })).id as string;
    expect(
      (await statements()).map(({ conclusionId, state, hoursPerWeek }) => [conclusionId, state, hoursPerWeek]),
    ).toEqual(
      expect.arrayContaining([
        [first, 'superseded', 16],
        [second, 'current', 20],
      ]),
    );
    expect(await codeOf(share({ conclusionId: second, content: { ...content, hoursPerWeek: 38 } }))).toBe(
      'already-concluded',
    );
    const request = { requestId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d' };
    expect(await share(request)).toEqual(await share(request));
    expect(await statements()).toHaveLength(3);
  });

  it('of one client cannot be put in the place of another’s', async () => {
    const conclusionId = (await share()).id as string;
    const other = await w.pia.succeeds('registerClient', {
      initials: 'C.',
      familyName: 'Anders',
      dateOfBirth: '1985-02-03',
    });
    expect(await codeOf(share({ clientId: other, conclusionId }))).toBe('conclusion-unknown');
    expect(
      await codeOf(
        w.pia.does('draftConclusion', { clientId: other, conclusionId, lookAgainOn: '2027-05-01', content }),
      ),
    ).toBe('conclusion-unknown');
    expect(await statements()).toEqual([expect.objectContaining({ conclusionId, clientId: w.clientId })]);
  });

  it('holds no medical words, possible hours only, and days in order', async () => {
    expect(await codeOf(share({ content: { ...content, advice: 'let op de medicatie' } }))).toBe(
      'medical-words-in-text',
    );
    expect(await codeOf(share({ content: { ...content, hoursPerWeek: 61 } }))).toBeDefined();
    expect(await codeOf(share({ lookAgainOn: '2026-10-01' }))).toBe('dates-in-wrong-order');
    expect(await codeOf(share({}, w.wil))).toBe('not-allowed');
  });

  it('goes back to the agency when she allows that at UWV, and the employment specialist reads it there', async () => {
    await w.tells('vocational-profile.v1', facts['vocational-profile.v1']);
    await w.allows(['K1', 'K3']);
    await w.karin.succeeds('beginRelation', { clientId: w.atGgz, person: 'noor', role: 'employmentSpecialist' });
    const noor = w.ggz.as('noor', 'employmentSpecialist');
    await share();
    const told = async () => (await noor.reads<Page>('receivedAboutClient', { clientId: w.atGgz }))['statements'];
    expect(await told()).toEqual([]);
    const question = {
      recipient: 'ggz-amstel',
      roles: ['employmentSpecialist'],
      purpose: 'support',
      categories: ['K1', 'K4'],
    };
    const consentId = await w.pia.succeeds('proposeConsent', { clientId: w.clientId, ...question });
    await w.herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: question.categories });
    expect(await told()).toEqual([
      expect.objectContaining({ author: 'uwv', advice: 'Rustig opbouwen', hoursPerWeek: 16 }),
    ]);
    await w.world.pass({ days: 1 });
    await share({ content: { ...content, hoursPerWeek: 20 } });
    expect(await told()).toEqual([expect.objectContaining({ hoursPerWeek: 20 })]);
  });
});

describe('what is taken into the statement', () => {
  it('stays readable through it after the withdrawal, for the physician and her delegate, and nothing else does', async () => {
    await tellAll();
    const consentId = await w.allows(all);
    const { basedOn } = await progress();
    const page = await pageOf();
    const messageId = String(page['jobs']?.[0]?.['messageId']);
    expect(basedOn).toContain(messageId);
    const conclusionId = await w.pia.succeeds('draftConclusion', {
      clientId: w.clientId,
      lookAgainOn: '2027-05-01',
      content,
    });
    const take = {
      clientId: w.clientId,
      messageId,
      category: 'K7',
      decisionId: conclusionId,
      decisionKind: 'physician-statement',
    };
    await w.pia.succeeds('takeIntoDecision', take);
    await w.pia.succeeds('shareConclusion', {
      clientId: w.clientId,
      conclusionId,
      lookAgainOn: '2027-05-01',
      basedOn: [messageId],
      content,
    });
    await w.herselfAtGgz.succeeds('withdrawConsent', { consentId });

    const { lines: _lines, ...left } = await progress();
    expect(left).toEqual({ basedOn: [], toldBy: [], asOf: undefined });
    expect(await w.pia.reads('statementSources', { clientId: w.clientId, conclusionId })).toMatchObject({
      basedOn: [messageId],
    });
    const taken = (who = w.pia) => who.reads<Row[]>('takenFor', { clientId: w.clientId, decisionId: conclusionId });
    expect(await taken()).toEqual([
      expect.objectContaining({
        category: expect.objectContaining({ category: 'K7' }),
        fields: expect.arrayContaining([{ name: 'jobs[1].occupation', value: 'Medewerker kas' }]),
      }),
    ]);
    expect(await taken(w.wil)).toEqual([]);
    expect(await statements(w.wil)).toHaveLength(1);
    expect(await w.herself.reads('takenAboutMe')).toEqual([
      expect.objectContaining({ decisionKind: 'physician-statement', law: expect.any(String) }),
    ]);
    expect(await codeOf(w.pia.does('takeIntoDecision', { ...take, category: 'K9b' }))).toBe('not-received');
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    const dora = w.uwv.as('dora', 'physicianDelegate');
    expect(await taken(dora)).toHaveLength(1);
    expect(await dora.reads('statementSources', { clientId: w.clientId, conclusionId })).toMatchObject({
      basedOn: [messageId],
    });
  });

  it('is read by an objection officer who is given the case: the statement and its sources, no medical answer', async () => {
    await tellAll();
    await w.allows(all);
    const page = await pageOf();
    const conclusionId = await w.pia.succeeds('draftConclusion', {
      clientId: w.clientId,
      lookAgainOn: '2027-05-01',
      content,
    });
    await w.pia.succeeds('takeIntoDecision', {
      clientId: w.clientId,
      messageId: page['jobs']?.[0]?.['messageId'],
      category: 'K7',
      decisionId: conclusionId,
      decisionKind: 'physician-statement',
    });
    await share({ conclusionId });
    const kees = w.uwv.as('kees', 'objectionOfficer');
    expect((await kees.isRefused('statements', { clientId: w.clientId })).code).toBe('nobody-found');
    await w.wil.succeeds('beginRelation', { clientId: w.clientId, person: 'kees', role: 'objectionOfficer' });
    expect(await statements(kees)).toHaveLength(1);
    expect(await kees.reads('takenFor', { clientId: w.clientId, decisionId: conclusionId })).toHaveLength(1);
    expect(await pageOf(kees)).toMatchObject({ coverage: [], jobs: [] });
    expect((await kees.isRefused('medicalQuestions', { clientId: w.clientId })).code).toBe('not-allowed');
  });
});
