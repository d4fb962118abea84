/** Lanes try again by themselves, calmly, and never wait for one another. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { policy } from '@convenant/consent';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import type { MemoryExchangeLedger } from '@convenant/event-store-memory';
import { createLanes, type DoorRules, type EnqueuedLanes, type Lanes, type Transport } from '@convenant/exchange';
import { typeOfMessage } from '../held-wire.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService, factStream } from './example-services.js';
import { Client, shownBy } from './story.js';

let world: World;
let ggz: OrganisationInWorld;
let her: Client;
const sent: string[] = [];
/** What the network does with a message to this recipient: takes and loses it, refuses it, or never answers. */
let network: Record<string, 'loses' | 'refuses' | 'hangs' | undefined> = {};

beforeEach(async () => {
  sent.length = 0;
  network = {};
  const between = (direct: Transport): Transport => ({
    async send(recipient, signed) {
      sent.push(`${recipient} ${typeOfMessage(signed)}`);
      const trouble = network[recipient];
      if (trouble === 'refuses') throw new Error('refused');
      if (trouble === 'hangs') await new Promise(() => undefined);
      if (trouble === undefined) await direct.send(recipient, signed);
    },
    subscribe: (organisation, handler) => direct.subscribe(organisation, handler),
    close: () => direct.close(),
  });
  world = await testWorld({
    organisations: {
      'ggz-amstel': exampleService('mental-health'),
      uwv: exampleService('uwv'),
      'gemeente-amstelveld': exampleService('municipality'),
    },
    wire: between,
  });
  ggz = world.organisation('ggz-amstel');
  her = await new Client(world, ggz, 'anna').register();
  for (const place of ['uwv', 'gemeente-amstelveld'])
    await new Client(world, world.organisation(place), 'client-7').register();
  await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
  await world.settle();
});
afterEach(() => (Object.values(network).includes('hangs') ? undefined : world.stop()));
const count = (text: string): number => sent.filter((each) => each.includes(text)).length;

describe('a lane', () => {
  it.each(['loses', 'refuses'] as const)(
    'that a network %s is tried again though it is woken all the time, and ever more rarely',
    async (trouble) => {
      network = { uwv: trouble };
      await her.consents('consent-1', world.organisation('uwv'), ['K1', 'K2']);
      for (let step = 0; step < 40; step++) {
        await world.time.pass(500);
        await ggz.service.settle();
      }
      // At 0, 1, 3, 7 and 15 seconds of the twenty that went by.
      expect(count('uwv nl.convenant.consent-announced')).toBe(5);
      network = {};
      await world.time.pass(20_000);
      await world.settle();
      expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
    },
  );
  it('whose message cannot be made is said to an operator and not tried without end', async () => {
    const { sign } = ggz.ports.signer;
    let attempts = 0;
    ggz.ports.signer.sign = () => (attempts++, Promise.reject(new Error('no key')));
    await her.consents('consent-1', world.organisation('uwv'), ['K1', 'K2']);
    for (let step = 0; step < 40; step++) {
      await world.time.pass(500);
      await ggz.service.settle();
    }
    expect(attempts).toBe(5);
    expect(ggz.notes.map(({ code }) => code)).toContain('lane-stands-still');
    ggz.ports.signer.sign = sign.bind(ggz.ports.signer);
    await world.time.pass(20_000);
    await world.settle();
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  });
  it('to a partner that never answers holds up neither another partner nor a withdrawal', async () => {
    network = { uwv: 'hangs' };
    await her.consents('consent-1', world.organisation('uwv'), ['K1', 'K2']);
    await her.consents('consent-2', world.organisation('gemeente-amstelveld'), ['K1', 'K2']);
    for (let step = 0; step < 20; step++) await world.time.pass(100);
    expect(count('gemeente-amstelveld nl.convenant.trajectory-status')).toBe(1);
    await her.withdraws('consent-1');
    for (let step = 0; step < 20; step++) await world.time.pass(100);
    expect(count('uwv nl.convenant.consent-closed')).toBe(1);
  });
  it('gives each message the number that it has when it goes, also when another instance took one out before it', async () => {
    await her.consents('consent-1', world.organisation('uwv'), ['K1', 'K2', 'K3']);
    await world.settle();
    const { ledger } = ggz.ports;
    const waiting = ledger.waiting.bind(ledger);
    let taken = false;
    ledger.waiting = async (lane, limit) => {
      const items = await waiting(lane, limit);
      const [first, second] = items;
      if (first && second && !taken) taken = await ledger.takeOut(first.messageId);
      return items;
    };
    await her.note(trajectoryStatusV1, { state: 'paused', referredOn: '2026-09-01' });
    await her.note(vocationalProfileV1, { workWish: 'tuinieren', preferences: [], writtenOn: '2026-09-10' });
    await world.settle();
    expect(taken).toBe(true);
    // With a number that had moved up the lane would be received one further than it is, and the next one taken for a double.
    const last = { state: 'active', referredOn: '2026-09-02' };
    await her.note(trajectoryStatusV1, last);
    await world.settle();
    expect(await shownBy(world, world.organisation('uwv'), 'client-7')).toMatchObject({
      'vocational-profile.v1': { workWish: 'tuinieren' },
      'trajectory-status.v1': last,
    });
    expect(await ledger.waitingLanes()).toEqual([]);
  });
});

