/** The secretariat: who takes part and what was agreed. Everybody in the covenant may read it, its own people write, and it holds no client. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Role } from '@convenant/consent';
import { testWorld } from '@convenant/testing';
import { covenantService } from './covenant.service.js';

async function begin() {
  const world = await testWorld({ organisations: { secretariaat: covenantService } });
  const secretariat = world.organisation('secretariaat');
  const petra = secretariat.as('petra', 'policyOfficer');
  for (const [organisationId, kind, name] of [
    ['ggz-amstel', 'mental-health', 'GGZ Amstel'],
    ['uwv', 'uwv', 'UWV'],
  ])
    await petra.succeeds('joinCovenant', { organisationId, kind, name });
  return { world, secretariat, petra, max: secretariat.as('max', 'manager') };
}
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
type Row = Readonly<Record<string, unknown>>;
const codeOf = async (doing: ReturnType<typeof w.petra.does>) => (await doing).refused?.code;
const terms = [{ payer: 'uwv', subject: 'plaatsen', from: '2026-01-01', until: '2026-12-31' }];
const made = {
  title: 'IPS Amstel',
  parties: ['ggz-amstel', 'uwv'],
  goals: ['veertig plaatsen'],
  financialTerms: terms,
  from: '2026-01-01',
  until: '2027-12-31',
};
const agreements = () => w.max.reads<Row[]>('agreements');
const trace = { traceId: '0'.repeat(31) + '1', spanId: '0'.repeat(15) + '1' };
/** Somebody of a participant, as the gateway brings her here. */
const request = (organisation: string, role: Role) => ({
  session: { organisation, person: 'somebody', role, tokenExpiresAt: '2099-01-01T00:00:00.000Z' },
  trace,
});

describe('participants', () => {
  it('join once, propose keys, and leave for good', async () => {
    expect(await codeOf(w.petra.does('joinCovenant', { organisationId: 'uwv', kind: 'uwv', name: 'Een ander' }))).toBe(
      'already-a-participant',
    );
    const keys = { organisationId: 'uwv', signingKey: 'sig', sealingKey: 'enc', fingerprint: 'aa:bb' };
    await w.petra.succeeds('proposeKeys', keys);
    expect(await codeOf(w.petra.does('proposeKeys', { ...keys, signingKey: 'other' }))).toBe('fingerprint-used-before');
    expect(await codeOf(w.petra.does('proposeKeys', { ...keys, organisationId: 'nobody-here' }))).toBe(
      'not-a-participant',
    );
    expect(await codeOf(w.petra.does('joinCovenant', { organisationId: 'Not An Id', kind: 'uwv', name: 'x' }))).toBe(
      'input-not-understood',
    );
    await w.petra.succeeds('leaveCovenant', { organisationId: 'uwv' });
    expect(await codeOf(w.petra.does('joinCovenant', { organisationId: 'uwv', kind: 'uwv', name: 'UWV' }))).toBe(
      'participant-left',
    );
    expect(await w.max.reads('participants')).toEqual([
      expect.objectContaining({ organisationId: 'ggz-amstel', takesPart: true }),
      expect.objectContaining({ organisationId: 'uwv', takesPart: false, fingerprint: 'aa:bb' }),
    ]);
  });

  it('are the policy officer’s to keep', async () => {
    for (const who of [w.max, w.secretariat.as('fleur', 'fidelityReviewer')])
      expect(await codeOf(who.does('leaveCovenant', { organisationId: 'uwv' }))).toBe('not-allowed');
  });
});

