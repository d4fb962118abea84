/** The deterministic adapters keep the same promises as the real ones, repeat themselves, and refuse to serve real people. */
import { describe, expect, it } from '@jest/globals';
import { scopeKeysContract, sealerContract, signerContract } from '@convenant/exchange-contract';
import { DeterministicScopeKeys } from './deterministic-scope-keys.js';
import { DeterministicSealer } from './deterministic-sealer.js';
import { DeterministicSigner } from './deterministic-signer.js';

sealerContract('DeterministicSealer', async () => {
  const destroyed = new Set<string>();
  const open = () => new DeterministicSealer({ seed: 'amstel', destroyed });
  return { sealer: open(), restarted: async () => open(), stranger: new DeterministicSealer({ seed: 'duin' }) };
});

scopeKeysContract('DeterministicScopeKeys', async () => {
  const disk = { scopes: new Map(), destroyed: new Set<string>() };
  const open = () => new DeterministicScopeKeys({ seed: 'uwv', disk });
  return {
    recipient: open(),
    restarted: async () => open(),
    discloser: new DeterministicScopeKeys({ seed: 'amstel' }),
  };
});

signerContract('DeterministicSigner', async () => {
  const names = { amstel: 'ggz-amstel', uwv: 'uwv', stranger: 'stranger' };
  const signer = (organisation: string) =>
    new DeterministicSigner({ seed: 'world', organisation, pinned: (other) => other !== names.stranger });
  return { amstel: signer(names.amstel), uwv: signer(names.uwv), stranger: signer(names.stranger), names };
});

describe('a simulation', () => {
  const story = async (seed: string) => {
    const sealer = new DeterministicSealer({ seed });
    const signer = new DeterministicSigner({ seed, organisation: 'ggz-amstel' });
    const keys = new DeterministicScopeKeys({ seed });
    const description = { discloser: 'ggz-amstel', pseudonym: 'p', consentId: 'c', purpose: 'support', roles: [] };
    const half = await keys.make('key-1', { ...description, category: 'K2', medical: false });
    return [
      await sealer.seal('client-1', { hours: 16 }),
      await sealer.seal('client-1', { hours: 16 }),
      await sealer.digest('client-1', 'x'),
      await signer.sign('message'),
      await signer.sealTo('uwv', 'question'),
      await keys.seal(half, 'key-1', 'value'),
    ];
  };

  it('sees the same texts whenever it is played again, and other texts with another seed', async () => {
    expect(await story('seed 1')).toEqual(await story('seed 1'));
    const [first, second] = [await story('seed 1'), await story('seed 2')];
    expect(first.filter((text, index) => text === second[index])).toEqual([]);
  });

  it('needs no more than the microtask queue, so that no thread decides what comes first', async () => {
    const sealer = new DeterministicSealer({ seed: 'amstel' });
    let turned = false;
    const turn = new Promise<void>((resolve) => setImmediate(resolve)).then(() => (turned = true));
    for (let index = 0; index < 50; index++) await sealer.open(await sealer.seal(`client-${index}`, index));
    expect(turned).toBe(false);
    await turn;
  });

  it('cannot be mistaken for the real thing: in production the constructors throw', () => {
    const options = { seed: 'x', organisation: 'ggz-amstel', production: true };
    for (const Adapter of [DeterministicSealer, DeterministicSigner, DeterministicScopeKeys]) {
      expect(() => new Adapter(options)).toThrow(/simulations and tests only/);
    }
  });
});