describe('what is handed over', () => {
  /** Counts how often every lane was looked for, from now on. */
  const countingScans = (organisation: OrganisationInWorld): (() => number) => {
    const { ledger } = organisation.ports;
    const waitingLanes = ledger.waitingLanes.bind(ledger);
    let scans = 0;
    ledger.waitingLanes = () => (scans++, waitingLanes());
    return () => scans;
  };
  const uwv = () => world.organisation('uwv');
  const goesBy = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 100) await world.time.pass(100);
  };

  it('goes and is received without looking through all lanes, on either side', async () => {
    const scans = [countingScans(ggz), countingScans(uwv())];
    await her.consents('consent-1', uwv(), ['K1', 'K2']);
    await goesBy(500);
    expect(count('uwv nl.convenant.trajectory-status')).toBe(1);
    expect(count('ggz-amstel nl.convenant.receipt')).toBeGreaterThan(2);
    expect(scans.map((counted) => counted())).toEqual([0, 0]);
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  });
  it('is what waits in the lanes that the door has put something in, and in no other', async () => {
    await her.consents('consent-1', uwv(), ['K1', 'K2']);
    await her.consents('consent-2', world.organisation('gemeente-amstelveld'), ['K1', 'K2']);
    await world.settle();
    // As another instance leaves it that stops before it hands over.
    const [introduced] = (await ggz.ports.store.readAll(undefined, 1_000)).filter(({ type }) => type === 'Disclosed');
    await ggz.ports.ledger.enqueue({
      lane: 'ggz-amstel>uwv/left-behind',
      messageId: 'left-behind',
      recipient: 'uwv',
      stream: introduced?.stream ?? '',
      streamVersion: introduced?.streamVersion ?? 0,
      index: 0,
    });
    const looked: string[] = [];
    const { ledger } = ggz.ports;
    const waiting = ledger.waiting.bind(ledger);
    ledger.waiting = (lane, limit) => (looked.push(lane), waiting(lane, limit));
    await her.note(trajectoryStatusV1, { state: 'paused', referredOn: '2026-09-01' });
    await goesBy(500);
    expect(looked.length).toBeGreaterThan(0);
    expect(looked).not.toContain('ggz-amstel>uwv/left-behind');
    // Whoever starts finds it.
    looked.length = 0;
    await ggz.restart();
    expect(looked).toContain('ggz-amstel>uwv/left-behind');
  });
  it('is not recorded as stopped when it arrived while the door was still at work, and she withdraws then', async () => {
    await her.consents('consent-1', uwv(), ['K1', 'K2']);
    await world.settle();
    const { ledger } = ggz.ports;
    const enqueue = ledger.enqueue.bind(ledger);
    const slow = Promise.withResolvers<void>();
    ledger.enqueue = async (item) => {
      const enqueued = await enqueue(item);
      await slow.promise;
      return enqueued;
    };
    sent.length = 0;
    await her.note(trajectoryStatusV1, { state: 'paused', referredOn: '2026-09-01' });
    await goesBy(500);
    void ggz.service.settle(); // as once a second: what waits is found in its lane
    await goesBy(500);
    expect([count('uwv nl.convenant.trajectory-status'), await ledger.waitingLanes()]).toEqual([1, []]);
    await her.withdraws('consent-1');
    slow.resolve();
    await world.settle();
    expect(count('uwv nl.convenant.trajectory-status')).toBe(1);
    expect(await her.happened('Stopped')).toEqual([]);
  });
  it('is not put in its lane once more by a process that starts again and reads on', async () => {
    await her.consents('consent-1', uwv(), ['K1', 'K2']);
    await world.settle();
    const { ledger } = ggz.ports;
    const enqueue = ledger.enqueue.bind(ledger);
    let again = 0;
    ledger.enqueue = (item) => (again++, enqueue(item));
    await ggz.restart();
    await world.settle();
    expect(again).toBe(0);
  });
  it('goes when a process starts again that stopped between putting it in its lane and handing it over', async () => {
    network = { uwv: 'refuses' };
    await her.consents('consent-1', uwv(), ['K1', 'K2']);
    await goesBy(100);
    await ggz.service.stop();
    network = {};
    sent.length = 0;
    await world.time.pass(120_000);
    expect(sent).toEqual([]);
    // The log was read to its end before it stopped: nothing but the lanes themselves says what is left.
    const { ledger, store } = ggz.ports;
    expect(await ledger.checkpoint('door')).toBe(await store.head());
    expect(await ledger.waitingLanes()).not.toEqual([]);
    await ggz.restart();
    expect(await ledger.waitingLanes()).toEqual([]);
    expect(count('uwv nl.convenant.consent-announced')).toBe(1);
  });
});

