/** What door and inbox do differently in an organisation that was restored from a backup, and for a partner that was. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import type { MemoryExchangeLedger } from '@convenant/event-store-memory';
import { received, receivedEvents, receivedStream, type AfterRestore, type Transport } from '@convenant/exchange';
import { run } from '@convenant/kernel';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
import { Client, keptBy, shownBy } from './story.js';

const series = '0123456789ab';
interface Passed {
  readonly recipient: string;
  readonly type: string;
  readonly sequence?: string;
  readonly series?: string;
}

let world: World;
let ggz: OrganisationInWorld;
let uwv: OrganisationInWorld;
let her: Client;
let passed: Passed[];

const restored = (organisation: OrganisationInWorld, how: AfterRestore): void => {
  (organisation.ports.ledger as MemoryExchangeLedger).restored = how;
};
const begin = async (): Promise<void> => {
  passed = [];
  const listening = (direct: Transport): Transport => ({
    send(recipient, signed) {
      const payload = JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()) as Passed;
      passed.push({ ...payload, recipient, type: payload.type.replace(/^nl\.convenant\./, '') });
      return direct.send(recipient, signed);
    },
    subscribe: (organisation, handler) => direct.subscribe(organisation, handler),
    close: () => direct.close(),
  });
  world = await testWorld({
    organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
    wire: listening,
  });
  ggz = world.organisation('ggz-amstel');
  uwv = world.organisation('uwv');
  her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
  await world.settle();
};
const share = async (): Promise<void> => {
  await her.consents('consent-1', uwv, ['K1', 'K2', 'K3']);
  await world.settle();
};
const told = async (): Promise<readonly string[]> =>
  (await keptBy(uwv)).flatMap((event) => (event.type === 'DisclosureReceived' ? [event.contract] : []));

beforeEach(begin);
afterEach(() => world.stop());

describe('an organisation that was restored', () => {
  it('counts its lanes from 1 in a series of their own, and the partner takes that for nothing that it had', async () => {
    await share();
    const before = await told();
    restored(ggz, { series, held: false });
    passed.length = 0;
    await her.note(vocationalProfileV1, { workWish: 'In een kas', preferences: [], writtenOn: '2026-10-01' });
    await world.settle();
    const inLanes = passed.filter(({ recipient, sequence }) => recipient === 'uwv' && sequence !== undefined);
    expect(inLanes[0]).toMatchObject({ type: 'vocational-profile.v1', sequence: '1', series });
    expect(await told()).toEqual([...before, 'vocational-profile.v1']);
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  });

  it('gives what it tells other ids than it would have had: partners know those for something else', async () => {
    await share();
    const before = (await her.happened('Disclosed')).map(({ messageId }) => messageId);
    await world.stop();
    await begin();
    restored(ggz, { series, held: false });
    await share();
    const after = (await her.happened('Disclosed')).map(({ messageId }) => messageId);
    expect(after).toHaveLength(before.length);
    expect(after.filter((messageId) => before.includes(messageId))).toEqual([]);
  });

  it('tells nothing while its door is held, and still closes at once what she withdraws', async () => {
    await share();
    const before = await told();
    const recorded = await her.happened('Disclosed');
    restored(ggz, { series, held: true });
    passed.length = 0;
    await her.note(vocationalProfileV1, { workWish: 'In een kas', preferences: [], writtenOn: '2026-10-01' });
    await world.settle();
    await her.says('consent-1', ['K1', 'K2', 'K3', 'K7']);
    await world.settle();
    expect(passed.filter(({ recipient }) => recipient === 'uwv')).toEqual([]);
    expect(await her.happened('Disclosed')).toEqual(recorded);
    await her.withdraws('consent-1');
    await world.settle();
    expect(passed.filter(({ recipient }) => recipient === 'uwv').map(({ type }) => type)).toContain(
      'consent-closed.v1',
    );
    expect(await told()).toEqual(before);
    expect((await keptBy(uwv)).map(({ type }) => type)).toContain('ScopeKeysDestroyed');
  });

  it('tells what may be told once its door is released, also when it stops before it has done so', async () => {
    await share();
    const before = await told();
    restored(ggz, { series, held: true });
    await her.note(vocationalProfileV1, { workWish: 'In een kas', preferences: [], writtenOn: '2026-10-01' });
    await world.settle();
    await ggz.service.stop();
    restored(ggz, { series, held: false });
    await ggz.restart();
    await world.settle();
    expect(await told()).toEqual([...before, 'vocational-profile.v1']);
  });

  it('sees that its door is released while it runs', async () => {
    await share();
    const before = await told();
    restored(ggz, { series, held: true });
    await her.note(vocationalProfileV1, { workWish: 'In een kas', preferences: [], writtenOn: '2026-10-01' });
    await world.settle();
    restored(ggz, { series, held: false });
    await world.settle();
    expect(await told()).toEqual([...before, 'vocational-profile.v1']);
  });
});

describe('a closing of the time that was lost', () => {
  /** What the partner did then, and what is left of it here: nothing. */
  const closedThere = async (): Promise<void> => {
    await share();
    restored(ggz, { series, held: false });
    const pseudonym = (await her.state()).pseudonyms['uwv']?.pseudonym ?? '';
    const at = world.now();
    await run(
      uwv.ports.store,
      receivedStream('ggz-amstel', pseudonym),
      receivedEvents,
      received,
      {
        type: 'CloseScope',
        discloser: 'ggz-amstel',
        pseudonym,
        consentId: 'consent-1',
        version: 2,
        categories: [],
        how: 'ended',
        at,
      },
      {
        ids: uwv.ports.ids,
        meta: { at, actor: { kind: 'system', process: 'lost' }, cause: 'lost', client: 'client-7' },
      },
    );
    await world.settle();
  };
  it('pauses the consent when its proof comes, and when she goes on the partner knows again what it may', async () => {
    await closedThere();
    expect((await her.state()).consents['consent-1']).toMatchObject({ state: 'paused', version: 2 });
    await her.resumes('consent-1');
    await world.settle();
    await her.note(vocationalProfileV1, { workWish: 'In een kas', preferences: [], writtenOn: '2026-10-01' });
    await world.settle();
    expect(Object.keys(await shownBy(world, uwv, 'client-7')).sort()).toEqual([
      'trajectory-status.v1',
      'vocational-profile.v1',
    ]);
    await her.withdraws('consent-1');
    await world.settle();
    expect(await shownBy(world, uwv, 'client-7')).toEqual({});
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  });
});

describe('a partner that was restored', () => {
  it('gets everything again that it ever got, keeps each thing once, and its receipts end it', async () => {
    await share();
    const before = await keptBy(uwv);
    const types = () => [
      ...new Set(
        passed
          .filter(({ recipient, type }) => recipient === 'uwv' && type !== 'receipt.v1')
          .map(({ type }) => type)
          .sort(),
      ),
    ];
    const everything = types();
    passed.length = 0;
    expect(await ggz.ports.ledger.sendAgain('uwv')).toBeGreaterThan(0);
    await world.settle();
    expect(types()).toEqual(everything);
    expect(await keptBy(uwv)).toEqual(before);
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  });

  it('is not told again what she withdrew, and nothing that it had is recorded as stopped', async () => {
    await share();
    await her.withdraws('consent-1');
    await world.settle();
    passed.length = 0;
    await ggz.ports.ledger.sendAgain('uwv');
    await world.settle();
    const again = passed.filter(({ recipient }) => recipient === 'uwv').map(({ type }) => type);
    expect(again).toContain('place-kept.v1');
    expect(again).not.toContain('trajectory-status.v1');
    expect(await her.happened('Stopped')).toEqual([]);
  });
});
