/** The JOSE adapters keep the contracts, on keys in memory. */
import { describe, expect, it } from '@jest/globals';
import { scopeKeysContract, sealerContract, signerContract } from '@convenant/exchange-contract';
import { CompactEncrypt, CompactSign, exportJWK, generateKeyPair } from 'jose';
import { inspect } from 'node:util';
import { ClientSealer } from './client-sealer.js';
import { JoseSigner } from './jose-signer.js';
import { KeyStoreScopeKeys } from './key-store-scope-keys.js';
import { MemoryKeyStore } from './memory-key-store.js';
import { organisationKeys, signKeyChange, verifyKeyChange, type OrganisationKeys } from './organisation-keys.js';
import { fingerprint, fingerprintOfAll, type PublicKeys, type SigningAlgorithm } from './public-keys.js';

sealerContract('ClientSealer on keys in memory', async () => {
  const store = new MemoryKeyStore();
  const restarted = async () => new ClientSealer(store);
  return { sealer: new ClientSealer(store), restarted, stranger: new ClientSealer(new MemoryKeyStore()) };
});

for (const curve of ['P-256', 'X25519'] as const) {
  scopeKeysContract(`KeyStoreScopeKeys with ${curve}`, async () => {
    const store = new MemoryKeyStore();
    const open = () => new KeyStoreScopeKeys(store, { curve });
    return { recipient: open(), restarted: async () => open(), discloser: new KeyStoreScopeKeys(new MemoryKeyStore()) };
  });
}

const names = { amstel: 'ggz-amstel', uwv: 'uwv', stranger: 'stranger' };
async function signers(algorithm: SigningAlgorithm) {
  const keysOf = (organisation: string) => organisationKeys(new MemoryKeyStore(), organisation, { algorithm });
  const [amstel, uwv, stranger] = await Promise.all([keysOf(names.amstel), keysOf(names.uwv), keysOf(names.stranger)]);
  const known = new Map([amstel, uwv].map(({ organisation, published }) => [organisation, published]));
  const signer = (keys: OrganisationKeys) => new JoseSigner(keys, (organisation) => known.get(organisation));
  return {
    amstel: signer(amstel),
    uwv: signer(uwv),
    stranger: signer(stranger),
    names,
    keys: { amstel, uwv, stranger },
  };
}
for (const algorithm of ['ES256', 'EdDSA'] as const)
  signerContract(`JoseSigner with ${algorithm}`, () => signers(algorithm));

describe('a forged message', () => {
  const encode = (text: string) => new TextEncoder().encode(text);

  it('does not verify when it brings its own key along', async () => {
    const { uwv, keys } = await signers('ES256');
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const { kid } = keys.amstel.signing;
    for (const extra of [{ jwk: await exportJWK(publicKey) }, { jku: 'https://example.org/keys' }, {}]) {
      const header = { alg: 'ES256', kid, typ: 'message+jws', ...extra };
      const forged = await new CompactSign(encode('x')).setProtectedHeader(header).sign(privateKey);
      expect(await uwv.verify(forged, names.amstel)).toBeUndefined();
    }
  });

  it('does not verify with a header member that was not agreed, even when the true key signed it', async () => {
    const { uwv, keys } = await signers('ES256');
    const { kid, key } = keys.amstel.signing;
    const sign = (extra: object) =>
      new CompactSign(encode('x')).setProtectedHeader({ alg: 'ES256', kid, typ: 'message+jws', ...extra }).sign(key);
    expect(await uwv.verify(await sign({}), names.amstel)).toBe('x');
    expect(await uwv.verify(await sign({ cty: 'text/plain' }), names.amstel)).toBeUndefined();
  });

  it('does not verify when the public key is used as a shared secret', async () => {
    const { uwv, keys } = await signers('ES256');
    const [pinned] = keys.amstel.published.signing;
    const header = { alg: 'HS256', kid: keys.amstel.signing.kid, typ: 'message+jws' };
    const forged = await new CompactSign(encode('x')).setProtectedHeader(header).sign(encode(JSON.stringify(pinned)));
    expect(await uwv.verify(forged, names.amstel)).toBeUndefined();
  });

  it('does not open when it was sealed with another algorithm than the agreed one', async () => {
    const { uwv, keys } = await signers('ES256');
    const { key } = { key: keys.uwv.published.sealing };
    const header = { alg: 'ECDH-ES', enc: 'A128GCM', kid: keys.uwv.sealing.kid } as const;
    expect(
      await uwv.openOwn(await new CompactEncrypt(encode('1')).setProtectedHeader(header).encrypt(key)),
    ).toBeUndefined();
  });
});

