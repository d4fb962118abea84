/** What every adapter of `Signer` has to keep. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Signer } from '@convenant/exchange';
import fc from 'fast-check';
import { changeOneCharacter } from './tampering.js';

/** Amstel and UWV have pinned each other; nobody has pinned the stranger, who has pinned everybody. */
export interface SignersUnderTest {
  readonly amstel: Signer;
  readonly uwv: Signer;
  readonly stranger: Signer;
  readonly names: { readonly amstel: string; readonly uwv: string; readonly stranger: string };
}

export function signerContract(name: string, open: () => Promise<SignersUnderTest>): void {
  describe(`${name} as a signer`, () => {
    let world: SignersUnderTest;
    beforeEach(async () => {
      world = await open();
    });

    it('gives the partner exactly the text that was signed', async () => {
      const { amstel, uwv, names } = world;
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
          expect(await uwv.verify(await amstel.sign(text), names.amstel)).toBe(text);
        }),
        { numRuns: 50, examples: [['\ufeffbegins with a byte order mark'], ['']] },
      );
    });

    it('signs nothing that would arrive as another text', async () => {
      await expect(world.amstel.sign('half a character: \ud800')).rejects.toThrow(TypeError);
    });

    it('verifies nothing of which any character was changed', async () => {
      const { amstel, uwv, names } = world;
      const signed = await amstel.sign('{"id":"m-1"}');
      await fc.assert(
        fc.asyncProperty(changeOneCharacter(signed), async (changed) => {
          expect(await uwv.verify(changed, names.amstel)).toBeUndefined();
        }),
        { numRuns: 250 },
      );
    });

    it('does not take a message of one organisation for that of another', async () => {
      const { amstel, uwv, names } = world;
      expect(await amstel.verify(await amstel.sign('x'), names.uwv)).toBeUndefined();
      expect(await amstel.verify(await uwv.sign('x'), names.uwv)).toBe('x');
    });

    it('verifies nothing of an organisation whose key is not pinned', async () => {
      const { uwv, stranger, names } = world;
      const signed = await stranger.sign('x');
      expect(await uwv.verify(signed, names.stranger)).toBeUndefined();
      expect(await uwv.verify(signed, names.amstel)).toBeUndefined();
      expect(await uwv.verify(signed, 'nobody')).toBeUndefined();
    });

    it('answers undefined for whatever else arrives', async () => {
      const { amstel, uwv, names } = world;
      const [header = '', payload = '', signature = ''] = (await amstel.sign('x')).split('.');
      const none = Buffer.from('{"alg":"none"}').toString('base64url');
      const pieces = ['', '.', '..', header, `${header}.${payload}`, `${header}.${payload}.`, `${none}.${payload}.`];
      const composed = [
        `${none}.${payload}.${signature}`,
        `${header}..${signature}`,
        `${header}.${payload}.${signature}.`,
      ];
      for (const text of [...pieces, ...composed]) expect(await uwv.verify(text, names.amstel)).toBeUndefined();
      await fc.assert(
        fc.asyncProperty(fc.string(), async (text) => {
          expect(await uwv.verify(text, names.amstel)).toBeUndefined();
          expect(await uwv.openOwn(text)).toBeUndefined();
        }),
        { numRuns: 100 },
      );
    });

    it('seals a value that the named organisation opens, and nobody else, the sender included', async () => {
      const { amstel, uwv, stranger, names } = world;
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          const sealed = await amstel.sealTo(names.uwv, value);
          expect(JSON.stringify(await uwv.openOwn(sealed))).toBe(JSON.stringify(value));
          expect(await amstel.openOwn(sealed)).toBeUndefined();
          expect(await stranger.openOwn(sealed)).toBeUndefined();
        }),
        { numRuns: 25 },
      );
    });

    it('opens nothing of which any character was changed', async () => {
      const { amstel, uwv, names } = world;
      const sealed = await amstel.sealTo(names.uwv, { question: 'how many hours?' });
      await fc.assert(
        fc.asyncProperty(changeOneCharacter(sealed), async (changed) => {
          expect(await uwv.openOwn(changed)).toBeUndefined();
        }),
        { numRuns: 150 },
      );
    });

    it('seals texts that do not betray the value, nor that two values are the same', async () => {
      const { amstel, names } = world;
      const first = await amstel.sealTo(names.uwv, { question: 'how many hours?' });
      expect(await amstel.sealTo(names.uwv, { question: 'how many hours?' })).not.toBe(first);
      for (const part of first.split('.'))
        expect(Buffer.from(part, 'base64url').toString('latin1')).not.toMatch(/question|hours/);
    });

    it('refuses to seal to an organisation whose key is not pinned', async () => {
      await expect(world.amstel.sealTo(world.names.stranger, 'x')).rejects.toThrow();
    });
  });
}
