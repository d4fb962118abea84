/** What a partner can send and what it does here: forged, re-addressed, replayed and unasked messages change nothing, and are noticed. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import { disclosureContract, field, organisationUrn, type Message } from '@convenant/contracts';
import { receivedStream, type Transport } from '@convenant/exchange';
import { run } from '@convenant/kernel';
import { testWorld, typeOfMessage, type OrganisationInWorld, type World } from '@convenant/testing';
import { z } from 'zod';
import { agency } from './example/example-services.js';
import { consentTo, exampleOrganisations, exampleWorld, examples, type ExampleWorld } from './example/example-world.js';

/** Hands everything on, and remembers it. */
class OverheardWire implements Transport {
  readonly heard: string[] = [];
  #blocked = false;
  constructor(readonly inner: Transport) {}
  block(): void {
    this.#blocked = true;
  }
  async send(recipient: string, signed: string): Promise<void> {
    this.heard.push(signed);
    if (!this.#blocked) await this.inner.send(recipient, signed);
  }
  subscribe(organisation: string, handler: (signed: string) => Promise<void>): () => void {
    return this.inner.subscribe(organisation, handler);
  }
  close(): Promise<void> {
    return this.inner.close();
  }
}

let w: ExampleWorld<World>;
let wire: OverheardWire;
beforeEach(async () => {
  const wired = (direct: Transport) => (wire = new OverheardWire(direct));
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations, wire: wired }));
});
const note = (example: object) => w.karin.succeeds('noteExample', { clientId: w.clientId, ...example });
const contentOf = (signed: string) =>
  JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8')) as Message;
const heard = (name: string) => wire.heard.filter((signed) => typeOfMessage(signed) === `nl.convenant.${name}`);
const signedBy = ({ ports }: OrganisationInWorld, message: object) => ports.signer.sign(JSON.stringify(message));
const typesAt = async ({ ports }: OrganisationInWorld) =>
  (await ports.store.readAll(undefined, 5_000)).map(({ type }) => type);
const lastLogged = async ({ ports }: OrganisationInWorld) => (await ports.accessLog.during({ limit: 5_000 })).at(-1);
const anotherId = '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d';

/** A disclosure that arrived at UWV, as it was signed. */
async function jobsTold(): Promise<{ signed: string; message: Message; consentId: string }> {
  await note(examples.jobs);
  const consentId = await consentTo(w);
  const [signed = ''] = heard('job-facts.v1');
  return { signed, message: contentOf(signed), consentId };
}

describe('a message at the door', () => {
  it('is refused when anything of it was changed after it was signed, and that is in the access log', async () => {
    const { signed, message } = await jobsTold();
    const before = await typesAt(w.uwv);
    const [header, , signature] = signed.split('.');
    const forged = Buffer.from(JSON.stringify({ ...message, id: anotherId })).toString('base64url');
    expect(await w.uwv.service.receive(`${header}.${forged}.${signature}`)).toEqual({ refused: 'bad-signature' });
    expect(await typesAt(w.uwv)).toEqual(before);
    expect(await lastLogged(w.uwv)).toMatchObject({
      operation: 'receive-message',
      outcome: 8,
      refusal: 'bad-signature',
    });
  });

  it('is refused when it is for somebody else, or comes from somebody else than who signed it', async () => {
    const { signed, message } = await jobsTold();
    expect(await w.gemeente.service.receive(signed)).toEqual({ refused: 'not-for-us' });
    const inAnothersName = { ...message, source: organisationUrn('ggz-amstel'), recipient: 'gemeente-amstelveld' };
    expect(await w.gemeente.service.receive(await signedBy(w.uwv, inAnothersName))).toEqual({
      refused: 'bad-signature',
    });
  });

  it('is refused when this kind of organisation never sends it', async () => {
    const { message } = await jobsTold();
    const unasked = { ...message, source: organisationUrn('gemeente-amstelveld') };
    expect(await w.uwv.service.receive(await signedBy(w.gemeente, unasked))).toEqual({
      refused: 'not-allowed-to-send',
    });
  });

  it('waits when it comes before another one of its lane', async () => {
    const { message } = await jobsTold();
    const tooEarly = { ...message, id: anotherId, sequence: String(Number(message.sequence) + 2) };
    const before = await typesAt(w.uwv);
    expect(await w.uwv.service.receive(await signedBy(w.ggz, tooEarly))).toBe('waits');
    expect(await typesAt(w.uwv)).toEqual(before);
  });

  it('has no effect when its place in the lane was taken long ago, whatever it is called now', async () => {
    const { message } = await jobsTold();
    const before = await typesAt(w.uwv);
    expect(await w.uwv.service.receive(await signedBy(w.ggz, { ...message, id: anotherId }))).toBe('kept');
    expect(await typesAt(w.uwv)).toEqual(before);
  });

  it('that receipts what was sent to another partner leaves it waiting for that partner', async () => {
    const { message } = await jobsTold();
    wire.block();
    await note({ ...examples.jobs, values: { jobs: [] } });
    const lane = `ggz-amstel>uwv/${message.subject}`;
    const waiting = await w.ggz.ports.ledger.waiting(lane, 10);
    expect(waiting).not.toEqual([]);
    const receipt = {
      ...message,
      source: organisationUrn('gemeente-amstelveld'),
      recipient: 'ggz-amstel',
      type: 'nl.convenant.receipt.v1',
      data: { lane, upTo: 99 },
    };
    await w.ggz.service.receive(await signedBy(w.gemeente, receipt));
    expect(await w.ggz.ports.ledger.waiting(lane, 10)).toEqual(waiting);
  });
});

