/** One client, one agency and two partners: what is told, kept, closed and proved between them. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  jobFactsV1,
  medicalAnswerV1,
  physicianStatementV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import {
  createInbox,
  introductions,
  registeredConsentEnds,
  type IntroductionRow,
  type Transport,
} from '@convenant/exchange';
import { HeldWire, typeOfMessage } from '../held-wire.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
import { Client, keptBy, rowsOf, shownBy, traceOfHers } from './story.js';

const status = { state: 'active', referredOn: '2026-09-01' };
const profile = { workWish: 'tuinieren', preferences: ['buiten'], writtenOn: '2026-09-10' };
const job = {
  jobs: [
    { occupation: 'hovenier', regularPaid: true, contract: 'permanent', hoursPerWeek: 16, startedOn: '2026-10-01' },
  ],
};

let world: World;
let wire: HeldWire;
let ggz: OrganisationInWorld;
let uwv: OrganisationInWorld;
let town: OrganisationInWorld;
let her: Client;

let gateIsOpen = true;
/** A network that takes nothing while the gate is closed, and says so. */
const behindGate = (inner: Transport): Transport => ({
  send: (recipient, signed) => (gateIsOpen ? inner.send(recipient, signed) : Promise.reject(new Error('closed'))),
  subscribe: (organisation, handler) => inner.subscribe(organisation, handler),
  close: () => inner.close(),
});

/** What happens at UWV between keeping an introduction and looking for whom it fits. */
let beforeMatching: () => Promise<void>;
const uwvService = exampleService('uwv');

beforeEach(async () => {
  gateIsOpen = true;
  beforeMatching = () => Promise.resolve();
  world = await testWorld({
    organisations: {
      'ggz-amstel': exampleService('mental-health'),
      uwv: {
        ...uwvService,
        findClients: (...asked) => beforeMatching().then(() => uwvService.findClients(...asked)),
      },
      'gemeente-amstelveld': exampleService('municipality'),
    },
    wire: (direct) => (wire = new HeldWire(behindGate(direct))),
  });
  ggz = world.organisation('ggz-amstel');
  uwv = world.organisation('uwv');
  town = world.organisation('gemeente-amstelveld');
  her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  await her.note(trajectoryStatusV1, status);
  await her.note(vocationalProfileV1, profile);
  await world.settle();
});
afterEach(() => world.stop());

const give = async (
  consentId = 'consent-1',
  categories: ('K1' | 'K2' | 'K3' | 'K7')[] = ['K1', 'K2', 'K3'],
): Promise<void> => {
  await her.consents(consentId, uwv, categories);
  await world.settle();
};
const then = async (act: Promise<void>): Promise<void> => {
  await act;
  await world.settle();
};
const shown = () => shownBy(world, uwv, 'client-7');
const toldBy = async () => (await her.happened('Disclosed')).map(({ contract }) => contract);
const proofs = async () => (await her.happened('ClosingAcknowledged')).map(({ consentVersion }) => consentVersion);
const waiting = () => ggz.ports.ledger.waitingLanes();

describe('a grant', () => {
  it('introduces her, links her by exact match, and tells what was so before it', async () => {
    await give();
    expect(await shown()).toEqual({ 'trajectory-status.v1': status, 'vocational-profile.v1': profile });
    expect(await waiting()).toEqual([]);
  });
  it('lets out the categories that she chose from what was asked, and no other', async () => {
    await then(her.note(jobFactsV1, job));
    await give('consent-1', ['K1', 'K2']);
    expect(Object.keys(await shown())).toEqual(['trajectory-status.v1']);
    expect(JSON.stringify(await keptBy(uwv))).not.toContain('K7');
  });
  it('records what was withheld once for each recipient, contract and reason', async () => {
    await give('consent-1', ['K1', 'K2']);
    await then(her.note(vocationalProfileV1, { ...profile, workWish: 'bakken' }));
    await then(her.note(vocationalProfileV1, { ...profile, workWish: 'koken' }));
    expect((await her.happened('Withheld')).map(({ contract, reason }) => `${contract} ${reason}`)).toEqual([
      'vocational-profile.v1 category-not-granted',
    ]);
  });
  it('to one partner tells another nothing', async () => {
    await give();
    expect(await keptBy(town)).toEqual([]);
  });
  it('tells a changed state again and an unchanged one not', async () => {
    await give();
    const before = await toldBy();
    await then(her.note(trajectoryStatusV1, status));
    expect(await toldBy()).toEqual(before);
    await then(her.note(trajectoryStatusV1, { ...status, state: 'ended', endedOn: '2026-11-01' }));
    expect(await toldBy()).toEqual([...before, 'trajectory-status.v1']);
    expect(await shown()).toMatchObject({ 'trajectory-status.v1': { state: 'ended' } });
  });
});

