/** What holds for vocational profiles. */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import { brokenHistory, changedBySecondTime, given } from '@convenant/shared-domain';
import fc from 'fast-check';
import { profileEvents, profileInput, vocationalProfile, type ProfileEvent } from './vocational-profile.js';
import history from './vocational-profile.history.json' with { type: 'json' };

const at = '2026-03-10T09:00:00.000Z';
const content = { workWish: 'a' as Sealed<string>, preferences: 'b' as Sealed<readonly string[]> };
const write = (profileId: string, writtenOn: string) =>
  ({ type: 'WriteProfile', profileId, clientId: 'c1', writtenOn, writtenBy: 'sam', ...content, at }) as const;
const written: ProfileEvent = { ...write('p1', '2026-03-05'), type: 'ProfileWritten' };

describe('a vocational profile', () => {
  it('keeps every version, each written once', () => {
    expect(given(vocationalProfile, []).when(write('p1', '2026-03-05'))).toEqual(accept(written));
    expect(given(vocationalProfile, [written]).when(write('p2', '2026-03-05'))).toHaveProperty('accepted.length', 1);
  });
  it('refuses a version from before the last one, and one of tomorrow', () => {
    expect(given(vocationalProfile, [written]).when(write('p2', '2026-03-04'))).toEqual(refuse('dates-in-wrong-order'));
    expect(given(vocationalProfile, []).when(write('p1', '2026-03-11'))).toEqual(refuse('date-in-future'));
  });
  it('refuses more than 60 hours wanted', () => {
    const entered = { workWish: 'In de buitenlucht', preferences: ['tuin'], hoursWanted: 61 };
    expect(profileInput.safeParse(entered).error?.issues[0]?.message).toBe('hours-above-60');
  });
  it('changes nothing when any command comes twice', () => {
    const pool = ['p1', 'p2'].flatMap((id) => ['2026-03-04', '2026-03-05'].map((on) => write(id, on)));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(vocationalProfile, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(profileEvents, history)).toEqual([]);
  });
});
