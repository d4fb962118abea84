/** Clients are registered, corrected, found by those who work with them, and get a login of their own. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { anna, exampleOrganisations, exampleWorld, withLogin, type ExampleWorld } from './example/example-world.js';

let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
const bea = { initials: 'B.', familyName: 'Van der Voorbeeld-Test', dateOfBirth: '1985-12-31' };
const requestId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';

describe('registering a client', () => {
  it('lets the registrar work with her from that moment', async () => {
    const clientId = await w.karin.succeeds('registerClient', {
      ...bea,
      bsn: '999990019',
      contact: { telephone: '0600000000' },
    });
    expect(await w.karin.reads('clientIdentity', { clientId })).toEqual({ ...bea, clientId, telephone: '0600000000' });
    expect(await w.karin.reads('relationsOf', { clientId })).toEqual([
      expect.objectContaining({ person: 'karin', role: 'caseManager', kind: 'personal', confirmed: true }),
    ]);
  });

  it('does it once when the same request comes twice', async () => {
    const first = await w.karin.does('registerClient', { requestId, ...bea });
    const head = await w.ggz.ports.store.head();
    const second = await w.karin.does('registerClient', { requestId, ...bea });
    expect(second).toEqual(first);
    expect(await w.ggz.ports.store.head()).toBe(head);
  });

  it('refuses a number that fails the eleven test, in the user’s words, and keeps nothing', async () => {
    const head = await w.ggz.ports.store.head();
    const { refused } = await w.karin.does('registerClient', { ...bea, bsn: '999990018' });
    expect(refused).toEqual({
      code: 'bsn-fails-eleven-test',
      nl: expect.stringContaining('burgerservicenummer'),
      en: expect.any(String),
    });
    expect(await w.ggz.ports.store.head()).toBe(head);
  });

  it('refuses a date that does not exist, and names the field but not what was entered', async () => {
    const { refused } = await w.karin.does('registerClient', { ...bea, dateOfBirth: '1985-02-30' });
    expect(refused?.code).toBe('input-not-understood');
    expect(refused?.nl).toContain('dateOfBirth');
    expect(JSON.stringify(refused)).not.toContain('1985');
  });

  it('is not part of every role', async () => {
    expect((await w.noor.does('registerClient', bea)).refused?.code).toBe('not-allowed');
  });

  it('corrects her details as a whole, for whoever works with her', async () => {
    await w.karin.succeeds('correctClientDetails', { clientId: w.clientId, ...anna, familyName: 'Testvrouw' });
    expect(await w.karin.reads('clientIdentity', { clientId: w.clientId })).toMatchObject({ familyName: 'Testvrouw' });
    expect((await w.noor.does('correctClientDetails', { clientId: w.clientId, ...bea })).refused?.code).toBe(
      'nobody-found',
    );
    expect(
      (await w.karin.does('correctClientDetails', { clientId: w.clientId, ...bea, bsn: '123456789' })).refused?.code,
    ).toBe('bsn-fails-eleven-test');
  });
});

describe('finding a client', () => {
  it('finds exactly this person, and only for those who work with her', async () => {
    expect(await w.karin.reads('findClient', anna)).toEqual([{ ...anna, clientId: w.clientId }]);
    expect(await w.karin.reads('findClient', { ...anna, dateOfBirth: '1990-04-02' })).toEqual([]);
    expect(await w.noor.reads('findClient', anna)).toEqual([]);
  });

  it('peer 21: another municipality finds nobody', async () => {
    const merel = w.gemeente.as('merel', 'clientManager');
    const clientId = await merel.succeeds('registerClient', anna);
    const bas = w.world.organisation('gemeente-zuiderdam').as('bas', 'clientManager');
    expect(await bas.reads('findClient', anna)).toEqual([]);
    const strangers = await bas.isRefused('clientIdentity', { clientId });
    expect(strangers).toEqual(await bas.isRefused('clientIdentity', { clientId: 'nobody-at-all' }));
    expect(strangers.code).toBe('nobody-found');
  });

  it('peer 3: says the same about a client whom one does not work with and about nobody, and takes no filter or order', async () => {
    const aboutAClient = await w.noor.reads('findClient', anna);
    const aboutNobody = await w.noor.reads('findClient', bea);
    expect(aboutAClient).toEqual(aboutNobody);
    for (const more of [{ orderBy: 'K4' }, { filter: { category: 'K4' } }, { first: 1 }])
      expect((await w.pia.isRefused('receivedAboutClient', { clientId: w.clientAtUwv, ...more })).code).toBe(
        'unknown-field',
      );
  });
});

describe('a login of her own', () => {
  it('shows the code in the first answer and never again', async () => {
    const input = { requestId, clientId: w.clientId, for: 'client' };
    const first = await w.karin.does('issueActivationCode', input);
    expect(first['code']).toMatch(/^([0-9A-F]{5}-){3}[0-9A-F]{5}$/);
    expect((await w.karin.does('issueActivationCode', input))['code']).toBeUndefined();
    const log = await w.ggz.ports.store.readAll(undefined, 1_000);
    expect(JSON.stringify(log)).not.toContain(first['code']);
  });

  it('activates once, however the code is typed, and answers the same when the request is repeated', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const typed = String(code).toLowerCase().replaceAll('-', ' ');
    const phone = w.ggz.as('phone-of-anna', 'client');
    await phone.succeeds('activateLogin', { requestId, code: typed });
    expect((await phone.does('activateLogin', { requestId, code: typed })).refused).toBeUndefined();
    expect(await phone.reads('myConsents')).toEqual({ consents: [], objections: [], asks: [] });
    expect((await w.ggz.as('somebody-else', 'client').does('activateLogin', { code })).refused?.code).toBe(
      'code-unknown',
    );
  });

  it('lets exactly one of two people in who use one code at the same moment', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const both = ['one', 'two'].map((person) => w.ggz.as(person, 'client').does('activateLogin', { code }));
    const refusals = (await Promise.all(both)).map(({ refused }) => refused?.code);
    expect(refusals.filter((code) => code === undefined)).toHaveLength(1);
    expect(['code-already-used', 'code-unknown']).toContain(refusals.find((code) => code !== undefined));
  });

  it('refuses a code of another role, one that ran out, and one for a second client', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    expect((await w.ggz.as('r', 'representative').does('activateLogin', { code })).refused?.code).toBe('code-unknown');
    const other = await w.karin.succeeds('registerClient', bea);
    const second = await w.karin.does('issueActivationCode', { clientId: other, for: 'client' });
    expect((await w.herself.does('activateLogin', { code: second['code'] })).refused?.code).toBe(
      'login-belongs-to-another-client',
    );
    await w.world.pass({ days: 31 });
    expect((await w.ggz.as('late', 'client').does('activateLogin', { code })).refused?.code).toBe('code-expired');
  });

  it('asks on what ground a representative acts', async () => {
    const issued = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'representative' });
    expect(issued.refused?.code).toBe('basis-missing');
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    expect(await mentor.reads('myPeople')).toHaveLength(1);
  });

  it('opens her own page and no other', async () => {
    const other = await w.karin.succeeds('registerClient', bea);
    expect((await w.herself.does('withdrawConsent', { clientId: other, consentId: 'x' })).refused?.code).toBe(
      'nobody-found',
    );
    expect((await w.ggz.as('no-login-yet', 'client').isRefused('myConsents')).code).toBe('nobody-found');
  });
});