describe('lanes side by side', () => {
  const going = new Map<string, (() => void)[]>();
  const mostAtOnce = new Map<string, number>();
  const begun: string[] = [];
  let lanes: Lanes;
  const nameOf = (recipient: string, urgent: boolean): string => (urgent ? `urgent ${recipient}` : recipient);
  const inTheAir = (): Record<string, number> =>
    Object.fromEntries([...going].map(([name, each]) => [name, each.length] as const));
  /** Everything that is on its way arrives, and then whatever follows it, until nothing is on its way. */
  const allArrive = async (): Promise<void> => {
    for (;;) {
      await world.time.pass(0);
      const arrives = [...going.values()].flatMap((each) => each.splice(0));
      if (arrives.length === 0) return;
      for (const arrive of arrives) arrive();
    }
  };
  const put = async (recipient: string, lane: string, messageId = lane): Promise<EnqueuedLanes> => {
    const fact = { stream: factStream('anna'), streamVersion: 1, index: 0 };
    await ggz.ports.ledger.enqueue({ lane, messageId, recipient, ...fact });
    return { lanes: new Map([[lane, recipient]]), held: false };
  };

  beforeEach(() => {
    going.clear();
    mostAtOnce.clear();
    begun.length = 0;
    const transport: Transport = {
      async send(recipient, signed) {
        const urgent = !(
          'sequence' in (JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()) as object)
        );
        const name = nameOf(recipient, urgent);
        const others = going.get(name) ?? [];
        going.set(name, others);
        begun.push(name);
        await new Promise<void>((arrive) => {
          others.push(arrive);
          mostAtOnce.set(name, Math.max(mostAtOnce.get(name) ?? 0, others.length));
        });
      },
      subscribe: () => () => undefined,
      close: () => Promise.resolve(),
    };
    const rules: DoorRules = {
      organisation: ggz.service.organisation,
      policy,
      compositions: [],
      decode: ({ type }) => ({ type }),
      sends: {
        FactNoted: () =>
          Promise.resolve([{ recipient: 'uwv', pseudonym: 'p', contract: trajectoryStatusV1, data: {} }]),
      },
    };
    const settings = { firstRetryMs: 1_000, lastRetryMs: 1_000, window: 2, atOnce: 16, giveUpMs: 30_000 };
    lanes = createLanes(rules, { ...ggz.ports, transport }, settings);
  });
  afterEach(async () => {
    await allArrive();
    await lanes.stop();
  });

  const putMany = async (): Promise<EnqueuedLanes> => {
    const all = new Map<string, string>();
    for (let n = 0; n < 40; n++)
      for (const lane of [`ggz-amstel>uwv/${n}`, `urgent/${n}`]) {
        await put('uwv', lane);
        all.set(lane, 'uwv');
      }
    for (let n = 0; n < 3; n++) {
      await put('gemeente-amstelveld', `ggz-amstel>gemeente-amstelveld/${n}`);
      all.set(`ggz-amstel>gemeente-amstelveld/${n}`, 'gemeente-amstelveld');
    }
    return { lanes: all, held: false };
  };
  it.each(['all at once', 'one by one', 'as what was left behind'])(
    'are at most sixteen for each recipient, and as many urgent ones apart, when they come %s',
    async (how) => {
      const all = await putMany();
      const work =
        how === 'as what was left behind'
          ? [lanes.wake()]
          : how === 'all at once'
            ? [lanes.wake(all)]
            : [...all.lanes].map((one) => lanes.wake({ lanes: new Map([one]), held: false }));
      await world.time.pass(0);
      expect(inTheAir()).toEqual({ uwv: 16, 'urgent uwv': 16, 'gemeente-amstelveld': 3 });
      await allArrive();
      await Promise.all(work);
      expect(begun).toHaveLength(83);
      expect(Object.fromEntries(mostAtOnce)).toEqual({ uwv: 16, 'urgent uwv': 16, 'gemeente-amstelveld': 3 });
    },
  );
  it('hand over what waits behind a full window as soon as there is a receipt, without a pause', async () => {
    const lane = 'ggz-amstel>uwv/long';
    for (let n = 1; n <= 5; n++) await put('uwv', lane, `message ${n}`);
    const work = lanes.wake(await put('uwv', lane, 'message 5'));
    await allArrive();
    await work;
    expect(begun).toHaveLength(2);
    await lanes.receipt(lane, 1, 'uwv');
    await allArrive();
    expect(begun).toHaveLength(3);
    await lanes.receipt(lane, 3, 'uwv');
    await allArrive();
    expect(begun).toHaveLength(5);
  });
  it('give up what the transport never settles after a while, so that others of that recipient go on', async () => {
    for (let n = 0; n < 20; n++) await put('uwv', `ggz-amstel>uwv/${n}`);
    const work = lanes.wake();
    await world.time.pass(29_000);
    expect(begun).toHaveLength(16);
    await world.time.pass(1_000);
    expect(begun).toHaveLength(20);
    await allArrive();
    await work;
    // Whether those sixteen arrived is not known: like everything without a receipt they are sent again.
    await world.time.pass(1_000);
    expect(begun).toHaveLength(36);
  });
  it('let only what is urgent go while the door is held, whoever wakes them', async () => {
    const { lanes: ordinary } = await put('uwv', 'ggz-amstel>uwv/1');
    const { lanes: urgent } = await put('uwv', 'urgent/1');
    const work = [lanes.wake({ lanes: new Map([...ordinary, ...urgent]), held: true })];
    await allArrive();
    expect(begun).toEqual(['urgent uwv']);
    (ggz.ports.ledger as MemoryExchangeLedger).restored = { series: 'abc', held: true };
    work.push(lanes.wake(), lanes.resend());
    await allArrive();
    await Promise.all(work);
    expect([...new Set(begun)]).toEqual(['urgent uwv']);
  });
});