describe('an introduction', () => {
  const workList = async () =>
    (await uwv.ports.views.find(introductions, 'state', 'introduced')).map(
      ({ row }) => row as unknown as IntroductionRow,
    );
  const answer = async (to: { link: string } | 'not-ours') => {
    const [row] = await workList();
    const { partner = '', pseudonym = '' } = row ?? {};
    return answerAt(partner, pseudonym, to);
  };
  const answerAt = async (partner: string, pseudonym: string, to: { link: string } | 'not-ours') => {
    const inbox = createInbox(
      { organisation: uwv.service.organisation, findClients: async () => [], receives: {} },
      uwv.ports,
      {
        receipt: async () => undefined,
        refused: async () => undefined,
      },
    );
    const answered = await inbox.answerIntroduction(partner, pseudonym, to, `request ${JSON.stringify(to)}`, {
      kind: 'person',
      person: 'wil',
      role: 'labourExpert',
    });
    await world.settle();
    return answered;
  };

  it('that fits several clients waits for a person, and nothing else leaves until then', async () => {
    await new Client(world, uwv, 'client-8').register();
    await give();
    expect(await workList()).toHaveLength(1);
    expect(await toldBy()).toEqual(['client-introduced.v1']);
    expect(await answer({ link: 'client-7' })).toEqual({});
    expect(Object.keys(await shown())).toEqual(['trajectory-status.v1', 'vocational-profile.v1']);
    expect(await workList()).toEqual([]);
  });
  it('that is not ours is destroyed, and the sender hears it and tells nothing more', async () => {
    await new Client(world, uwv, 'client-8').register();
    await give();
    expect(await answer('not-ours')).toEqual({});
    expect(await her.happened('IntroductionAnswered')).toMatchObject([{ linked: false }]);
    expect((await her.happened('Withheld')).map(({ reason }) => reason)).toEqual(['not-introduced', 'not-introduced']);
    expect(await toldBy()).toEqual(['client-introduced.v1']);
    const [made] = (await keptBy(uwv)).flatMap((event) => (event.type === 'ScopeKeysMade' ? event.keys : []));
    expect(await uwv.ports.scopeKeys.has(made?.keyId ?? '')).toBe(false);
    expect(await workList()).toEqual([]);
  });
  it('leaves the work list when she withdraws before anybody linked her, and comes back with a new consent', async () => {
    await new Client(world, uwv, 'client-8').register();
    await give();
    const [row] = await workList();
    await then(her.withdraws('consent-1'));
    expect(await workList()).toEqual([]);
    expect(await answerAt(row?.partner ?? '', row?.pseudonym ?? '', { link: 'client-7' })).toEqual({
      refused: 'scope-closed',
    });
    await give('consent-2');
    expect(await answer({ link: 'client-7' })).toEqual({});
    expect(Object.keys(await shown())).toEqual(['trajectory-status.v1', 'vocational-profile.v1']);
  });
  it('is made once, however many consents there are', async () => {
    await new Client(world, uwv, 'client-8').register();
    await give();
    await then(
      her.consents('consent-2', uwv, ['K1', 'K2'], { purpose: 'operational-meeting', categories: ['K1', 'K2'] }),
    );
    expect(await toldBy()).toEqual(['client-introduced.v1']);
  });
});

