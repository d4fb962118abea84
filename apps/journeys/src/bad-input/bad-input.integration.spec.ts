/** Whatever is wrong with what people send in: it is refused in words, changes nothing, loses nothing, and is in the log. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { organisationUrn } from '@convenant/contracts';
import { addDaysToDate, dayOf } from '@convenant/kernel';
import type { Acknowledged, Cast } from '../faults/compact-story.js';
import type { Person } from '../story/person.js';
import { LocalWorld } from './local-world.js';
import { inWords, refusing } from './refusing.js';

const today = dayOf(new Date().toISOString());
const daysAgo = (days: number): string => addDaysToDate(today, -days);
const aJob = { occupation: 'kok', regularPaid: true, contract: 'permanent', hoursPerWeek: 20, startedOn: daysAgo(5) };

let world: LocalWorld;
let cast: Cast;
let known: Acknowledged;
beforeAll(async () => {
  world = await LocalWorld.start();
  cast = await world.cast();
  known = await world.someClient(cast);
});
afterAll(() => world?.stop());

const isRefused = (
  person: Person,
  command: string,
  input: Readonly<Record<string, unknown>>,
  code: string,
  logged = code,
) =>
  refusing(world, person.organisation, logged, async () =>
    expect((await person.tryToTell(command, input)).refused).toEqual(inWords(code)),
  );

describe('what people enter', () => {
  it('refuses a citizen service number that fails the eleven test', () =>
    isRefused(
      cast.caseManager,
      'registerClient',
      { initials: 'P.', familyName: 'Proef', dateOfBirth: '1990-01-01', bsn: '999900000' },
      'bsn-fails-eleven-test',
      'input-not-understood',
    ));

  it('refuses a date that is none, naming the field and not what was entered', () =>
    refusing(world, 'ggz-amstel', 'input-not-understood', async () => {
      const { refused } = await cast.specialist.tryToTell('holdIntake', { clientId: known.clientId, on: 'gisteren' });
      expect(refused).toEqual(inWords('input-not-understood'));
      expect(refused?.en).toContain('(on)');
      expect(JSON.stringify(refused)).not.toContain('gisteren');
    }));

  it('refuses dates in the wrong order: a job that ends before it began', () =>
    isRefused(
      cast.specialist,
      'endJob',
      { clientId: known.clientId, jobId: known.jobs[1], endedOn: daysAgo(200), reason: 'other' },
      'dates-in-wrong-order',
    ));

  it('refuses dates in the wrong order: a pause that is over before it begins', () =>
    isRefused(
      cast.specialist,
      'pauseTrajectory',
      { clientId: known.clientId, on: daysAgo(1), contactAgainOn: daysAgo(3) },
      'dates-in-wrong-order',
    ));

  it('refuses what has not happened yet', () =>
    isRefused(
      cast.specialist,
      'recordContact',
      { clientId: known.clientId, on: daysAgo(-3), counterpart: 'client', mode: 'telephone', setting: 'agency' },
      'date-in-future',
    ));

  it('refuses somebody who has yet to be born', () =>
    isRefused(
      cast.caseManager,
      'registerClient',
      { initials: 'P.', familyName: 'Proef', dateOfBirth: daysAgo(-1) },
      'date-in-future',
    ));

  it('refuses more than 60 hours a week, and takes the right number afterwards', async () => {
    await isRefused(
      cast.specialist,
      'startJob',
      { clientId: known.clientId, ...aJob, hoursPerWeek: 60.5 },
      'hours-above-60',
      'input-not-understood',
    );
    const { id } = await cast.specialist.tell('startJob', { clientId: known.clientId, ...aJob, hoursPerWeek: 60 });
    expect(await jobIds()).toContain(id);
  });

  it('refuses to share with an organisation that does not take part', async () => {
    const offer = { clientId: known.clientId, roles: ['clientManager'], purpose: 'support', categories: ['K1', 'K2'] };
    await isRefused(
      cast.specialist,
      'proposeConsent',
      { ...offer, recipient: 'gemeente-nergens' },
      'unknown-organisation',
    );
    // The secretariat takes part and holds nothing about clients: for this there is no such recipient either.
    await isRefused(cast.specialist, 'proposeConsent', { ...offer, recipient: 'secretariaat' }, 'unknown-organisation');
  });

  it('refuses a field that does not exist, and names it', () =>
    isRefusedAtTheDoor({ clientId: known.clientId, on: today, color: 'blue' }, 'unknown-field', 'color'));

  it('refuses a value of the wrong type, and does not repeat it', () =>
    isRefusedAtTheDoor({ clientId: known.clientId, on: { year: 'geheim' } }, 'wrong-type', 'on'));

  it('refuses an input in which something is missing, and names it', () =>
    isRefusedAtTheDoor({ clientId: known.clientId }, 'missing-field', 'on'));

  it('refuses text that is no question at all', async () => {
    const before = await world.counts();
    expect((await cast.specialist.send('{ myCaseload {')).refused).toEqual(inWords('not-understood'));
    expect(await world.counts()).toEqual(before);
  });

  /** The shape of a question is judged at the gateway: the organisation is never asked, so nothing can change. */
  async function isRefusedAtTheDoor(
    input: Readonly<Record<string, unknown>>,
    code: string,
    field: string,
  ): Promise<void> {
    const before = await world.counts();
    const query = 'mutation($input: OnDayInput!) { holdIntake(input: $input) { id } }';
    const { data, refused, errors } = await cast.specialist.send(query, {
      input: { requestId: randomUUID(), ...input },
    });
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
    refusing(world, 'ggz-amstel', why, async () => {
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
      const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
        'sign',
        'verify',
      ]);
      return world.tokenLike(cast.specialist, {}, privateKey);
    }, 'forged'));

  it('refuses a token of another organisation that was made out to this one', async () => {
    const abroad = await world.enter('ggz-duin', 'esra', 'employmentSpecialist');
    await isNotRecognised(() => world.tokenLike(abroad, { aud: organisationUrn('ggz-amstel') }), 'forged');
  });

  it('refuses a good token at another organisation than its own', () =>
    refusing(world, 'ggz-amstel', 'another-organisation', async () => {
      const { status, refused } = await asks(cast.specialist, { 'convenant-organisation': 'ggz-duin' });
      expect(status).toBe(403);
      expect(refused).toEqual(inWords('another-organisation'));
    }));

  it('finds nobody for a colleague of another agency who asks by the right id', async () => {
    const abroad = await world.enter('ggz-duin', 'esra', 'employmentSpecialist');
    await refusing(world, 'ggz-duin', 'nobody-found', async () =>
      expect((await asks(abroad)).refused).toEqual(inWords('nobody-found')),
    );
  });
});

