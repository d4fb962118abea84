/** What holds for the client's own duty to report (U01). */
import { describe, expect, it } from '@jest/globals';
import type { DisclosureEvent } from '@convenant/consent';
import type { StoredEvent } from '@convenant/kernel';
import type { JobEvent } from './job.js';
import { reportingDuties, reportingDutiesOf, type ReportingDutyRow } from './reporting-duties.js';
import { occasions, reportingReminder, reportingTerms } from './reporting-notice.js';

const at = '2026-03-10T09:00:00.000Z';
const proposed = (
  consentId: string,
  recipient: string,
  recipientKind: 'uwv' | 'municipality' | 'insurer',
): DisclosureEvent => ({
  type: 'ConsentProposed',
  consentId,
  recipient,
  recipientKind,
  roles: [],
  purpose: 'support',
  categories: ['K2', 'K7'],
  validMonths: 12,
  informationVersion: '1',
  at,
});
const refused = (consentId: string): DisclosureEvent => ({ type: 'ConsentRefused', consentId, by: 'client', at });
const givenFor = (consentId: string, categories: readonly ('K2' | 'K7')[]): DisclosureEvent => ({
  type: 'ConsentGiven',
  consentId,
  version: 1,
  categories,
  until: '2027-03-10T09:00:00.000Z',
  by: 'client',
  method: 'digital',
  informationVersion: '1',
  language: 'nl',
  at,
});
const withdrawn = (consentId: string): DisclosureEvent => ({
  type: 'ConsentWithdrawn',
  consentId,
  version: 2,
  by: 'client',
  at,
});
const jobStarted = { type: 'JobStarted', jobId: 'j1', clientId: 'c1', startedOn: '2026-03-09', at } as JobEvent;
const jobChanged = { type: 'JobChanged', jobId: 'j1', clientId: 'c1', changedOn: '2026-03-09', at } as JobEvent;
const jobEnded = { type: 'JobEnded', jobId: 'j1', clientId: 'c1', endedOn: '2026-03-10', at } as JobEvent;

function dutiesAfter(...events: (JobEvent | DisclosureEvent)[]) {
  const rows = new Map<string, ReportingDutyRow>();
  for (const [index, event] of events.entries()) {
    const stored = { id: `e${index}`, meta: { client: 'c1' } } as StoredEvent;
    for (const key of reportingDuties.keys(event, stored)) {
      const row = reportingDuties.apply(rows.get(key), event, key, stored);
      if (row) rows.set(key, row);
    }
  }
  return reportingDutiesOf([...rows.values()]);
}
const uwv = { organisation: 'uwv', kind: 'uwv' };

describe('the duty to report', () => {
  it('is there after work starts, changes and ends, toward every benefits body that a permission was asked for', () => {
    expect(dutiesAfter(proposed('k1', 'uwv', 'uwv'), jobStarted, jobChanged, jobEnded)).toEqual([
      { occasion: 'work-started', on: '2026-03-09', jobId: 'j1', to: uwv },
      { occasion: 'work-changed', on: '2026-03-09', jobId: 'j1', to: uwv },
      { occasion: 'work-ended', on: '2026-03-10', jobId: 'j1', to: uwv },
    ]);
  });
  it('names whoever pays her benefit when nobody knows who that is', () => {
    expect(dutiesAfter(jobStarted)).toEqual([
      { occasion: 'work-started', on: '2026-03-09', jobId: 'j1', to: undefined },
    ]);
  });
  it('is there after a refusal and after a withdrawal, and not while she says yes', () => {
    expect(dutiesAfter(proposed('k1', 'uwv', 'uwv'), refused('k1'))).toEqual([
      { occasion: 'sharing-refused', on: '2026-03-10', to: uwv },
    ]);
    const yes = [proposed('k1', 'uwv', 'uwv'), givenFor('k1', ['K2', 'K7'])];
    expect(dutiesAfter(...yes)).toEqual([]);
    expect(dutiesAfter(...yes, withdrawn('k1'))).toEqual([
      { occasion: 'sharing-withdrawn', on: '2026-03-10', to: uwv },
    ]);
  });
  it('is there when she left work and contract out of a yes, or turned it off later', () => {
    expect(dutiesAfter(proposed('k1', 'uwv', 'uwv'), givenFor('k1', ['K2']))).toMatchObject([
      { occasion: 'sharing-refused' },
    ]);
    const narrowed: DisclosureEvent = {
      type: 'ConsentNarrowed',
      consentId: 'k1',
      version: 2,
      removed: ['K7'],
      by: 'client',
      at,
    };
    expect(dutiesAfter(proposed('k1', 'uwv', 'uwv'), givenFor('k1', ['K2', 'K7']), narrowed)).toMatchObject([
      { occasion: 'sharing-withdrawn' },
    ]);
  });
  it('has nothing to do with an insurer', () => {
    expect(dutiesAfter(proposed('k1', 'zilver', 'insurer'), refused('k1'))).toEqual([]);
  });
});

describe('the reminder', () => {
  const facts = { name: 'A. Jansen', occupation: 'tuinman', hoursPerWeek: 16 };
  const started = { occasion: 'work-started', on: '2026-03-09', to: { organisation: 'uwv', kind: 'uwv' } } as const;
  it('has a filled-in notice in both languages for her to send herself', () => {
    const { notice, toWhom } = reportingReminder(started, facts);
    expect(toWhom.nl).toBe('UWV');
    expect(notice.nl).toContain('Ik ben op 2026-03-09 begonnen met werken.');
    expect(notice.nl).toContain('Aantal uren per week: 16.');
    expect(notice.en).toContain('From: A. Jansen');
  });
  it('says for every occasion that she reports herself and that wages are seen anyway', () => {
    for (const occasion of occasions) {
      const reminder = reportingReminder({ ...started, occasion }, facts);
      expect(reminder.what.nl).toMatch(/zelf melden/);
      expect(reminder.wagesAreSeen.nl).toContain('loonaangifte');
    }
  });
  it('states a last day only when somebody confirmed the term', () => {
    expect(reportingReminder(started, facts).lastDay).toBeUndefined();
    expect(reportingReminder(started, facts).byWhen.nl).toContain('nog te bevestigen');
    const confirmed = { to: 'uwv', withinDays: 7, from: '2026-01-01', source: 'letter', confirmedBy: 'UWV' } as const;
    expect(reportingReminder(started, facts, [confirmed]).lastDay).toBe('2026-03-16');
    expect(reportingReminder(started, facts, [{ ...confirmed, until: '2026-02-01' }]).lastDay).toBeUndefined();
  });
  it('names the source of every term', () => {
    expect(reportingTerms.every(({ source }) => source.length > 0)).toBe(true);
  });
});