describe('a withdrawal', () => {
  it('closes, destroys the keys and comes back with a proof', async () => {
    await give();
    const rows = await rowsOf(uwv);
    await then(her.withdraws('consent-1'));
    expect(await shown()).toEqual({});
    expect(await rowsOf(uwv)).toEqual([]);
    for (const { row } of rows) expect(await uwv.ports.scopeKeys.has(row.keyId)).toBe(false);
    const [proof] = await her.happened('ClosingAcknowledged');
    expect(await ggz.ports.signer.verify(proof?.proof ?? '', 'uwv')).toContain('closing-acknowledged');
    expect((await her.state()).consents['consent-1']?.closings).toMatchObject([
      { how: 'ended', acknowledgedAt: proof?.closedAt },
    ]);
  });
  it('between permission and handing over stops the message, and its lane has no gap', async () => {
    await give();
    gateIsOpen = false;
    // The first of the two blocks the lane, so that the second is permitted and recorded, and never handed over.
    await then(her.note(trajectoryStatusV1, { ...status, state: 'paused' }));
    await then(her.note(vocationalProfileV1, { ...profile, workWish: 'bakken' }));
    await then(her.withdraws('consent-1'));
    gateIsOpen = true;
    await world.settle();
    expect((await her.happened('Stopped')).map(({ reason }) => reason)).toEqual(['withdrawn', 'withdrawn']);
    await give('consent-2', ['K1', 'K2']);
    expect(await shown()).toEqual({ 'trajectory-status.v1': { ...status, state: 'paused' } });
    expect(await waiting()).toEqual([]);
    const lane = `ggz-amstel>uwv/${(await her.state()).pseudonyms['uwv']?.pseudonym}`;
    // Announcement, introduction, two facts, one number without contents, announcement, one fact: what was taken out left no gap.
    expect(await uwv.ports.ledger.receivedUpTo(lane)).toBe(7);
  });
  it('after handing over leaves the number of the message and nothing in it, and the lane goes on', async () => {
    await give();
    wire.hold();
    await then(her.note(trajectoryStatusV1, { ...status, state: 'ended', endedOn: '2026-11-01' }));
    wire.forget();
    await then(her.withdraws('consent-1'));
    expect(await her.happened('Stopped')).toMatchObject([{ reason: 'withdrawn' }]);
    expect((await keptBy(uwv)).filter(({ type }) => type === 'DisclosureReceived')).toHaveLength(2);
    await give('consent-2', ['K1', 'K2']);
    expect(await shown()).toMatchObject({ 'trajectory-status.v1': { state: 'ended' } });
    expect(await waiting()).toEqual([]);
  });
  it('turns away what arrives after it', async () => {
    await give();
    wire.hold((signed) => typeOfMessage(signed).includes('consent-closed'));
    await then(her.note(trajectoryStatusV1, { ...status, state: 'paused' }));
    await then(her.withdraws('consent-1'));
    await wire.release();
    await world.settle();
    expect((await keptBy(uwv)).filter(({ type }) => type === 'DisclosureTurnedAway')).toMatchObject([
      { reason: 'closed' },
    ]);
    expect(await rowsOf(uwv)).toEqual([]);
  });
  it('that comes before the announcement wins from it', async () => {
    wire.hold((signed) => typeOfMessage(signed).includes('consent-closed'));
    await then(her.consents('consent-1', uwv, ['K1', 'K2']));
    await then(her.withdraws('consent-1'));
    await wire.release();
    await world.settle();
    expect((await keptBy(uwv)).map(({ type }) => type)).toEqual(['ScopeClosed']);
    expect(await proofs()).toEqual([2]);
  });
  it('peer 10: is never silently lost, and consent given again afterwards works', async () => {
    await give();
    wire.hold((signed) => !typeOfMessage(signed).includes('consent-closed'));
    await then(her.withdraws('consent-1'));
    wire.forget();
    expect((await her.state()).consents['consent-1']?.closings[0]?.acknowledgedAt).toBeUndefined();
    await world.settle();
    expect(await proofs()).toEqual([2]);
    await give('consent-2', ['K1', 'K3']);
    expect(await shown()).toEqual({ 'vocational-profile.v1': profile });
  });
  it('peer 9: counts for everything after it, not only at the grant: the door asks again for each message', async () => {
    await give();
    await then(her.withdraws('consent-1'));
    await then(her.note(trajectoryStatusV1, { ...status, state: 'ended', endedOn: '2026-11-01' }));
    expect(await toldBy()).toEqual(['client-introduced.v1', 'trajectory-status.v1', 'vocational-profile.v1']);
    expect((await her.happened('Withheld')).map(({ reason }) => reason)).toContain('withdrawn');
  });
  it('peer 15: is not undone by building the views again from the log', async () => {
    await give();
    await then(her.withdraws('consent-1'));
    await uwv.restart({ freshViews: true });
    expect(await rowsOf(uwv)).toEqual([]);
    expect(await shown()).toEqual({});
  });
  it('is as final after a crash between the closing and the destruction of keys', async () => {
    await give();
    const { scopeKeys } = uwv.ports;
    const destroy = scopeKeys.destroy.bind(scopeKeys);
    scopeKeys.destroy = () => Promise.reject(new Error('The key store is away.'));
    await then(her.withdraws('consent-1'));
    expect(await proofs()).toEqual([]);
    expect(uwv.notes.map(({ code }) => code)).toContain('message-not-handled');
    scopeKeys.destroy = destroy;
    await world.settle();
    expect(await proofs()).toEqual([2]);
  });
});

