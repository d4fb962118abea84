/** What may be taken into a decision: by whom, on which law, until when, and never after the client took her consent back. */
import { describe, expect, it } from '@jest/globals';
import type { RegisteredConsent } from './decide-reading.js';
import { mayTakeIntoDecision, takingTable, type TakingRequest } from './taking.js';

const request: TakingRequest = {
  kind: 'uwv',
  role: 'insurancePhysician',
  decision: 'physician-statement',
  category: 'K7',
  consentId: 'support-uwv',
  now: '2026-10-07T09:00:00.000Z',
};
const registered: RegisteredConsent = {
  consentId: 'support-uwv',
  version: 1,
  discloser: 'ggz-amstel',
  purpose: 'support',
  roles: ['insurancePhysician', 'labourExpert'],
  categories: ['K2', 'K7'],
  until: '2027-10-06T09:00:00.000Z',
  closed: false,
};
const take = (asked: Partial<TakingRequest>, entry: Partial<RegisteredConsent> = {}) =>
  mayTakeIntoDecision({ ...request, ...asked }, [{ ...registered, ...entry }]);

describe('taking into a decision', () => {
  it('is allowed on the law of the table, for its term', () =>
    expect(take({})).toEqual({
      permit: {
        row: 'take/uwv/physician-statement/K7',
        law: 'Wet SUWI 30a; Archiefwet',
        until: '2031-10-07T09:00:00.000Z',
      },
    }));
  it.each<[string, Partial<TakingRequest>, Partial<RegisteredConsent>, string]>([
    ['after a withdrawal', {}, { closed: true }, 'closed'],
    ['after this category was closed', {}, { closed: ['K7'] }, 'closed'],
    ['after the end of the consent', {}, { until: request.now }, 'expired'],
    ['under a consent that is not known', { consentId: 'another' }, {}, 'not-registered'],
    ['by a role that the consent does not name', {}, { roles: ['labourExpert'] }, 'role-not-named'],
    ['by a role that the table does not name', { role: 'labourExpert' }, {}, 'no-row'],
    ['of a category that was not granted', { category: 'K3' }, {}, 'category-not-named'],
    ['for a decision that has no row', { decision: 'funding-settlement' }, {}, 'no-row'],
  ])('is denied %s', (_when, asked, entry, reason) => expect(take(asked, entry)).toEqual({ denied: [reason] }));
  it('never takes notes, and medical data into a physician’s own file alone', () => {
    expect(takingTable.filter(({ category }) => category === 'K9a')).toEqual([]);
    const roles = takingTable
      .filter(({ category }) => category === 'K5')
      .flatMap((row) => [...row.roles, ...row.readers]);
    expect(new Set(roles)).toEqual(new Set(['insurancePhysician', 'physicianDelegate', 'medicalAdviser']));
  });
  it('names one row per organisation, decision and category', () => {
    const ids = takingTable.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
