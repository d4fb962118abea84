/** Whatever is wrong with what comes in, from people or from partners: it is refused in words, changes nothing, loses nothing, and is in the log. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { organisationUrn, type Message } from '@convenant/contracts';
import { addDaysToDate, dayOf } from '@convenant/kernel';
import { playCompactStory, type Acknowledged, type Cast } from '../faults/compact-story.js';
import type { Person } from '../story/person.js';
import { LocalWorld } from './local-world.js';

jest.setTimeout(60_000);
const today = dayOf(new Date().toISOString());
const daysAgo = (days: number): string => addDaysToDate(today, -days);
const aJob = { occupation: 'kok', regularPaid: true, contract: 'permanent', hoursPerWeek: 20, startedOn: daysAgo(5) };

let world: LocalWorld;
let cast: Cast;
let known: Acknowledged;
beforeAll(async () => {
  world = await LocalWorld.start();
  cast = await world.cast();
  // She shares with UWV, paused once and went on, and has withdrawn from the municipality after it had read everything.
  known = await playCompactStory(1, cast, { running: () => Promise.resolve(), onTrouble: () => undefined });
  await world.counts();
});
afterAll(() => world?.stop());

const inWords = (code: string) => expect.objectContaining({ code, nl: expect.stringMatching(/[a-z]{3}/), en: expect.stringMatching(/[a-z]{3}/) });

/** Nothing is appended at any organisation, and this organisation's log has exactly one line more that says no. */
async function refusing(organisation: string, refusal: string, attempt: () => Promise<void>): Promise<void> {
  const before = await world.counts();
  const linesBefore = (await world.logged(organisation)).length;
  await attempt();
  expect(await world.counts()).toEqual(before);
  const lines = (await world.logged(organisation)).slice(linesBefore);
  expect(lines.map(({ outcome, refusal: why }) => ({ outcome, why }))).toEqual([{ outcome: expect.any(Number), why: refusal }]);
  expect(lines[0]?.outcome).not.toBe(0);
}
const isRefused = (person: Person, command: string, input: Readonly<Record<string, unknown>>, code: string, logged = code) =>
  refusing(person.organisation, logged, async () => expect((await person.tryToTell(command, input)).refused).toEqual(inWords(code)));

describe('what people enter', () => {
  it('refuses a citizen service number that fails the eleven test', () =>
    isRefused(cast.caseManager, 'registerClient', { initials: 'P.', familyName: 'Proef', dateOfBirth: '1990-01-01', bsn: '999900000' }, 'bsn-fails-eleven-test', 'input-not-understood'));

  it('refuses a date that is none, naming the field and not what was entered', () =>
    refusing('ggz-amstel', 'input-not-understood', async () => {
      const { refused } = await cast.specialist.tryToTell('holdIntake', { clientId: known.clientId, on: 'gisteren' });
      expect(refused).toEqual(inWords('input-not-understood'));
      expect(refused?.en).toContain('(on)');
      expect(JSON.stringify(refused)).not.toContain('gisteren');
    }));

  it('refuses dates in the wrong order: a job that ends before it began', () =>
    isRefused(cast.specialist, 'endJob', { clientId: known.clientId, jobId: known.jobs[1], endedOn: daysAgo(200), reason: 'other' }, 'dates-in-wrong-order'));

  it('refuses dates in the wrong order: a pause that is over before it begins', () =>
    isRefused(cast.specialist, 'pauseTrajectory', { clientId: known.clientId, on: daysAgo(1), contactAgainOn: daysAgo(3) }, 'dates-in-wrong-order'));

  it('refuses what has not happened yet', () =>
    isRefused(cast.specialist, 'recordContact', { clientId: known.clientId, on: daysAgo(-3), counterpart: 'client', mode: 'telephone', setting: 'agency' }, 'date-in-future'));

  it('refuses more than 60 hours a week, and takes the right number afterwards', async () => {
    await isRefused(cast.specialist, 'startJob', { clientId: known.clientId, ...aJob, hoursPerWeek: 60.5 }, 'hours-above-60', 'input-not-understood');
    const { id } = await cast.specialist.tell('startJob', { clientId: known.clientId, ...aJob, hoursPerWeek: 60 });
    expect(await jobIds()).toContain(id);
  });

  it('refuses to share with an organisation that does not take part', async () => {
    const offer = { clientId: known.clientId, roles: ['clientManager'], purpose: 'support', categories: ['K1', 'K2'] };
    await isRefused(cast.specialist, 'proposeConsent', { ...offer, recipient: 'gemeente-nergens' }, 'unknown-organisation');
    // The secretariat takes part and holds nothing about clients: for this there is no such recipient either.
    await isRefused(cast.specialist, 'proposeConsent', { ...offer, recipient: 'secretariaat' }, 'unknown-organisation');
  });

  it('refuses a field that does not exist, and names it', () => isRefusedAtTheDoor({ clientId: known.clientId, on: today, color: 'blue' }, 'unknown-field', 'color'));

  it('refuses a value of the wrong type, and does not repeat it', () => isRefusedAtTheDoor({ clientId: known.clientId, on: { year: 'geheim' } }, 'wrong-type', 'on'));

  it('refuses an input in which something is missing, and names it', () => isRefusedAtTheDoor({ clientId: known.clientId }, 'missing-field', 'on'));

  it('refuses text that is no question at all', async () => {
    const before = await world.counts();
    expect((await cast.specialist.send('{ myCaseload {')).refused).toEqual(inWords('not-understood'));
    expect(await world.counts()).toEqual(before);
  });

  /** The shape of a question is judged at the gateway: the organisation is never asked, so nothing can change. */
  async function isRefusedAtTheDoor(input: Readonly<Record<string, unknown>>, code: string, field: string): Promise<void> {
    const before = await world.counts();
    const query = 'mutation($input: OnDayInput!) { holdIntake(input: $input) { id } }';
    const { data, refused, errors } = await cast.specialist.send(query, { input: { requestId: randomUUID(), ...input } });
    expect(data).toBeNull();
    expect(refused).toEqual(inWords(code));
    expect(refused).toHaveProperty('at', expect.stringContaining(field));
    expect(errors).not.toMatch(/geheim|blue/);
    expect(await world.counts()).toEqual(before);
  }
});

