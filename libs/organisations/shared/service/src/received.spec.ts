/** What a recipient sees of what it was told, and what it never can: the page, and taking into a decision. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import {
  consentTo,
  exampleOrganisations,
  exampleWorld,
  examples,
  supportAtUwv,
  withLogin,
  type ExampleWorld,
} from './example/example-world.js';

const theDecision = '0b8a3c9e-5a2f-4c1d-9e6b-1f2a3b4c5d6e';
const anotherDecision = '7c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f';
let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
const note = (example: object, world = w) =>
  world.karin.succeeds('noteExample', { clientId: world.clientId, ...example });
type Page = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const page = (world = w) => world.pia.reads<Page>('receivedAboutClient', { clientId: world.clientAtUwv });
const filled = (answer: Page) =>
  Object.keys(answer).filter(
    (rubric) => !['coverage', 'ended', 'lines'].includes(rubric) && answer[rubric]!.length > 0,
  );

describe('the page of what was told', () => {
  it('shows each fact with its author and moment, under the three lines that are always there', async () => {
    await note(examples.trajectory);
    await consentTo(w);
    const answer = await page();
    expect(answer['trajectory']).toEqual([
      expect.objectContaining({
        author: 'ggz-amstel',
        asOf: '2026-11-02T09:00:00.000Z',
        state: 'active',
        referredOn: '2026-09-01',
      }),
    ]);
    expect(answer['coverage']).toEqual([
      expect.objectContaining({
        discloser: 'ggz-amstel',
        from: '2026-11-02T09:00:00.000Z',
        until: '2027-11-02T09:00:00.000Z',
      }),
    ]);
    expect(answer['lines']?.map((line) => line['nl'])).toEqual([
      expect.stringContaining('GGZ Amstel mag u met toestemming van de cliënt vertellen'),
      'Bij elk gegeven staat van wie het komt en hoe het was op welke datum.',
      'Dit is wat voor dit doel gedeeld is. Trek geen conclusie uit wat hier niet staat.',
    ]);
  });

  it('is for the purpose at hand alone', async () => {
    await note(examples.trajectory);
    await consentTo(w);
    expect(filled(await w.pia.reads('receivedForFunding', { clientId: w.clientAtUwv }))).toEqual([]);
  });

  it('is for the roles that the consent names, who work with her', async () => {
    await note(examples.trajectory);
    await consentTo(w);
    await w.wil.succeeds('beginRelation', { clientId: w.clientAtUwv, person: 'ben', role: 'benefitsAdviser' });
    const ben = w.uwv.as('ben', 'benefitsAdviser');
    const answer = await ben.reads<Page>('receivedAboutClient', { clientId: w.clientAtUwv });
    expect({ filled: filled(answer), coverage: answer['coverage'] }).toEqual({ filled: [], coverage: [] });
    expect(
      (await w.uwv.as('else', 'insurancePhysician').isRefused('receivedAboutClient', { clientId: w.clientAtUwv })).code,
    ).toBe('nobody-found');
  });

  it('says that permission ended, without a reason, and shows nothing any more', async () => {
    await note(examples.trajectory);
    const consentId = await consentTo(w);
    await w.herself.succeeds('withdrawConsent', { consentId });
    const answer = await page();
    expect(filled(answer)).toEqual([]);
    expect(answer['coverage']).toEqual([]);
    expect(answer['ended']).toEqual([expect.objectContaining({ discloser: 'ggz-amstel', endedOn: '2026-11-02' })]);
    expect(JSON.stringify(answer['ended'])).not.toMatch(/withdr|ingetrokken/i);
  });

  it('is read by the client in full, for every purpose', async () => {
    await note(examples.trajectory);
    await consentTo(w);
    await consentTo(w, {
      ...supportAtUwv,
      purpose: 'funding-decision',
      roles: ['labourExpert'],
      categories: ['K1', 'K2'],
    });
    const herself = await withLogin(w.uwv, w.wil, w.clientAtUwv);
    const answer = await herself.reads<Page>('receivedAboutMe');
    expect(answer['trajectory']).toHaveLength(2);
    expect(answer['coverage']).toHaveLength(2);
  });

  it('goes both ways: whom we introduced need not be introduced to us', async () => {
    await consentTo(w);
    await w.pia.succeeds('noteExample', { clientId: w.clientAtUwv, ...examples.statement });
    const herself = await withLogin(w.uwv, w.wil, w.clientAtUwv);
    const question = { recipient: 'ggz-amstel', roles: ['caseManager'], purpose: 'support', categories: ['K1', 'K4'] };
    const consentId = await w.pia.succeeds('proposeConsent', { clientId: w.clientAtUwv, ...question });
    await herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: ['K1', 'K4'] });
    const answer = await w.karin.reads<Page>('receivedAboutClient', { clientId: w.clientId });
    expect(answer['statements']).toEqual([
      expect.objectContaining({ author: 'uwv', hoursPerWeek: 16, advice: 'Rustig opbouwen' }),
    ]);
    await herself.succeeds('withdrawConsent', { consentId });
    expect(filled(await w.karin.reads('receivedAboutClient', { clientId: w.clientId }))).toEqual([]);
  });
});

describe('a client with undisclosed facts and one without them', () => {
  /** Everything that the recipient can get at, with what is random by nature made the same. */
  async function everything(world: ExampleWorld<World>) {
    const { pia, wil, uwv, clientAtUwv } = world;
    const answers = [
      await page(world),
      await pia.reads('receivedForFunding', { clientId: clientAtUwv }),
      await pia.reads('askedAbout', { clientId: clientAtUwv }),
      await pia.reads('relationsOf', { clientId: clientAtUwv }),
      await wil.reads('introductionsToLink'),
      await pia.isRefused('receivedForEverything', { clientId: clientAtUwv }),
      await pia.isRefused('receivedAboutClient', { clientId: clientAtUwv, orderBy: 'K4' }),
      (
        await pia.does('takeIntoDecision', {
          clientId: clientAtUwv,
          messageId: 'any',
          category: 'K4',
          decisionId: theDecision,
          decisionKind: 'physician-statement',
        })
      ).refused,
      (await uwv.ports.store.readAll(undefined, 1_000)).map(({ type, meta }) => ({ type, at: meta.at })),
    ];
    return JSON.parse(JSON.stringify(answers).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'some id')) as readonly unknown[];
  }
  async function play(hidden: readonly object[]): Promise<ExampleWorld<World>> {
    const world = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
    const change = { ...examples.trajectory, values: { ...examples.trajectory.values, state: 'paused' } };
    for (const example of [...hidden, examples.trajectory]) await note(example, world);
    await consentTo(world, supportAtUwv, ['K1', 'K2']);
    for (const example of [...hidden, change]) await note({ ...example }, world);
    return world;
  }
  it.each(['peer 1: totals and counts', 'peer 2: pages, numbers and their gaps', 'peer 3: filters, order and errors'])(
    '%s are the same for the recipient',
    async () => {
      const open = await play([]);
      const hiding = await play([examples.jobs, examples.possibilities, examples.profile]);
      expect(await everything(hiding)).toEqual(await everything(open));
      const numbers = await Promise.all(
        [open, hiding].map(async ({ uwv, ggz, clientId }) => {
          const name = (await ggz.ports.store.read(`disclosure-${clientId}`)).find(
            ({ type }) => type === 'PseudonymDrawn',
          );
          return uwv.ports.ledger.receivedUpTo(`ggz-amstel>uwv/${String(name?.data['pseudonym'])}`);
        }),
      );
      expect(numbers[0]).toBeGreaterThan(0);
      expect(numbers[1]).toBe(numbers[0]);
    },
  );

  it('differ for the client herself, who sees what was kept back and why', async () => {
    const hiding = await play([examples.jobs]);
    const { withheld } = await hiding.herself.reads<{ withheld: unknown[] }>('myDisclosures');
    expect(withheld).toEqual([expect.objectContaining({ contract: 'job-facts.v1', recipient: 'uwv' })]);
  });
});