describe('a pause', () => {
  it('hides everything, keeps the keys, and resuming shows it again', async () => {
    await give();
    await then(her.pauses('consent-1'));
    expect(await shown()).toEqual({});
    expect(await rowsOf(uwv)).toHaveLength(2);
    await then(her.resumes('consent-1'));
    expect(Object.keys(await shown())).toHaveLength(2);
    expect(await proofs()).toEqual([2]);
  });
  it('keeps nothing that was under way, and tells it again after it', async () => {
    await give();
    wire.hold((signed) => typeOfMessage(signed).includes('consent-closed'));
    await then(her.note(trajectoryStatusV1, { ...status, state: 'paused' }));
    await then(her.pauses('consent-1'));
    await wire.release();
    await world.settle();
    expect((await keptBy(uwv)).filter(({ type }) => type === 'DisclosureReceived')).toHaveLength(2);
    await then(her.resumes('consent-1'));
    expect(await shown()).toMatchObject({ 'trajectory-status.v1': { state: 'paused' } });
    expect(await waiting()).toEqual([]);
  });
});

describe('the trace of what she did', () => {
  it('goes to each partner under a number of its own, so that two of them cannot find her in each other’s logs by it', async () => {
    await new Client(world, town, 'client-9').register();
    await give();
    await then(her.consents('consent-2', town, ['K1', 'K2']));
    await then(her.does({ type: 'StopEverything', by: 'client', at: world.now() }));
    const tracesAt = async ({ ports }: OrganisationInWorld) =>
      new Set(
        (await ports.store.readAll(undefined, 1_000))
          .filter(({ stream }) => stream.startsWith('received-'))
          .flatMap(({ meta }) => meta.traceparent?.split('-')[1] ?? []),
      );
    const [here, there] = [await tracesAt(uwv), await tracesAt(town)];
    expect(Math.min(here.size, there.size)).toBeGreaterThan(0);
    expect([...here].filter((trace) => there.has(trace) || trace === traceOfHers)).toEqual([]);
    expect([...there]).not.toContain(traceOfHers);
  });
});

describe('a consent that ended before its recipient could hear of it', () => {
  it('is not announced: what is over tells nobody what it was', async () => {
    let isThere = false;
    const sent: string[] = [];
    wire.refuse((signed) => {
      if (isThere) sent.push(typeOfMessage(signed));
      return !isThere;
    });
    await give();
    expect(await her.happened('PseudonymDrawn')).toHaveLength(1);
    await then(her.withdraws('consent-1'));
    isThere = true;
    await world.settle();
    expect(sent.some((type) => type.includes('consent-closed'))).toBe(true);
    expect(sent.filter((type) => type.includes('consent-announced'))).toEqual([]);
    expect((await keptBy(uwv)).filter(({ type }) => type === 'ConsentRegistered')).toEqual([]);
  });
});

describe('a pause that overtakes an introduction', () => {
  it('between its keeping and its linking leaves it with its sender, and she is linked when she resumes', async () => {
    beforeMatching = async () => {
      beforeMatching = () => Promise.resolve();
      await her.pauses('consent-1');
      const isClosed = async () => (await keptBy(uwv)).some(({ type }) => type === 'ScopeClosed');
      while (!(await isClosed())) await new Promise((resolve) => setImmediate(resolve));
    };
    await give();
    expect((await keptBy(uwv)).some(({ type }) => type === 'IntroductionLinked')).toBe(false);
    await then(her.resumes('consent-1'));
    expect(Object.keys(await shown())).toHaveLength(2);
    expect(await waiting()).toEqual([]);
  });
});

describe('a narrowing', () => {
  it('closes what she turned off and leaves the rest', async () => {
    await give();
    await then(her.narrows('consent-1', 'K3'));
    expect(Object.keys(await shown())).toEqual(['trajectory-status.v1']);
    expect(await proofs()).toEqual([2]);
  });
  it('and a widening afterwards go with fresh keys, whichever arrives first', async () => {
    await give();
    const old = (await rowsOf(uwv)).find(({ row }) => row.category === 'K3')?.row.keyId ?? '';
    wire.hold((signed) => !typeOfMessage(signed).includes('consent-closed'));
    await then(her.narrows('consent-1', 'K3'));
    await then(her.says('consent-1', ['K1', 'K2', 'K3']));
    await wire.release();
    await world.settle();
    expect(await shown()).toEqual({ 'trajectory-status.v1': status, 'vocational-profile.v1': profile });
    expect((await rowsOf(uwv)).map(({ row }) => row.keyId)).not.toContain(old);
    expect(await uwv.ports.scopeKeys.has(old)).toBe(false);
  });
});

