/** Whom a partner introduces: who may see that, who she is found to be, and what she hears of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import {
  anna,
  consentTo,
  exampleOrganisations,
  exampleWorld,
  examples,
  supportAtUwv,
  type ExampleWorld,
} from './example/example-world.js';

let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
const note = (example: object) => w.karin.succeeds('noteExample', { clientId: w.clientId, ...example });
type Page = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const filled = (answer: Page) =>
  Object.keys(answer).filter(
    (rubric) => !['coverage', 'ended', 'lines'].includes(rubric) && answer[rubric]!.length > 0,
  );

describe('introductions', () => {
  const merelsTown = () => w.gemeente.as('merel', 'clientManager');
  const atTown = {
    recipient: 'gemeente-amstelveld',
    roles: ['clientManager'],
    purpose: 'support',
    categories: ['K1', 'K2'],
  };
  interface Line {
    readonly partner: string;
    readonly pseudonym: string;
    readonly candidates: readonly string[];
  }
  const workList = () => merelsTown().reads<Line[]>('introductionsToLink');

  it('that match nobody exactly wait in a work list, and are linked to the client whom a person recognises', async () => {
    await note(examples.trajectory);
    const clientId = await merelsTown().succeeds('registerClient', { ...anna, initials: 'A.' });
    await consentTo(w, atTown);
    const [line] = await workList();
    expect(line).toMatchObject({ partner: 'ggz-amstel', ...anna, candidates: [] });
    await merelsTown().succeeds('linkIntroduction', { partner: line!.partner, pseudonym: line!.pseudonym, clientId });
    expect(await workList()).toEqual([]);
    const answer = await merelsTown().reads<Page>('receivedAboutClient', { clientId });
    expect(filled(answer)).toEqual(['identity', 'trajectory']);
  });

  it('that match two clients exactly name both, and a person who works with neither may link to one of them', async () => {
    const twins = [
      await merelsTown().succeeds('registerClient', anna),
      await merelsTown().succeeds('registerClient', anna),
    ];
    await consentTo(w, atTown);
    const [line] = await workList();
    expect([...line!.candidates].sort()).toEqual([...twins].sort());
    const bas = w.gemeente.as('bas', 'clientManager');
    const stranger = await merelsTown().succeeds('registerClient', { ...anna, familyName: 'Heel Iemand Anders' });
    const link = { partner: line!.partner, pseudonym: line!.pseudonym };
    expect((await bas.does('linkIntroduction', { ...link, clientId: stranger })).refused?.code).toBe('nobody-found');
    const request = { requestId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d', ...link, clientId: twins[0] };
    await bas.succeeds('linkIntroduction', request);
    await bas.succeeds('linkIntroduction', request);
    expect((await merelsTown().does('linkIntroduction', { ...link, clientId: twins[1] })).refused?.code).toBe(
      'already-assigned',
    );
  });

  it('of somebody who is not ours are given back and destroyed, and the sender is told', async () => {
    await consentTo(w, atTown);
    const [line] = await workList();
    const back = { partner: line!.partner, pseudonym: line!.pseudonym };
    await merelsTown().succeeds('notOurClient', back);
    expect(await workList()).toEqual([]);
    expect((await merelsTown().does('linkIntroduction', { ...back, clientId: 'any' })).refused?.code).toBe(
      'nobody-found',
    );
    const answers = await w.ggz.ports.store.read(`disclosure-${w.clientId}`);
    expect(answers.find(({ type }) => type === 'IntroductionAnswered')?.data).toMatchObject({ linked: false });
    const left = await w.gemeente.ports.store.readAll(undefined, 1_000);
    expect(left.filter(({ type }) => type === 'ScopeKeysDestroyed')).not.toEqual([]);
    await note(examples.trajectory);
    const { withheld } = await w.herself.reads<{ withheld: { contract: string }[] }>('myDisclosures');
    expect(withheld.map(({ contract }) => contract)).toEqual(['trajectory-status.v1']);
  });

  it('show who it is to those who link them, and leave that in the log', async () => {
    await consentTo(w, atTown);
    await workList();
    const seen = await w.gemeente.ports.accessLog.by('merel', { limit: 10 });
    expect(seen.at(-1)).toMatchObject({ operation: 'introductionsToLink', categories: ['K1'], outcome: 0 });
    const marga = w.gemeente.as('marga', 'medicalAdviser');
    expect(await marga.reads('introductionsToLink')).toEqual([]);
    const back = { partner: 'ggz-amstel', pseudonym: (await workList())[0]!.pseudonym };
    expect((await marga.does('notOurClient', back)).refused?.code).toBe('nothing-to-link');
    expect(
      (await merelsTown().does('notOurClient', { partner: 'ggz-amstel', pseudonym: 'unknown' })).refused?.code,
    ).toBe('nothing-to-link');
  });

  it('are shown to the roles that the consent names for who she is, and to nobody for having a work list', async () => {
    const different = { ...anna, initials: 'Q.' };
    await w.wil.succeeds('correctClientDetails', { clientId: w.clientAtUwv, ...different });
    await consentTo(w, { ...supportAtUwv, roles: ['insurancePhysician'] });
    expect(await w.wil.reads('introductionsToLink')).toEqual([]);
    const [line] = await w.pia.reads<Line[]>('introductionsToLink');
    expect(line).toMatchObject({ partner: 'ggz-amstel', ...anna });
    const link = { partner: line!.partner, pseudonym: line!.pseudonym, clientId: w.clientAtUwv };
    expect((await w.wil.does('linkIntroduction', link)).refused?.code).toBe('nothing-to-link');
    await w.pia.succeeds('linkIntroduction', link);
  });

  it('are linked to nobody whom they do not match, whoever works with her', async () => {
    await note(examples.trajectory);
    const other = { initials: 'Z.', familyName: 'Anderiemand', dateOfBirth: '1955-01-01' };
    const clients = [
      await merelsTown().succeeds('registerClient', other),
      await merelsTown().succeeds('registerClient', { ...other, dateOfBirth: anna.dateOfBirth }),
      await merelsTown().succeeds('registerClient', { ...anna, dateOfBirth: '1990-04-02' }),
    ];
    await consentTo(w, atTown);
    const [line] = await workList();
    for (const clientId of clients) {
      const link = { partner: line!.partner, pseudonym: line!.pseudonym, clientId };
      expect((await merelsTown().does('linkIntroduction', link)).refused?.code).toBe('does-not-match');
      expect(filled(await merelsTown().reads('receivedAboutClient', { clientId }))).toEqual([]);
    }
    expect(await workList()).toHaveLength(1);
  });

  it('that somebody looked at are in the client’s own list once it is known who she is', async () => {
    const clientId = await merelsTown().succeeds('registerClient', { ...anna, initials: 'A.' });
    await consentTo(w, atTown);
    const bas = w.gemeente.as('bas', 'clientManager');
    const [line] = await bas.reads<Line[]>('introductionsToLink');
    const about = () => w.gemeente.ports.accessLog.about(clientId, { limit: 1_000 });
    expect((await about()).filter(({ operation }) => operation === 'introductionsToLink')).toEqual([]);
    const link = { partner: line!.partner, pseudonym: line!.pseudonym, clientId };
    await merelsTown().succeeds('linkIntroduction', link);
    await merelsTown().succeeds('linkIntroduction', link);
    expect((await about()).filter(({ operation }) => operation === 'introductionsToLink')).toEqual([
      expect.objectContaining({ user: expect.objectContaining({ person: 'bas' }), categories: ['K1'], outcome: 0 }),
    ]);
  });

  it('made again under a later consent, before anybody linked the first, can still be opened and linked', async () => {
    const clientId = await merelsTown().succeeds('registerClient', { ...anna, initials: 'A.' });
    const first = await consentTo(w, atTown);
    await w.herself.succeeds('withdrawConsent', { consentId: first });
    expect(await workList()).toEqual([]);
    await consentTo(w, atTown);
    const [line] = await workList();
    expect(line).toMatchObject(anna);
    await merelsTown().succeeds('linkIntroduction', { partner: line!.partner, pseudonym: line!.pseudonym, clientId });
  });
});