describe('the keys of an organisation', () => {
  it('are the same for every process on one store, and other ones in the next generation', async () => {
    const store = new MemoryKeyStore();
    const [first, second] = await Promise.all([organisationKeys(store, 'uwv'), organisationKeys(store, 'uwv')]);
    expect(second.published).toEqual(first.published);
    expect((await organisationKeys(store, 'uwv', { generation: 2 })).published).not.toEqual(first.published);
  });

  it('are recognised by their RFC 7638 fingerprint', async () => {
    // The example key of RFC 7517, A.1, whose thumbprint does not depend on kid, alg or use.
    const key = {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
      kid: 'anything',
    };
    expect(await fingerprint(key)).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s');
  });

  it('have one fingerprint to compare, in which an exchanged sealing key shows', async () => {
    const { keys } = await signers('ES256');
    const substituted: PublicKeys = { ...keys.uwv.published, sealing: keys.stranger.published.sealing };
    expect(await fingerprintOfAll(substituted)).not.toBe(await fingerprintOfAll(keys.uwv.published));
    expect(await fingerprintOfAll(keys.uwv.published)).toMatch(/^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
  });

  it('never show a private half, whoever prints them', async () => {
    const store = new MemoryKeyStore();
    const keys = await organisationKeys(store, 'uwv');
    const kept = await store.get('organisation/uwv/1');
    const printed = [
      inspect(keys, { depth: 9 }),
      JSON.stringify(keys),
      inspect(kept, { depth: 9 }),
      JSON.stringify(kept),
    ].join();
    const secret = JSON.parse(Buffer.from((kept as { reveal(): Uint8Array }).reveal()).toString()) as {
      signing: { d: string };
    };
    expect(secret.signing.d.length).toBeGreaterThan(40);
    expect(printed).not.toContain(secret.signing.d);
  });
});

describe('a change of keys', () => {
  const change = async () => {
    const store = new MemoryKeyStore();
    const previous = await organisationKeys(store, 'uwv');
    const next = await organisationKeys(store, 'uwv', { generation: 2 });
    return { previous, next, statement: await signKeyChange(previous, next.published) };
  };

  it('counts when the previous key signed it', async () => {
    const { previous, next, statement } = await change();
    const accepted = await verifyKeyChange(previous.published, statement);
    expect(accepted && (await fingerprintOfAll(accepted))).toBe(await fingerprintOfAll(next.published));
  });

  it('does not count when somebody else signed it, nor again after the previous key is no longer pinned', async () => {
    const { previous, next, statement } = await change();
    const stranger = await organisationKeys(new MemoryKeyStore(), 'stranger');
    expect(await verifyKeyChange(previous.published, await signKeyChange(stranger, next.published))).toBeUndefined();
    expect(await verifyKeyChange(next.published, statement)).toBeUndefined();
  });

  it('is not a message, and a message is not a change of keys', async () => {
    const { previous, next, statement } = await change();
    const signer = new JoseSigner(previous, () => previous.published);
    expect(await signer.verify(statement, 'uwv')).toBeUndefined();
    const message = await signer.sign(JSON.stringify(next.published));
    expect(await verifyKeyChange(previous.published, message)).toBeUndefined();
  });

  it('names at least one signing key and one sealing key, all of accepted kinds', async () => {
    const { previous, next } = await change();
    const wrong = { kty: 'RSA', n: 'x', e: 'AQAB' } as const;
    for (const keys of [
      { ...next.published, signing: [] },
      { ...next.published, signing: [wrong] },
      { ...next.published, sealing: wrong },
    ]) {
      expect(await verifyKeyChange(previous.published, await signKeyChange(previous, keys))).toBeUndefined();
    }
  });
});
