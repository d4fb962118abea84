/** The benefit that UWV itself pays: recorded by the adviser, read inside UWV and by the client, told to nobody. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testWorld, type World } from '@convenant/testing';
import { codeOf, uwvOrganisations, uwvWorld } from './example/uwv-world.js';

const begin = async () => uwvWorld<World>(await testWorld({ organisations: uwvOrganisations }));
let w: Awaited<ReturnType<typeof begin>>;
beforeEach(async () => {
  w = await begin();
});
const record = (who = w.ben) =>
  who.does('recordBenefit', {
    clientId: w.clientId,
    from: '2025-01-01',
    kind: 'wajong',
    details: { monthlyAmountEuro: 1100 },
  });
const benefits = (who = w.ben) => who.reads('benefitsOf', who === w.herself ? {} : { clientId: w.clientId });

describe('a benefit', () => {
  it('is recorded by the benefits adviser, ends once, and is read by her colleagues and the client', async () => {
    const benefitId = (await record()).id as string;
    const line = { benefitId, kind: 'wajong', from: '2025-01-01', details: { monthlyAmountEuro: 1100 } };
    for (const who of [w.ben, w.wil, w.pia, w.herself])
      expect(await benefits(who)).toEqual([expect.objectContaining(line)]);
    const end = (input: object) =>
      codeOf(w.ben.does('endBenefit', { clientId: w.clientId, benefitId, on: '2026-10-01', ...input }));
    expect(await end({ benefitId: 'unknown' })).toBe('benefit-unknown');
    expect(await end({ on: '2024-01-01' })).toBe('dates-in-wrong-order');
    expect(await end({})).toBeUndefined();
    expect(await end({ on: '2026-10-02' })).toBe('benefit-already-ended');
    expect(await benefits()).toEqual([expect.objectContaining({ endedOn: '2026-10-01' })]);
  });

  it('is nobody else’s to record or to find', async () => {
    expect(await codeOf(record(w.wil))).toBe('not-allowed');
    expect(await codeOf(record(w.uwv.as('bo', 'benefitsAdviser')))).toBe('nobody-found');
    expect((await w.uwv.as('kees', 'objectionOfficer').isRefused('benefitsOf', { clientId: w.clientId })).code).toBe(
      'not-allowed',
    );
  });
});

describe('the list of clients', () => {
  it('has their names, for whoever works with them', async () => {
    for (const who of [w.ben, w.wil, w.pia])
      expect(await who.reads('myClients')).toEqual([
        { clientId: w.clientId, initials: 'A.B.', familyName: 'Testpersoon', relation: 'personal', confirmed: true },
      ]);
    expect(await w.uwv.as('bo', 'benefitsAdviser').reads('myClients')).toEqual([]);
    const seen = await w.uwv.ports.accessLog.by('wil', { limit: 50 });
    expect(seen.findLast(({ operation }) => operation === 'myClients')).toMatchObject({
      categories: ['K1'],
      event: 'list',
    });
  });
});