describe('what leaves', () => {
  it('holds the fields of what she granted, each category sealed apart', async () => {
    const contract = disclosureContract({
      name: 'two-kinds',
      version: 1,
      titleNl: 'Twee soorten',
      from: ['mental-health'],
      to: ['uwv'],
      fields: {
        state: field('K2', z.string()),
        wish: field('K3', z.string()),
        occupation: field('K7', z.string()),
      },
    });
    const values = { state: 'active', wish: 'In een kas werken', occupation: 'Medewerker kas' };
    const twoKinds = { ...agency.compositions.at(-1)!, contract, compose: () => values };
    const twice = { ...agency, compositions: [...agency.compositions, twoKinds] };
    w = await exampleWorld(await testWorld({ organisations: { ...exampleOrganisations, 'ggz-amstel': twice } }));
    await note(examples.jobs);
    await consentTo(w, {
      recipient: 'uwv',
      roles: ['labourExpert'],
      purpose: 'support',
      categories: ['K1', 'K2', 'K7'],
    });
    const events = (await w.ggz.ports.store.read(disclosureStream(w.clientId))).map((one) =>
      disclosureEvents.decode(one),
    );
    const told = events.flatMap((one) => (one.type === 'Disclosed' && one.contract === 'two-kinds.v1' ? [one] : []));
    expect(told).toHaveLength(1);
    expect(await w.ggz.ports.sealer.open(told[0]!.content)).toEqual({
      value: { state: 'active', occupation: 'Medewerker kas' },
    });
    const use = { use: 'read', role: 'labourExpert', person: 'wil', assigned: true } as const;
    const parts = await Promise.all(
      told[0]!.parts.map(async ({ category, keyId, sealedText }) => [
        category,
        await w.uwv.ports.scopeKeys.open(keyId, sealedText, use),
      ]),
    );
    expect(parts).toEqual([
      ['K2', { value: { state: 'active' } }],
      ['K7', { value: { occupation: 'Medewerker kas' } }],
    ]);
  });

  it('is decided again when she withdraws between the door’s decision and its recording', async () => {
    const consentId = await consentTo(w);
    const { store, ids } = w.ggz.ports;
    const stream = disclosureStream(w.clientId);
    const read = store.read.bind(store);
    let overtaken = false;
    store.read = async (name, after) => {
      const stored = await read(name, after);
      if (name !== stream || overtaken) return stored;
      overtaken = true;
      const at = w.world.now();
      const meta = { at, actor: { kind: 'system', process: 'spec' }, cause: 'overtakes', client: w.clientId } as const;
      await run(
        store,
        stream,
        disclosureEvents,
        disclosure,
        { type: 'Withdraw', consentId, by: 'client', at },
        { ids, meta },
      );
      return stored;
    };
    await note(examples.jobs);
    const types = (await read(stream)).map(({ type }) => type);
    expect(overtaken).toBe(true);
    expect(types.slice(types.indexOf('ConsentWithdrawn')).filter((type) => type === 'Disclosed')).toEqual([]);
  });
});

describe('a closing', () => {
  it('destroys every key of its scope, and is proved once, after that', async () => {
    const { message, consentId } = await jobsTold();
    const made = (await w.uwv.ports.store.read(receivedStream('ggz-amstel', message.subject))).flatMap(
      ({ type, data }) =>
        type === 'ScopeKeysMade' ? (data['keys'] as { keyId: string }[]).map(({ keyId }) => keyId) : [],
    );
    expect(await Promise.all(made.map((keyId) => w.uwv.ports.scopeKeys.has(keyId)))).toEqual(made.map(() => true));
    await w.herself.succeeds('withdrawConsent', { consentId });
    expect(await Promise.all(made.map((keyId) => w.uwv.ports.scopeKeys.has(keyId)))).toEqual(made.map(() => false));
    const proofs = new Map(heard('closing-acknowledged.v1').map((signed) => [contentOf(signed).id, contentOf(signed)]));
    expect([...proofs.values()].map(({ data }) => [...(data['keyIds'] as string[])].sort())).toEqual([made.sort()]);
  });
});

describe('the key for a medical answer', () => {
  it('peer 20: is made for the roles that the consent names, and opens for nobody beside them', async () => {
    const { message } = await jobsTold();
    const announced = {
      ...message,
      id: anotherId,
      type: 'nl.convenant.consent-announced.v1',
      sequence: String(
        heard('job-facts.v1').length +
          Number(await w.uwv.ports.ledger.receivedUpTo(`ggz-amstel>uwv/${message.subject}`)),
      ),
      data: {
        consentId: 'medical',
        consentVersion: 1,
        purpose: 'medical-question',
        roles: ['insurancePhysician'],
        categories: ['K5'],
        until: '2027-01-01T00:00:00.000Z',
      },
    };
    expect(await w.uwv.service.receive(await signedBy(w.ggz, announced))).toBe('kept');
    const history = await w.uwv.ports.store.read(receivedStream('ggz-amstel', message.subject));
    const made = history.findLast(({ type }) => type === 'ScopeKeysMade')?.data['keys'] as {
      category: string;
      keyId: string;
      publicKey: string;
    }[];
    expect(made.map(({ category }) => category)).toEqual(['K5']);
    const { keyId, publicKey } = made[0]!;
    const sealedText = await w.ggz.ports.scopeKeys.seal(publicKey, keyId, { answer: 'x' });
    const opened = (role: string) =>
      w.uwv.ports.scopeKeys.open(keyId, sealedText, { use: 'read', role, person: 'x', assigned: true });
    expect(await opened('insurancePhysician')).toEqual({ value: { answer: 'x' } });
    for (const role of ['labourExpert', 'benefitsAdviser', 'client', 'representative'])
      expect(await opened(role)).toBe('closed');
  });
});
