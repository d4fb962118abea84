/** What a contract between organisations can be declared to hold, and what the declared ones hold. */
import { describe, expect, it } from '@jest/globals';
import { categories } from '@convenant/kernel';
import { z } from 'zod';
import { controlContracts, disclosureContracts } from './catalogue.js';
import { categoriesOf, contractId, controlContract, disclosureContract, field, partSchema } from './contract.js';
import { clientIntroducedV1 } from './disclosures.js';

const declared = (category: Parameters<typeof field>[0], channel?: 'shared' | 'medical') =>
  disclosureContract({
    name: 'canary',
    version: 1,
    titleNl: 'Kanarie',
    from: ['mental-health'],
    to: ['uwv'],
    fields: { told: field(category, z.string()) },
    ...(channel ? { channel } : {}),
  });

describe('a contract between organisations', () => {
  it('cannot be declared with a medical field unless it is the medical channel', () => {
    expect(() => declared('K5')).toThrow('no shared contract has a medical field');
    expect(categoriesOf(declared('K5', 'medical'))).toEqual(['K5']);
  });

  it('cannot be declared with notes or with figures, in any channel', () => {
    for (const category of ['K9a', 'K10'] as const)
      for (const channel of ['shared', 'medical'] as const)
        expect(() => declared(category, channel)).toThrow('never told about one client');
  });

  it('cannot be a control message with a field about a client, except a medical one in the medical channel', () => {
    const control = (category: Parameters<typeof field>[0], channel: 'shared' | 'medical') =>
      controlContract({
        name: 'canary',
        version: 1,
        from: ['uwv'],
        to: ['mental-health'],
        urgent: false,
        channel,
        fields: { said: field(category, z.string()) },
      });
    for (const category of categories)
      for (const channel of ['shared', 'medical'] as const)
        if (category === 'K5' && channel === 'medical') expect(control(category, channel).channel).toBe('medical');
        else expect(() => control(category, channel)).toThrow(`in the ${channel} channel has a field of ${category}`);
    expect(control('own', 'shared').channel).toBe('shared');
  });

  it('refuses a part with a field that it does not declare', () => {
    const person = { initials: 'A.', familyName: 'Voorbeeld', dateOfBirth: '1990-01-01' };
    const schema = partSchema(clientIntroducedV1, 'K1');
    expect(schema.safeParse(person).success).toBe(true);
    expect(schema.safeParse({ ...person, diagnosis: 'x' }).success).toBe(false);
  });
});

describe('the contracts in force', () => {
  const disclosures = disclosureContracts;

  it('carry medical data in the medical channel and nowhere else', () => {
    const medical = disclosures.filter((contract) => categoriesOf(contract).includes('K5'));
    expect(medical.map(({ channel }) => channel)).toEqual(medical.map(() => 'medical'));
    expect(medical.length).toBeGreaterThan(0);
  });

  it('have one control message in the medical channel: the question of a physician', () => {
    const medical = controlContracts.filter(({ channel }) => channel === 'medical');
    expect(medical.map(contractId)).toEqual(['medical-question.v1']);
  });

  it('tell the covenant nothing about any client', () =>
    expect(disclosures.filter(({ from, to }) => [...from, ...to].includes('covenant'))).toEqual([]));
});