describe('agreements', () => {
  it('are between at least two who take part, in dates that can be', async () => {
    const make = (input: object) => codeOf(w.max.does('makeAgreement', { ...made, ...input }));
    expect(await make({ parties: ['uwv', 'uwv'] })).toBe('too-few-parties');
    expect(await make({ parties: ['uwv', 'gemeente-onbekend'] })).toBe('party-does-not-take-part');
    expect(await make({ until: '2025-01-01' })).toBe('dates-in-wrong-order');
    expect(await agreements()).toEqual([]);
    const requestId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';
    const first = await w.max.does('makeAgreement', { requestId, ...made });
    await w.petra.succeeds('leaveCovenant', { organisationId: 'uwv' });
    expect(await w.max.does('makeAgreement', { requestId, ...made })).toEqual(first);
  });

  it('warn six, three and one months before they end, and so does the money in them', async () => {
    await w.max.succeeds('makeAgreement', made);
    const seen = async () =>
      (await agreements()).map(({ warning, financialTerms }) => [warning, (financialTerms as Row[])[0]?.['warning']]);
    expect(await seen()).toEqual([[undefined, 'within-3-months']]);
    await w.world.pass({ days: 30 });
    expect(await seen()).toEqual([[undefined, 'within-1-month']]);
    await w.world.pass({ days: 240 });
    expect(await seen()).toEqual([['within-6-months', 'ended']]);
    await w.world.pass({ days: 150 });
    expect(await seen()).toEqual([['within-1-month', 'ended']]);
    await w.world.pass({ days: 30 });
    expect(await seen()).toEqual([['ended', 'ended']]);
  });

  it('are extended, ended once, and then warn no more; what ends first stands first', async () => {
    const agreementId = await w.max.succeeds('makeAgreement', { ...made, until: '2026-12-31' });
    await w.petra.succeeds('makeAgreement', { ...made, title: 'Scholing', until: '2027-03-31' });
    expect((await agreements()).map(({ title }) => title)).toEqual(['IPS Amstel', 'Scholing']);
    const extend = (until: string) => codeOf(w.max.does('extendAgreement', { agreementId, until }));
    expect(await extend('2026-06-01')).toBe('dates-in-wrong-order');
    expect(await extend('2028-12-31')).toBeUndefined();
    expect((await agreements()).map(({ title }) => title)).toEqual(['Scholing', 'IPS Amstel']);
    const end = (on: string) => codeOf(w.max.does('endAgreement', { agreementId, on }));
    expect(await end('2025-01-01')).toBe('dates-in-wrong-order');
    expect(await end('2026-11-02')).toBeUndefined();
    expect(await end('2026-11-03')).toBe('agreement-ended');
    expect(await extend('2029-12-31')).toBe('agreement-ended');
    expect((await agreements()).find((each) => each['agreementId'] === agreementId)).toMatchObject({
      state: 'ended',
      warning: undefined,
    });
    expect(await codeOf(w.max.does('endAgreement', { agreementId: 'unknown', on: '2026-11-02' }))).toBe(
      'agreement-unknown',
    );
  });
});

describe('people of other organisations', () => {
  it('read who takes part and what was agreed, and write nothing', async () => {
    await w.max.succeeds('makeAgreement', made);
    const { service } = w.secretariat;
    for (const [organisation, role] of [
      ['ggz-amstel', 'caseManager'],
      ['uwv', 'labourExpert'],
      ['uwv', 'privacyOfficer'],
    ] as const) {
      expect(await service.ask('participants', {}, request(organisation, role))).toHaveLength(2);
      expect(await service.ask('agreements', {}, request(organisation, role))).toHaveLength(1);
    }
    for (const role of ['caseManager', 'policyOfficer', 'manager'] as const) {
      const outcome = await service.execute(
        'makeAgreement',
        { requestId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d', ...made },
        request('ggz-amstel', role),
      );
      expect(outcome.refused?.code).toBe('not-allowed');
    }
    expect(await agreements()).toHaveLength(1);
  });

  it('are not clients, who have no part in it', async () => {
    await expect(w.secretariat.service.ask('participants', {}, request('ggz-amstel', 'client'))).rejects.toMatchObject({
      refused: { code: 'not-allowed' },
    });
  });
});

describe('the secretariat', () => {
  it('has no question, command or type that is about a client', () => {
    expect(
      [...covenantService.commands, ...covenantService.queries].filter(({ about }) => about !== 'organisation'),
    ).toEqual([]);
    const own = covenantService.schema
      .join('\n')
      .split('\n')
      .filter((line) => /^type .*@clientLevel|clientId/.test(line));
    expect(own).toEqual([]);
    expect([covenantService.compositions, covenantService.sends, covenantService.receives]).toEqual([[], {}, {}]);
  });
});