describe('tokens', () => {
  const question = 'query($clientId: ID!) { clientFile(clientId: $clientId) { clientId } }';
  const asks = (person: Person, headers = {}) => person.send(question, { clientId: known.clientId }, headers);
  const isNotRecognised = (token: () => Promise<string>, why: string) =>
    refusing('ggz-amstel', why, async () => {
      const { status, data, refused } = await asks(world.person('ggz-amstel', 'employmentSpecialist', await token()));
      expect({ status, data }).toEqual({ status: 401, data: null });
      // Whoever sends it reads the same, whatever was wrong with it.
      expect(refused).toEqual(inWords('not-signed-in'));
    });

  it('refuses a token that has expired', () => {
    const now = Math.floor(Date.now() / 1000);
    return isNotRecognised(() => world.tokenLike(cast.specialist, { iat: now - 1800, exp: now - 900 }), 'expired');
  });

  it('refuses a token that somebody else signed', () =>
    isNotRecognised(async () => {
      const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
      return world.tokenLike(cast.specialist, {}, privateKey);
    }, 'forged'));

  it('refuses a token of another organisation that was made out to this one', async () => {
    const abroad = await world.enter('ggz-duin', 'esra', 'employmentSpecialist');
    await isNotRecognised(() => world.tokenLike(abroad, { aud: organisationUrn('ggz-amstel') }), 'forged');
  });

  it('refuses a good token at another organisation than its own', async () => {
    const before = await world.counts();
    const { status, refused } = await asks(cast.specialist, { 'convenant-organisation': 'ggz-duin' });
    expect(status).toBe(403);
    expect(refused).toEqual(inWords('another-organisation'));
    expect(await world.counts()).toEqual(before);
  });

  it('finds nobody for a colleague of another agency who asks by the right id', async () => {
    const abroad = await world.enter('ggz-duin', 'esra', 'employmentSpecialist');
    await refusing('ggz-duin', 'nobody-found', async () => expect((await asks(abroad)).refused).toEqual(inWords('nobody-found')));
  });
});

