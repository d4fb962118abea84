/** That operators hear of each trouble with Kafka once, of one that was to pass and lasts once more, and of its end. */
import { beforeEach, expect, it } from '@jest/globals';
import type { Trouble, TroubleCode } from './trouble.js';
import { Troubles } from './troubles.js';

const of = (code: TroubleCode): Trouble => ({ code, setting: 'A_SETTING', reason: 'A_REASON' });
let [told, nowMs] = [[] as string[], 0];
let troubles: Troubles;
beforeEach(() => {
  [told, nowMs] = [[], 0];
  troubles = new Troubles(
    (level, code, facts) => void told.push(`${nowMs} ${level} ${code} ${facts?.['where']}`),
    () => nowMs,
  );
});

it('is told once, however often it comes, and once when it is over', () => {
  const { trouble, well } = troubles.listenerFor('to uwv');
  for (nowMs = 0; nowMs < 300_000; nowMs += 10_000) trouble(of('kafka-unreachable'));
  expect([...troubles.now]).toEqual([['to uwv', of('kafka-unreachable')]]);
  well();
  well();
  expect(told).toEqual(['0 error kafka-unreachable to uwv', '300000 info kafka-well-again to uwv']);
  expect(troubles.now.size).toBe(0);
});

it('is told when it changes, and apart for each way', () => {
  const [one, other] = [troubles.listenerFor('to uwv'), troubles.listenerFor('from uwv')];
  one.trouble(of('kafka-full'));
  other.trouble(of('kafka-full'));
  one.trouble(of('kafka-leaderless'));
  expect(told).toEqual(['0 error kafka-full to uwv', '0 error kafka-full from uwv', '0 error kafka-leaderless to uwv']);
});

it('is told once more, as an error, when a broker is not ready for a minute; a minute that begins anew after it was', () => {
  const { trouble, well } = troubles.listenerFor('from uwv');
  for (nowMs = 0; nowMs < 180_000; nowMs += 1_000) trouble(of('kafka-not-ready'));
  well();
  trouble(of('kafka-not-ready'));
  nowMs += 59_999;
  trouble(of('kafka-not-ready'));
  expect(told).toEqual([
    '0 warning kafka-not-ready from uwv',
    '60000 error kafka-not-ready from uwv',
    '180000 info kafka-well-again from uwv',
    '180000 warning kafka-not-ready from uwv',
  ]);
});
