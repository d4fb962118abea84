/** Withdrawal wins the race (rule 5), wherever the message is at that moment, and each recipient proves that it closed (rule 6). */
import { describe, expect, it } from '@jest/globals';
import { HeldWire, testWorld, typeOfMessage, type World } from '@convenant/testing';
import { consentTo, exampleOrganisations, exampleWorld, examples, type ExampleWorld } from './example/example-world.js';

async function worldOnAWire(): Promise<ExampleWorld<World> & { readonly wire: HeldWire }> {
  let wire: HeldWire | undefined;
  const made = await exampleWorld(
    await testWorld({ organisations: exampleOrganisations, wire: (direct) => (wire = new HeldWire(direct)) }),
  );
  return { ...made, wire: wire! };
}
const jobs = async ({ pia, clientAtUwv }: ExampleWorld<World>): Promise<readonly unknown[]> =>
  (await pia.reads<{ jobs: unknown[] }>('receivedAboutClient', { clientId: clientAtUwv })).jobs;
const note = (w: ExampleWorld<World>, example: object) =>
  w.karin.succeeds('noteExample', { clientId: w.clientId, ...example });
const types = async (w: ExampleWorld<World>) =>
  (await w.ggz.ports.store.read(`disclosure-${w.clientId}`)).map(({ type }) => type);
const closings = async (w: ExampleWorld<World>) =>
  (
    await w.herself.reads<{ consents: { closings: { outstanding: boolean; closedAt?: string; proof?: string }[] }[] }>(
      'myConsents',
    )
  ).consents.flatMap((consent) => consent.closings);

describe('a withdrawal', () => {
  it('overtakes a disclosure that is on its way: it arrives late and nothing of it is kept', async () => {
    const w = await worldOnAWire();
    const consentId = await consentTo(w);
    w.wire.hold((signed) => typeOfMessage(signed) !== 'nl.convenant.job-facts.v1');
    await note(w, examples.jobs);
    expect(w.wire.count).toBeGreaterThan(0);
    await w.herself.succeeds('withdrawConsent', { consentId });
    await w.wire.release();
    await w.world.settle();
    expect(await jobs(w)).toEqual([]);
    const kept = await w.uwv.ports.store.readAll(undefined, 1_000);
    expect(kept.filter(({ type }) => type === 'DisclosureReceived')).toEqual([]);
    expect(await closings(w)).toEqual([expect.objectContaining({ outstanding: false, proof: expect.any(String) })]);
  });

  it('stops a disclosure that was recorded and not handed over, and the client is told', async () => {
    const w = await worldOnAWire();
    const consentId = await consentTo(w);
    w.wire.refuse((signed) => typeOfMessage(signed) === 'nl.convenant.job-facts.v1');
    await note(w, examples.jobs);
    expect(await types(w)).toContain('Disclosed');
    await w.herself.succeeds('withdrawConsent', { consentId });
    w.wire.accept();
    await w.world.settle();
    const { sent, stopped } = await w.herself.reads<{
      sent: { contract: string }[];
      stopped: { contract: string; stoppedBecause: { nl: string } }[];
    }>('myDisclosures');
    expect(sent.map(({ contract }) => contract)).toEqual(['client-introduced.v1']);
    expect(stopped).toEqual([
      expect.objectContaining({
        contract: 'job-facts.v1',
        stoppedBecause: expect.objectContaining({ nl: 'De toestemming is ingetrokken.' }),
      }),
    ]);
    expect(JSON.stringify(await w.uwv.ports.store.readAll(undefined, 1_000))).not.toContain('job-facts');
  });

  it('at the same moment as a new fact leaves no disclosure behind it on her stream', async () => {
    for (let round = 0; round < 5; round++) {
      const w = await worldOnAWire();
      const consentId = await consentTo(w);
      await Promise.all([
        note(w, examples.jobs),
        w.herself.succeeds('withdrawConsent', { consentId }),
        note(w, examples.trajectory),
      ]);
      await w.world.settle();
      const happened = await types(w);
      expect(happened.slice(happened.indexOf('ConsentWithdrawn')).filter((type) => type === 'Disclosed')).toEqual([]);
      expect(await jobs(w)).toEqual([]);
    }
  });

  it('that arrives before the announcement of the consent still closes it', async () => {
    const w = await worldOnAWire();
    w.wire.hold((signed) => typeOfMessage(signed) !== 'nl.convenant.consent-announced.v1');
    const consentId = await consentTo(w);
    await w.herself.succeeds('withdrawConsent', { consentId });
    await w.wire.release();
    await w.world.settle();
    const page = await w.pia.reads<Record<string, unknown[]>>('receivedAboutClient', { clientId: w.clientAtUwv });
    expect(page['coverage']).toEqual([]);
    expect(await types(w)).not.toContain('Disclosed');
    expect(await closings(w)).toEqual([expect.objectContaining({ outstanding: false })]);
  });

  it('is outstanding for a partner that cannot be reached, and proved as soon as it can', async () => {
    const w = await worldOnAWire();
    const consentId = await consentTo(w);
    w.wire.hold();
    await w.herself.succeeds('withdrawConsent', { consentId });
    expect(await closings(w)).toEqual([
      expect.objectContaining({
        outstanding: true,
        inWords: expect.objectContaining({ nl: 'UWV heeft nog niet bewezen dat het gesloten is.' }),
      }),
    ]);
    w.wire.forget();
    await w.world.pass({ days: 1 });
    expect(await closings(w)).toEqual([
      expect.objectContaining({
        outstanding: false,
        closedAt: expect.any(String),
        inWords: expect.objectContaining({ nl: 'UWV heeft dit gesloten en dat bewezen.' }),
      }),
    ]);
  });

  it('reaches the recipient once however often and in whatever order messages arrive', async () => {
    const w = await worldOnAWire();
    await note(w, examples.jobs);
    const consentId = await consentTo(w);
    w.wire.hold();
    await note(w, { ...examples.jobs, values: { jobs: [] } });
    await w.herself.succeeds('withdrawConsent', { consentId });
    await w.wire.release((held) => [...held, ...held].reverse());
    await w.world.settle();
    expect(await jobs(w)).toEqual([]);
    const happened = (await w.uwv.ports.store.readAll(undefined, 1_000)).map(({ type }) => type);
    expect(happened.filter((type) => type === 'ScopeClosed' || type === 'ScopeKeysDestroyed')).toEqual([
      'ScopeClosed',
      'ScopeKeysDestroyed',
    ]);
  });
});
