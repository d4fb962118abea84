/** Who works with a client: colleagues, teams, stand-ins, delegates, and a caseload that changes hands (U13). */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type PersonInWorld, type World } from '@convenant/testing';
import { anna, exampleOrganisations, exampleWorld, type ExampleWorld } from './example/example-world.js';

let w: ExampleWorld<World>;
let lou: PersonInWorld;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
  lou = w.ggz.as('lou', 'ipsProjectLeader');
});
const finds = async (person: PersonInWorld, clientId = w.clientId): Promise<boolean> =>
  person.reads('relationsOf', { clientId }).then(
    () => true,
    () => false,
  );
const people = async (): Promise<string[]> =>
  (await w.herself.reads<{ who: { nl: string } }[]>('myPeople')).map(({ who }) => who.nl);

describe('assigning colleagues', () => {
  it('lets whoever works with her bring in a colleague, until it ends', async () => {
    expect(await finds(w.noor)).toBe(false);
    const relationId = await w.karin.succeeds('beginRelation', {
      clientId: w.clientId,
      person: 'noor',
      role: 'employmentSpecialist',
    });
    expect(await finds(w.noor)).toBe(true);
    expect(await people()).toEqual(['uw casemanager', 'uw IPS-trajectbegeleider']);
    expect((await w.karin.does('endRelation', { clientId: w.clientId, relationId })).refused?.code).toBe(
      'not-yours-to-arrange',
    );
    await w.noor.succeeds('endRelation', { clientId: w.clientId, relationId });
    expect(await finds(w.noor)).toBe(false);
    const again = { clientId: w.clientId, person: 'noor', role: 'employmentSpecialist' };
    const second = await w.karin.succeeds('beginRelation', again);
    await lou.succeeds('endRelation', { clientId: w.clientId, relationId: second });
    expect(await finds(w.noor)).toBe(false);
  });

  it('does not let somebody in who lets herself in', async () => {
    const herself = { clientId: w.clientId, person: 'noor', role: 'employmentSpecialist' };
    expect((await w.noor.does('beginRelation', herself)).refused?.code).toBe('nobody-found');
    expect(
      (await lou.does('beginRelation', { clientId: w.clientId, person: 'lou', role: 'ipsProjectLeader' })).refused
        ?.code,
    ).toBe('not-for-oneself');
    expect((await lou.does('beginRelation', { ...herself, clientId: 'nobody-at-all' })).refused?.code).toBe(
      'nobody-found',
    );
    expect((await w.noor.does('endRelation', { clientId: w.clientId, relationId: 'x' })).refused?.code).toBe(
      'nobody-found',
    );
  });

  it('does not let whoever works with her give herself another role, or a lead work with clients', async () => {
    const about = { clientId: w.clientId };
    const codes = [
      await w.karin.does('beginRelation', { ...about, person: 'karin', role: 'clinician' }),
      await w.karin.does('beginRelation', { ...about, person: 'lou', role: 'ipsProjectLeader' }),
      await lou.does('beginRelation', { ...about, person: 'mia', role: 'ipsProjectLeader' }),
    ].map(({ refused }) => refused?.code);
    expect(codes).toEqual(['not-for-oneself', 'lead-only-supervises', 'lead-only-supervises']);
  });

  it('lets nobody who stands in, looks along or shares a caseload arrange who works with her', async () => {
    const about = { clientId: w.clientId };
    const until = '2026-11-09T09:00:00.000Z';
    await w.karin.succeeds('appointStandIn', { standIn: 'kees', until });
    await lou.succeeds('joinTeam', { team: 'zuid', person: 'tom', role: 'caseManager' });
    await w.karin.succeeds('beginRelation', { ...about, team: 'zuid' });
    await w.karin.succeeds('beginRelation', {
      ...about,
      person: 'bram',
      role: 'caseManager',
      kind: 'supervisor',
      until,
    });
    const [{ relationId } = { relationId: '' }] = await w.karin.reads<{ relationId: string }[]>('relationsOf', about);
    for (const name of ['kees', 'tom', 'bram']) {
      const person = w.ggz.as(name, 'caseManager');
      const acts = [
        await person.does('beginRelation', { ...about, person: 'noor', role: 'employmentSpecialist' }),
        await person.does('beginRelation', { ...about, person: name, role: 'caseManager' }),
        await person.does('endRelation', { ...about, relationId }),
      ];
      expect(acts.map(({ refused }) => refused?.code)).toEqual(acts.map(() => 'not-yours-to-arrange'));
      const handOver = await person.does('handOverCaseload', { to: 'noor', clients: [w.clientId] });
      expect(handOver.refused?.code).toBe('nobody-found');
    }
    const dora = w.uwv.as('dora', 'physicianDelegate');
    await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    const own = { clientId: w.clientAtUwv, person: 'dora', role: 'benefitsAdviser' };
    expect((await dora.does('beginRelation', own)).refused?.code).toBe('not-yours-to-arrange');
  });

  it('lets a supervisor read no consents and no colleagues, and change nothing', async () => {
    const about = { clientId: w.clientId };
    const until = '2026-11-09T09:00:00.000Z';
    await w.karin.succeeds('beginRelation', {
      ...about,
      person: 'bram',
      role: 'caseManager',
      kind: 'supervisor',
      until,
    });
    const bram = w.ggz.as('bram', 'caseManager');
    const told = { recipient: 'uwv', purpose: 'support', categories: ['K2'] };
    for (const [query, more] of [
      ['consents', {}],
      ['openQuestions', {}],
      ['relationsOf', {}],
      ['askedAbout', {}],
      ['logins', {}],
      ['mayITell', told],
    ] as const)
      expect((await bram.isRefused(query, { ...about, ...more })).code).toBe('nobody-found');
    expect((await bram.does('stopEverything', about)).refused?.code).toBe('nobody-found');
    expect((await bram.does('correctClientDetails', { ...about, ...anna })).refused?.code).toBe('nobody-found');
    expect((await bram.does('issueActivationCode', { ...about, for: 'client' })).refused?.code).toBe('nobody-found');
  });

  it('lets a lead assign a colleague without working with the client herself', async () => {
    await lou.succeeds('beginRelation', { clientId: w.clientId, person: 'noor', role: 'employmentSpecialist' });
    expect(await finds(w.noor)).toBe(true);
    expect(await finds(lou)).toBe(false);
  });

  it('refuses what does not fit: a person and a team, an end before the beginning, supervision without an end, twice the same', async () => {
    const about = { clientId: w.clientId };
    await w.karin.succeeds('beginRelation', { ...about, person: 'noor', role: 'clinician' });
    const codes = await Promise.all(
      [
        { ...about, person: 'noor', role: 'employmentSpecialist', team: 'zuid' },
        { ...about, person: 'noor', role: 'employmentSpecialist', until: '2026-11-01T00:00:00.000Z' },
        { ...about, person: 'lou', role: 'ipsProjectLeader', kind: 'supervisor' },
        { ...about, person: 'noor', role: 'clinician' },
      ].map(async (input) => (await w.karin.does('beginRelation', input)).refused?.code),
    );
    expect(codes).toEqual([
      'holder-does-not-fit',
      'ends-before-it-begins',
      'supervision-needs-an-end',
      'already-related',
    ]);
    expect((await w.karin.does('endRelation', { ...about, relationId: 'unknown' })).refused?.code).toBe(
      'unknown-relation',
    );
  });
});

