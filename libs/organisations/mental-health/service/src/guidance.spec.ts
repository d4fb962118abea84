/** What is recorded of the guidance: who may, what is refused in which words, and that the client reads all of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { agencyOrganisations, agencyWorld, codeOf } from './example/agency-world.js';

const begin = async () => agencyWorld<World>(await testWorld({ organisations: agencyOrganisations }));
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
  await w.noor.succeeds('acceptReferral', { referralId: await w.refer() });
});
type File = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
const records = (command: string, input: object, who = w.noor) =>
  codeOf(who.does(command, { clientId: w.clientId, ...input }));
const myFile = () => w.herself.reads<File>('myFile');
const file = (who: typeof w.noor) => who.reads<File>('clientFile', { clientId: w.clientId });
const tomorrow = '2026-11-03';
const today = '2026-11-02';
const profile = { workWish: 'In een kas werken', preferences: ['buiten'], experience: 'Keuken', hoursWanted: 20 };
const contact = {
  on: today,
  counterpart: 'client',
  mode: 'in-person',
  setting: 'community',
  minutes: 45,
  note: 'vertelde over haar moeder',
};
const employer = { on: today, employer: 'Kwekerij Voorbeeld', kind: 'about-this-client', matchesPreference: true };
const job = {
  startedOn: today,
  occupation: 'Medewerker kas',
  regularPaid: true,
  contract: 'under-six-months',
  hoursPerWeek: 16,
};
const summary = { hoursPerWeek: 14, regularity: 'regular', supportNeeded: 'Wekelijks overleg' };
const possibility = { kind: 'adjustment', text: 'Een rustige pauzeplek', author: 'client' };

describe('what an employment specialist records', () => {
  it('is all in the file that the client reads, notes and lessons included', async () => {
    await w.noor.succeeds('writeProfile', { clientId: w.clientId, ...profile });
    await w.noor.succeeds('recordContact', { clientId: w.clientId, ...contact });
    await w.noor.succeeds('recordEmployerContact', { clientId: w.clientId, ...employer });
    const jobId = await w.noor.succeeds('startJob', { clientId: w.clientId, ...job });
    await w.noor.succeeds('changeJob', { clientId: w.clientId, jobId, changedOn: tomorrow, hoursPerWeek: 20 });
    await w.noor.succeeds('summariseProgress', { clientId: w.clientId, on: today, summary });
    await w.noor.succeeds('notePossibility', { clientId: w.clientId, on: today, item: possibility });
    await w.noor.succeeds('arrangeFunding', { clientId: w.clientId, scheme: 'uwv-ips', from: today });
    await w.noor.succeeds('reachMilestone', {
      clientId: w.clientId,
      scheme: 'uwv-ips',
      milestone: 'placed',
      month: '2026-11',
    });
    await w.world.pass({ days: 10 });
    await w.noor.succeeds('endJob', {
      clientId: w.clientId,
      jobId,
      endedOn: '2026-11-10',
      reason: 'ended-by-client',
      learned: 'te druk',
    });
    expect(await myFile()).toMatchObject({
      profiles: [{ ...profile, writtenOn: today }],
      contacts: [{ note: 'vertelde over haar moeder', minutes: 45 }],
      employerContacts: [{ employer: 'Kwekerij Voorbeeld', matchesPreference: true }],
      jobs: [{ jobId, hoursPerWeek: 20, endedOn: '2026-11-10', endReason: 'ended-by-client', learned: 'te druk' }],
      summaries: [summary],
      possibilities: [possibility],
      funding: [
        { scheme: 'uwv-ips', step: 'arranged' },
        { step: 'placed', month: '2026-11' },
      ],
    });
  });

  it('is read by case manager and clinician of the team, and by nobody who does not work with her', async () => {
    await w.noor.succeeds('recordContact', { clientId: w.clientId, ...contact });
    for (const who of [w.karin, w.clara])
      expect((await file(who))['contacts']).toEqual([expect.objectContaining({ note: contact.note })]);
    for (const who of [w.nadia, w.ggz.as('carel', 'clinician')])
      expect((await who.isRefused('clientFile', { clientId: w.clientId })).code).toBe('nobody-found');
    expect((await w.ggz.as('paula', 'privacyOfficer').isRefused('clientFile', { clientId: w.clientId })).code).toBe(
      'not-allowed',
    );
    expect((await w.herself.isRefused('clientFile', { clientId: w.clientId })).code).toBe('not-allowed');
  });

  it('is for the specialist to record; contacts also for the case manager, possibilities for everybody who works with her', async () => {
    const commands: readonly (readonly [string, object])[] = [
      ['writeProfile', profile],
      ['recordEmployerContact', employer],
      ['startJob', job],
      ['summariseProgress', { on: today, summary }],
      ['arrangeFunding', { scheme: 'uwv-ips', from: today }],
    ];
    for (const [command, input] of commands) {
      expect(await records(command, input, w.clara)).toBe('not-allowed');
      expect(await records(command, input, w.nadia)).toBe('nobody-found');
      expect(await records(command, input, w.herself)).toBe('not-allowed');
    }
    expect(await records('recordContact', contact, w.karin)).toBeUndefined();
    expect(await records('recordContact', contact, w.clara)).toBe('not-allowed');
    for (const who of [w.karin, w.clara, w.noor])
      expect(await records('notePossibility', { on: today, item: possibility }, who)).toBeUndefined();
  });

  it('by a stand-in is in the same file, for as long as she stands in', async () => {
    await w.noor.succeeds('appointStandIn', { standIn: 'nadia', until: '2026-11-10T09:00:00.000Z' });
    expect(await records('recordContact', contact, w.nadia)).toBeUndefined();
    await w.world.pass({ days: 9 });
    expect(await records('recordContact', contact, w.nadia)).toBe('nobody-found');
    expect((await myFile())['contacts']).toHaveLength(1);
  });
});

describe('what cannot be so', () => {
  it('is a profile or a contact that is still to come, or hours that nobody works', async () => {
    expect(await records('writeProfile', { ...profile, writtenOn: tomorrow })).toBe('date-in-future');
    expect(await records('writeProfile', profile)).toBeUndefined();
    expect(await records('writeProfile', { ...profile, writtenOn: '2026-10-01' })).toBe('dates-in-wrong-order');
    expect(await records('writeProfile', { ...profile, hoursWanted: 61 })).toBe('hours-above-60');
    expect(await records('recordContact', { ...contact, on: tomorrow })).toBe('date-in-future');
    expect(await records('recordEmployerContact', { ...employer, on: tomorrow })).toBe('date-in-future');
    expect(await records('recordContact', { ...contact, diagnosis: 'x' })).toBe('unknown-field');
  });

  it('is a job that nobody knows, that ended already, or with its days in the wrong order', async () => {
    expect(await records('startJob', { ...job, hoursPerWeek: 61 })).toBe('hours-above-60');
    expect(await records('startJob', { ...job, startedOn: '2027-08-01' })).toBe('date-too-far-ahead');
    expect(await records('changeJob', { jobId: 'unknown', changedOn: today, hoursPerWeek: 20 })).toBe('job-unknown');
    const jobId = await w.noor.succeeds('startJob', { clientId: w.clientId, ...job });
    expect(await records('changeJob', { jobId, changedOn: '2026-10-01', hoursPerWeek: 20 })).toBe(
      'dates-in-wrong-order',
    );
    expect(await records('endJob', { jobId, endedOn: tomorrow, reason: 'other' })).toBe('date-in-future');
    expect(await records('endJob', { jobId, endedOn: today, reason: 'relapse' })).toBe('input-not-understood');
    expect(await records('endJob', { jobId, endedOn: today, reason: 'other' })).toBeUndefined();
    expect(await records('changeJob', { jobId, changedOn: today, hoursPerWeek: 20 })).toBe('job-already-ended');
    expect((await myFile())['trajectory']).toMatchObject({ state: 'waiting-for-intake' });
  });

  it('is a text for outsiders with medical words, unless the writer has looked again', async () => {
    const medical = { ...summary, supportNeeded: 'meer rust na terugval' };
    expect(await records('summariseProgress', { on: today, summary: medical })).toBe('medical-words-in-text');
    expect(
      await records('summariseProgress', { on: today, summary: { ...medical, confirmedNotMedical: true } }),
    ).toBeUndefined();
    expect(await records('notePossibility', { on: today, item: { ...possibility, text: 'let op medicatie' } })).toBe(
      'medical-words-in-text',
    );
    expect(await records('summariseProgress', { on: tomorrow, summary })).toBe('date-in-future');
  });

  it('is dropping what was never noted; what no longer holds is dropped and gone from the file', async () => {
    expect(await records('dropPossibility', { itemId: 'unknown', on: today })).toBe('item-unknown');
    const itemId = await w.clara.succeeds('notePossibility', {
      clientId: w.clientId,
      on: today,
      item: { ...possibility, author: 'clinician' },
    });
    expect(await records('dropPossibility', { itemId, on: '2026-10-01' })).toBe('dates-in-wrong-order');
    expect(await records('dropPossibility', { itemId, on: today })).toBeUndefined();
    expect((await myFile())['possibilities']).toEqual([]);
  });

  it('is funding that was not arranged, was arranged otherwise, or a month that is still to come', async () => {
    const milestone = { scheme: 'uwv-ips', milestone: 'placed', month: '2026-11' };
    expect(await records('reachMilestone', milestone)).toBe('funding-not-arranged');
    expect(await records('arrangeFunding', { scheme: 'lottery', from: today })).toBe('scheme-unknown');
    expect(await records('arrangeFunding', { scheme: 'municipal-ips', from: '2020-01-01' })).toBe(
      'scheme-not-in-force',
    );
    expect(await records('arrangeFunding', { scheme: 'uwv-ips', from: today })).toBeUndefined();
    expect(await records('arrangeFunding', { scheme: 'uwv-ips', from: '2026-10-01' })).toBe('scheme-already-arranged');
    expect(await records('reachMilestone', { ...milestone, month: '2026-10' })).toBe('month-before-funding');
    expect(await records('reachMilestone', { ...milestone, month: '2026-12' })).toBe('month-in-future');
    expect(await records('reachMilestone', milestone)).toBeUndefined();
    await w.world.pass({ days: 40 });
    expect(await records('reachMilestone', { ...milestone, month: '2026-12' })).toBe('milestone-already-reached');
  });
});
