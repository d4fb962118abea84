/** That the setting for events in KurrentDB is taken as meant, or refused by name and never quoted. */
import { describe, expect, it } from '@jest/globals';
import { deployedSettings } from './settings.js';

const others = {
  ORGANISATION_ID: 'uwv',
  ORGANISATION_FOLDER: 'folder',
  ORGANISATION_DATABASE_URL: 'postgres://app:secret@db.example:5432/uwv',
  ORGANISATION_ISSUER: 'https://login.example/',
  ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
};
const read = (log?: string) => deployedSettings({ ...others, ORGANISATION_EVENT_LOG: log }).ORGANISATION_EVENT_LOG;

describe('the setting of the event log', () => {
  it('is not needed: events are then in the database of the organisation', () => {
    expect(read()).toBeUndefined();
  });
  it.each([
    'kurrentdb://kurrentdb:2113?tls=false',
    'kurrentdb+discover://uwv:word@cluster.example:2113?tls=true',
    'esdb://a.example:2113,b.example:2113',
  ])('takes %s', (address) => {
    expect(read(address)).toBe(address);
  });
  it.each([
    ['', 'must be an address like'],
    ['postgres://user:hidden@db.example/uwv', 'must be an address like'],
    ['kurrentdb://user:hidden@db.example?hidden=1', 'has an option that is not known here'],
    ['kurrentdb://user:hidden@db.example?tls=hidden', 'has a wrong value for tls'],
  ])('is named and not quoted when it is wrong (%#)', (address, words) => {
    expect(() => read(address)).toThrow(`ORGANISATION_EVENT_LOG: ${words}`);
    expect(() => read(address)).not.toThrow('hidden');
  });
});
