/** Whatever is wrong with a message that comes in: it is refused or parked, changes nothing, loses nothing, and opens nothing that was closed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { organisationUrn, type Message } from '@convenant/contracts';
import { addDaysToDate, dayOf } from '@convenant/kernel';
import type { Acknowledged, Cast } from '../faults/compact-story.js';
import type { Person } from '../story/person.js';
import { LocalWorld } from './local-world.js';
import { inWords, refusing } from './refusing.js';

const startedOn = addDaysToDate(dayOf(new Date().toISOString()), -5);
const aJob = { occupation: 'kok', regularPaid: true, contract: 'permanent', hoursPerWeek: 20, startedOn };

let world: LocalWorld;
let cast: Cast;
let known: Acknowledged;
beforeAll(async () => {
  world = await LocalWorld.start();
  cast = await world.cast();
  known = await world.someClient(cast);
});
afterAll(() => world?.stop());

describe('messages', () => {
  const disclosed = () =>
    world.line.of('job-facts', 'uwv').at(-1) as NonNullable<ReturnType<typeof world.line.of>[number]>;
  const signedBy = (organisation: string, message: object) =>
    world.at(organisation).ports.signer.sign(JSON.stringify(message));
  const fresh = (changes: Partial<Message> = {}): Message => ({
    ...disclosed().message,
    id: randomUUID(),
    subject: randomUUID(),
    sequence: '1',
    ...changes,
  });
  const isRefusedAt = (recipient: string, signed: () => string | Promise<string>, why: string) =>
    refusing(world, recipient, why, async () => {
      const { status, said } = await world.handIn(recipient, await signed());
      // The reason is in the log of the recipient; whoever sends it learns that it was refused and nothing else.
      expect(status).toBe(400);
      expect(said).toEqual(inWords('message-refused'));
    });

  it('refuses a message with a bad signature', () =>
    isRefusedAt(
      'uwv',
      () => `${disclosed().signed.slice(0, -8)}${disclosed().signed.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`,
      'bad-signature',
    ));

  it('refuses a message that was changed on the way', () =>
    isRefusedAt(
      'uwv',
      () => {
        const [header, , signature] = disclosed().signed.split('.');
        return [header, Buffer.from(JSON.stringify(fresh())).toString('base64url'), signature].join('.');
      },
      'bad-signature',
    ));

  it('refuses a message that one partner signs in the name of another', () =>
    isRefusedAt('uwv', () => signedBy('ggz-duin', fresh()), 'bad-signature'));

  it('refuses a message of somebody who does not take part', () =>
    isRefusedAt(
      'uwv',
      () => signedBy('ggz-amstel', fresh({ source: organisationUrn('ggz-nergens') })),
      'unknown-sender',
    ));

  it('refuses a message for somebody else', () =>
    isRefusedAt('gemeente-amstelveld', () => disclosed().signed, 'not-for-us'));

  it('refuses a message that this kind of partner never sends', () =>
    isRefusedAt(
      'ggz-amstel',
      () =>
        signedBy(
          'verzekeraar-zilver',
          fresh({ source: organisationUrn('verzekeraar-zilver'), recipient: 'ggz-amstel' }),
        ),
      'not-allowed-to-send',
    ));

  it('refuses a message in a version of the envelope that it does not know', () =>
    isRefusedAt('uwv', () => signedBy('ggz-amstel', { ...fresh(), specversion: '9.0' }), 'malformed'));

  it('refuses text that is no message', () => isRefusedAt('uwv', () => 'geen.bericht.hoor', 'malformed'));

  it('says so when a message is for an organisation that does not exist', async () => {
    const before = await world.counts();
    const { status, said } = await world.handIn('gemeente-nergens', disclosed().signed);
    expect(status).toBe(404);
    expect(said).toEqual({ errors: [expect.objectContaining({ extensions: inWords('unknown-organisation') })] });
    expect(await world.counts()).toEqual(before);
  });

  it('parks a message in a version of the contract that it does not know, where the operator sees it, and goes on with the others', async () => {
    const before = await world.counts();
    const message = fresh({ type: 'nl.convenant.job-facts.v9' });
    expect((await world.handIn('uwv', await signedBy('ggz-amstel', message))).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    const officer = await world.enter('uwv', 'renske', 'privacyOfficer');
    const parked = await officer.ask('parkedMessages', 'query { parkedMessages { messageId sender type reason } }');
    expect(parked).toEqual([
      { messageId: message.id, sender: 'ggz-amstel', type: message.type, reason: 'unknown-version' },
    ]);
    // Nothing of it is lost: it can be handled again when a release understands it, and other lanes do not wait.
    expect((await officer.tryToTell('redriveMessage', { messageId: message.id })).refused?.code).not.toBe('broken');
    const seen = (await jobsAtUwv()).length;
    await cast.specialist.tell('startJob', { clientId: known.clientId, ...aJob });
    await world.counts();
    expect((await jobsAtUwv()).length).toBe(seen + 1);
  });

  it('keeps a message once that comes twice', async () => {
    const before = await world.counts();
    const page = await pageAtUwv();
    for (const { signed } of [disclosed(), ...world.line.of('client-introduced', 'uwv'), disclosed()])
      expect((await world.handIn('uwv', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageAtUwv()).toEqual(page);
  });

  it('gets nothing back by a replay of what was told before a withdrawal', async () => {
    const before = await world.counts();
    const old = world.line.overheard.filter(
      ({ recipient, message }) => recipient === 'gemeente-amstelveld' && !/receipt/.test(message.type),
    );
    expect(old.length).toBeGreaterThan(5);
    for (const { signed } of old) expect((await world.handIn('gemeente-amstelveld', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageOf(cast.clientManager, known.at['gemeente-amstelveld'])).toEqual({
      coverage: [],
      jobs: [],
      profile: [],
    });
  });

  it('neither closes nor opens anything by a replay of an old pause and its end', async () => {
    const before = await world.counts();
    const page = await pageAtUwv();
    const old = [...world.line.of('consent-closed', 'uwv'), ...world.line.of('consent-reopened', 'uwv')];
    expect(old).toHaveLength(2);
    for (const { signed } of [...old, ...old.reverse()]) expect((await world.handIn('uwv', signed)).status).toBe(202);
    expect(await world.counts()).toEqual(before);
    expect(await pageAtUwv()).toEqual(page);
    expect(page.coverage).toHaveLength(1);
  });
});

interface Page {
  readonly coverage: readonly unknown[];
  readonly profile: readonly unknown[];
  readonly jobs: readonly { readonly jobs: readonly unknown[] }[];
}
const pageOf = (reader: Person, clientId: string) =>
  reader.ask<Page>(
    'receivedAboutClient',
    'query($clientId: ID!) { receivedAboutClient(clientId: $clientId) { coverage { discloser } profile { workWish } jobs { jobs { occupation hoursPerWeek } } } }',
    { clientId },
  );
const pageAtUwv = () => pageOf(cast.labourExpert, known.at.uwv);
const jobsAtUwv = async () => (await pageAtUwv()).jobs.flatMap(({ jobs }) => jobs);
