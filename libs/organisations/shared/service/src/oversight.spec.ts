/** Who looked and who tried: for the client in sentences, for the privacy officer in full, and never as a hint to anybody else. */
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

let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
interface Reading {
  readonly kind: string;
  readonly sentence: string;
  readonly what: readonly string[];
}
const officerAt = (organisation = w.ggz) => organisation.as('fatima', 'privacyOfficer');

describe('readings in words', () => {
  it('tell her who looked and for what, without names, repeated looks folded', async () => {
    await w.karin.reads('clientIdentity', { clientId: w.clientId });
    await w.karin.reads('clientIdentity', { clientId: w.clientId });
    const readings = await w.herself.reads<Reading[]>('myReadings');
    const looked = readings.filter(({ sentence }) => sentence === 'uw casemanager, begeleiding naar en in werk');
    expect(looked).toEqual([
      expect.objectContaining({ kind: 'reading', what: ['wie u bent en hoe u te bereiken bent'] }),
    ]);
    expect(JSON.stringify(readings)).not.toContain('karin');
    expect(await w.herself.reads<Reading[]>('myReadings', { language: 'en' })).toEqual(
      expect.arrayContaining([expect.objectContaining({ sentence: 'your case manager, support towards and in work' })]),
    );
  });

  it('tell her at the recipient too, with the consent that it rested on', async () => {
    await w.karin.succeeds('noteExample', { clientId: w.clientId, ...examples.jobs });
    const consentId = await consentTo(w);
    await w.pia.reads('receivedAboutClient', { clientId: w.clientAtUwv });
    const herself = await withLogin(w.uwv, w.wil, w.clientAtUwv);
    const readings = await herself.reads<(Reading & { consents: string[] })[]>('myReadings');
    expect(readings).toContainEqual(
      expect.objectContaining({
        sentence: 'uw verzekeringsarts bij UWV, begeleiding naar en in werk',
        what: expect.arrayContaining(['baan en contract']),
        consents: [consentId],
      }),
    );
  });

  it('peer 16: tell nothing about third parties, and no representative that somebody was stopped', async () => {
    const mentor = await withLogin(w.ggz, w.karin, w.clientId, 'representative');
    await w.noor.isRefused('clientIdentity', { clientId: w.clientId });
    await w.noor.reads('findClient', { initials: 'A.B.', familyName: 'Testpersoon', dateOfBirth: '1990-04-01' });
    await w.ggz.as('kees', 'caseManager').isRefused('consents', { clientId: w.clientId });
    const stopped = (readings: readonly Reading[]) => readings.filter(({ kind }) => kind === 'stopped');
    expect(stopped(await w.herself.reads('myReadings'))).toEqual([
      expect.objectContaining({
        sentence: 'Er is geprobeerd iets van u te openen. Dat is tegengehouden; er is niets getoond.',
        who: '',
      }),
    ]);
    expect(stopped(await mentor.reads('myReadings'))).toEqual([]);
  });

  it('peer 16: do not show a recipient’s reader that anything is restricted', async () => {
    await w.karin.succeeds('noteExample', { clientId: w.clientId, ...examples.jobs });
    await consentTo(w, supportAtUwv, ['K1', 'K2']);
    await w.pia.reads('receivedAboutClient', { clientId: w.clientAtUwv });
    const [line] = (await w.uwv.ports.accessLog.by('pia', { limit: 10 })).slice(-1);
    expect(line).toMatchObject({ outcome: 0, categories: ['K1'] });
    expect(line).not.toHaveProperty('refusal');
  });
});

describe('the privacy officer', () => {
  it('peer 22: can answer who saw this client, and who tried', async () => {
    await w.karin.reads('clientIdentity', { clientId: w.clientId });
    await w.noor.isRefused('clientIdentity', { clientId: w.clientId });
    const { saw, tried } = await officerAt().reads<{ saw: object[]; tried: object[] }>('whoSaw', {
      clientId: w.clientId,
      category: 'K1',
    });
    expect(saw).toEqual([
      expect.objectContaining({
        person: 'karin',
        role: 'caseManager',
        times: 1,
        categories: ['K1'],
        relations: ['personal'],
      }),
    ]);
    expect(tried).toEqual([expect.objectContaining({ person: 'noor', role: 'employmentSpecialist', times: 1 })]);
  });

  it('peer 22: leaves her own question in the log, and sees no content', async () => {
    await officerAt().reads('whoSaw', { clientId: w.clientId });
    const [line] = (await w.ggz.ports.accessLog.by('fatima', { limit: 10 })).slice(-1);
    expect(line).toMatchObject({ operation: 'whoSaw', relation: 'oversight', client: w.clientId, categories: [] });
    for (const query of ['clientIdentity', 'consents', 'receivedAboutClient'])
      expect((await officerAt().isRefused(query, { clientId: w.clientId })).code).toBe('not-allowed');
    expect((await w.karin.isRefused('whoSaw', { clientId: w.clientId })).code).toBe('not-allowed');
  });

  it('peer 23: sees who tries person after person, found or not', async () => {
    const names = ['Beroemd', 'Bekend', 'Bijzonder'];
    for (const familyName of names)
      await w.noor.reads('findClient', { initials: 'X.', familyName, dateOfBirth: '1980-01-01' });
    expect(await officerAt().reads('suspiciousAttempts')).toEqual([
      expect.objectContaining({ person: 'noor', refusals: 3, subjects: 3, why: 'many-subjects' }),
    ]);
    expect(JSON.stringify(w.ggz.accessLogStore.stored)).not.toContain('Beroemd');
  });

  it('sees what could not be handled without its contents, and lets it be handled again', async () => {
    await consentTo(w);
    const [closed] = await w.uwv.ports.store.readAll(undefined, 1);
    const message = {
      specversion: '1.0',
      id: '11111111-1111-4111-8111-111111111111',
      source: 'urn:convenant:organisation:ggz-amstel',
      type: 'nl.convenant.something-new.v9',
      subject: '22222222-2222-4222-8222-222222222222',
      time: w.world.now(),
      datacontenttype: 'application/json',
      recipient: 'uwv',
      data: { secret: 'Testpersoon' },
    };
    expect(closed).toBeDefined();
    expect(await w.uwv.service.receive(await w.ggz.ports.signer.sign(JSON.stringify(message)))).toBe('parked');
    const officer = officerAt(w.uwv);
    const parked = await officer.reads('parkedMessages');
    expect(parked).toEqual([
      {
        messageId: '11111111-1111-4111-8111-111111111111',
        sender: 'ggz-amstel',
        type: 'nl.convenant.something-new.v9',
        reason: 'unknown-version',
        at: w.world.now(),
      },
    ]);
    expect(
      (await officer.does('redriveMessage', { messageId: '11111111-1111-4111-8111-111111111111' })).refused?.code,
    ).toBe('still-parked');
    expect((await officer.does('redriveMessage', { messageId: 'unknown' })).refused?.code).toBe('not-parked');
    expect(
      (await w.pia.does('redriveMessage', { messageId: '11111111-1111-4111-8111-111111111111' })).refused?.code,
    ).toBe('not-allowed');
  });
});
