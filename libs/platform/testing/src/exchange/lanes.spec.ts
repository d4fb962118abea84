/** Lanes try again by themselves, calmly, and never wait for one another. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import type { Transport } from '@convenant/exchange';
import { typeOfMessage } from '../held-wire.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
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