describe('two at once', () => {
  it('lets exactly one of two people decide the same referral, and tells the other that it was decided', async () => {
    const lead = await world.enter('ggz-amstel', 'marieke', 'ipsProjectLeader');
    const other = await world.enter('ggz-amstel', 'fatima', 'employmentSpecialist');
    for (const { subject } of [cast.specialist, other])
      await lead.tell('joinTeam', { team: 'kas', person: subject, role: 'employmentSpecialist' });
    for (let round = 0; round < 5; round++) {
      const identity = { initials: 'R.', familyName: `Ronde${'abcde'[round]}`, dateOfBirth: '1988-05-05' };
      const { id: clientId } = await cast.caseManager.tell('registerClient', identity);
      const { id: referralId } = await cast.caseManager.tell('referClient', {
        clientId,
        workWish: 'Koken',
        toTeam: 'kas',
      });
      const linesBefore = (await world.logged('ggz-amstel')).length;
      const answers = await Promise.all(
        [cast.specialist, other].map((person) => person.tryToTell('acceptReferral', { referralId })),
      );
      expect(answers.map(({ refused }) => refused?.code ?? 'done').sort()).toEqual(['already-decided', 'done']);
      expect(answers.find(({ refused }) => refused)?.refused).toEqual(inWords('already-decided'));
      const log = (await world.logged('ggz-amstel'))
        .slice(linesBefore)
        .filter(({ operation }) => operation === 'acceptReferral');
      expect(log.map(({ outcome, refusal }) => [outcome, refusal]).sort()).toEqual([
        [0, undefined],
        [8, 'already-decided'],
      ]);
      const events = await world.at('ggz-amstel').ports.store.read(`referral-${referralId}`);
      expect(events.map(({ type }) => type)).toEqual(['ClientReferred', 'ReferralAccepted']);
    }
  });

  it('carries out a command once that is sent twice, one after the other or at the same time', async () => {
    const contact = {
      requestId: randomUUID(),
      clientId: known.clientId,
      on: daysAgo(2),
      counterpart: 'client',
      mode: 'telephone',
      setting: 'agency',
      note: 'dubbel',
    };
    const first = await cast.specialist.tell('recordContact', contact);
    const after = await world.counts();
    expect((await cast.specialist.tell('recordContact', contact)).id).toBe(first.id);
    expect(await world.counts()).toEqual(after);

    const registered = { requestId: randomUUID(), initials: 'T.', familyName: 'Tegelijk', dateOfBirth: '1991-02-03' };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => cast.caseManager.tell('registerClient', registered)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const counts = await world.counts();
    // One client, and one relation of the person who registered her.
    expect(counts['ggz-amstel']).toBe((after['ggz-amstel'] ?? 0) + 2);
  });

  it('lets the first answer stand when the same request comes with other contents', async () => {
    const contact = {
      requestId: randomUUID(),
      clientId: known.clientId,
      on: daysAgo(2),
      counterpart: 'client',
      mode: 'telephone',
      setting: 'agency',
    };
    const { id } = await cast.specialist.tell('recordContact', { ...contact, note: 'de eerste' });
    const before = await world.counts();
    expect((await cast.specialist.tell('recordContact', { ...contact, note: 'iets anders' })).id).toBe(id);
    expect(await world.counts()).toEqual(before);
  });
});

async function jobIds(): Promise<readonly string[]> {
  const query = 'query($clientId: ID!) { clientFile(clientId: $clientId) { jobs { jobId } } }';
  const { jobs } = await cast.specialist.ask<{ jobs: readonly { jobId: string }[] }>('clientFile', query, {
    clientId: known.clientId,
  });
  return jobs.map(({ jobId }) => jobId);
}