describe('taking into a decision', () => {
  const decision = { decisionId: theDecision, decisionKind: 'physician-statement' };
  const fact = async (rubric: string) => String((await page())[rubric]?.[0]?.['messageId']);
  const take = async (input: object, person = w.pia) =>
    person.does('takeIntoDecision', { clientId: w.clientAtUwv, ...decision, ...input });

  it('keeps one fact, readable through that decision alone, also after she withdrew', async () => {
    await note(examples.trajectory);
    await note(examples.jobs);
    const consentId = await consentTo(w);
    const takenId = (await take({ messageId: await fact('jobs'), category: 'K7' })).id;
    await w.herself.succeeds('withdrawConsent', { consentId });
    expect(filled(await page())).toEqual([]);
    const taken = () => w.pia.reads('takenFor', { clientId: w.clientAtUwv, decisionId: theDecision });
    expect(await taken()).toEqual([
      expect.objectContaining({
        takenId,
        title: 'Werk en contract',
        law: expect.any(String),
        until: '2031-11-02',
        fields: expect.arrayContaining([{ name: 'jobs[0].occupation', value: 'Medewerker kas' }]),
      }),
    ]);
    expect(await w.pia.reads('takenFor', { clientId: w.clientAtUwv, decisionId: anotherDecision })).toEqual([]);
    expect(await w.wil.reads('takenFor', { clientId: w.clientAtUwv, decisionId: theDecision })).toEqual([]);
    const herself = await withLogin(w.uwv, w.wil, w.clientAtUwv);
    expect(await herself.reads('takenAboutMe')).toEqual([
      expect.objectContaining({ takenId, decisionKind: 'physician-statement', until: '2031-11-02' }),
    ]);
  });

  it('is for a decision with a reference of its own, and not read any more when the term of the law is over', async () => {
    await note(examples.jobs);
    await consentTo(w);
    const input = { messageId: await fact('jobs'), category: 'K7' };
    expect((await take({ ...input, decisionId: 'besluit over haar ziekte' })).refused?.code).toBe(
      'input-not-understood',
    );
    expect((await take({ ...input, decisionKind: 'whatever' })).refused?.code).toBe('input-not-understood');
    expect((await take(input)).refused).toBeUndefined();
    const taken = () => w.pia.reads<object[]>('takenFor', { clientId: w.clientAtUwv, decisionId: theDecision });
    expect(await taken()).toHaveLength(1);
    await w.world.pass({ days: 5 * 366 });
    expect(await taken()).toEqual([]);
  });

  it('is done once when the request comes twice', async () => {
    await note(examples.jobs);
    await consentTo(w);
    const input = { requestId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d', messageId: await fact('jobs'), category: 'K7' };
    expect(await take(input)).toEqual(await take(input));
    expect(await w.pia.reads('takenFor', { clientId: w.clientAtUwv, decisionId: theDecision })).toHaveLength(1);
  });

  it('is refused after the withdrawal, for what never came, for whoever may not take it, and in bulk', async () => {
    await note(examples.jobs);
    const consentId = await consentTo(w);
    const messageId = await fact('jobs');
    expect((await take({ messageId, category: 'K7' }, w.wil)).refused?.code).toBe('no-row');
    expect((await take({ messageId, category: 'K7', decisionKind: 'funding-decision' })).refused?.code).toBe('no-row');
    expect((await take({ messageId: 'never-came', category: 'K7' })).refused?.code).toBe('not-received');
    expect((await take({ messageId: [messageId], category: 'K7' })).refused?.code).toBe('input-not-understood');
    await w.herself.succeeds('withdrawConsent', { consentId });
    expect((await take({ messageId, category: 'K7' })).refused?.code).toBe('not-received');
  });

  it('is refused while she pauses', async () => {
    await note(examples.jobs);
    const consentId = await consentTo(w);
    const messageId = await fact('jobs');
    await w.herself.succeeds('pauseConsent', { consentId });
    expect((await take({ messageId, category: 'K7' })).refused?.code).toBe('scope-closed');
  });
});

describe('rebuilding', () => {
  it('peer 15: views built anew after a withdrawal resurrect nothing', async () => {
    await note(examples.trajectory);
    await note(examples.jobs);
    const first = await consentTo(w);
    await w.herself.succeeds('narrowConsent', { consentId: first, remove: ['K7'] });
    await w.uwv.restart({ freshViews: true });
    expect(filled(await page())).toEqual(['identity', 'trajectory']);
    await w.herself.succeeds('withdrawConsent', { consentId: first });
    const live = await page();
    await w.uwv.restart({ freshViews: true });
    expect(await page()).toEqual(live);
    expect(filled(live)).toEqual([]);
  });
});
