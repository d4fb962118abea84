/** What holds for the record of who a client is. */
import { describe, expect, it } from '@jest/globals';
import { clientIntroducedV1 } from '@convenant/contracts';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import fc from 'fast-check';
import { clientIntroduced } from './client-introduced.js';
import { clientNames, clientsByName } from './client-names.js';
import history from './client-record.history.json' with { type: 'json' };
import {
  clientDetailsInput,
  clientRecord,
  clientRecordEvents,
  isLikelyTheSamePerson,
  nameForMatching,
  type ClientRecordCommand,
  type ClientRecordEvent,
} from './client-record.js';
import { brokenHistory, changedBySecondTime, given, misfits, typesThatChange } from './promises.js';

const at = '2026-03-10T09:00:00.000Z';
const sealed = <T>(value: T) => JSON.stringify(value) as Sealed<T>;
const identity = { initials: sealed('A.B.'), familyName: sealed('Jansen'), dateOfBirth: sealed('1990-05-01') };
const register = { type: 'RegisterClient', clientId: 'c1', nameDigest: 'd1', ...identity, at } as const;
const registered: ClientRecordEvent = { ...register, type: 'ClientRegistered' };
const correct = { ...register, type: 'CorrectClientDetails', correctionId: 'x1', nameDigest: 'd2' } as const;
const corrected: ClientRecordEvent = { ...correct, type: 'ClientDetailsCorrected' };

describe('a client record', () => {
  it('is made once', () => {
    expect(given(clientRecord, []).when(register)).toEqual(accept(registered));
    expect(given(clientRecord, [registered]).when(register)).toEqual(accept());
  });
  it('refuses another person under the same id', () => {
    expect(given(clientRecord, [registered]).when({ ...register, nameDigest: 'd9' })).toEqual(
      refuse('already-registered'),
    );
  });
  it('refuses to correct a client who is not known', () => {
    expect(given(clientRecord, []).when(correct)).toEqual(refuse('client-unknown'));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: ClientRecordCommand[] = [
      register,
      correct,
      { ...register, nameDigest: 'd9' },
      { ...correct, correctionId: 'x2' },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(clientRecord, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(clientRecordEvents, history)).toEqual([]);
  });
  it('introduces the client with her corrected name and nothing more', () => {
    expect(misfits(clientIntroduced, [registered, corrected], JSON.parse)).toEqual([]);
    expect(Object.keys(clientIntroduced.compose([registered]) ?? {})).toEqual(Object.keys(clientIntroducedV1.fields));
    expect(clientIntroduced.compose([])).toBeUndefined();
  });
  it('is introduced again after every event that changes how she is introduced', () => {
    expect(typesThatChange(clientIntroduced, clientRecordEvents, history)).toEqual(
      [...clientIntroduced.changedBy].sort(),
    );
  });
  it('is found by the digest of the newest name only', () => {
    const stored = {} as never;
    const row = clientsByName.apply(clientsByName.apply(undefined, registered, 'c1', stored), corrected, 'c1', stored);
    expect(row && clientsByName.indexes?.(row, 'c1')).toEqual({ nameDigest: 'd2' });
    expect(clientNames.apply(undefined, registered, 'c1', stored)).toEqual({ clientId: 'c1', ...identity });
  });
});

describe('what is entered about a client', () => {
  const details = { initials: 'A.B.', familyName: 'Jansen', dateOfBirth: '1990-05-01' };
  it('refuses a number that fails the eleven test, in so many words', () => {
    const wrong = clientDetailsInput.safeParse({ ...details, bsn: '999912345' });
    expect(wrong.error?.issues.map(({ message }) => message)).toEqual(['bsn-fails-eleven-test']);
    expect(clientDetailsInput.safeParse({ ...details, bsn: '999990019' }).success).toBe(true);
  });
  it('refuses a field that nobody asked for', () => {
    expect(clientDetailsInput.safeParse({ ...details, diagnosis: 'x' }).success).toBe(false);
  });
  it('takes two records for one person on the same date of birth and one more thing, and on nothing less', () => {
    const likely = (other: object) => isLikelyTheSamePerson(details, { ...details, ...other });
    expect(likely({ initials: 'A.' })).toBe(true);
    expect(likely({ familyName: 'Jansen-de Wit' })).toBe(true);
    expect(likely({ familyName: 'JÁNSEN', initials: 'Q.' })).toBe(true);
    expect(likely({ dateOfBirth: '1990-05-02' })).toBe(false);
    expect(likely({ familyName: 'Bakker', initials: 'Z.' })).toBe(false);
    expect(
      isLikelyTheSamePerson(
        { ...details, familyName: '1', initials: '2' },
        { ...details, familyName: '3', initials: '4' },
      ),
    ).toBe(false);
  });
  it('gives the same text for the same person, however her name was typed', () => {
    expect(nameForMatching({ initials: 'a b', familyName: 'De Groot-Núñez', dateOfBirth: '1990-05-01' })).toBe(
      'degrootnunez|1990-05-01|ab',
    );
    expect(nameForMatching({ initials: 'A.B.', familyName: 'de groot nunez', dateOfBirth: '1990-05-01' })).toBe(
      'degrootnunez|1990-05-01|ab',
    );
  });
});