describe('an expiry', () => {
  it('closes by the recipient’s own clock, without a message', async () => {
    await give();
    wire.hold();
    await world.pass({ days: 366 });
    expect(await shown()).toEqual({});
    expect((await keptBy(uwv)).filter((event) => event.type === 'ScopeClosed')).toMatchObject([{ how: 'expired' }]);
    expect(await uwv.ports.views.find(registeredConsentEnds, 'all', 'open')).toEqual([]);
    await wire.release();
    await world.settle();
    expect((await her.state()).consents['consent-1']).toMatchObject({
      state: 'expired',
      closings: [{ how: 'expired', acknowledgedAt: expect.any(String) }],
    });
  });
});

describe('an answer to a medical question', () => {
  const answer = {
    questionId: 'question-1',
    answeredOn: '2026-11-01',
    answers: [{ question: 'Hoeveel uur?', answer: 'Twaalf.' }],
  };
  it('leaves once, for the physician’s role alone', async () => {
    await her.note(medicalAnswerV1, answer, 'question-1');
    await then(
      her.consents('consent-m', uwv, ['K1', 'K5'], {
        purpose: 'medical-question',
        roles: ['insurancePhysician'],
        categories: ['K1', 'K5'],
        singleUseFor: 'question-1',
      }),
    );
    expect(await shownBy(world, uwv, 'client-7', 'insurancePhysician')).toEqual({ 'medical-answer.v1': answer });
    for (const role of ['labourExpert', 'client', 'representative'])
      expect(await shownBy(world, uwv, 'client-7', role)).toEqual({});
    await then(her.note(medicalAnswerV1, { ...answer, answeredOn: '2026-11-02' }, 'question-1'));
    expect((await toldBy()).filter((contract) => contract === 'medical-answer.v1')).toHaveLength(1);
  });
});

describe('two organisations that introduce the same client to each other at once', () => {
  it('each keep the name that they gave, and both hear what they may', async () => {
    const there = new Client(world, uwv, 'client-7');
    const statement = {
      usablePossibilities: 'yes',
      limitations: [],
      hoursPerDay: 4,
      hoursPerWeek: 16,
      expectedCourse: 'improves',
      lookAgainOn: '2027-05-01',
      advice: 'Rustig opbouwen.',
      validUntil: '2027-11-01',
      concludedOn: '2026-11-01',
    };
    await there.note(physicianStatementV1, statement);
    await Promise.all([
      her.consents('consent-1', uwv, ['K1', 'K2']),
      there.consents('consent-2', ggz, ['K1', 'K4'], { categories: ['K1', 'K4'], roles: ['employmentSpecialist'] }),
    ]);
    await world.settle();
    expect(await shown()).toEqual({ 'trajectory-status.v1': status });
    expect(await shownBy(world, ggz, 'anna', 'employmentSpecialist')).toEqual({ 'physician-statement.v1': statement });
    await Promise.all([her.withdraws('consent-1'), there.withdraws('consent-2')]);
    await world.settle();
    expect(await proofs()).toEqual([2]);
    expect(await there.happened('ClosingAcknowledged')).toHaveLength(1);
    expect([
      ...(await waiting()),
      ...(await uwv.ports.ledger.waitingLanes()),
      ...(await ggz.ports.ledger.parked()),
      ...(await uwv.ports.ledger.parked()),
    ]).toEqual([]);
  });
  it('announces what was given before the other’s name was learned', async () => {
    const there = new Client(world, uwv, 'client-7');
    // As it is when the introduction arrives after she agreed at UWV and before the door there has looked.
    gateIsOpen = false;
    await her.consents('consent-1', uwv, ['K1', 'K2']);
    await world.settle();
    const door = uwv.ports.partners.find;
    uwv.ports.partners.find = (wanted) => (wanted === ggz.id && !gateIsOpen ? undefined : door(wanted));
    await there.consents('consent-2', ggz, ['K1', 'K4'], { categories: ['K1', 'K4'], roles: ['employmentSpecialist'] });
    await world.settle();
    expect(await there.happened('PseudonymDrawn')).toEqual([]);
    gateIsOpen = true;
    await world.settle();
    expect(await there.happened('PseudonymLearned')).toHaveLength(1);
    expect(Object.values((await keptBy(ggz)).filter(({ type }) => type === 'ConsentRegistered'))).toHaveLength(1);
  });
});
