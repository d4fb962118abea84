/** Receipts for many lanes at once: what they say, what an older release makes of them, and that a silent partner ends nothing. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trajectoryStatusV1 } from '@convenant/contracts';
import type { Transport } from '@convenant/exchange';
import type { ServiceDefinition } from '@convenant/host';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
import { anna, Client, keptBy, shownBy } from './story.js';

interface Receipt {
  readonly data: { readonly lane: string; readonly upTo: number; readonly also?: readonly object[] };
}
const clientsOf = ['anna', 'bram', 'chris', 'dina', 'emil'];
const status = { state: 'active', referredOn: '2026-09-01' };

let world: World;
let ggz: OrganisationInWorld;
let uwv: OrganisationInWorld;
let insurer: OrganisationInWorld;
let clients: readonly Client[];
/** What the agency got since it was last emptied. */
const receipts: Receipt[] = [];
/** What the wire does with a signed receipt before it arrives; waits as long as that takes. */
let onItsWay: (signed: string) => Promise<string>;
let neverSettles: boolean;
/** Opens what a test left shut, so that what failed there does not hide behind what never ends. */
let letGo: () => void;

const messageIn = (signed: string): { type: string } & Receipt =>
  JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8')) as { type: string } & Receipt;

beforeEach(async () => {
  neverSettles = false;
  letGo = () => undefined;
  onItsWay = (signed) => Promise.resolve(signed);
  const between = (direct: Transport): Transport => ({
    async send(recipient, signed) {
      if (recipient !== 'ggz-amstel' || !messageIn(signed).type.includes('receipt'))
        return direct.send(recipient, signed);
      const arriving = await onItsWay(signed);
      receipts.push(messageIn(arriving));
      return direct.send(recipient, arriving);
    },
    subscribe: (organisation, handler) => direct.subscribe(organisation, handler),
    close: () => direct.close(),
  });
  const organisations: Record<string, ServiceDefinition> = {
    'ggz-amstel': exampleService('mental-health'),
    uwv: exampleService('uwv'),
    'verzekeraar-zilver': exampleService('insurer'),
  };
  world = await testWorld({ organisations, wire: between });
  ggz = world.organisation('ggz-amstel');
  uwv = world.organisation('uwv');
  insurer = world.organisation('verzekeraar-zilver');
  clients = await Promise.all(
    clientsOf.map(async (id, index) => {
      const person = { ...anna, initials: `${'ABCDE'[index] ?? ''}.` };
      await new Client(world, uwv, `known-${id}`).register(person);
      return new Client(world, ggz, id).register(person);
    }),
  );
  for (const client of clients) {
    await client.note(trajectoryStatusV1, status);
    await client.consents(`consent-${client.id}`, uwv, ['K1', 'K2']);
  }
  await world.settle();
  expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
  receipts.length = 0;
});
afterEach(async () => {
  letGo();
  if (!neverSettles) await world.stop();
});

const goesOn = async (): Promise<void> => {
  for (let step = 0; step < 50; step++) await world.time.pass(0);
};
/** About one of them first, so that her receipt is on its way when the others are to be sent. */
const tellAboutEveryone = async (): Promise<void> => {
  const [first, ...others] = clients;
  await first?.note(trajectoryStatusV1, { ...status, state: 'paused' });
  await goesOn();
  await Promise.all(others.map((client) => client.note(trajectoryStatusV1, { ...status, state: 'paused' })));
  await goesOn();
};
const waiting = async (): Promise<number> => (await ggz.ports.ledger.waitingLanes()).length;
/** Receipts are on their way until this is called. */
const gate = (after = (signed: string) => Promise.resolve(signed)): (() => void) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  onItsWay = async (signed) => (await promise, after(signed));
  letGo = resolve;
  return resolve;
};

