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

describe('who I am here', () => {
  it('tells the reference by which colleagues assign work, and the role, to staff and client alike', async () => {
    expect(await w.karin.reads('me')).toEqual({ person: 'karin', role: 'caseManager', organisation: 'ggz-amstel' });
  });
});

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

const { dateOfBirth } = anna;
interface Line {
  readonly loginId: string;
  readonly state: string;
  readonly issuedByRole?: string;
}
const myLogins = () => w.herself.reads<Line[]>('myLogins');
describe('a login of her own', () => {
  it('shows the code in the first answer and never again', async () => {
    const input = { requestId, clientId: w.clientId, for: 'client' };
    const first = await w.karin.does('issueActivationCode', input);
    expect(first['code']).toMatch(/^([0-9A-F]{5}-){3}[0-9A-F]{5}$/);
    expect((await w.karin.does('issueActivationCode', input))['code']).toBeUndefined();
    const log = await w.ggz.ports.store.readAll(undefined, 1_000);
    expect(JSON.stringify(log)).not.toContain(first['code']);
  });

  it('tells the code that it kept and no other, when the same request is under way twice at once', async () => {
    const input = { requestId, clientId: w.clientId, for: 'client' };
    const answers = await Promise.all([1, 2].map(() => w.karin.does('issueActivationCode', input)));
    const codes = answers.flatMap(({ code }) => (typeof code === 'string' ? [code] : []));
    expect(codes).toHaveLength(1);
    await w.herself.succeeds('activateLogin', { code: codes[0], dateOfBirth });
  });

  it('activates once, however the code is typed, and answers the same when the request is repeated', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const typed = String(code).toLowerCase().replaceAll('-', ' ');
    const phone = w.ggz.as('phone-of-anna', 'client');
    await phone.succeeds('activateLogin', { requestId, code: typed, dateOfBirth });
    expect((await phone.does('activateLogin', { requestId, code: typed, dateOfBirth })).refused).toBeUndefined();
    expect(await phone.reads('myConsents')).toEqual({ consents: [], objections: [], asks: [] });
    expect((await w.ggz.as('somebody-else', 'client').does('activateLogin', { code, dateOfBirth })).refused?.code).toBe(
      'code-already-used',
    );
  });

  it('lets exactly one of two people in who use one code at the same moment', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const both = ['one', 'two'].map((person) =>
      w.ggz.as(person, 'client').does('activateLogin', { code, dateOfBirth }),
    );
    const refusals = (await Promise.all(both)).map(({ refused }) => refused?.code);
    expect(refusals.filter((code) => code === undefined)).toHaveLength(1);
    expect(['code-already-used', 'code-unknown']).toContain(refusals.find((code) => code !== undefined));
  });

  it('refuses a code of another role, one that ran out, and one for a second client', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    expect((await w.ggz.as('r', 'representative').does('activateLogin', { code, dateOfBirth })).refused?.code).toBe(
      'code-unknown',
    );
    const other = await w.karin.succeeds('registerClient', bea);
    const second = await w.karin.does('issueActivationCode', { clientId: other, for: 'client' });
    expect(
      (await w.herself.does('activateLogin', { code: second['code'], dateOfBirth: bea.dateOfBirth })).refused?.code,
    ).toBe('login-belongs-to-another-client');
    await w.world.pass({ days: 31 });
    expect((await w.ggz.as('late', 'client').does('activateLogin', { code, dateOfBirth })).refused?.code).toBe(
      'code-expired',
    );
  });

  it('opens with her date of birth, and after three other dates the code is worth nothing', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const finder = w.ggz.as('finder-of-the-letter', 'client');
    const guess = async (date: string, more = {}) =>
      (await finder.does('activateLogin', { code, dateOfBirth: date, ...more })).refused?.code;
    expect(await guess('1990-04-02', { requestId })).toBe('date-does-not-match');
    expect(await guess('1990-04-02', { requestId })).toBe('date-does-not-match');
    expect(await guess('1990-04-03', { requestId })).toBe('date-does-not-match');
    expect(await guess('1990-04-04')).toBe('date-does-not-match');
    expect(await guess(dateOfBirth)).toBe('code-ended');
    expect(await myLogins()).toContainEqual(expect.objectContaining({ state: 'ended', wrongTries: 3 }));
    expect((await w.ggz.as('finder-of-the-letter', 'client').isRefused('myConsents')).code).toBe('nobody-found');
  });

  it('opens no code three times over when many dates are tried at one moment', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const dates = Array.from({ length: 9 }, (_, day) => `1991-05-0${day + 1}`);
    await Promise.all(
      dates.map((date, index) =>
        w.ggz.as(`finder-${index}`, 'client').does('activateLogin', { code, dateOfBirth: date }),
      ),
    );
    const late = await w.ggz.as('late', 'client').does('activateLogin', { code, dateOfBirth });
    expect(late.refused?.code).toBe('code-ended');
    expect(await myLogins()).toContainEqual(expect.objectContaining({ state: 'ended', wrongTries: 3 }));
  });

  it('takes the place of the login before it, so that at any moment one is hers', async () => {
    const { code } = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    const second = w.ggz.as('new-phone', 'client');
    await second.succeeds('activateLogin', { code, dateOfBirth });
    expect((await w.herself.isRefused('myConsents')).code).toBe('nobody-found');
    expect((await second.reads<Line[]>('myLogins')).map(({ state, issuedByRole }) => [state, issuedByRole])).toEqual([
      ['ended', 'caseManager'],
      ['in-use', 'caseManager'],
    ]);
    const third = await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'client' });
    await w.herself.succeeds('activateLogin', { code: third['code'], dateOfBirth });
    expect((await second.isRefused('myConsents')).code).toBe('nobody-found');
    await w.herself.reads('myConsents');
  });

  it('of a representative takes the place of the one on the same ground, and of no other', async () => {
    const login = async (person: string, basis: string) => {
      const { code } = await w.karin.does('issueActivationCode', {
        clientId: w.clientId,
        for: 'representative',
        basis,
      });
      const representative = w.ggz.as(person, 'representative');
      await representative.succeeds('activateLogin', { code, dateOfBirth });
      return representative;
    };
    const [mentor, curator] = [await login('mentor', 'mentor'), await login('curator', 'curator')];
    await mentor.reads('myPeople');
    const nextMentor = await login('next-mentor', 'mentor');
    expect((await mentor.isRefused('myPeople')).code).toBe('nobody-found');
    await curator.reads('myPeople');
    await nextMentor.reads('myPeople');
    await w.herself.reads('myPeople');
  });

  it('is seen and ended by her: her representative’s, a code on its way, and her own', async () => {
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    await w.karin.does('issueActivationCode', { clientId: w.clientId, for: 'representative', basis: 'partner' });
    const [own, theirs, waiting] = await myLogins();
    expect([own, theirs, waiting]).toMatchObject([
      { as: 'client', state: 'in-use' },
      { as: 'representative', basis: 'mentor', basisInWords: { nl: 'mentor' }, state: 'in-use' },
      { as: 'representative', basis: 'partner', state: 'waiting' },
    ]);
    expect((await mentor.does('endLogin', { loginId: own?.loginId })).refused?.code).toBe('not-allowed');
    await w.herself.succeeds('endLogin', { loginId: theirs?.loginId });
    expect((await mentor.isRefused('myPeople')).code).toBe('nobody-found');
    await w.herself.succeeds('endLogin', { loginId: waiting?.loginId });
    expect((await myLogins()).map(({ state }) => state)).toEqual(['in-use', 'ended', 'ended']);
    expect((await w.herself.does('endLogin', { loginId: 'constructor' })).refused?.code).toBe('login-unknown');
    await w.herself.succeeds('endLogin');
    expect((await w.herself.isRefused('myLogins')).code).toBe('nobody-found');
  });

  it('is ended at the desk by somebody who works with her and issues codes', async () => {
    const [own] = await w.karin.reads<Line[]>('logins', { clientId: w.clientId });
    const about = { clientId: w.clientId, loginId: own?.loginId };
    expect((await w.noor.does('endLogin', about)).refused?.code).toBe('not-allowed');
    expect((await w.ggz.as('kees', 'caseManager').does('endLogin', about)).refused?.code).toBe('nobody-found');
    await w.karin.succeeds('endLogin', about);
    expect((await w.herself.isRefused('myConsents')).code).toBe('nobody-found');
  });

  it('gets its code from somebody who registers clients and works with her in person', async () => {
    const code = { clientId: w.clientId, for: 'client' };
    await w.karin.succeeds('beginRelation', { clientId: w.clientId, person: 'noor', role: 'employmentSpecialist' });
    expect((await w.noor.does('issueActivationCode', code)).refused?.code).toBe('not-allowed');
    await w.karin.succeeds('appointStandIn', { standIn: 'kees', until: '2026-11-09T09:00:00.000Z' });
    expect((await w.ggz.as('kees', 'caseManager').does('issueActivationCode', code)).refused?.code).toBe(
      'not-yours-to-arrange',
    );
    await w.karin.succeeds('handOverCaseload', { to: 'tom' });
    const tom = w.ggz.as('tom', 'caseManager');
    expect((await tom.does('issueActivationCode', code)).refused?.code).toBe('not-yours-to-arrange');
    await tom.succeeds('confirmTakenOver', { clientId: w.clientId });
    expect((await tom.does('issueActivationCode', code)).refused).toBeUndefined();
  });

  it('acts on a ground from the list of the law, and on no other', async () => {
    const issued = { clientId: w.clientId, for: 'representative', basis: 'de buurman die helpt' };
    expect((await w.karin.does('issueActivationCode', issued)).refused?.code).toBe('input-not-understood');
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
