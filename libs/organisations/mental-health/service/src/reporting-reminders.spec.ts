/** What the client herself still has to report (U01): right after it happened and never before, with the notice ready and nothing sent for her. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import {
  agencyOrganisations,
  agencyWorld,
  allow,
  codeOf,
  supportAtTown,
  supportAtUwv,
} from './example/agency-world.js';

const begin = async () => agencyWorld<World>(await testWorld({ organisations: agencyOrganisations }));
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
  await w.noor.succeeds('acceptReferral', { referralId: await w.refer() });
});
interface Reminder {
  readonly occasion: string;
  readonly on: string;
  readonly organisation?: string;
  readonly toWhom: { readonly nl: string };
  readonly notice: { readonly nl: string };
  readonly wagesAreSeen: { readonly nl: string };
}
const reminders = () => w.herself.reads<Reminder[]>('reportingReminders');
const occasions = async () =>
  (await reminders()).map(({ occasion, organisation }) => `${occasion} ${organisation ?? 'whoever pays'}`);
const job = {
  startedOn: '2026-10-15',
  occupation: 'Medewerker kas',
  regularPaid: true,
  contract: 'under-six-months',
  hoursPerWeek: 16,
};

describe('the reminder that she reports herself', () => {
  it('comes when work starts, changes and ends, for her and for her employment specialist', async () => {
    expect(await reminders()).toEqual([]);
    const jobId = await w.noor.succeeds('startJob', { clientId: w.clientId, ...job });
    const [started] = await reminders();
    expect(started).toMatchObject({
      occasion: 'work-started',
      on: '2026-10-15',
      toWhom: { nl: 'UWV of uw gemeente: wie uw uitkering betaalt' },
    });
    expect(started?.notice.nl).toBe(
      [
        'Aan: UWV of uw gemeente: wie uw uitkering betaalt',
        'Van: A.B. Testpersoon',
        'Ik ben op 2026-10-15 begonnen met werken.',
        'Mijn werk: Medewerker kas.',
        'Aantal uren per week: 16.',
        'Datum en handtekening:',
      ].join('\n'),
    );
    expect(started?.wagesAreSeen.nl).toContain('loonaangifte');
    await w.noor.succeeds('changeJob', { clientId: w.clientId, jobId, changedOn: '2026-10-20', hoursPerWeek: 20 });
    await w.noor.succeeds('endJob', { clientId: w.clientId, jobId, endedOn: '2026-11-01', reason: 'contract-ended' });
    expect(await occasions()).toEqual([
      'work-started whoever pays',
      'work-changed whoever pays',
      'work-ended whoever pays',
    ]);
    expect(await w.noor.reads('reportingReminders', { clientId: w.clientId })).toEqual(await reminders());
  });

  it('comes right after she refused or withdrew sharing, never before, and not for a yes', async () => {
    const consentId = await allow(w, supportAtUwv);
    const asked = await w.karin.succeeds('proposeConsent', { clientId: w.clientId, ...supportAtTown });
    expect(await reminders()).toEqual([]);
    await w.herself.succeeds('answerConsent', { consentId: asked, answer: 'no' });
    expect(await occasions()).toEqual(['sharing-refused gemeente-amstelveld']);
    await w.herself.succeeds('withdrawConsent', { consentId });
    const [, withdrawn] = await reminders();
    expect(withdrawn).toMatchObject({ occasion: 'sharing-withdrawn', organisation: 'uwv', toWhom: { nl: 'UWV' } });
    expect(withdrawn?.notice.nl).toContain('Ik meld mijn werk en inkomen voortaan zelf');
    const { consents } = await w.herself.reads<{ consents: { state: string }[] }>('myConsents');
    expect(consents.map(({ state }) => state).toSorted()).toEqual(['refused', 'withdrawn']);
  });

  it('comes when she leaves work out of what she grants, or takes only that back', async () => {
    const consentId = await w.karin.succeeds('proposeConsent', { clientId: w.clientId, ...supportAtUwv });
    await w.herself.succeeds('answerConsent', { consentId, answer: 'yes', categories: ['K1', 'K2'] });
    expect(await occasions()).toEqual(['sharing-refused uwv']);
    const town = await allow(w, supportAtTown);
    await w.herself.succeeds('narrowConsent', { consentId: town, remove: ['K7'] });
    expect(await occasions()).toEqual(expect.arrayContaining(['sharing-withdrawn gemeente-amstelveld']));
  });

  it('of work names each body that sharing was asked for, also after the withdrawal, and no fact of it leaves', async () => {
    const consentId = await allow(w, supportAtUwv);
    await w.herself.succeeds('withdrawConsent', { consentId });
    await w.noor.succeeds('startJob', { clientId: w.clientId, ...job });
    expect(await occasions()).toEqual(expect.arrayContaining(['work-started uwv', 'sharing-withdrawn uwv']));
    const { sent } = await w.herself.reads<{ sent: { contract: string }[] }>('myDisclosures');
    expect(sent.filter(({ contract }) => contract === 'job-facts.v1')).toEqual([]);
  });

  it('is for nobody else', async () => {
    await w.noor.succeeds('startJob', { clientId: w.clientId, ...job });
    expect((await w.karin.isRefused('reportingReminders', { clientId: w.clientId })).code).toBe('not-allowed');
    expect((await w.nadia.isRefused('reportingReminders', { clientId: w.clientId })).code).toBe('nobody-found');
    expect(await codeOf(w.herself.does('reportingReminders'))).toBe('not-allowed');
  });
});
