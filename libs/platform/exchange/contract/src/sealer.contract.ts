/** What every adapter of `Sealer` has to keep. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyDestroyed, type Sealed, type Sealer } from '@convenant/kernel';
import fc from 'fast-check';
import { changeOneCharacter } from './tampering.js';

export interface SealerUnderTest {
  readonly sealer: Sealer;
  /** The same organisation after a restart: another instance over the same keys. */
  restarted(): Promise<Sealer>;
  /** Another organisation, with keys of its own. */
  readonly stranger: Sealer;
  close?(): Promise<void>;
}

export function sealerContract(name: string, open: () => Promise<SealerUnderTest>): void {
  describe(`${name} as a sealer`, () => {
    let world: SealerUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close?.());

    it('opens whatever it sealed, also after a restart', async () => {
      const restarted = await world.restarted();
      await fc.assert(
        fc.asyncProperty(fc.uuid(), fc.jsonValue(), async (clientId, value) => {
          const sealed = await world.sealer.seal(clientId, value);
          expect(JSON.stringify(await world.sealer.open(sealed))).toBe(JSON.stringify({ value }));
          expect(JSON.stringify(await restarted.open(sealed))).toBe(JSON.stringify({ value }));
        }),
        { numRuns: 40 },
      );
    });

    it('gives a text that does not betray the value, nor that two values are the same', async () => {
      const value = { note: 'she would rather not work on Mondays' };
      const [first, second] = await Promise.all([
        world.sealer.seal('client-1', value),
        world.sealer.seal('client-1', value),
      ]);
      expect(first).not.toBe(second);
      for (const part of first.split('.')) {
        expect(Buffer.from(part, 'base64url').toString('latin1')).not.toMatch(/note|Mondays/);
      }
    });

    it('notices any changed character', async () => {
      const sealed = await world.sealer.seal('client-1', { hours: 16 });
      await fc.assert(
        fc.asyncProperty(changeOneCharacter(sealed), async (changed) => {
          await expect(world.sealer.open(changed as Sealed<unknown>)).rejects.toThrow();
        }),
        { numRuns: 200 },
      );
    });

    it('throws for text that was never sealed here, without quoting it', async () => {
      const foreign = await world.stranger.seal('client-1', 'private matter');
      for (const text of [foreign, '', '.', '....', 'private matter', 'eyJhbGciOiJub25lIn0....']) {
        const error = await world.sealer.open(text as Sealed<unknown>).then(
          () => undefined,
          (caught: unknown) => caught as Error,
        );
        expect(error).toBeInstanceOf(Error);
        if (text.length > 5) expect(String(error?.stack)).not.toContain(text);
      }
    });

    it('digests the same text of one client alike, and of two clients differently', async () => {
      const restarted = await world.restarted();
      const digest = await world.sealer.digest('client-1', 'Amstelveld');
      expect(await restarted.digest('client-1', 'Amstelveld')).toBe(digest);
      expect(await world.sealer.digest('client-2', 'Amstelveld')).not.toBe(digest);
      expect(await world.sealer.digest('client-1', 'Amstelvelt')).not.toBe(digest);
    });

    it('gives the same look-up digest for the whole organisation, and another organisation another one', async () => {
      const restarted = await world.restarted();
      const digest = await world.sealer.lookupDigest('999912345');
      expect(await restarted.lookupDigest('999912345')).toBe(digest);
      expect(await world.stranger.lookupDigest('999912345')).not.toBe(digest);
      expect(digest).not.toContain('999912345');
    });

    it('makes one key when two processes seal for a new client at the same moment', async () => {
      const restarted = await world.restarted();
      const both = await Promise.all([
        world.sealer.seal('new', 1),
        restarted.seal('new', 2),
        world.sealer.seal('new', 3),
      ]);
      const again = await world.restarted();
      expect(await Promise.all(both.map((sealed) => again.open<number>(sealed)))).toEqual(
        [1, 2, 3].map((value) => ({ value })),
      );
    });

    it('opens nothing of a client whose key was destroyed, and says that it was erased', async () => {
      const sealed = await world.sealer.seal('client-1', 'something');
      const other = await world.sealer.seal('client-2', 'something else');
      await world.sealer.destroy('client-1');
      expect(await world.sealer.open(sealed)).toBe('erased');
      expect(await (await world.restarted()).open(sealed)).toBe('erased');
      expect(await world.sealer.open(other)).toEqual({ value: 'something else' });
    });

    it('peer 19: erasure also covers what is already in copies: no earlier copy opens, wherever it is opened', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uuid(),
          fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }),
          async (clientId, values) => {
            const elsewhere = await world.restarted();
            const copies: Sealed<unknown>[] = [];
            for (const value of values) copies.push(await world.sealer.seal<unknown>(clientId, value));
            // Both have the key in memory by now.
            for (const copy of copies) expect(await elsewhere.open(copy)).not.toBe('erased');
            await world.sealer.destroy(clientId);
            const later = await world.restarted();
            for (const copy of copies) {
              for (const sealer of [world.sealer, elsewhere, later]) expect(await sealer.open(copy)).toBe('erased');
            }
          },
        ),
        { numRuns: 15 },
      );
    });

    it('seals and digests nothing for a client whose key was destroyed, in any process', async () => {
      const restarted = await world.restarted();
      await restarted.seal('client-1', 'before');
      await world.sealer.destroy('client-1');
      await world.sealer.destroy('client-1');
      await world.sealer.destroy('never sealed');
      for (const sealer of [world.sealer, restarted, await world.restarted()]) {
        await expect(sealer.seal('client-1', 'after')).rejects.toThrow(KeyDestroyed);
        await expect(sealer.digest('client-1', 'after')).rejects.toThrow(KeyDestroyed);
        await expect(sealer.seal('never sealed', 'after')).rejects.toThrow(KeyDestroyed);
      }
    });
  });
}