describe('teams', () => {
  it('work with a client together, for as long as somebody is in the team', async () => {
    await lou.succeeds('joinTeam', { team: 'zuid', person: 'noor', role: 'employmentSpecialist' });
    await w.karin.succeeds('beginRelation', { clientId: w.clientId, team: 'zuid' });
    expect(await finds(w.noor)).toBe(true);
    expect(await people()).toEqual(['uw casemanager', 'uw team (IPS-trajectbegeleider)']);
    await lou.succeeds('leaveTeam', { team: 'zuid', person: 'noor' });
    expect(await finds(w.noor)).toBe(false);
  });

  it('are put together by a lead or a member, and nobody puts herself in one', async () => {
    const join = { team: 'zuid', person: 'kees', role: 'caseManager' };
    expect((await w.karin.does('joinTeam', join)).refused?.code).toBe('not-yours-to-arrange');
    await lou.succeeds('joinTeam', { ...join, person: 'karin' });
    await w.karin.succeeds('joinTeam', join);
    expect((await lou.does('joinTeam', { team: 'zuid', person: 'lou', role: 'ipsProjectLeader' })).refused?.code).toBe(
      'cannot-add-oneself',
    );
    expect((await lou.does('joinTeam', { ...join, role: 'clinician' })).refused?.code).toBe('member-in-another-role');
    expect((await lou.does('leaveTeam', { team: 'zuid', person: 'noor' })).refused?.code).toBe('not-a-member');
    expect((await w.noor.does('leaveTeam', { team: 'zuid', person: 'kees' })).refused?.code).toBe(
      'not-yours-to-arrange',
    );
  });
});

describe('standing in', () => {
  const kees = () => w.ggz.as('kees', 'caseManager');
  it('opens the client for a week and not longer, and is told to her in words', async () => {
    const standInId = await w.karin.succeeds('appointStandIn', { standIn: 'kees', until: '2026-11-09T09:00:00.000Z' });
    expect(await finds(kees())).toBe(true);
    expect(await people()).toContain('valt in voor uw casemanager');
    await w.world.pass({ days: 8 });
    expect(await finds(kees())).toBe(false);
    expect((await w.karin.does('endStandIn', { standInId })).refused).toBeUndefined();
  });

  it('ends at once when it is ended', async () => {
    const standInId = await lou.succeeds('appointStandIn', {
      person: 'karin',
      standIn: 'kees',
      until: '2026-11-09T09:00:00.000Z',
    });
    await lou.succeeds('endStandIn', { person: 'karin', standInId });
    expect(await finds(kees())).toBe(false);
  });

  it('is refused for longer than four weeks, for a colleague who did not ask, and for oneself', async () => {
    const until = '2026-11-09T09:00:00.000Z';
    const codes = await Promise.all([
      w.karin.does('appointStandIn', { standIn: 'kees', until: '2026-12-09T09:00:00.000Z' }),
      kees().does('appointStandIn', { person: 'karin', standIn: 'kees', until }),
      w.karin.does('appointStandIn', { standIn: 'karin', until }),
      w.karin.does('endStandIn', { standInId: 'unknown' }),
    ]);
    expect(codes.map(({ refused }) => refused?.code)).toEqual([
      'longer-than-four-weeks',
      'not-yours-to-arrange',
      'not-for-oneself',
      'unknown-stand-in',
    ]);
  });
});