describe('receipts', () => {
  it('that are to be sent while one is on its way go together, each lane with how far it is', async () => {
    const open = gate();
    await tellAboutEveryone();
    expect(await waiting()).toBe(5);
    open();
    await world.settle();
    expect(receipts.map(({ data }) => 1 + (data.also?.length ?? 0))).toEqual([1, 4]);
    expect(await waiting()).toBe(0);
    for (const { id } of clients)
      expect(await shownBy(world, uwv, `known-${id}`)).toEqual({
        'trajectory-status.v1': { ...status, state: 'paused' },
      });
  });

  it('are understood lane by lane by a release that reads the first alone: what comes again is receipted by itself', async () => {
    const open = gate();
    await tellAboutEveryone();
    const told = (await keptBy(uwv)).length;
    const firstAlone = (signed: string): Promise<string> => {
      const { data, ...rest } = messageIn(signed);
      const { also: _unread, ...first } = data;
      return uwv.ports.signer.sign(JSON.stringify({ ...rest, data: first }));
    };
    onItsWay = firstAlone;
    open();
    await goesOn();
    const before = await waiting();
    // What comes again comes in one go: its receipts would be one if they went together.
    const openAgain = gate(firstAlone);
    await world.time.pass(1_000);
    await goesOn();
    openAgain();
    await goesOn();
    expect([before, await waiting()]).toEqual([3, 0]);
    expect(await keptBy(uwv)).toHaveLength(told);
  });

  it('of what is urgent are on their way at once, each by itself', async () => {
    const onTheirWay: Receipt[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    letGo = resolve;
    onItsWay = async (signed) => (onTheirWay.push(messageIn(signed)), await promise, signed);
    await Promise.all(clients.map((client) => client.withdraws(`consent-${client.id}`)));
    await goesOn();
    expect(onTheirWay.map(({ data }) => [data.lane.split('/')[0], data.also])).toEqual(
      clients.map(() => ['urgent', undefined]),
    );
  });

  it('count, in every lane that they name, for what was sent to that partner and for nothing else', async () => {
    gate();
    await tellAboutEveryone();
    const lanes = await ggz.ports.ledger.waitingLanes();
    const [own, ...others] = lanes.map(({ lane }) => ({ lane, upTo: 1_000 }));
    const forged = {
      specversion: '1.0',
      id: 'b0c5a9b2-43d1-4b62-9d4b-0123456789ab',
      source: 'urn:convenant:organisation:verzekeraar-zilver',
      type: 'nl.convenant.receipt.v1',
      subject: '9d2f4a50-6c1e-4f7a-8b3c-0123456789ab',
      time: world.now(),
      datacontenttype: 'application/json',
      recipient: 'ggz-amstel',
      data: { ...own, also: others },
    };
    const signed = await insurer.ports.signer.sign(JSON.stringify(forged));
    expect(await ggz.service.receive(signed)).toBe('kept');
    expect(await ggz.ports.ledger.waitingLanes()).toEqual(lanes);
    const unreadable = { ...forged, data: { ...own, also: [{ lane: 'x', upTo: -1 }] } };
    expect(await ggz.service.receive(await insurer.ports.signer.sign(JSON.stringify(unreadable)))).toEqual({
      refused: 'malformed',
    });
  });

  it('that a transport never settles hold up the next ones for a while, and not for ever', async () => {
    neverSettles = true;
    let asked = 0;
    onItsWay = (signed) => (asked++ === 0 ? new Promise<never>(() => undefined) : Promise.resolve(signed));
    await tellAboutEveryone();
    expect([asked, await waiting()]).toEqual([1, 5]);
    // What is said anew after a message came again would be heard anyway; it is those who wait that are to go on.
    receipts.length = 0;
    for (let second = 0; second < 31; second++) await world.time.pass(1_000);
    await goesOn();
    expect(receipts.filter(({ data }) => data.also).map(({ data }) => data.also?.length)).toEqual([3]);
    expect(await waiting()).toBe(0);
  });
});
