/** The consent conversation and everything a client can do with her answer, played by the people themselves. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import {
  anna,
  consentTo,
  exampleOrganisations,
  exampleWorld,
  examples,
  supportAtUwv,
  withLogin,
  type ExampleWorld,
} from './example/example-world.js';

let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
interface Overview {
  readonly consents: readonly {
    readonly consentId: string;
    readonly state: string;
    readonly granted: readonly { readonly category: string }[];
    readonly ownWords?: string;
    readonly askAgainOn?: string;
    readonly closings: readonly { readonly how: string; readonly outstanding: boolean; readonly proof?: string }[];
  }[];
  readonly objections: readonly { readonly liftedAt?: string }[];
  readonly asks: readonly { readonly askId: string; readonly consentId?: string }[];
}
const mine = () => w.herself.reads<Overview>('myConsents');
const only = async () => (await mine()).consents[0]!;
const received = async () => {
  const page = await w.pia.reads<Record<string, readonly unknown[]>>('receivedAboutClient', {
    clientId: w.clientAtUwv,
  });
  return Object.keys(page).filter(
    (rubric) => !['coverage', 'ended', 'lines'].includes(rubric) && page[rubric]!.length > 0,
  );
};
const withheld = async () =>
  (await w.herself.reads<{ withheld: { contract: string; reason: { nl: string } }[] }>('myDisclosures')).withheld.map(
    ({ contract, reason }) => `${contract}: ${reason.nl}`,
  );
const propose = (question: object = supportAtUwv) =>
  w.karin.does('proposeConsent', { clientId: w.clientId, ...question });
const note = (example: object) => w.karin.succeeds('noteExample', { clientId: w.clientId, ...example });

describe('asking for consent', () => {
  it('puts one sentence per recipient and purpose to her, with every switch off', async () => {
    const { id } = await propose();
    expect(await w.herself.reads('openQuestions')).toEqual([
      expect.objectContaining({
        consentId: id,
        question: expect.objectContaining({ nl: expect.stringContaining('Mag GGZ Amstel gegevens over u delen met') }),
        limits: expect.objectContaining({
          nl: expect.stringContaining('UWV mag dit niet gebruiken om te beslissen over uw uitkering'),
        }),
        switches: supportAtUwv.categories.map((category) => expect.objectContaining({ category })),
        askedByRecipient: false,
      }),
    ]);
    expect(await only()).toMatchObject({ state: 'proposed', granted: [] });
  });

  it.each([
    ['an organisation that does not take part', { recipient: 'ggz-elders' }, 'unknown-organisation'],
    ['the assessment of a benefit', { purpose: 'claim-assessment' }, 'purpose-never'],
    ['what no consent can let out', { categories: ['K5'] }, 'never-shared'],
    ['a role that the recipient does not have', { roles: ['clientManager'] }, 'role-unknown'],
    ['a year and a month', { validMonths: 13 }, 'validity-too-long'],
    ['an ask that nobody made', { askId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d' }, 'unknown-ask'],
    ['a category that does not exist', { categories: ['K11'] }, 'input-not-understood'],
  ])('refuses to ask for %s', async (_what, change, code) => {
    expect((await propose({ ...supportAtUwv, ...change })).refused?.code).toBe(code);
    expect((await mine()).consents).toEqual([]);
  });

  it('is for those who hold the conversation and work with her', async () => {
    const pim = w.ggz.as('pim', 'clinician');
    expect((await pim.does('proposeConsent', { clientId: w.clientId, ...supportAtUwv })).refused?.code).toBe(
      'not-allowed',
    );
    expect((await w.noor.does('proposeConsent', { clientId: w.clientId, ...supportAtUwv })).refused?.code).toBe(
      'nobody-found',
    );
  });
});

describe('her answer', () => {
  it('is yes to a part, and only that part is told, the state from before it included', async () => {
    await note(examples.trajectory);
    await note(examples.jobs);
    const consentId = await consentTo(w, supportAtUwv, ['K1', 'K2']);
    expect(await only()).toMatchObject({ consentId, state: 'given', ownWords: 'Zij mogen weten dat ik werk zoek.' });
    expect((await only()).granted.map(({ category }) => category)).toEqual(['K1', 'K2']);
    expect(await received()).toEqual(['identity', 'trajectory']);
    expect(await withheld()).toEqual(['job-facts.v1: De toestemming geldt niet voor dit soort gegevens.']);
  });

  it('is no, and nothing is told', async () => {
    await note(examples.trajectory);
    const { id: consentId } = await propose();
    await w.herself.succeeds('answerConsent', { consentId, answer: 'no' });
    expect(await only()).toMatchObject({ state: 'refused' });
    expect(await w.herself.reads('openQuestions')).toEqual([]);
    expect(await w.uwv.ports.store.read(`received-ggz-amstel-`)).toEqual([]);
    expect(await withheld()).toEqual(expect.arrayContaining(['trajectory-status.v1: De cliënt heeft nee gezegd.']));
  });

  it('is not today, counts as no, and is asked again on the day she chose', async () => {
    const { id: consentId } = await propose();
    await w.herself.succeeds('answerConsent', { consentId, answer: 'not-today', askAgainOn: '2026-11-16' });
    expect(await only()).toMatchObject({ state: 'not-today', askAgainOn: '2026-11-16' });
    expect(await w.herself.reads('openQuestions')).toEqual([]);
    await w.world.pass({ days: 14 });
    expect(await w.herself.reads('openQuestions')).toHaveLength(1);
    await w.herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: ['K1'] });
    expect(await only()).toMatchObject({ state: 'given' });
  });

  it('is understood or refused in her words', async () => {
    const { id: consentId } = await propose({ ...supportAtUwv, categories: ['K1', 'K2'] });
    const answers = [
      { answer: 'yes' },
      { answer: 'yes', categories: ['K7'] },
      { answer: 'not-today' },
      { answer: 'not-today', askAgainOn: '2026-11-02' },
      { answer: 'perhaps' },
      { answer: 'yes', categories: ['K1'], consentId: 'unknown' },
    ];
    const codes = [];
    for (const answer of answers)
      codes.push((await w.herself.does('answerConsent', { consentId, ...answer })).refused?.code);
    expect(codes).toEqual([
      'categories-missing',
      'not-offered',
      'ask-again-missing',
      'ask-again-not-later',
      'input-not-understood',
      'unknown-consent',
    ]);
    expect(await only()).toMatchObject({ state: 'proposed' });
  });

  it('is hers: staff record a yes on paper or before a witness, never one on the screen', async () => {
    const { id: consentId } = await propose();
    const yes = { clientId: w.clientId, consentId, answer: 'yes', categories: ['K1', 'K2'] };
    expect((await w.karin.does('answerConsent', yes)).refused?.code).toBe('answer-is-hers');
    expect((await w.karin.does('answerConsent', { ...yes, answer: 'no' })).refused?.code).toBe('answer-is-hers');
    expect((await w.karin.does('answerConsent', { ...yes, method: 'paper' })).refused?.code).toBe('evidence-missing');
    expect(
      (await w.herself.does('answerConsent', { ...yes, clientId: undefined, method: 'paper' })).refused?.code,
    ).toBe('recorded-by-staff');
    await w.karin.succeeds('answerConsent', { ...yes, method: 'paper', evidence: 'Map 3, brief van 2 november' });
    expect(await only()).toMatchObject({
      state: 'given',
      method: 'paper',
      recordedByRole: 'caseManager',
      answeredInWords: { nl: 'Op papier, vastgelegd door uw casemanager.' },
      evidence: 'Map 3, brief van 2 november',
    });
    const stored = await w.ggz.ports.store.read(`disclosure-${w.clientId}`);
    expect(stored.find(({ type }) => type === 'ConsentGiven')?.data).toMatchObject({ recordedBy: 'karin' });
    expect(JSON.stringify(stored)).not.toContain('Map 3');
  });

  it('that she gave on the screen says so to her, whatever it was', async () => {
    const { id: consentId } = await propose();
    expect(await only()).not.toHaveProperty('method', expect.anything());
    await w.herself.succeeds('answerConsent', { consentId, answer: 'no' });
    expect(await only()).toMatchObject({ method: 'digital', answeredInWords: { nl: 'Op het scherm.' } });
  });

  it('outweighs every paper: staff record nothing where she said no herself, under whatever question', async () => {
    const { id: first } = await propose();
    await w.herself.succeeds('answerConsent', { consentId: first, answer: 'no' });
    const paper = { clientId: w.clientId, answer: 'yes', categories: ['K1'], method: 'paper', evidence: 'Map 3' };
    expect((await w.karin.does('answerConsent', { ...paper, consentId: first })).refused?.code).toBe(
      'no-open-question',
    );
    const { id: again } = await propose();
    expect((await w.karin.does('answerConsent', { ...paper, consentId: again })).refused?.code).toBe('she-said-no');
    await w.herself.succeeds('answerConsent', { consentId: again, answer: 'yes', categories: ['K1'] });
    const { id: third } = await propose();
    await w.karin.succeeds('answerConsent', { ...paper, consentId: third });
  });

  it('is given by a representative on the ground that stands on that login', async () => {
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    const { id: consentId } = await propose();
    await mentor.succeeds('answerConsent', { consentId, answer: 'yes', categories: ['K1', 'K2'] });
    const stored = await w.ggz.ports.store.read(`disclosure-${w.clientId}`);
    expect(stored.find(({ type }) => type === 'ConsentGiven')?.data).toMatchObject({
      by: 'representative',
      basis: 'mentor',
    });
  });

  it('peer 8: no field that overrules her is known, by whatever name', async () => {
    const { id: consentId } = await propose();
    for (const field of ['override', 'force', 'consentGiven', 'breakGlass', 'by', 'state']) {
      const { refused } = await w.karin.does('answerConsent', {
        clientId: w.clientId,
        consentId,
        answer: 'yes',
        categories: ['K1'],
        [field]: true,
      });
      expect(refused?.code).toBe('unknown-field');
      const told = { clientId: w.clientId, medium: 'spoken', ...supportAtUwv, [field]: true };
      expect((await w.karin.does('recordToldOutside', told)).refused?.code).toBe('unknown-field');
    }
    expect(await only()).toMatchObject({ state: 'proposed' });
  });

  it('comes once when the same request comes twice, whatever happened in between', async () => {
    const requestId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';
    const { id: consentId } = await propose();
    const yes = { requestId, consentId, answer: 'yes', categories: ['K1', 'K2'] };
    await w.herself.succeeds('answerConsent', yes);
    await w.herself.succeeds('withdrawConsent', { consentId });
    expect((await w.herself.does('answerConsent', yes)).refused).toBeUndefined();
    expect(await only()).toMatchObject({ state: 'withdrawn' });
  });
});

describe('taking back', () => {
  it('switches one category off, and the recipient proves that it closed that one', async () => {
    await note(examples.trajectory);
    await note(examples.jobs);
    const consentId = await consentTo(w);
    await w.herself.succeeds('narrowConsent', { consentId, remove: ['K7'] });
    expect(await received()).toEqual(['identity', 'trajectory']);
    expect((await only()).closings).toEqual([
      expect.objectContaining({ how: 'narrowed', outstanding: false, proof: expect.any(String) }),
    ]);
    expect((await w.herself.does('narrowConsent', { consentId, remove: ['K1', 'K2', 'K3'] })).refused?.code).toBe(
      'nothing-left',
    );
  });

  it('pauses and resumes, and only she herself resumes', async () => {
    await note(examples.trajectory);
    const consentId = await consentTo(w);
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    await mentor.succeeds('pauseConsent', { consentId });
    expect(await received()).toEqual([]);
    expect((await mentor.does('resumeConsent', { consentId })).refused?.code).toBe('client-only');
    await w.herself.succeeds('resumeConsent', { consentId });
    expect(await received()).toEqual(['identity', 'trajectory']);
    expect((await w.karin.does('resumeConsent', { consentId })).refused?.code).toBe('not-allowed');
    expect((await w.herself.does('pauseConsent', { consentId, until: '2027-11-02T09:00:00.000Z' })).refused?.code).toBe(
      'pause-too-long',
    );
  });

  it('a pause that is not resumed becomes a withdrawal after ninety days', async () => {
    const consentId = await consentTo(w);
    await w.herself.succeeds('pauseConsent', { consentId });
    await w.world.pass({ days: 91 });
    expect(await only()).toMatchObject({ state: 'withdrawn' });
    expect((await w.herself.does('resumeConsent', { consentId })).refused?.code).toBe('not-given');
  });

  it('withdraws in one act, herself, through her representative or by telephone', async () => {
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    for (const [person, about] of [
      [w.herself, {}],
      [mentor, {}],
      [w.karin, { clientId: w.clientId }],
    ] as const) {
      const consentId = await consentTo(w);
      await person.succeeds('withdrawConsent', { consentId, ...about });
      expect(await received()).toEqual([]);
    }
    expect((await mine()).consents.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  });

  it('stops everything at once', async () => {
    await consentTo(w);
    await consentTo(w, {
      ...supportAtUwv,
      purpose: 'funding-decision',
      roles: ['labourExpert'],
      categories: ['K1', 'K2'],
    });
    await w.herself.succeeds('stopEverything');
    expect((await mine()).consents.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
    expect((await mine()).consents.every(({ closings }) => closings.every(({ outstanding }) => !outstanding))).toBe(
      true,
    );
  });

  it('objects beforehand, which wins from a consent, until she lifts it', async () => {
    await note(examples.jobs);
    const objection = { recipient: 'uwv', purpose: 'support', categories: ['K7'] };
    const { id: consentId } = await propose();
    const objectionId = await w.herself.succeeds('objectToSharing', objection);
    await w.herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: supportAtUwv.categories });
    expect(await received()).toEqual(['identity']);
    expect(await withheld()).toEqual(['job-facts.v1: De cliënt heeft hier bezwaar tegen gemaakt.']);
    expect((await propose()).refused?.code).toBe('objection-stands');
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    expect((await mentor.does('liftObjection', { objectionId })).refused?.code).toBe('client-only');
    await w.herself.succeeds('liftObjection', { objectionId });
    expect(await received()).toEqual(['identity', 'jobs']);
    expect((await mine()).objections[0]?.liftedAt).toBe(w.world.now());
    expect((await w.herself.does('liftObjection', { objectionId: 'unknown' })).refused?.code).toBe('unknown-objection');
  });

  it('objects to organisations that take part, and leaves no sentence where a name belongs', async () => {
    const objection = { recipient: 'mijn ex-man bij de gemeente' };
    expect((await w.herself.does('objectToSharing', objection)).refused?.code).toBe('unknown-organisation');
  });

  it('ends by the clock on both sides when the term is over', async () => {
    await note(examples.trajectory);
    await consentTo(w, { ...supportAtUwv, validMonths: 1 } as never);
    expect(await received()).toEqual(['identity', 'trajectory']);
    await w.world.pass({ days: 31 });
    expect(await only()).toMatchObject({ state: 'expired' });
    expect(await received()).toEqual([]);
    expect((await only()).closings).toEqual([expect.objectContaining({ how: 'expired', outstanding: false })]);
    const keys = await w.uwv.ports.store.readAll(undefined, 1_000);
    expect(keys.filter(({ type }) => type === 'ScopeKeysDestroyed')).toHaveLength(1);
  });

  it('peer 10: consent given anew after a withdrawal works and is delivered', async () => {
    await note(examples.trajectory);
    const first = await consentTo(w);
    await w.herself.succeeds('withdrawConsent', { consentId: first });
    expect(await received()).toEqual([]);
    const second = await consentTo(w);
    expect(await received()).toEqual(['trajectory']);
    await note({ ...examples.trajectory, values: { ...examples.trajectory.values, state: 'paused' } });
    const page = await w.pia.reads<{ trajectory: { state: string }[] }>('receivedAboutClient', {
      clientId: w.clientAtUwv,
    });
    expect(page.trajectory).toEqual([expect.objectContaining({ state: 'paused' })]);
    expect((await mine()).consents.map(({ consentId, state }) => ({ consentId, state }))).toEqual([
      { consentId: first, state: 'withdrawn' },
      { consentId: second, state: 'given' },
    ]);
  });
});

describe('telling outside the system', () => {
  const told = {
    medium: 'spoken',
    recipient: 'uwv',
    roles: ['labourExpert'],
    purpose: 'support',
    categories: ['K2', 'K3'],
  };
  const ask = { recipient: 'uwv', purpose: 'support', categories: ['K2', 'K4'] };

  it('asks the same decision before the call', async () => {
    expect(await w.karin.reads('mayITell', { clientId: w.clientId, ...ask })).toMatchObject({
      mayTell: false,
      categories: [],
    });
    await consentTo(w);
    const answer = await w.karin.reads<{ mayTell: boolean; not: unknown[] }>('mayITell', {
      clientId: w.clientId,
      ...ask,
    });
    expect(answer).toMatchObject({
      mayTell: false,
      categories: [{ category: 'K2' }],
      inWords: { nl: 'U mag vertellen: aanmelding en stand van het traject.' },
      not: [{ category: { category: 'K4' }, reason: { nl: 'De toestemming geldt niet voor dit soort gegevens.' } }],
    });
    expect(await w.karin.reads('mayITell', { clientId: w.clientId, ...ask, categories: ['K2'] })).toMatchObject({
      mayTell: true,
      not: [],
    });
    expect(await w.karin.reads('mayITell', { clientId: w.clientId, ...ask, recipient: 'elders' })).toMatchObject({
      mayTell: false,
    });
    expect((await w.noor.isRefused('mayITell', { clientId: w.clientId, ...ask })).code).toBe('nobody-found');
  });

  it('records what was told, with or without cover, and the client sees it', async () => {
    expect(await w.karin.does('recordToldOutside', { clientId: w.clientId, ...told })).toMatchObject({
      covered: false,
    });
    await consentTo(w);
    expect(await w.karin.does('recordToldOutside', { clientId: w.clientId, ...told })).toMatchObject({ covered: true });
    const { toldOutside } = await w.herself.reads<{ toldOutside: unknown[] }>('myDisclosures');
    expect(toldOutside).toEqual([
      expect.objectContaining({ recipient: 'uwv', medium: 'spoken', covered: false }),
      expect.objectContaining({ recipient: 'uwv', medium: 'spoken', covered: true }),
    ]);
    expect(
      (await w.karin.does('recordToldOutside', { clientId: w.clientId, ...told, recipient: 'elders' })).refused?.code,
    ).toBe('unknown-organisation');
  });
});

describe('a recipient that asks', () => {
  const scope = { purpose: 'funding-decision', roles: ['labourExpert'], categories: ['K1', 'K2', 'K3'] };
  const ask = { discloser: 'ggz-amstel', ...scope };
  const question = { recipient: 'uwv', ...scope };

  it('brings its question to the client, who grants a part; the asker sees what it asked and what was granted', async () => {
    await note(examples.trajectory);
    await note(examples.profile);
    await consentTo(w, supportAtUwv, ['K1']);
    const askId = await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    const { asks } = await w.karin.reads<Overview>('consents', { clientId: w.clientId });
    expect(asks).toEqual([expect.objectContaining({ askId, recipient: 'uwv', purpose: 'funding-decision' })]);
    const asked = () => w.wil.reads('askedAbout', { clientId: w.clientAtUwv });
    const before = await asked();
    await consentTo(w, { ...question, askId } as never, ['K1', 'K2']);
    expect(await asked()).toEqual(before);
    const page = await w.wil.reads('receivedForFunding', { clientId: w.clientAtUwv });
    expect(page).toMatchObject({
      trajectory: [{ state: 'active' }],
      profile: [],
      coverage: [{ categories: [{ category: 'K1' }, { category: 'K2' }] }],
    });
    expect((await mine()).asks[0]?.consentId).toBeDefined();
  });

  it('hears nothing of a refusal: no message comes that would not come without an answer', async () => {
    await consentTo(w, supportAtUwv, ['K1']);
    const askId = await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    const before = await w.uwv.ports.store.head();
    const { id: consentId } = await propose({ ...question, askId });
    await w.herself.succeeds('answerConsent', { consentId, answer: 'no' });
    expect(await w.uwv.ports.store.head()).toBe(before);
  });

  it('hears nothing of an objection or of a question that is with her already: asked is asked', async () => {
    await consentTo(w, supportAtUwv, ['K1']);
    await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    expect((await mine()).asks).toHaveLength(1);
    await w.herself.succeeds('objectToSharing', { recipient: 'uwv' });
    const support = { ...ask, purpose: 'support' };
    await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...support });
    expect((await mine()).asks).toHaveLength(1);
    const asked = await w.wil.reads<object[]>('askedAbout', { clientId: w.clientAtUwv });
    expect(asked).toHaveLength(3);
  });

  it('gets the same answer about a client whom that organisation introduced, and one whom it does not know', async () => {
    await consentTo(w, supportAtUwv, ['K1']);
    const stranger = await w.wil.succeeds('registerClient', { ...anna, familyName: 'Onbekend' });
    const answers = [];
    for (const clientId of [w.clientAtUwv, stranger]) {
      const { id, position, ...answer } = await w.wil.does('askForDisclosure', { clientId, ...ask });
      const list = await w.wil.reads<object[]>('askedAbout', { clientId });
      answers.push({ ...answer, list: list.map((line) => ({ ...line, askId: '' })) });
      expect([typeof id, typeof position]).toEqual(['string', 'string']);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect((await mine()).asks).toHaveLength(1);
    const head = await w.ggz.ports.store.readAll(undefined, 1_000);
    expect(head.filter(({ type }) => type === 'DisclosureAsked')).toHaveLength(1);
  });

  it('is heard once she is introduced and linked, when it asked before; its own pages stay as they were', async () => {
    const askId = await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    const asked = () => w.wil.reads('askedAbout', { clientId: w.clientAtUwv });
    const before = await asked();
    expect((await mine()).asks).toEqual([]);
    await consentTo(w, supportAtUwv, ['K1']);
    expect((await mine()).asks.map((each) => each.askId)).toEqual([askId]);
    expect(await asked()).toEqual(before);
    await w.uwv.service.settle();
    const stored = await w.uwv.ports.store.readAll(undefined, 1_000);
    expect(stored.filter(({ type }) => type === 'WaitingAskNamed')).toHaveLength(1);
  });

  it('is heard once a person links the introduction that matched nobody', async () => {
    await w.wil.succeeds('correctClientDetails', { clientId: w.clientAtUwv, ...anna, initials: 'Q.' });
    const askId = await w.wil.succeeds('askForDisclosure', { clientId: w.clientAtUwv, ...ask });
    await consentTo(w, supportAtUwv, ['K1']);
    expect((await mine()).asks).toEqual([]);
    const [line] = await w.wil.reads<{ partner: string; pseudonym: string }[]>('introductionsToLink');
    const link = { partner: line!.partner, pseudonym: line!.pseudonym, clientId: w.clientAtUwv };
    await w.wil.succeeds('linkIntroduction', link);
    expect((await mine()).asks.map((each) => each.askId)).toEqual([askId]);
  });

  it('is refused what could never be granted', async () => {
    const code = async (change: object) =>
      (await w.wil.does('askForDisclosure', { clientId: w.clientAtUwv, ...ask, ...change })).refused?.code;
    expect(await code({ categories: ['K5'] })).toBe('never-shared');
    expect(await code({ purpose: 'claim-assessment' })).toBe('purpose-never');
    expect(await code({ discloser: 'elders' })).toBe('unknown-organisation');
    expect((await w.pia.does('askForDisclosure', { clientId: w.clientAtUwv, ...ask })).refused?.code).toBe(
      'not-allowed',
    );
  });
});

describe('a consent for a medical answer', () => {
  const questionId = '0b8a3c9e-5a2f-4c1d-9e6b-1f2a3b4c5d6e';
  const medical = {
    recipient: 'uwv',
    roles: ['insurancePhysician'],
    purpose: 'medical-question',
    categories: ['K5'],
    questionId,
  };
  it('exists for clinicians and for her; for others there is nothing to count, to order or to answer', async () => {
    await w.karin.succeeds('beginRelation', { clientId: w.clientId, person: 'pim', role: 'clinician' });
    const pim = w.ggz.as('pim', 'clinician');
    const seen = async (person = w.karin) => {
      const { consents, ...rest } = await person.reads<Overview>('consents', { clientId: w.clientId });
      return { rest, open: await w.karin.reads('openQuestions', { clientId: w.clientId }), consents };
    };
    await propose();
    const before = await seen();
    const { id: consentId } = await propose(medical);
    await w.herself.succeeds('objectToSharing', { recipient: 'gemeente-amstelveld', purpose: 'medical-question' });
    expect(await seen()).toEqual(before);
    expect((await seen(pim)).consents).toHaveLength(2);
    expect((await mine()).consents).toHaveLength(2);
    const answer = { clientId: w.clientId, consentId, answer: 'no', method: 'paper', evidence: 'Map 3' };
    const nobodys = { ...answer, consentId: 'unknown' };
    expect((await w.karin.does('answerConsent', answer)).refused).toEqual(
      (await w.karin.does('answerConsent', nobodys)).refused,
    );
    expect((await w.karin.does('withdrawConsent', { clientId: w.clientId, consentId })).refused?.code).toBe(
      'unknown-consent',
    );
    await w.herself.succeeds('answerConsent', { consentId, answer: 'no' });
    expect(await seen()).toEqual(before);
    const may = { clientId: w.clientId, recipient: 'uwv', purpose: 'medical-question', categories: ['K5'] };
    const elsewhere = { ...may, recipient: 'gemeente-zuiderdam' };
    expect(await w.karin.reads('mayITell', may)).toEqual(await w.karin.reads('mayITell', elsewhere));
  });
});