describe('working under a physician’s name', () => {
  it('opens her clients to the delegate, who is logged under the physician', async () => {
    const dora = w.uwv.as('dora', 'physicianDelegate');
    expect(await finds(dora, w.clientAtUwv)).toBe(false);
    const delegateId = await w.pia.succeeds('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' });
    expect(await finds(dora, w.clientAtUwv)).toBe(true);
    const seen = await w.uwv.ports.accessLog.by('dora', { limit: 10 });
    expect(seen.at(-1)?.user).toMatchObject({ person: 'dora', responsible: 'pia' });
    await w.pia.succeeds('endDelegate', { delegateId });
    expect(await finds(dora, w.clientAtUwv)).toBe(false);
  });

  it('is arranged by the responsible professional alone, and only where the role has delegates', async () => {
    expect((await w.wil.does('appointDelegate', { delegate: 'dora', role: 'physicianDelegate' })).refused?.code).toBe(
      'role-has-no-delegates',
    );
    expect((await w.pia.does('endDelegate', { delegateId: 'unknown' })).refused?.code).toBe('unknown-delegate');
  });
});

describe('handing over', () => {
  const kees = () => w.ggz.as('kees', 'caseManager');

  it('moves a whole caseload in one act: the successor has every client, the predecessor finds nobody', async () => {
    const second = await w.karin.succeeds('registerClient', { ...anna, familyName: 'Ander' });
    await w.karin.succeeds('handOverCaseload', { to: 'kees' });
    for (const clientId of [w.clientId, second]) {
      expect(await finds(kees(), clientId)).toBe(true);
      expect(await finds(w.karin, clientId)).toBe(false);
    }
    expect(await w.karin.reads('findClient', anna)).toEqual([]);
  });

  it('lets the successor confirm each client, and tells the client', async () => {
    const second = await w.karin.succeeds('registerClient', { ...anna, familyName: 'Ander' });
    await w.karin.succeeds('handOverCaseload', { to: 'kees' });
    expect(await people()).toEqual(['uw nieuwe casemanager, na een overdracht']);
    for (const clientId of [w.clientId, second, second]) await kees().succeeds('confirmTakenOver', { clientId });
    expect(await people()).toEqual(['uw casemanager']);
    expect(await finds(w.karin)).toBe(false);
  });

  it('hands over named clients only, and answers a repeated request as the first', async () => {
    const requestId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';
    const second = await w.karin.succeeds('registerClient', { ...anna, familyName: 'Ander' });
    const input = { requestId, to: 'kees', clients: [second] };
    const first = await w.karin.does('handOverCaseload', input);
    expect(await w.karin.does('handOverCaseload', input)).toEqual(first);
    expect(await finds(w.karin)).toBe(true);
    expect(await finds(w.karin, second)).toBe(false);
  });

  it('is arranged by herself or the lead, for clients whom she holds, and leaves nothing unsaid', async () => {
    const noor = w.ggz.as('noor', 'caseManager');
    expect((await noor.does('handOverCaseload', { person: 'karin', to: 'noor' })).refused?.code).toBe(
      'not-yours-to-arrange',
    );
    expect((await noor.does('handOverCaseload', { to: 'kees', clients: [w.clientId] })).refused?.code).toBe(
      'nobody-found',
    );
    expect((await noor.does('handOverCaseload', { to: 'kees' })).refused?.code).toBe('no-clients');
    // Whether somebody is on that caseload makes no difference to who may not arrange it.
    for (const clientId of [w.clientAtUwv, 'nobody-at-all'])
      expect(
        (
          await w.uwv
            .as('mia', 'insurancePhysician')
            .does('handOverCaseload', { person: 'pia', to: 'mia', clients: [clientId] })
        ).refused?.code,
      ).toBe('not-yours-to-arrange');
    expect((await w.karin.does('handOverCaseload', { to: 'karin' })).refused?.code).toBe('not-for-oneself');
    await lou.succeeds('handOverCaseload', { person: 'karin', role: 'caseManager', to: 'kees' });
    expect(await finds(kees())).toBe(true);
  });

  it('is confirmed by the successor and nobody else', async () => {
    await w.karin.succeeds('beginRelation', { clientId: w.clientId, team: 'zuid' });
    await lou.succeeds('joinTeam', { team: 'zuid', person: 'noor', role: 'employmentSpecialist' });
    expect((await w.noor.does('confirmTakenOver', { clientId: w.clientId })).refused?.code).toBe('not-the-successor');
  });
});
