/** Work, progress and statement between the services that really run: the agency tells, UWV reviews (U10) and takes (U06), the client reads along. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, covenantWorld, supportAtTown, supportAtUwv, type CovenantWorld } from './covenant-world.js';

let w: CovenantWorld;
beforeEach(async () => {
  w = await covenantWorld();
});
type Row = Readonly<Record<string, unknown>>;
type Page = Readonly<Record<string, readonly Row[]>>;
const job = { occupation: 'Medewerker kas', regularPaid: true, contract: 'under-six-months', hoursPerWeek: 16 };
const summary = {
  hoursPerWeek: 14,
  regularity: 'regular',
  supportNeeded: 'Wekelijks overleg op de werkplek',
  agreedSteps: 'Over een maand een dag erbij',
};
const content = {
  usablePossibilities: 'yes',
  limitations: [{ rubric: 'working-hours', text: 'Niet in de nacht' }],
  hoursPerDay: 4,
  hoursPerWeek: 16,
  expectedCourse: 'improves',
  advice: 'Rustig opbouwen',
};
async function atWork() {
  const { noor, clientId } = w;
  await noor.succeeds('holdIntake', { clientId, on: '2026-11-02' });
  await noor.succeeds('writeProfile', {
    clientId,
    workWish: 'In een kas werken',
    preferences: ['buiten'],
    hoursWanted: 20,
  });
  const old = await noor.succeeds('startJob', { clientId, startedOn: '2026-05-01', ...job, occupation: 'Keukenhulp' });
  await noor.succeeds('endJob', {
    clientId,
    jobId: old,
    endedOn: '2026-06-01',
    reason: 'contract-ended',
    learned: 'te druk in de keuken',
  });
  const jobId = await noor.succeeds('startJob', { clientId, startedOn: '2026-10-15', ...job });
  await noor.succeeds('summariseProgress', { clientId, on: '2026-11-01', summary });
  await noor.succeeds('notePossibility', {
    clientId,
    on: '2026-11-01',
    item: { kind: 'adjustment', text: 'Een rustige pauzeplek', author: 'client' },
  });
  await noor.succeeds('recordContact', {
    clientId,
    on: '2026-11-01',
    counterpart: 'client',
    mode: 'in-person',
    setting: 'community',
    note: 'vertelde over haar moeder',
  });
  return jobId;
}
const progress = (who = w.pia) =>
  who.reads<Row & { basedOn: string[]; lines: { nl: string }[] }>('progress', { clientId: w.atUwv });
const statements = (who = w.pia) => who.reads<Row[]>('statements', { clientId: w.atUwv });
const share = (input: object = {}, who = w.pia) =>
  who.does('shareConclusion', { clientId: w.atUwv, lookAgainOn: '2027-05-01', basedOn: [], content, ...input });

describe('what a physician reviews', () => {
  it('is ordered from what the client allowed: pattern, work, what was tried, support, possibilities with author and date', async () => {
    await atWork();
    await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    const view = await progress();
    expect(view).toMatchObject({
      workingPattern: [{ on: '2026-11-01', hoursPerWeek: 14, regularity: 'regular' }],
      work: [{ occupation: 'Medewerker kas', startedOn: '2026-10-15' }],
      tried: [{ occupation: 'Keukenhulp', endedOn: '2026-06-01' }],
      support: [{ supportNeeded: summary.supportNeeded }],
      possibilities: [{ text: 'Een rustige pauzeplek', author: 'client', on: '2026-11-01' }],
      profile: { workWish: 'In een kas werken' },
      toldBy: ['ggz-amstel'],
    });
    expect(view.basedOn).toHaveLength(4);
    expect(view.lines.map(({ nl }) => nl)).toEqual([
      expect.stringContaining('GGZ Amstel mag u'),
      expect.any(String),
      expect.stringContaining('Trek geen conclusie'),
    ]);
    for (const never of ['moeder', 'te druk', 'contract-ended']) expect(JSON.stringify(view)).not.toContain(never);
  });

  it('is the same page for undisclosed facts and no facts', async () => {
    const shown: unknown[] = [];
    for (const has of [true, false]) {
      w = await covenantWorld();
      if (has) await atWork();
      else await w.noor.succeeds('holdIntake', { clientId: w.clientId, on: '2026-11-02' });
      await w.allow(w.noor, w.anne, w.clientId, { ...supportAtUwv, categories: ['K1', 'K2'] });
      shown.push(
        JSON.parse(
          JSON.stringify([
            await progress(),
            await w.pia.reads('receivedAboutClient', { clientId: w.atUwv }),
            await w.pia.reads('myWorkList'),
            await w.pia.reads('myClients'),
          ]).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'some id'),
        ),
      );
    }
    expect(shown[0]).toEqual(shown[1]);
  });
});

describe('a conclusion', () => {
  it('is prepared by a delegate under a physician’s name and shared by the physician alone', async () => {
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    const dora = w.uwv.as('dora', 'physicianDelegate');
    const conclusionId = await dora.succeeds('draftConclusion', {
      clientId: w.atUwv,
      lookAgainOn: '2027-05-01',
      content,
    });
    expect(await codeOf(share({ conclusionId }, dora))).toBe('only-the-physician-concludes');
    expect(await w.pia.reads('conclusionDraft', { clientId: w.atUwv, conclusionId })).toMatchObject({
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
        dora.does('draftConclusion', { clientId: w.atUwv, conclusionId, lookAgainOn: '2027-05-01', content }),
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
    expect(await w.anneAtUwv.reads('myStatements')).toEqual([expect.objectContaining(read)]);
    await w.anneAtUwv.succeeds('addMyView', { conclusionId, asksForCorrection: true, view: 'Ik kan vijf uur per dag' });
    expect((await statements(w.wil))[0]).toMatchObject({
      state: 'current',
      clientViews: [{ asksForCorrection: true, view: 'Ik kan vijf uur per dag' }],
    });
    expect(
      await codeOf(w.anneAtUwv.does('addMyView', { conclusionId: 'another', asksForCorrection: false, view: 'x' })),
    ).toBe('conclusion-unknown');
    expect(JSON.stringify(await statements(w.wil))).not.toContain('basedOn');
    const ben = w.uwv.as('ben', 'benefitsAdviser');
    expect((await ben.isRefused('statements', { clientId: w.atUwv })).code).toBe('not-allowed');
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
    expect(await statements()).toEqual([expect.objectContaining({ conclusionId, clientId: w.atUwv })]);
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
    await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    await share();
    await w.allow(w.pia, w.anneAtUwv, w.atUwv, {
      recipient: 'ggz-amstel',
      roles: ['employmentSpecialist'],
      purpose: 'support',
      categories: ['K1', 'K4'],
    });
    const { statements: told } = await w.noor.reads<Page>('receivedAboutClient', { clientId: w.clientId });
    expect(told).toEqual([expect.objectContaining({ author: 'uwv', advice: 'Rustig opbouwen', hoursPerWeek: 16 })]);
    expect(await w.karin.reads<Page>('receivedAboutClient', { clientId: w.clientId })).toMatchObject({
      statements: [],
    });
  });
});

describe('what is taken into the statement', () => {
  it('stays readable through it after the withdrawal, for the physician and her delegate, and nothing else does', async () => {
    await atWork();
    const consentId = await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    const { basedOn } = await progress();
    const page = await w.pia.reads<Page>('receivedAboutClient', { clientId: w.atUwv });
    const messageId = String(page['jobs']?.[0]?.['messageId']);
    expect(basedOn).toContain(messageId);
    const conclusionId = await w.pia.succeeds('draftConclusion', {
      clientId: w.atUwv,
      lookAgainOn: '2027-05-01',
      content,
    });
    const take = {
      clientId: w.atUwv,
      messageId,
      category: 'K7',
      decisionId: conclusionId,
      decisionKind: 'physician-statement',
    };
    await w.pia.succeeds('takeIntoDecision', take);
    await w.pia.succeeds('shareConclusion', {
      clientId: w.atUwv,
      conclusionId,
      lookAgainOn: '2027-05-01',
      basedOn: [messageId],
      content,
    });
    await w.anne.succeeds('withdrawConsent', { consentId });

    const { lines: _lines, ...left } = await progress();
    expect(left).toEqual({ basedOn: [], toldBy: [], asOf: undefined });
    expect(await w.pia.reads('statementSources', { clientId: w.atUwv, conclusionId })).toMatchObject({
      basedOn: [messageId],
    });
    const taken = (who = w.pia) => who.reads<Row[]>('takenFor', { clientId: w.atUwv, decisionId: conclusionId });
    expect(await taken()).toEqual([
      expect.objectContaining({
        category: expect.objectContaining({ category: 'K7' }),
        fields: expect.arrayContaining([{ name: 'jobs[1].occupation', value: 'Medewerker kas' }]),
      }),
    ]);
    expect(await taken(w.wil)).toEqual([]);
    expect(await statements(w.wil)).toHaveLength(1);
    expect(await w.anneAtUwv.reads('takenAboutMe')).toEqual([
      expect.objectContaining({ decisionKind: 'physician-statement', law: expect.any(String) }),
    ]);
    expect(await codeOf(w.pia.does('takeIntoDecision', { ...take, category: 'K9b' }))).toBe('not-received');
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    const dora = w.uwv.as('dora', 'physicianDelegate');
    expect(await taken(dora)).toHaveLength(1);
    expect(await dora.reads('statementSources', { clientId: w.atUwv, conclusionId })).toMatchObject({
      basedOn: [messageId],
    });
  });

  it('is read by an objection officer who is given the case: the statement and its sources, no medical answer', async () => {
    await atWork();
    await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    const page = await w.pia.reads<Page>('receivedAboutClient', { clientId: w.atUwv });
    const conclusionId = await w.pia.succeeds('draftConclusion', {
      clientId: w.atUwv,
      lookAgainOn: '2027-05-01',
      content,
    });
    await w.pia.succeeds('takeIntoDecision', {
      clientId: w.atUwv,
      messageId: page['jobs']?.[0]?.['messageId'],
      category: 'K7',
      decisionId: conclusionId,
      decisionKind: 'physician-statement',
    });
    await share({ conclusionId });
    const kees = w.uwv.as('kees', 'objectionOfficer');
    expect((await kees.isRefused('statements', { clientId: w.atUwv })).code).toBe('nobody-found');
    await w.wil.succeeds('beginRelation', { clientId: w.atUwv, person: 'kees', role: 'objectionOfficer' });
    expect(await statements(kees)).toHaveLength(1);
    expect(await kees.reads('takenFor', { clientId: w.atUwv, decisionId: conclusionId })).toHaveLength(1);
    expect(await kees.reads<Page>('receivedAboutClient', { clientId: w.atUwv })).toMatchObject({
      coverage: [],
      jobs: [],
    });
    expect((await kees.isRefused('medicalQuestions', { clientId: w.atUwv })).code).toBe('not-allowed');
  });
});

describe('what leaves the agency', () => {
  it.each(['completed', 'premature'])('of the end of a %s trajectory is the end and its date', async (endKind) => {
    await atWork();
    await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    await w.allow(w.noor, w.anne, w.clientId, supportAtTown);
    await w.noor.succeeds('pauseTrajectory', {
      clientId: w.clientId,
      on: '2026-11-02',
      contactAgainOn: '2026-12-01',
      reason: 'opname',
    });
    expect((await w.pia.reads<Page>('receivedAboutClient', { clientId: w.atUwv }))['trajectory']?.[0]).toMatchObject({
      state: 'paused',
    });
    await w.clara.succeeds('endTrajectory', {
      clientId: w.clientId,
      on: '2026-11-02',
      endKind,
      medicalReason: 'terugval',
    });
    for (const [who, clientId] of [
      [w.pia, w.atUwv],
      [w.merel, w.atTown],
    ] as const) {
      const page = await who.reads<Page>('receivedAboutClient', { clientId });
      const [{ messageId: _m, asOf: _a, ...told } = {}] = page['trajectory'] ?? [];
      expect(told).toEqual({
        author: 'ggz-amstel',
        state: 'ended',
        referredOn: '2026-11-02',
        intakeOn: '2026-11-02',
        endedOn: '2026-11-02',
      });
      expect(JSON.stringify(page)).not.toMatch(/terugval|opname|completed|premature/);
    }
  });

  it('for a municipality is for her client manager there, in what she granted, and for no other municipality', async () => {
    await atWork();
    await w.allow(w.noor, w.anne, w.clientId, supportAtTown);
    const page = await w.merel.reads<Page>('receivedAboutClient', { clientId: w.atTown });
    expect(page['trajectory']?.[0]).toMatchObject({ state: 'active' });
    expect(page['jobs']?.[0]).toMatchObject({
      jobs: [
        expect.objectContaining({ occupation: 'Keukenhulp' }),
        expect.objectContaining({ occupation: 'Medewerker kas' }),
      ],
    });
    expect([page['profile'], page['progress'], page['possibilities'], page['statements']]).toEqual([[], [], [], []]);
    const stranger = w.world.organisation('gemeente-zuiderdam').as('bas', 'clientManager');
    expect((await stranger.isRefused('receivedAboutClient', { clientId: w.atTown })).code).toBe('nobody-found');
    await w.merel.succeeds('beginRelation', { clientId: w.atTown, person: 'marga', role: 'medicalAdviser' });
    const marga = w.gemeente.as('marga', 'medicalAdviser');
    expect(await marga.reads<Page>('receivedAboutClient', { clientId: w.atTown })).toMatchObject({
      coverage: [],
      trajectory: [],
      jobs: [],
    });
  });

  it('for an insurer is nothing but the milestone, and that only with the settlement consent', async () => {
    await atWork();
    await w.noor.succeeds('arrangeFunding', { clientId: w.clientId, scheme: 'insurer-milestone', from: '2026-05-01' });
    await w.noor.succeeds('reachMilestone', {
      clientId: w.clientId,
      scheme: 'insurer-milestone',
      milestone: 'placed',
      month: '2026-10',
    });
    await w.allow(w.noor, w.anne, w.clientId, supportAtUwv);
    const seen = async () =>
      [
        await w.zoe.reads<Page>('receivedForSettlement', { clientId: w.atInsurer }),
        await w.zoe.reads<Page>('receivedAboutClient', { clientId: w.atInsurer }),
      ] as const;
    const [before] = await seen();
    expect(before['coverage']).toEqual([]);
    expect(
      (await w.insurer.ports.store.readAll(undefined, 1_000)).filter(({ type }) => type === 'DisclosureReceived'),
    ).toEqual([]);
    const ask = { clientId: w.clientId, recipient: 'verzekeraar-zilver', roles: ['claimsOfficer'] };
    expect(await codeOf(w.noor.does('proposeConsent', { ...ask, purpose: 'support', categories: ['K1', 'K7'] }))).toBe(
      'never-shared',
    );
    await w.allow(w.noor, w.anne, w.clientId, {
      ...ask,
      purpose: 'funding-settlement',
      categories: ['K1', 'K8'],
    } as never);
    const [settlement, support] = await seen();
    expect(settlement['milestones'] ?? settlement['funding']).toEqual([
      expect.objectContaining({ milestones: [{ scheme: 'insurer-milestone', milestone: 'placed', month: '2026-10' }] }),
    ]);
    expect(JSON.stringify(settlement)).not.toContain('kas');
    expect(support['coverage']).toEqual([]);
  });
});