describe('messages', () => {
  const disclosed = () => world.line.of('job-facts', 'uwv').at(-1) as NonNullable<ReturnType<typeof world.line.of>[number]>;
  const signedBy = (organisation: string, message: object) => world.at(organisation).ports.signer.sign(JSON.stringify(message));
  const fresh = (changes: Partial<Message> = {}): Message => ({ ...disclosed().message, id: randomUUID(), subject: randomUUID(), sequence: '1', ...changes });
  const isRefusedAt = (recipient: string, signed: () => string | Promise<string>, why: string) =>
    refusing(recipient, why, async () => {
      const { status, said } = await world.handIn(recipient, await signed());
      // The reason is in the log of the recipient; whoever sends it learns that it was refused and nothing else.
      expect(status).toBe(400);
      expect(said).toEqual(inWords('message-refused'));
    });

  it('refuses a message with a bad signature', () =>
    isRefusedAt('uwv', () => `${disclosed().signed.slice(0, -8)}${disclosed().signed.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`, 'bad-signature'));

  it('refuses a message that was changed on the way', () =>
    isRefusedAt(
      'uwv',
      () => {
        const [header, , signature] = disclosed().signed.split('.');
        return [header, Buffer.from(JSON.stringify(fresh())).toString('base64url'), signature].join('.');
      },
      'bad-signature',
    ));

  it('refuses a message that one partner signs in the name of another', () => isRefusedAt('uwv', () => signedBy('ggz-duin', fresh()), 'bad-signature'));

  it('refuses a message of somebody who does not take part', () =>
    isRefusedAt('uwv', () => signedBy('ggz-amstel', fresh({ source: organisationUrn('ggz-nergens') })), 'unknown-sender'));

  it('refuses a message for somebody else', () => isRefusedAt('gemeente-amstelveld', () => disclosed().signed, 'not-for-us'));

  it('refuses a message that this kind of partner never sends', () =>
    isRefusedAt('ggz-amstel', () => signedBy('verzekeraar-zilver', fresh({ source: organisationUrn('verzekeraar-zilver'), recipient: 'ggz-amstel' })), 'not-allowed-to-send'));

  it('refuses a message in a version of the envelope that it does not know', () =>
    isRefusedAt('uwv', () => signedBy('ggz-amstel', { ...fresh(), specversion: '9.0' }), 'malformed'));

  it('refuses text that is no message', () => isRefusedAt('uwv', () => 'geen.bericht.hoor', 'malformed'));

  it('says so when a message is for an organisation that does not exist', async () => {
    const before = await world.counts();
    const { status, said } = await world.handIn('gemeente-nergens', disclosed().signed);
    expect(status).toBe(404);
    expect(said).toEqual({ errors: [expect.objectContaining({ extensions: inWords('unknown-organisation') })] });
    expect(await world.counts()).toEqual(before);
  });

  it('parks a message in a version of the contract that it does not know, where the operator sees it, and goes on with the others', async () => {
    const before = await world.counts();
    const message = fresh({ type: 'nl.convenant.job-facts.v9' });
    expect((await world.handIn('uwv', await signedBy('ggz-amstel', message))).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    const officer = await world.enter('uwv', 'renske', 'privacyOfficer');
    const parked = await officer.ask('parkedMessages', 'query { parkedMessages { messageId sender type reason } }');
    expect(parked).toEqual([{ messageId: message.id, sender: 'ggz-amstel', type: message.type, reason: 'unknown-version' }]);
    // Nothing of it is lost: it can be handled again when a release understands it, and other lanes do not wait.
    expect((await officer.tryToTell('redriveMessage', { messageId: message.id })).refused?.code).not.toBe('broken');
    const seen = (await jobsAtUwv()).length;
    await cast.specialist.tell('startJob', { clientId: known.clientId, ...aJob });
    await world.counts();
    expect((await jobsAtUwv()).length).toBe(seen + 1);
  });

  it('keeps a message once that comes twice', async () => {
    const before = await world.counts();
    const page = await pageAtUwv();
    for (const { signed } of [disclosed(), ...world.line.of('client-introduced', 'uwv'), disclosed()])
      expect((await world.handIn('uwv', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageAtUwv()).toEqual(page);
  });

  it('gets nothing back by a replay of what was told before a withdrawal', async () => {
    const before = await world.counts();
    const old = world.line.overheard.filter(({ recipient, message }) => recipient === 'gemeente-amstelveld' && !/receipt/.test(message.type));
    expect(old.length).toBeGreaterThan(5);
    for (const { signed } of old) expect((await world.handIn('gemeente-amstelveld', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageOf(cast.clientManager, known.at['gemeente-amstelveld'])).toEqual({ coverage: [], jobs: [], profile: [] });
  });

  it('neither closes nor opens anything by a replay of an old pause and its end', async () => {
    const before = await world.counts();
    const page = await pageAtUwv();
    const old = [...world.line.of('consent-closed', 'uwv'), ...world.line.of('consent-reopened', 'uwv')];
    expect(old).toHaveLength(2);
    for (const { signed } of [...old, ...old.reverse()]) expect((await world.handIn('uwv', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageAtUwv()).toEqual(page);
    expect(page.coverage).toHaveLength(1);
  });
});

describe('two at once', () => {
  it('lets exactly one of two people decide the same referral, and tells the other that it was decided', async () => {
    const lead = await world.enter('ggz-amstel', 'marieke', 'ipsProjectLeader');
    const other = await world.enter('ggz-amstel', 'fatima', 'employmentSpecialist');
    for (const { subject } of [cast.specialist, other]) await lead.tell('joinTeam', { team: 'kas', person: subject, role: 'employmentSpecialist' });
    for (let round = 0; round < 5; round++) {
      const identity = { initials: 'R.', familyName: `Ronde${'abcde'[round]}`, dateOfBirth: '1988-05-05' };
      const { id: clientId } = await cast.caseManager.tell('registerClient', identity);
      const { id: referralId } = await cast.caseManager.tell('referClient', { clientId, workWish: 'Koken', toTeam: 'kas' });
      const linesBefore = (await world.logged('ggz-amstel')).length;
      const answers = await Promise.all([cast.specialist, other].map((person) => person.tryToTell('acceptReferral', { referralId })));
      expect(answers.map(({ refused }) => refused?.code ?? 'done').sort()).toEqual(['already-decided', 'done']);
      expect(answers.find(({ refused }) => refused)?.refused).toEqual(inWords('already-decided'));
      const log = (await world.logged('ggz-amstel')).slice(linesBefore).filter(({ operation }) => operation === 'acceptReferral');
      expect(log.map(({ outcome, refusal }) => [outcome, refusal]).sort()).toEqual([[0, undefined], [8, 'already-decided']]);
      const events = await world.at('ggz-amstel').ports.store.read(`referral-${referralId}`);
      expect(events.map(({ type }) => type)).toEqual(['ClientReferred', 'ReferralAccepted']);
    }
  });

  it('carries out a command once that is sent twice, one after the other or at the same time', async () => {
    const contact = { requestId: randomUUID(), clientId: known.clientId, on: daysAgo(2), counterpart: 'client', mode: 'telephone', setting: 'agency', note: 'dubbel' };
    const first = await cast.specialist.tell('recordContact', contact);
    const after = await world.counts();
    expect((await cast.specialist.tell('recordContact', contact)).id).toBe(first.id);
    expect(await world.counts()).toEqual(after);

    const registered = { requestId: randomUUID(), initials: 'T.', familyName: 'Tegelijk', dateOfBirth: '1991-02-03' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => cast.caseManager.tell('registerClient', registered)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const counts = await world.counts();
    // One client, and one relation of the person who registered her.
    expect(counts['ggz-amstel']).toBe((after['ggz-amstel'] ?? 0) + 2);
  });

  it('lets the first answer stand when the same request comes with other contents', async () => {
    const contact = { requestId: randomUUID(), clientId: known.clientId, on: daysAgo(2), counterpart: 'client', mode: 'telephone', setting: 'agency' };
    const { id } = await cast.specialist.tell('recordContact', { ...contact, note: 'de eerste' });
    const before = await world.counts();
    expect((await cast.specialist.tell('recordContact', { ...contact, note: 'iets anders' })).id).toBe(id);
    expect(await world.counts()).toEqual(before);
  });
});

async function jobIds(): Promise<readonly string[]> {
  const query = 'query($clientId: ID!) { clientFile(clientId: $clientId) { jobs { jobId } } }';
  const { jobs } = await cast.specialist.ask<{ jobs: readonly { jobId: string }[] }>('clientFile', query, { clientId: known.clientId });
  return jobs.map(({ jobId }) => jobId);
}
interface Page {
  readonly coverage: readonly unknown[];
  readonly profile: readonly unknown[];
  readonly jobs: readonly { readonly jobs: readonly unknown[] }[];
}
const pageOf = (reader: Person, clientId: string) =>
  reader.ask<Page>('receivedAboutClient', 'query($clientId: ID!) { receivedAboutClient(clientId: $clientId) { coverage { discloser } profile { workWish } jobs { jobs { occupation hoursPerWeek } } } }', { clientId });
const pageAtUwv = () => pageOf(cast.labourExpert, known.at.uwv);
const jobsAtUwv = async () => (await pageAtUwv()).jobs.flatMap(({ jobs }) => jobs);
