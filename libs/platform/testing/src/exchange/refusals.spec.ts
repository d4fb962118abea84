/** What the inbox refuses, what it parks, and what a lost or repeated message does: nothing. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { messageType, trajectoryStatusV1 } from '@convenant/contracts';
import { createInbox, type Handled } from '@convenant/exchange';
import type { ServiceDefinition } from '@convenant/host';
import type { StoredEvent } from '@convenant/kernel';
import { HeldWire, typeOfMessage } from '../held-wire.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';
import { exampleService } from './example-services.js';
import { Client, keptBy, shownBy } from './story.js';

const status = { state: 'active', referredOn: '2026-09-01' };
const pseudonym = '9d2f4a50-6c1e-4f7a-8b3c-0123456789ab';

let world: World;
let wire: HeldWire;
let ggz: OrganisationInWorld;
let uwv: OrganisationInWorld;
let insurer: OrganisationInWorld;
let her: Client;
const seen: string[] = [];

beforeEach(async () => {
  seen.length = 0;
  const services: Record<string, ServiceDefinition> = {
    'ggz-amstel': exampleService('mental-health'),
    uwv: exampleService('uwv'),
    'verzekeraar-zilver': exampleService('insurer'),
  };
  world = await testWorld({
    organisations: services,
    wire: (direct) =>
      (wire = new HeldWire({
        send: (recipient, signed) => (seen.push(signed), direct.send(recipient, signed)),
        subscribe: (organisation, handler) => direct.subscribe(organisation, handler),
        close: () => direct.close(),
      })),
  });
  ggz = world.organisation('ggz-amstel');
  uwv = world.organisation('uwv');
  insurer = world.organisation('verzekeraar-zilver');
  her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  await her.note(trajectoryStatusV1, status);
  await her.consents('consent-1', uwv, ['K1', 'K2']);
  await world.settle();
});
afterEach(() => world.stop());

const lengths = async () =>
  (await Promise.all([ggz, uwv, insurer].map(({ ports }) => ports.store.readAll(undefined, 10_000)))).map(
    (events: readonly StoredEvent[]) => events.length,
  );
const announcement = {
  consentId: 'consent-9',
  consentVersion: 1,
  purpose: 'support',
  roles: ['labourExpert'],
  categories: ['K1'],
  until: '2027-01-01T00:00:00.000Z',
};
const message = (changes: object = {}): object => ({
  specversion: '1.0',
  id: 'b0c5a9b2-43d1-4b62-9d4b-0123456789ab',
  source: 'urn:convenant:organisation:ggz-amstel',
  type: 'nl.convenant.consent-announced.v1',
  subject: pseudonym,
  time: world.now(),
  datacontenttype: 'application/json',
  recipient: 'uwv',
  sequence: '1',
  sequencetype: 'Integer',
  data: announcement,
  ...changes,
});
const signedBy = ({ ports }: OrganisationInWorld, content: object): Promise<string> =>
  ports.signer.sign(JSON.stringify(content));
const receipt = (data: object, from = 'ggz-amstel'): object =>
  message({
    source: `urn:convenant:organisation:${from}`,
    type: 'nl.convenant.receipt.v1',
    sequence: undefined,
    sequencetype: undefined,
    data,
  });

describe('the inbox refuses, changes nothing and writes it in the access log', () => {
  const refused = async (signed: string, reason: string): Promise<void> => {
    const before = await lengths();
    expect(await uwv.service.receive(signed)).toEqual({ refused: reason });
    await world.settle();
    expect(await lengths()).toEqual(before);
    const { lastLink } = await uwv.accessLogStore.bounds();
    expect(lastLink).toBeGreaterThan(0);
    expect(uwv.notes.at(-1)).toMatchObject({ code: 'message-refused', facts: { reason } });
  };
  it('what has not the form of a message', async () => {
    for (const text of ['', 'a', 'a.b.c', `a.${Buffer.from('{}').toString('base64url')}.c`, 'ü.é.'.repeat(9)])
      await refused(text, 'malformed');
    await refused(await signedBy(ggz, message({ unheardOf: true })), 'malformed');
    await refused(await signedBy(ggz, message({ sequence: '-1' })), 'malformed');
  });
  it('what is too large to be looked at', async () => refused(`a.${'b'.repeat(1_000_001)}.c`, 'malformed'));
  it('a pseudonym that could run into another partner’s streams', async () => {
    for (const subject of ['amstel-x', '../x', '', `${pseudonym}\u0000`])
      await refused(await signedBy(ggz, message({ subject })), 'malformed');
  });
  it('a disclosure or announcement that would go round its lane, and an urgent message that would wait in one', async () => {
    await refused(await signedBy(ggz, message({ sequence: undefined, sequencetype: undefined })), 'malformed');
    const closing = { consentId: 'consent-1', consentVersion: 2, categories: [], how: 'ended', closedAt: world.now() };
    await refused(await signedBy(ggz, message({ type: 'nl.convenant.consent-closed.v1', data: closing })), 'malformed');
  });
  it('a sender that it does not know', async () => {
    await refused(await signedBy(ggz, message({ source: 'urn:convenant:organisation:somebody' })), 'unknown-sender');
  });
  it('a signature by anybody but the named sender, or over other words', async () => {
    await refused(await signedBy(insurer, message()), 'bad-signature');
    const [header, , signature] = (await signedBy(ggz, message())).split('.');
    await refused(
      [header, Buffer.from(JSON.stringify(message({ id: 'other' }))).toString('base64url'), signature].join('.'),
      'bad-signature',
    );
  });
  it('a partner’s message that was meant for another recipient', async () => {
    await refused(await signedBy(ggz, message({ recipient: 'verzekeraar-zilver' })), 'not-for-us');
  });
  it('what an organisation of that kind may not send', async () => {
    const fact = {
      consentId: 'consent-1',
      consentVersion: 1,
      purpose: 'support',
      roles: [],
      asOf: world.now(),
      until: world.now(),
      parts: [],
    };
    await refused(
      await signedBy(
        insurer,
        message({
          source: 'urn:convenant:organisation:verzekeraar-zilver',
          type: messageType(trajectoryStatusV1),
          data: fact,
        }),
      ),
      'not-allowed-to-send',
    );
  });
  it('a receipt that says nothing', async () =>
    refused(await signedBy(ggz, receipt({ lane: 'x', upTo: -1 })), 'malformed'));
});

describe('a receipt', () => {
  it('counts for what was sent to that partner and for nothing else', async () => {
    wire.hold();
    await her.withdraws('consent-1');
    await world.settle();
    const [waiting] = await ggz.ports.ledger.waitingLanes();
    const forged = receipt({ lane: waiting?.lane, upTo: 1 }, 'verzekeraar-zilver');
    await ggz.service.receive(await signedBy(insurer, { ...forged, recipient: 'ggz-amstel' }));
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([waiting]);
    await wire.release();
  });
  it('that is lost is given again, and nothing happens twice', async () => {
    wire.hold((signed) => !typeOfMessage(signed).includes('receipt'));
    await her.note(trajectoryStatusV1, { ...status, state: 'paused' });
    await world.settle();
    const kept = await keptBy(uwv);
    expect(await ggz.ports.ledger.waitingLanes()).toHaveLength(1);
    wire.forget();
    await world.settle();
    expect(await ggz.ports.ledger.waitingLanes()).toEqual([]);
    expect(await keptBy(uwv)).toEqual(kept);
  });
});

describe('a message', () => {
  it('that comes again, even after the consent ended, changes nothing', async () => {
    const before = [...seen];
    await her.withdraws('consent-1');
    await world.settle();
    const lengthsBefore = await lengths();
    for (const signed of before) for (const { service } of [ggz, uwv]) await service.receive(signed);
    await world.settle();
    expect(await lengths()).toEqual(lengthsBefore);
    expect(await shownBy(world, uwv, 'client-7')).toEqual({});
  });
  it('that comes too early waits with its sender', async () => {
    expect(await uwv.service.receive(await signedBy(ggz, message({ sequence: '2' })))).toBe('waits' satisfies Handled);
  });
  it.each([
    ['a category that this release does not know', { ...announcement, categories: ['K99'] }],
    ['a role that does not exist', { ...announcement, roles: ['mayor'] }],
    ['an id that cannot be a key', { ...announcement, consentId: 'a\u0000b' }],
    ['a field too many', { ...announcement, more: 1 }],
    ['a field too few', {}],
  ])('with %s is parked and nothing of it is kept', async (_name, data) => {
    const before = await lengths();
    expect(await uwv.service.receive(await signedBy(ggz, message({ data })))).toBe('parked');
    expect(await lengths()).toEqual(before);
    expect(await uwv.ports.ledger.parked()).toMatchObject([{ reason: 'unreadable-data' }]);
    expect(uwv.notes.at(-1)).toMatchObject({ code: 'message-parked' });
  });
  it('with a part that its contract does not have is parked', async () => {
    const { pseudonyms } = await her.state();
    const subject = pseudonyms['uwv']?.pseudonym ?? '';
    const sequence = String((await uwv.ports.ledger.receivedUpTo(`ggz-amstel>uwv/${subject}`)) + 1);
    const parts = [{ category: 'K5', keyId: 'key', sealedText: 'sealed' }];
    const fact = {
      consentId: 'consent-1',
      consentVersion: 1,
      purpose: 'support',
      roles: [],
      asOf: world.now(),
      until: world.now(),
      parts,
    };
    expect(
      await uwv.service.receive(
        await signedBy(ggz, message({ subject, sequence, type: messageType(trajectoryStatusV1), data: fact })),
      ),
    ).toBe('parked');
  });
  it('about a pseudonym that we never gave is parked by a discloser', async () => {
    const answered = message({
      type: 'nl.convenant.introduction-answered.v1',
      source: 'urn:convenant:organisation:uwv',
      recipient: 'ggz-amstel',
      sequence: undefined,
      sequencetype: undefined,
      data: { linked: true },
    });
    expect(await ggz.service.receive(await signedBy(uwv, answered))).toBe('parked');
    expect(await ggz.ports.ledger.parked()).toMatchObject([{ reason: 'unknown-pseudonym' }]);
  });
});

describe('a message of a version that this release does not know', () => {
  const other = '0aa4a950-6c1e-4f7a-8b3c-0123456789ab';
  it('is parked, holds its own lane and no other, and is taken by itself after the upgrade', async () => {
    const newer = await signedBy(ggz, message({ type: 'nl.convenant.consent-announced.v2' }));
    expect(await uwv.service.receive(newer)).toBe('parked');
    expect(await uwv.service.receive(newer)).toBe('parked');
    expect(await uwv.ports.ledger.parked()).toMatchObject([
      { reason: 'unknown-version', type: 'nl.convenant.consent-announced.v2' },
    ]);
    expect(uwv.notes.filter(({ code }) => code === 'message-parked')).toHaveLength(1);
    expect(await uwv.service.receive(await signedBy(ggz, message({ id: 'next', sequence: '2' })))).toBe('waits');
    expect(await uwv.service.receive(await signedBy(ggz, message({ id: 'beside', subject: other })))).toBe('kept');
    expect(await uwv.service.redrive('b0c5a9b2-43d1-4b62-9d4b-0123456789ab')).toBe('parked');
    expect(await uwv.service.redrive('unheard-of')).toBe('not-parked');
    // The upgrade: the same message is understood now, as its first version was all along.
    expect(await uwv.service.receive(await signedBy(ggz, message()))).toBe('kept');
    expect(await uwv.ports.ledger.parked()).toEqual([]);
    expect(
      await uwv.service.receive(
        await signedBy(ggz, message({ id: 'next', sequence: '2', data: { ...announcement, consentVersion: 2 } })),
      ),
    ).toBe('kept');
  });
  it('is handled by an operator’s redriving once it is understood', async () => {
    const asked = {
      type: 'nl.convenant.medical-question.v1',
      source: 'urn:convenant:organisation:uwv',
      recipient: 'ggz-amstel',
      data: {
        questionId: 'q',
        role: 'insurancePhysician',
        askedOn: '2026-11-02',
        expectedBy: '2026-12-02',
        question: 'sealed',
      },
    };
    const signed = await signedBy(uwv, message(asked));
    expect(await ggz.service.receive(signed)).toBe('parked');
    const ignore = { receipt: async () => undefined, refused: async () => undefined };
    const upgraded = createInbox(
      {
        organisation: ggz.service.organisation,
        findClients: async () => [],
        receives: { 'medical-question.v1': async () => 'kept' },
      },
      ggz.ports,
      ignore,
    );
    expect(await upgraded.redrive('b0c5a9b2-43d1-4b62-9d4b-0123456789ab')).toBe('kept');
    expect(await ggz.ports.ledger.parked()).toEqual([]);
  });
});
