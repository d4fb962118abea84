/** A referral and what becomes of it: who may refer, who decides, who reads about her meanwhile and who no longer does. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { agencyOrganisations, agencyWorld, anna, codeOf } from './example/agency-world.js';

const begin = async () => agencyWorld<World>(await testWorld({ organisations: agencyOrganisations }));
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Row = Readonly<Record<string, unknown>>;
const caseload = (who = w.noor) => who.reads<Row[]>('myCaseload');
const accept = (referralId: string, who = w.noor, input: object = {}) =>
  who.does('acceptReferral', { referralId, ...input });
const decline = (referralId: string, who = w.noor) =>
  who.does('declineReferral', { referralId, reason: 'no-capacity' });

describe('a referral', () => {
  it('stands on the list of the specialist who is named, with her name, her wish and since when', async () => {
    const referralId = await w.refer({ referredOn: '2026-10-20' });
    expect(await w.noor.reads('openReferrals')).toEqual([
      expect.objectContaining({
        referralId,
        ...{ initials: anna.initials, familyName: anna.familyName },
        workWish: 'In een kas werken',
        waitingSince: '2026-10-20',
        referredBy: 'karin',
      }),
    ]);
    expect(await w.nadia.reads('openReferrals')).toEqual([]);
    expect(await caseload()).toEqual([
      expect.objectContaining({ state: 'referred', familyName: 'Testpersoon', relation: 'personal' }),
    ]);
  });

  it('to a team is seen by everybody in it and by nobody else', async () => {
    for (const person of ['noor', 'nadia'])
      await w.marieke.succeeds('joinTeam', { team: 'ips-oost', person, role: 'employmentSpecialist' });
    await w.refer({ toSpecialist: undefined, toTeam: 'ips-oost' });
    for (const who of [w.noor, w.nadia]) expect(await who.reads<Row[]>('openReferrals')).toHaveLength(1);
    expect(await w.ggz.as('nina', 'employmentSpecialist').reads<Row[]>('openReferrals')).toEqual([]);
  });

  it('is made by case manager or clinician who works with her, to somebody, and not ahead of time', async () => {
    const refer = (who: typeof w.karin, input: object) =>
      codeOf(who.does('referClient', { clientId: w.clientId, workWish: 'Tuin', ...input }));
    expect(await refer(w.karin, {})).toBe('nobody-to-refer-to');
    expect(await refer(w.karin, { toSpecialist: 'noor', referredOn: '2026-12-01' })).toBe('date-in-future');
    expect(await refer(w.noor, { toSpecialist: 'noor' })).toBe('not-allowed');
    expect(await refer(w.ggz.as('kas', 'caseManager'), { toSpecialist: 'noor' })).toBe('nobody-found');
    expect(await refer(w.herself, { toSpecialist: 'noor' })).toBe('not-allowed');
    expect(await refer(w.clara, { toSpecialist: 'noor' })).toBeUndefined();
  });

  it('asked for twice with one request is one referral', async () => {
    const requestId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';
    expect(await w.refer({ requestId })).toBe(await w.refer({ requestId }));
    expect(await w.noor.reads<Row[]>('openReferrals')).toHaveLength(1);
  });
});

describe('accepting', () => {
  it('starts the trajectory and gives her to the one who accepted', async () => {
    const referralId = await w.refer();
    await w.noor.succeeds('acceptReferral', { referralId });
    expect(await w.noor.reads('openReferrals')).toEqual([]);
    expect(await caseload()).toEqual([
      expect.objectContaining({ state: 'waiting-for-intake', relation: 'personal', confirmed: true }),
    ]);
    expect(await w.herself.reads('myFile')).toMatchObject({
      trajectory: { state: 'waiting-for-intake', referredOn: '2026-11-02' },
    });
  });

  it('by a colleague of the team ends the reading of the one who was named', async () => {
    await w.marieke.succeeds('joinTeam', { team: 'ips-oost', person: 'nadia', role: 'employmentSpecialist' });
    const referralId = await w.refer({ toTeam: 'ips-oost' });
    await w.nadia.succeeds('acceptReferral', { referralId });
    expect(await caseload(w.nadia)).toEqual([expect.objectContaining({ relation: 'personal' })]);
    expect((await w.noor.isRefused('clientFile', { clientId: w.clientId })).code).toBe('nobody-found');
    expect(await caseload()).toEqual([]);
  });

  it('by who stands in is for the colleague who is away', async () => {
    const referralId = await w.refer();
    await w.noor.succeeds('appointStandIn', { standIn: 'nadia', until: '2026-11-10T09:00:00.000Z' });
    await w.nadia.succeeds('acceptReferral', { referralId });
    await w.world.pass({ days: 10 });
    expect(await caseload(w.nadia)).toEqual([]);
    expect(await caseload()).toEqual([expect.objectContaining({ state: 'waiting-for-intake' })]);
  });

  it('by two people at once is done by one; the other hears that it was decided, and changes nothing', async () => {
    for (const person of ['noor', 'nadia'])
      await w.marieke.succeeds('joinTeam', { team: 'ips-oost', person, role: 'employmentSpecialist' });
    const referralId = await w.refer({ toSpecialist: undefined, toTeam: 'ips-oost' });
    const codes = await Promise.all([codeOf(accept(referralId)), codeOf(accept(referralId, w.nadia))]);
    expect(codes.toSorted()).toEqual(['already-decided', undefined]);
    const started = (await w.ggz.ports.store.read(`trajectory-${w.clientId}`)).filter(
      ({ type }) => type === 'TrajectoryStarted',
    );
    expect(started).toHaveLength(1);
    expect(await codeOf(decline(referralId, codes[0] === undefined ? w.nadia : w.noor))).toBe('already-decided');
    expect(await codeOf(w.karin.does('withdrawReferral', { referralId }))).toBe('already-decided');
  });

  it('is refused without any change when she is in a trajectory already, or on an impossible day', async () => {
    const first = await w.refer();
    expect(await codeOf(accept(first, w.noor, { on: '2026-10-01' }))).toBe('dates-in-wrong-order');
    expect(await codeOf(accept(first, w.noor, { on: '2026-12-01' }))).toBe('date-in-future');
    await w.noor.succeeds('acceptReferral', { referralId: first });
    const second = await w.refer({ toSpecialist: 'nadia' });
    expect(await codeOf(accept(second, w.nadia))).toBe('trajectory-already-running');
    expect(await w.nadia.reads('openReferrals')).toEqual([expect.objectContaining({ referralId: second })]);
    expect(
      await codeOf(w.nadia.does('declineReferral', { referralId: second, reason: 'already-in-trajectory' })),
    ).toBeUndefined();
  });

  it('is for employment specialists who work with her: for anybody else there is nobody', async () => {
    const referralId = await w.refer();
    expect(await codeOf(accept(referralId, w.nadia))).toBe('nobody-found');
    expect(await codeOf(accept('no-such-referral'))).toBe('nobody-found');
    expect(await codeOf(accept(referralId, w.karin))).toBe('not-allowed');
  });
});

describe('declining and withdrawing', () => {
  it('end what the referral began, so that the specialist finds nobody any more', async () => {
    for (const end of [
      (referralId: string) => decline(referralId),
      (referralId: string) => w.karin.does('withdrawReferral', { referralId }),
    ]) {
      const referralId = await w.refer();
      expect(await codeOf(end(referralId))).toBeUndefined();
      expect((await w.noor.isRefused('clientFile', { clientId: w.clientId })).code).toBe('nobody-found');
      expect(await caseload()).toEqual([]);
      expect(await caseload(w.karin)).toEqual([expect.objectContaining({ state: 'not-taken-on' })]);
    }
  });

  it('leave a relation alone that was there before the referral', async () => {
    await w.karin.succeeds('beginRelation', { clientId: w.clientId, person: 'noor', role: 'employmentSpecialist' });
    await decline(await w.refer());
    expect(await caseload()).toEqual([expect.objectContaining({ state: 'not-taken-on' })]);
  });

  it('know no reason like not being ready for work', async () => {
    const referralId = await w.refer();
    expect(await codeOf(w.noor.does('declineReferral', { referralId, reason: 'not-ready' }))).toBe(
      'input-not-understood',
    );
  });
});
