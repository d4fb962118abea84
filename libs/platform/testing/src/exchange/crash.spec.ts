/** A process that stops at any named point, once or again, and comes back on what was durable: nothing acknowledged is lost, nothing happens twice. */
import { describe, expect, it } from '@jest/globals';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { HeldWire, typeOfMessage } from '../held-wire.js';
import { testWorld } from '../world.js';
import { exampleService } from './example-services.js';
import { StopsAt } from './stopping.js';
import { Client, keptBy, rowsOf, shownBy } from './story.js';

/** Grant, change, narrowing, withdrawal and a second grant; what both sides hold in the end. */
async function play(at: StopsAt, stopped: 'ggz-amstel' | 'uwv') {
  const world = await testWorld({
    organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
    checkpoints: (organisation) => (organisation === stopped ? at : { pass: () => undefined }),
  });
  const ggz = world.organisation('ggz-amstel');
  const uwv = world.organisation('uwv');
  const settle = async (): Promise<void> => {
    let settled = false;
    const settling = world.settle().finally(() => (settled = true));
    // What stands still is waited for, as long as it is agreed to be waited for; that takes time.
    while (!settled) await Promise.race([settling, world.time.pass(500)]).catch(() => undefined);
    if (!at.down) return;
    at.down = false;
    await world.organisation(stopped).restart();
    await world.settle();
  };
  const her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  await her.note(trajectoryStatusV1, { state: 'referred', referredOn: '2026-09-01' });
  await her.note(vocationalProfileV1, { workWish: 'tuinieren', preferences: [], writtenOn: '2026-09-10' });
  await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
  await settle();
  await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
  await settle();
  await her.narrows('consent-1', 'K3');
  await settle();
  await her.withdraws('consent-1');
  await settle();
  const afterWithdrawal = [await shownBy(world, uwv, 'client-7'), await rowsOf(uwv)];
  await her.consents('consent-2', uwv, ['K1', 'K2']);
  await settle();
  const { consents, disclosed } = await her.state();
  const result = {
    afterWithdrawal,
    shown: await shownBy(world, uwv, 'client-7'),
    told: Object.values(disclosed).map(({ contract, consentId }) => `${contract} ${consentId}`),
    received: (await keptBy(uwv))
      .filter(({ type }) => type !== 'ScopeKeysDestroyed')
      .map(({ type }) => type)
      .toSorted(),
    destroyed: (await keptBy(uwv)).flatMap((event) => (event.type === 'ScopeKeysDestroyed' ? event.keyIds : [])).length,
    acknowledged: Object.values(consents).flatMap(({ closings }) =>
      closings.map(({ acknowledgedAt }) => acknowledgedAt !== undefined),
    ),
    waiting: await ggz.ports.ledger.waitingLanes(),
    parked: [...(await ggz.ports.ledger.parked()), ...(await uwv.ports.ledger.parked())],
  };
  await world.stop();
  return result;
}

describe.each(['ggz-amstel', 'uwv'] as const)('a process of %s that stops', (stopped) => {
  it('at any passing of any point leaves the same behind as one that never stopped', async () => {
    const through = new StopsAt();
    const expected = await play(through, stopped);
    expect(expected.shown).toEqual({ 'trajectory-status.v1': { state: 'active', referredOn: '2026-09-01' } });
    expect(expected.afterWithdrawal).toEqual([{}, []]);
    expect(expected.acknowledged).toEqual([true, true]);
    expect(expected.waiting).toEqual([]);
    const points = [...through.passed].flatMap(([point, times]) =>
      Array.from({ length: Math.min(times, 2) }, (_, index) => [point, index + 1] as const),
    );
    expect(points.length).toBeGreaterThan(15);
    for (const [point, nth] of points)
      expect([point, nth, await play(new StopsAt(point, nth), stopped)]).toEqual([point, nth, expected]);
  });
});

describe('a process that stops between keeping an introduction and linking her', () => {
  it('links her when she resumes, also when the introduction arrives again before the end of the pause does', async () => {
    const at = new StopsAt('inbox: after append', 3);
    let wire: HeldWire | undefined;
    const world = await testWorld({
      organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
      wire: (direct) => (wire = new HeldWire(direct)),
      checkpoints: (organisation) => (organisation === 'uwv' ? at : { pass: () => undefined }),
    });
    const uwv = world.organisation('uwv');
    const her = await new Client(world, world.organisation('ggz-amstel'), 'anna').register();
    await new Client(world, uwv, 'client-7').register();
    await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
    await her.consents('consent-1', uwv, ['K1', 'K2']);
    await world.settle();
    expect((await keptBy(uwv)).at(-1)).toMatchObject({ type: 'IntroductionReceived' });

    await her.pauses('consent-1');
    await world.settle();
    expect(await her.happened('Stopped')).toHaveLength(1);
    at.down = false;
    await uwv.restart();
    await world.settle();
    expect((await keptBy(uwv)).at(-1)).toMatchObject({ type: 'ScopeClosed', how: 'paused' });

    wire?.hold((signed) => !typeOfMessage(signed).includes('consent-reopened'));
    await her.resumes('consent-1');
    await world.settle();
    expect((await keptBy(uwv)).filter(({ type }) => type === 'IntroductionLinked')).toEqual([]);
    await wire?.release();
    await world.settle();
    expect(await shownBy(world, uwv, 'client-7')).toEqual({
      'trajectory-status.v1': { state: 'active', referredOn: '2026-09-01' },
    });
    expect(await world.organisation('ggz-amstel').ports.ledger.waitingLanes()).toEqual([]);
    await world.stop();
  });
});
