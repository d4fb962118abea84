/** The course of a trajectory: intake, pause, end, return; what stays inside the agency and the little that partners hear. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import {
  agencyOrganisations,
  agencyWorld,
  allow,
  anna,
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
const today = '2026-11-02';
const does = (command: string, input: object = {}, who = w.noor) =>
  codeOf(who.does(command, { clientId: w.clientId, on: today, ...input }));
const trajectory = async (who = w.herself) =>
  (
    await who.reads<{ trajectory?: object }>(
      who === w.herself ? 'myFile' : 'clientFile',
      who === w.herself ? {} : { clientId: w.clientId },
    )
  ).trajectory;

describe('a trajectory', () => {
  it('has one intake, may pause with a day to make contact again, and goes on', async () => {
    expect(await does('holdIntake')).toBeUndefined();
    await w.world.pass({ days: 1 });
    expect(await does('holdIntake', { on: '2026-11-03' })).toBe('intake-already-held');
    expect(await does('resumeTrajectory')).toBe('not-paused');
    expect(await does('pauseTrajectory', { contactAgainOn: '2026-10-01' })).toBe('dates-in-wrong-order');
    expect(await does('pauseTrajectory', { contactAgainOn: '2028-11-01' })).toBe('date-too-far-ahead');
    expect(await does('pauseTrajectory', { contactAgainOn: '2026-12-01' })).toBeUndefined();
    expect(await does('pauseTrajectory', { contactAgainOn: '2026-12-02' })).toBe('already-paused');
    expect(await w.noor.reads('myCaseload')).toEqual([
      expect.objectContaining({ state: 'paused', contactAgainOn: '2026-12-01' }),
    ]);
    expect(await does('resumeTrajectory', { on: '2026-11-05' })).toBe('date-in-future');
    expect(await does('resumeTrajectory', { on: '2026-11-03' })).toBeUndefined();
    expect(await trajectory()).toMatchObject({ state: 'active', intakeOn: today });
  });

  it('ends once, and can be taken up again within 24 months without a new referral', async () => {
    expect(await does('reenterTrajectory')).toBe('trajectory-already-running');
    expect(await does('endTrajectory', { endKind: 'premature' })).toBeUndefined();
    await w.world.pass({ days: 40 });
    expect(await does('endTrajectory', { on: '2026-12-01', endKind: 'completed' })).toBe('already-ended');
    expect(await does('reenterTrajectory', { on: '2026-12-10' })).toBeUndefined();
    expect(await w.noor.reads('myCaseload')).toEqual([
      expect.objectContaining({ state: 'waiting-for-intake', since: '2026-12-10' }),
    ]);
    expect(await does('endTrajectory', { on: '2026-12-12', endKind: 'premature' })).toBeUndefined();
    await w.world.pass({ days: 800 });
    expect(await does('reenterTrajectory', { on: '2028-12-13' })).toBe('new-referral-needed');
  });

  it('is there only after a referral was accepted', async () => {
    const clientId = await w.karin.succeeds('registerClient', { ...anna, familyName: 'Anders' });
    await w.karin.succeeds('beginRelation', { clientId, person: 'noor', role: 'employmentSpecialist' });
    for (const command of ['holdIntake', 'resumeTrajectory'])
      expect(await does(command, { clientId })).toBe('no-trajectory');
    expect(await does('endTrajectory', { clientId, endKind: 'premature' })).toBe('no-trajectory');
    expect(await does('reenterTrajectory', { clientId })).toBe('new-referral-needed');
  });

  it('is kept by those who work with her', async () => {
    expect(await does('holdIntake', {}, w.nadia)).toBe('nobody-found');
    expect(await does('holdIntake', {}, w.karin)).toBe('not-allowed');
    expect(await does('endTrajectory', { endKind: 'premature' }, w.herself)).toBe('not-allowed');
    expect(await does('endTrajectory', { endKind: 'premature' }, w.marieke)).toBe('not-allowed');
  });
});

describe('the medical reason of a pause or an end', () => {
  it('is written and read by those who treat her and read by herself, and not by the employment specialist', async () => {
    expect(await does('pauseTrajectory', { contactAgainOn: '2026-12-01', reason: 'opname' }, w.clara)).toBeUndefined();
    expect(await trajectory(w.karin)).toMatchObject({ pauseReason: 'opname' });
    expect(await does('endTrajectory', { endKind: 'premature', medicalReason: 'terugval' }, w.clara)).toBeUndefined();
    expect(await trajectory()).toMatchObject({ state: 'ended', endKind: 'premature', medicalReason: 'terugval' });
    expect(await trajectory(w.clara)).toMatchObject({ medicalReason: 'terugval' });
    expect(await trajectory(w.noor)).toMatchObject({ state: 'ended', endKind: 'premature' });
    expect(JSON.stringify(await w.noor.reads('clientFile', { clientId: w.clientId }))).not.toMatch(/terugval|opname/);
  });

  it('reaches no partner: for them it ended, on a date, whatever the reason', async () => {
    const wil = w.uwv.as('wil', 'labourExpert');
    const merel = w.town.as('merel', 'clientManager');
    const at = [
      [wil, await wil.succeeds('registerClient', anna)],
      [merel, await merel.succeeds('registerClient', anna)],
    ] as const;
    await does('holdIntake');
    await allow(w, supportAtUwv);
    await allow(w, supportAtTown);
    await does('endTrajectory', { endKind: 'premature', medicalReason: 'terugval' }, w.clara);
    for (const [who, clientId] of at) {
      const page = await who.reads<{ trajectory: Readonly<Record<string, unknown>>[] }>('receivedAboutClient', {
        clientId,
      });
      const [{ messageId: _message, asOf: _asOf, ...told } = {}] = page.trajectory;
      expect(told).toEqual({
        author: 'ggz-amstel',
        state: 'ended',
        referredOn: today,
        intakeOn: today,
        endedOn: today,
      });
      expect(JSON.stringify(page)).not.toMatch(/terugval|premature/);
    }
  });
});

describe('a case that a project leader looks along with', () => {
  it('is read for that purpose, until it ends, and without anything medical', async () => {
    await does('endTrajectory', { endKind: 'premature', medicalReason: 'terugval' }, w.clara);
    const file = { clientId: w.clientId };
    expect((await w.marieke.isRefused('supervisedFile', file)).code).toBe('nobody-found');
    expect((await w.marieke.isRefused('clientFile', file)).code).toBe('not-allowed');
    await w.karin.succeeds('beginRelation', {
      ...file,
      person: 'marieke',
      role: 'ipsProjectLeader',
      kind: 'supervisor',
      until: '2026-12-01T09:00:00.000Z',
    });
    expect(await w.marieke.reads('supervisedFile', file)).toMatchObject({ trajectory: { state: 'ended' } });
    expect(JSON.stringify(await w.marieke.reads('supervisedFile', file))).not.toContain('terugval');
    await w.world.pass({ days: 40 });
    expect((await w.marieke.isRefused('supervisedFile', file)).code).toBe('nobody-found');
  });
});
