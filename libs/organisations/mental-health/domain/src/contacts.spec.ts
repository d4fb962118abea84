/** What holds for contacts, with employers and with everybody else. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import {
  ContactRecorded,
  contactEvents,
  contacts,
  employerContactEvents,
  employerContacts,
  type EmployerContactKind,
} from './contacts.js';
import history from './contacts.history.json' with { type: 'json' };

const at = '2026-03-10T09:00:00.000Z';
const who = { contactId: 'k1', clientId: 'c1', on: '2026-03-10', by: 'sam', at };
const record = {
  type: 'RecordContact',
  ...who,
  counterpart: 'client',
  mode: 'in-person',
  setting: 'community',
  minutes: 45,
} as const;
const talk = {
  type: 'RecordEmployerContact',
  ...who,
  employer: 'a' as Sealed<string>,
  kind: 'b' as Sealed<EmployerContactKind>,
  matchesPreference: 'c' as Sealed<boolean>,
} as const;

describe('a contact', () => {
  it('is recorded once', () => {
    expect(given(contacts, []).when(record)).toEqual(accept({ ...record, type: 'ContactRecorded' }));
    expect(given(contacts, [{ ...record, type: 'ContactRecorded' }]).when(record)).toEqual(accept());
    expect(given(employerContacts, []).when(talk)).toEqual(accept({ ...talk, type: 'EmployerContactRecorded' }));
  });
  it('is refused when it is still to come', () => {
    expect(given(contacts, []).when({ ...record, on: '2026-03-11' })).toEqual(refuse('date-in-future'));
    expect(given(employerContacts, []).when({ ...talk, on: '2026-03-11' })).toEqual(refuse('date-in-future'));
  });
  it('carries its note as K9a, which is never shared', () => {
    expect(ContactRecorded.sealed.note.category).toBe('K9a');
  });
  it('changes nothing when any command comes twice', () => {
    const ids = ['k1', 'k2'];
    const some = fc.array(fc.constantFrom(...ids.map((contactId) => ({ ...record, contactId }))));
    const talks = fc.array(fc.constantFrom(...ids.map((contactId) => ({ ...talk, contactId }))));
    fc.assert(fc.property(some, (commands) => changedBySecondTime(contacts, commands).length === 0));
    fc.assert(fc.property(talks, (commands) => changedBySecondTime(employerContacts, commands).length === 0));
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(contactEvents, history.slice(0, 1))).toEqual([]);
    expect(brokenHistory(employerContactEvents, history.slice(1))).toEqual([]);
  });
});
