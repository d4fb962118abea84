/** That a start waits for what may be over by itself, longer and longer, tells operators each time, and gives up at once on what they have to mend. */
import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@convenant/exchange-contract';
import { EngineFailure, type EngineTroubleCode } from '@convenant/kernel';
import { deployedSettings } from './settings.js';
import { whenThere } from './when-there.js';

const failure = (code: EngineTroubleCode): EngineFailure =>
  new EngineFailure('The database at db.example/uwv cannot be used.', {
    code,
    setting: 'ORGANISATION_DATABASE_URL',
    reason: 'ECONNREFUSED',
  });

/** Opens at the attempt after the last of these failures. `chance` is what the Random port says. */
function start(failures: readonly unknown[], { patienceMs = 60_000, chance = 1 } = {}) {
  const time = new VirtualTime();
  const attemptsAt: number[] = [];
  const notes: { code: string; facts?: Readonly<Record<string, string | number>> }[] = [];
  const waited: string[] = [];
  let outcome = 'none';
  const left = [...failures];
  whenThere(
    async () => {
      attemptsAt.push(time.nowMs);
      const next = left.shift();
      if (next) throw next;
      return 'opened';
    },
    {
      patienceMs,
      scheduler: time,
      random: { number: () => chance, secret: () => '' },
      note: (_level, code, facts) => void notes.push({ code, ...(facts ? { facts } : {}) }),
      waitsFor: (code) => void waited.push(code),
    },
  ).then(
    (opened) => (outcome = opened),
    (error: Error) => (outcome = error.message),
  );
  return { time, attemptsAt, notes, waited, outcome: () => outcome };
}

describe('a start whose database is away', () => {
  it('tries again after pauses that double up to fifteen seconds', async () => {
    const { time, attemptsAt, outcome } = start(Array.from({ length: 8 }, () => failure('database-unreachable')));
    await time.pass(200_000);
    expect(attemptsAt).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 30_500, 45_500, 60_500]);
    expect(outcome()).toBe('opened');
  });

  it('lets chance shorten a pause by half at most, so that not all come back in the same moment', async () => {
    const { time, attemptsAt } = start([failure('database-unreachable'), failure('database-unreachable')], {
      chance: 0,
    });
    await time.pass(10_000);
    expect(attemptsAt).toEqual([0, 250, 750]);
  });

  it('tells operators at every attempt what to mend, and once that it goes on', async () => {
    const { time, notes, waited } = start([failure('database-unreachable'), failure('database-out-of-connections')]);
    await time.pass(10_000);
    const setting = 'ORGANISATION_DATABASE_URL';
    const reason = 'ECONNREFUSED';
    expect(notes).toEqual([
      { code: 'start-waits', facts: { trouble: 'database-unreachable', setting, reason, attempt: 1, pauseMs: 500 } },
      {
        code: 'start-waits',
        facts: { trouble: 'database-out-of-connections', setting, reason, attempt: 2, pauseMs: 1_000 },
      },
      { code: 'start-goes-on', facts: { attempts: 3 } },
    ]);
    expect(waited).toEqual(['database-unreachable', 'database-out-of-connections']);
  });

  it('says nothing when it is there at once', async () => {
    const { time, notes, outcome } = start([]);
    await time.pass(0);
    expect([outcome(), notes]).toEqual(['opened', []]);
  });

  it('gives up with the sentence of the last failure when the patience is at its end', async () => {
    const { time, attemptsAt, outcome } = start(
      Array.from({ length: 99 }, () => failure('database-unreachable')),
      { patienceMs: 10_000 },
    );
    await time.pass(7_500);
    expect(outcome()).toBe('none');
    await time.pass(60_000);
    expect([outcome(), attemptsAt.at(-1)]).toEqual(['The database at db.example/uwv cannot be used.', 15_500]);
  });

  it('does not wait at all without patience, as for a person who starts it', async () => {
    const { time, attemptsAt, notes, outcome } = start([failure('database-unreachable')], { patienceMs: 0 });
    await time.pass(60_000);
    expect([outcome(), attemptsAt, notes]).toEqual(['The database at db.example/uwv cannot be used.', [0], []]);
  });

  it.each(['database-slow', 'database-full', 'database-out-of-connections'] as const)('waits for %s', async (code) => {
    const { time, outcome } = start([failure(code)]);
    await time.pass(1_000);
    expect(outcome()).toBe('opened');
  });

  it.each([
    ['wrong credentials', failure('database-refuses-credentials')],
    ['a wrong migration', failure('database-not-migrated')],
    ['a schema from the future', failure('database-from-the-future')],
    ['a certificate', failure('database-certificate')],
    ['a fault of its own', new Error('The database at db.example/uwv cannot be used.')],
  ])('waits for nobody to mend %s', async (_what, error) => {
    const { time, attemptsAt, notes, outcome } = start([error]);
    await time.pass(0);
    expect([outcome(), attemptsAt, notes]).toEqual(['The database at db.example/uwv cannot be used.', [0], []]);
  });
});

const others = {
  ORGANISATION_ID: 'uwv',
  ORGANISATION_FOLDER: 'folder',
  ORGANISATION_DATABASE_URL: 'postgres://app:secret@db.example:5432/uwv',
  ORGANISATION_ISSUER: 'https://login.example/',
  ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
};

describe('how long it waits', () => {
  const seconds = (value: string): number =>
    deployedSettings({ ...others, ORGANISATION_DATABASE_WAIT_SECONDS: value }).ORGANISATION_DATABASE_WAIT_SECONDS;

  it('is ten minutes, or what the setting says', () => {
    expect(deployedSettings(others).ORGANISATION_DATABASE_WAIT_SECONDS).toBe(600);
    expect([seconds('0'), seconds('86400')]).toEqual([0, 86_400]);
  });
  it.each(['-1', '1.5', 'for ever', '86401'])('is refused by name: %s', (value) => {
    expect(() => seconds(value)).toThrow(/ORGANISATION_DATABASE_WAIT_SECONDS: /);
  });
});

describe('how long an answer waits for the views', () => {
  const seconds = (set: Readonly<Record<string, string>>): number =>
    deployedSettings({ ...others, ...set }).ORGANISATION_VIEWS_WAIT_SECONDS;

  it('is two seconds, or what the setting says', () => {
    expect(seconds({})).toBe(2);
    expect(seconds({ ORGANISATION_VIEWS_WAIT_SECONDS: '10' })).toBe(10);
  });
  it.each(['0', '1.5', 'for ever', '11'])('is refused by name: %s', (value) => {
    expect(() => seconds({ ORGANISATION_VIEWS_WAIT_SECONDS: value })).toThrow(/ORGANISATION_VIEWS_WAIT_SECONDS: /);
  });
});
